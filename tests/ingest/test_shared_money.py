"""Real files of banks and financial intelligence units load with known counts, and loading them again changes nothing.

What is counted in a file is counted by other code than the adapters'.
"""

import csv
import json
import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.ingest.desk import Desk
from workbench.commands.console import run
from workbench.commands.ingest import cli
from workbench.model.record import Record

pytestmark = pytest.mark.data

SEPA = "mt940/betterplace_sepa_mt9401.sta"


class Teller:
    """Loads files by the command line, each twice."""

    def __init__(self, desk: Desk, capsys: pytest.CaptureFixture[str], data: Path) -> None:
        self.desk, self.capsys, self.data = desk, capsys, data

    def load(self, adapter: str, *names: str, manifest: Path | None = None) -> tuple[int, dict[str, int]]:
        """The exit code of the first load, and its counts; the second must change nothing."""
        code, first = self.call(adapter, names, manifest)
        _, again = self.call(adapter, names, manifest)
        assert again["revision"] is None
        counts = totals(first)
        same = {**counts, "unchanged": counts.get("accepted", 0)}
        assert totals(again) == {name: n for name, n in same.items() if n and name != "accepted"}
        outcomes = ("accepted", "unchanged", "late", "left", "quarantined", "refused")
        assert all(each["read"] == sum(each[name] for name in outcomes) for each in first["files"])
        return code, counts

    def call(self, adapter: str, names: Sequence[str], manifest: Path | None) -> tuple[int, dict[str, Any]]:
        paths = [str(self.data / name) for name in names]
        how = ["--manifest", str(manifest)] if manifest else ["--adapter", adapter]
        code = run(cli, ["load", *paths, *how, "--dataset", "d", "--json"])
        return code, json.loads(self.capsys.readouterr().out)

    def records(self, schema: str) -> list[Record]:
        """The records of a schema that are seen."""
        return [each.record for each in self.desk.records() if each.record.schema == schema]


def totals(report: dict[str, Any]) -> dict[str, int]:
    names = ("read", "accepted", "unchanged", "late", "left", "quarantined", "refused")
    found = {name: sum(each[name] for each in report["files"]) for name in names}
    return {name: n for name, n in found.items() if n}


@pytest.fixture
def teller(
    desk: Desk, capsys: pytest.CaptureFixture[str], shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> Teller:
    monkeypatch.delenv("WORKBENCH_VIEWERS", raising=False)
    monkeypatch.setenv("WORKBENCH_STORE", desk.url)
    return Teller(desk, capsys, shared_data)


def amount(record: Record) -> Decimal:
    return Decimal(record.properties["amount"][0].value or "0")


def elements(path: Path, name: str) -> int:
    return sum(each.tag.rpartition("}")[2] == name for each in ET.parse(path).iter())  # noqa: S314 - known files


def sides(record: Record) -> dict[str, str]:
    return {role.name: role.ref for role in record.roles}


# -- goAML -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "amount_", "subjects"), [("STR", "120000.00", 2), ("AIFT", "65000.00", 2), ("SAR", "", 1)]
)
def test_goaml(teller: Teller, name: str, amount_: str, subjects: int) -> None:
    xsd = teller.data / "goaml/xsd/goAMLSchema_5.0.2.xsd"
    teller.desk.write("m/x.xsd", xsd.read_bytes())
    manifest = teller.desk.write("m/m.toml", 'adapter = "goaml"\n[[files]]\npattern = "*"\nschema_file = "x.xsd"\n')
    path = f"goaml/vyttah/golden/{name}.xml"
    assert teller.load("goaml", path, manifest=manifest) == (0, {"read": 1, "accepted": 1})
    stats = teller.desk.view().stats()
    assert (stats.entities["Report"], stats.entities["Person"], stats.stubs) == (1, subjects + 1, 0)
    mentioned = {role.ref for each in teller.records("Report") for role in each.roles}
    reporters = {
        role.ref for each in teller.records("Involvement") for role in each.roles if "7f90d2a5591f86" in role.ref
    }
    assert (len(mentioned), len(reporters)) == (subjects, 1)
    assert not mentioned & reporters
    found = [(str(amount(each)), each.properties["currency"][0].value) for each in teller.records("Transfer")]
    assert found == ([(amount_, "AED")] if amount_ else [])
    assert stats.entities.get("Event", 0) == (not amount_)
    assert elements(teller.data / path, "transaction") == len(found)


