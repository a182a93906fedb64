"""Adapter `amlsim`: the tables that the simulator of money laundering AMLSim writes, known by their headers.

Its versions name columns otherwise: accounts, transfers, cash, alerts, and which customer holds which account. Times
that are numbers of steps are kept as text, because nobody says on which day step 0 is. What the simulator calls
suspicious, fraud or SAR is kept as text of the account, transfer or alert that it is about: it is what the simulator
made up, and no score about a person.
"""

from collections.abc import Iterator

from ingest.account import Account
from ingest.adapters.known_tables import Known, rows
from ingest.shapes import Frame, Readable, Reject, Row
from ingest.specs import Written

_TABLES = (
    Known("alerted transfers", frozenset({"alert_id", "alert_type", "orig_acct", "bene_acct"})),
    Known("alerted transfers", frozenset({"ALERT_ID", "ALERT_TYPE", "SENDER_ACCOUNT_ID", "RECEIVER_ACCOUNT_ID"})),
    Known("alerts", frozenset({"ALERT_KEY", "ACCOUNT_ID", "CHECK_NAME"})),
    Known("alerts", frozenset({"ALERT_ID", "ACCOUNT_ID", "ALERT_TYPE"})),
    Known("alerts", frozenset({"alert_id", "acct_id", "alert_type"})),
    Known("cash", frozenset({"TXN_ID", "ACCOUNT_ID", "BRANCH_ID", "TXN_SOURCE_TYPE_CODE"})),
    Known("transfers", frozenset({"TXN_ID", "ACCOUNT_ID", "COUNTER_PARTY_ACCOUNT_NUM"})),
    Known("transfers", frozenset({"TX_ID", "SENDER_ACCOUNT_ID", "RECEIVER_ACCOUNT_ID"})),
    Known("transfers", frozenset({"tran_id", "orig_acct", "bene_acct"})),
    Known("accounts", frozenset({"ACCOUNT_ID", "PRIMARY_CUSTOMER_ID"})),
    Known("accounts", frozenset({"ACCOUNT_ID", "CUSTOMER_ID", "INIT_BALANCE"})),
    Known("accounts", frozenset({"acct_id", "dsply_nm"})),
    Known("holdings", frozenset({"cust_acct_mapping_id", "acct_id", "cust_id"})),
)


def read(path: Readable, written: Written, account: Account) -> Iterator[Frame | Row | Reject]:
    """Yield each row or its reject; FileRefused for any other table."""
    return rows(path, written, account, _TABLES)
