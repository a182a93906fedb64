"""Tables of transactions, known by their headers: accounts by bank and number, cash, alerts, versions of columns."""

from collections import Counter

import pytest

from ingest.formats import ADAPTERS
from ingest.shapes import Reject
from tests.ingest.reading import Outcome, read_text, records, values
from workbench.errors import FileRefused
from workbench.model.record import Record, Role

HEAD = (
    "Timestamp,From Bank,Account,To Bank,Account,Amount Received,Receiving Currency,Amount Paid,Payment Currency,"
    "Payment Format,Is Laundering\n"
)


def read(adapter: str, text: str) -> list[Outcome]:
    return read_text(adapter, text, "")


def only(found: list[Outcome], schema: str) -> list[Record]:
    return [each for each in records(found) if each.schema == schema]


def test_one_number_at_two_banks_is_two_accounts() -> None:
    found = read("aml-tx", f"{HEAD}2022/09/03 12:16,01,A1,002,A1,90.10,Euro,100,US Dollar,Wire,1\n")
    (transfer,) = only(found, "Transfer")
    assert set(transfer.roles) == {Role("payerAccount", "account:01:A1"), Role("beneficiaryAccount", "account:002:A1")}
    assert values(transfer) == {
        "date": ["2022-09-03T12:16"],
        "amount": ["100"],
        "currency": ["USD"],
        "transferType": ["Wire"],
        "summary": ["received: 90.10 Euro"],
        "description": ["Is Laundering: 1"],
    }


@pytest.mark.parametrize(
    "header", [HEAD, HEAD.replace("Account,Am", "Account.1,Am"), HEAD.removesuffix(",Is Laundering\n") + "\n"]
)
def test_headers_of_the_same_table(header: str) -> None:
    row = "2022/09/03 12:16,01,A1,02,B1,1,Euro,1,Euro,Cash" + (",0" if "Laundering" in header else "")
    (transfer,) = only(read("aml-tx", f"{header}{row}\n"), "Transfer")
    assert {each.ref for each in transfer.roles} == {"account:01:A1", "account:02:B1"}


def test_accounts_beside_the_transactions_are_the_same_accounts() -> None:
    found = read("aml-tx", "Bank Name,Bank ID,Account Number,Entity ID,Entity Name\nBank #7,02,B1,E9,Firm #9\n")
    assert {each.schema: each.source_id for each in records(found)} == {
        "BankAccount": "account:02:B1",
        "LegalEntity": "entity:E9",
        "Holding": "holding:02:B1:E9",
    }


@pytest.mark.parametrize("adapter", ["aml-tx", "amlsim"])
def test_another_table_is_refused(adapter: str) -> None:
    with pytest.raises(
        FileRefused, match=r"has the header of no table of this format\. It reads .*: map it as csv instead"
    ):
        read(adapter, "a,b\n1,2\n")


@pytest.mark.parametrize("adapter", ["aml-tx", "amlsim"])
def test_a_second_column_of_a_name_that_is_none_of_the_format_is_refused(adapter: str) -> None:
    with pytest.raises(FileRefused, match="two columns are named 'x'"):
        read(adapter, "x,x\n1,2\n")


CASH = "TXN_ID,ACCOUNT_ID,BRANCH_ID,TXN_SOURCE_TYPE_CODE,tx_count,TXN_AMOUNT_ORIG,RUN_DATE,end\n"


def test_cash_is_of_the_account_and_not_of_the_branch() -> None:
    """Drawn cash is written from the branch, in a column that is called an account's."""
    drawn, paid_in = only(read("amlsim", f"{CASH}1,0,11,CASH-OUT,1,9.50,1,1\n2,12,0,CASH-IN,1,8,2,2\n"), "Transfer")
    assert set(drawn.roles) == {Role("payerAccount", "account:11"), Role("location", "branch:0")}
    assert set(paid_in.roles) == {Role("beneficiaryAccount", "account:12"), Role("location", "branch:0")}
    assert values(drawn)["description"] == ["tx_count: 1", "RUN_DATE: 1", "end: 1"]
    assert "date" not in drawn.properties


