"""Adapter `aml-tx`: tables of transactions between accounts of banks, as IBM's data for research on money laundering.

Two columns of their header are named Account. They are read as `From Account` and `To Account`. The tables of
accounts beside them are read too. Their labels (`Is Laundering`) are text of the transfer: what whoever made the data
says, and no statement about a person.
"""

from collections.abc import Iterator

from ingest.account import Account
from ingest.adapters.known_tables import Known, rows
from ingest.shapes import Frame, Readable, Reject, Row
from ingest.specs import Written

_FROM, _TO = "From Account", "To Account"
_TABLES = (
    Known("transactions", frozenset({"Timestamp", "From Bank", _FROM, "To Bank", _TO, "Amount Paid"})),
    Known("accounts", frozenset({"Bank ID", "Account Number", "Entity ID"})),
)
# The second is named so by a library that reads tables and writes them again.
_RENAMED = (("Account", _FROM), ("Account", _TO), ("Account.1", _TO))


def read(path: Readable, written: Written, account: Account) -> Iterator[Frame | Row | Reject]:
    """Yield each row or its reject; FileRefused for any other table."""
    return rows(path, written, account, _TABLES, _RENAMED)