# -- ISO 20022 ---------------------------------------------------------------------------


def test_a_statement_of_a_finnish_bank(teller: Teller) -> None:
    """Ten entries: nine have twelve transactions, and one is the sum of a batch that tells none."""
    name = "iso20022/moov/FI_camt_053_sample.xml"
    path = teller.data / name
    bare = sum(not any("TxDtls" in each.tag for each in entry.iter()) for entry in _all(path, "Ntry"))
    assert (elements(path, "Ntry"), elements(path, "TxDtls"), bare) == (10, 12, 1)
    code, counts = teller.load("iso20022", name)
    assert (code, counts) == (0, {"read": 13, "accepted": 13})
    parts = Counter(each.part.partition(":")[2] for each in teller.records("Transfer"))
    assert parts == {"transaction": 12, "entry": 1}
    own = "account:FI7433010001222090"
    moved = sum(
        amount(each) * (1 if sides(each).get("beneficiaryAccount") == own else -1)
        for each in teller.records("Transfer")
    )
    assert moved == sum(_signed(entry) for entry in _all(path, "Ntry")) == Decimal("13644.83")
    balances = {
        each.properties["balance"][0].value for each in teller.records("BankAccount") if "balance" in each.properties
    }
    assert {"10000.00", "23644.83"} <= balances


def _all(path: Path, name: str) -> list[ET.Element]:
    return [each for each in ET.parse(path).iter() if each.tag.rpartition("}")[2] == name]  # noqa: S314 - known files


def _signed(entry: ET.Element) -> Decimal:
    said = {each.tag.rpartition("}")[2]: each.text or "" for each in entry}
    return Decimal(said["Amt"]) * (1 if said["CdtDbtInd"] == "CRDT" else -1)


def test_two_statements_of_one_account(teller: Teller) -> None:
    name = "iso20022/genkgo/camt053.v2.multi.statement.xml"
    assert elements(teller.data / name, "Stmt") == 2
    assert teller.load("iso20022", name) == (0, {"read": 2, "accepted": 2})
    found = {each.properties["recordId"][0].value for each in teller.records("Transfer")}
    assert found == {"253EURNL26VAYB8060476890", "254EURNL26VAYB8060476890"}


def test_a_statement_of_a_lithuanian_bank(teller: Teller) -> None:
    assert teller.load("iso20022", "iso20022/moov/statement_1.xml") == (0, {"read": 4, "accepted": 4})
    assert {sides(each)["payerAccount"] for each in teller.records("Transfer")} == {"account:LT007180000000000000"}


def test_orders_of_five_groups(teller: Teller) -> None:
    name = "iso20022/moov/musterfile_pain.001_Nov2020.xml"
    path = teller.data / name
    assert (elements(path, "PmtInf"), elements(path, "CdtTrfTxInf")) == (5, 8)
    assert teller.load("iso20022", name) == (0, {"read": 8, "accepted": 8})
    transfers = teller.records("Transfer")
    assert len(transfers) == 8
    groups = {
        value.value
        for each in transfers
        for value in each.properties["description"]
        if (value.value or "").startswith("^PmtInf.PmtInfId")
    }
    assert len(groups) == 5


def test_a_payment_between_american_banks(teller: Teller) -> None:
    name = "iso20022/wire/CustomerCreditTransfer_Variation1_pacs.008.xml"
    assert teller.load("iso20022", name) == (0, {"read": 1, "accepted": 1})
    (found,) = teller.records("Transfer")
    assert sides(found)["payerAccount"] == "account:011104238/5647772655"
    assert amount(found) == Decimal("510000.74")


def test_a_message_without_a_statement_is_refused(teller: Teller) -> None:
    assert teller.load("iso20022", "iso20022/genkgo/camt053.v2.wrong.xml") == (1, {"read": 1, "refused": 1})


# -- MT940 -------------------------------------------------------------------------------