@pytest.mark.parametrize(
    "table",
    [
        "TXN_ID,ACCOUNT_ID,COUNTER_PARTY_ACCOUNT_NUM,TXN_SOURCE_TYPE_CODE,TXN_AMOUNT_ORIG\n5,1,2,WIRE,3.5\n",
        "TX_ID,SENDER_ACCOUNT_ID,RECEIVER_ACCOUNT_ID,TX_TYPE,TX_AMOUNT,TIMESTAMP,IS_FRAUD,ALERT_ID\n5,1,2,WIRE,3.5,0,False,-1\n",
        "tran_id,orig_acct,bene_acct,tx_type,base_amt,tran_timestamp,is_sar,alert_id\n5,1,2,WIRE,3.5,2017-01-06T00:00:00Z,True,4\n",
    ],
)
def test_transfers_of_all_versions(table: str) -> None:
    (transfer,) = only(read("amlsim", table), "Transfer")
    assert (transfer.source_id, set(transfer.roles)) == (
        "transfer:5",
        {Role("payerAccount", "account:1"), Role("beneficiaryAccount", "account:2")},
    )
    assert (values(transfer)["amount"], values(transfer)["transferType"]) == (["3.5"], ["WIRE"])


@pytest.mark.parametrize(
    ("table", "holder"),
    [
        (
            "ACCOUNT_ID,PRIMARY_CUSTOMER_ID,init_balance,country,business,suspicious,isFraud\n1,C_1,5,US,I,True,true\n",
            "Person",
        ),
        (
            "ACCOUNT_ID,CUSTOMER_ID,INIT_BALANCE,COUNTRY,ACCOUNT_TYPE,IS_FRAUD,TX_BEHAVIOR_ID\n1,C_1,5,US,I,true,1\n",
            "LegalEntity",
        ),
        ("acct_id,dsply_nm,type,country,prior_sar_count,first_name,last_name\n1,C_1,SAV,US,True,Ann,Lee\n", "Person"),
        ("cust_acct_mapping_id,acct_id,cust_id,cust_acct_role\n7,1,C_1,1\n", "LegalEntity"),
    ],
)
def test_accounts_of_all_versions_and_who_holds_them(table: str, holder: str) -> None:
    found = records(read("amlsim", table))
    assert Counter(each.schema for each in found)[holder] == 1
    (holding,) = [each for each in found if each.schema == "Holding"]
    assert [each.ref for each in holding.roles if each.name == "held"] == ["account:1"]
    said = [each for each in found if "notes" in each.properties]
    assert all(each.basis == "assessment" and each.schema == "BankAccount" for each in said)
    assert not any(each.properties.get("topics") for each in found)


@pytest.mark.parametrize(
    "table",
    [
        "ALERT_KEY,ALERT_TEXT,ACCOUNT_ID,CUSTOMER_ID,EVENT_DATE,CHECK_NAME\n4,1,1,1,20170218,cycle\n",
        "ALERT_ID,ACCOUNT_ID,CUSTOMER_ID,EVENT_DATE,ALERT_TYPE,ACCOUNT_TYPE,IS_SAR\n4,1,C_1,20170218,cycle,INDIVIDUAL,YES\n",
        "alert_id,alert_type,acct_id,acct_name,is_sar,model_id\n4,cycle,1,1,True,0\n",
        "alert_id,alert_type,is_sar,tran_id,orig_acct,bene_acct,tx_type,base_amt,tran_timestamp\n4,cycle,True,5,1,2,WIRE,3,2017-01-06\n",
    ],
)
def test_alerts_are_what_the_simulator_says(table: str) -> None:
    alert, involved = records(read("amlsim", table))
    assert (alert.schema, alert.source_id, alert.basis) == ("Event", "alert:4", "assessment")
    assert involved.basis == "assessment"
    assert Role("involved", "account:1") in involved.roles
    assert all("SAR" not in str(each) for each in values(alert).values())


def test_a_row_without_the_account_that_is_paid_is_rejected() -> None:
    found = read("aml-tx", f"{HEAD}2022/09/03 12:16,01,A1\n")
    assert [each.reason for each in found if isinstance(each, Reject)] == ["empty id: beneficiary's account"]
    assert ADAPTERS["aml-tx"].defaults is not None