def test_statements_of_a_german_bank(teller: Teller) -> None:
    """The library's own sum takes two credits that were taken back for credits. The balances tell otherwise."""
    text = (teller.data / SEPA).read_text("ascii")
    statements = [each for each in re.split("(?m)^(?=:20:)", text) if each.startswith(":20:")]
    assert (len(statements), text.count("\n:61:")) == (26, 97)
    assert teller.load("mt940", SEPA) == (0, {"read": 97, "accepted": 97})
    transfers = teller.records("Transfer")
    assert len({each.properties["recordId"][0].value for each in transfers}) == 26
    own = "account:50880050/"
    signs = [1 if sides(each).get("beneficiaryAccount", "").startswith(own) else -1 for each in transfers]
    moved = sum((sign * amount(each) for sign, each in zip(signs, transfers, strict=True)), Decimal(0))
    assert moved == sum((_grown(each) for each in statements), Decimal(0)) == Decimal("-9269135.90")
    taken_back = [each for each in transfers if "taken back" in str(each.properties["summary"])]
    assert moved + 2 * sum(amount(each) for each in taken_back) == Decimal("-9268316.38")


def _grown(statement: str) -> Decimal:
    """By how much the balance grew."""
    found = re.findall(r"(?m)^:6[02][FM]:([CD])\d{6}EUR([\d,]+)", statement)
    opening, closing = (Decimal(text.replace(",", ".")) * (1 if mark == "C" else -1) for mark, text in found)
    return closing - opening


@pytest.mark.parametrize(("name", "accepted", "accounts"), [("jejik_ing.sta", 7, 1), ("jejik_abnamro.sta", 10, 1)])
def test_statements_of_dutch_banks(teller: Teller, name: str, accepted: int, accounts: int) -> None:
    assert teller.load("mt940", f"mt940/{name}") == (0, {"read": accepted, "accepted": accepted})
    stats = teller.desk.view().stats()
    assert (stats.entities["BankAccount"], stats.relationships) == (accounts, {"Transfer": accepted})
    assert len(teller.records("Transfer")) == accepted  # each can be found, also without another side


def test_the_statements_of_abn_amro_are_two(teller: Teller) -> None:
    teller.load("mt940", "mt940/jejik_abnamro.sta")
    assert len({each.properties["recordId"][0].value for each in teller.records("Transfer")}) == 2


def test_a_broken_statement_is_quarantined(teller: Teller) -> None:
    name = "mt940/betterplace_sepa_snippet_broken.sta"
    assert teller.load("mt940", name) == (1, {"read": 1, "quarantined": 1})
    (unit,) = teller.desk.view().quarantine()
    assert unit.reason == "field out of place: 25"


# -- tables ------------------------------------------------------------------------------


def test_transactions_in_the_layout_of_ibm(teller: Teller) -> None:
    name = "aml_tx/ibm_aml_layout_adversarial.csv"
    assert teller.load("aml-tx", name) == (1, {"read": 5, "accepted": 3, "quarantined": 2})
    found = Counter(tuple(sorted(sides(each).items())) for each in teller.records("Transfer"))
    assert sorted(found.values()) == [1, 2]
    assert set(sides(teller.records("Transfer")[0])) == {"payerAccount", "beneficiaryAccount"}


def test_the_tables_of_amlsim(teller: Teller) -> None:
    names = [f"amlsim/sample_outputs/{name}.csv" for name in ("accounts", "tx", "cash_tx", "alerts")]
    assert teller.load("amlsim", *names) == (0, {"read": 165, "accepted": 165})
    stats = teller.desk.view().stats()
    assert stats.entities == {"BankAccount": 30, "Person": 30, "Event": 2, "Address": 1}
    assert stats.relationships == {"Transfer": 45 + 88, "Holding": 30, "Involvement": 2}
    kinds = Counter(each.properties["transferType"][0].value for each in teller.records("Transfer"))
    assert (kinds["CASH-OUT"], kinds["CASH-IN"]) == (80, 8)
    with (teller.data / names[1]).open(encoding="utf-8", newline="") as lines:
        pairs = [(row["ACCOUNT_ID"], row["COUNTER_PARTY_ACCOUNT_NUM"]) for row in csv.DictReader(lines)]
    drawn = [sides(each) for each in teller.records("Transfer") if "location" not in sides(each)]
    ways = Counter((each["payerAccount"], each["beneficiaryAccount"]) for each in drawn)
    # Three run from an account to itself: nothing is tied by them.
    assert ways == Counter((f"account:{a}", f"account:{b}") for a, b in pairs if a != b)
