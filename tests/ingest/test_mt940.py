"""MT940: the direction of money, details as banks write them, statements that are broken, empty or long."""

import io
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.account import Account
from ingest.adapters.mt940_details import details
from ingest.formats import ADAPTERS
from ingest.shapes import Frame, Reject, Row
from ingest.specs import Written
from tests.ingest.reading import Outcome, read_text, records, values
from tests.ingest.test_adapters import Memory
from workbench.errors import FileRefused
from workbench.model.record import Record, Role

HEAD = ":20:R1\n:25:NL91ABNA0417164300\n:28C:5/1\n:60F:C110522EUR100,\n"
TAIL = ":62F:C110523EUR90,5\n-\n"
OWN = "account:NL91ABNA0417164300"


def read(text: str, said: str = "") -> list[Outcome]:
    return read_text("mt940", text, said)


def transfers(found: list[Outcome]) -> list[Record]:
    return [each for each in records(found) if each.schema == "Transfer"]


def rows(content: bytes, **written: object) -> list[Row | Reject]:
    found = ADAPTERS["mt940"].read(Memory("s.sta", content), Written(**written), Account())  # type: ignore[arg-type]
    return [each for each in found if isinstance(each, Row | Reject)]


@pytest.mark.parametrize(
    ("mark", "role"),
    [("C", "beneficiaryAccount"), ("D", "payerAccount"), ("RC", "payerAccount"), ("RD", "beneficiaryAccount")],
)
def test_money_that_is_taken_back_runs_the_other_way(mark: str, role: str) -> None:
    (transfer,) = transfers(read(f"{HEAD}:61:1105240524{mark}R9,50NTRFX//Y\n{TAIL}"))
    statement = Role("proof", "statement:NL91ABNA0417164300/R1/5/1/2011-05-22/100")
    assert set(transfer.roles) == {Role(role, OWN), statement}
    assert values(transfer)["description"] == ["funds_code: R"]


@given(st.lists(st.tuples(st.sampled_from(["C", "D", "RC", "RD"]), st.integers(0, 10**9)), max_size=9))
def test_the_balances_agree_with_the_direction_of_money(entries: list[tuple[str, int]]) -> None:
    lines = [f":61:110524{mark}{cents // 100},{cents % 100:02}NTRFX" for mark, cents in entries]
    moved = sum(cents if mark in ("C", "RD") else -cents for mark, cents in entries)
    closing = f":62F:{'C' if moved >= 0 else 'D'}110523EUR{abs(moved) // 100},{abs(moved) % 100:02}\n"
    head = HEAD.replace("EUR100,", "EUR0,")
    found = records(read(head + "".join(f"{line}\n" for line in lines) + closing))
    signs = {"beneficiaryAccount": 1, "payerAccount": -1}
    total = sum(
        (signs[each.roles[0].name] * Decimal(values(each)["amount"][0]) for each in found if each.schema == "Transfer"),
        Decimal(0),
    )
    balances = {values(each)["balance"][0] for each in found if each.schema == "BankAccount"}
    assert {Decimal(each) for each in balances} == {total}


def test_the_other_party_pays_what_comes_in() -> None:
    told = "166?00GUT?20EREF+E7?21SVWZ+Rent?30COBADEFFXXX?31DE89370400440532013000?32Ann?33 Lee"
    found = records(read(f"{HEAD}:61:110524C1,NTRFNONREF\n:86:{told}\n{TAIL}"))
    (transfer,) = [each for each in found if each.schema == "Transfer"]
    party = "party:DE89370400440532013000:Ann Lee"
    assert set(transfer.roles) == {
        Role("payer", party),
        Role("payerAccount", "account:DE89370400440532013000"),
        Role("beneficiaryAccount", OWN),
    }
    assert (values(transfer)["purpose"], values(transfer)["transactionNumber"]) == (["Rent"], ["E7"])
    (holding,) = [each for each in found if each.schema == "Holding"]
    assert set(holding.roles) == {Role("holder", party), Role("held", "account:DE89370400440532013000")}


def test_a_name_without_an_account_joins_nobody() -> None:
    line = ":61:110524C1,NTRFX\n:86:166?00GUT?32Ann Lee\n"
    found = records(read(f"{HEAD}{line}{line.replace('C1', 'C2')}{TAIL}"))
    assert len({each.source_id for each in found if each.schema == "LegalEntity"}) == 2


@pytest.mark.parametrize(
    ("value", "entry", "expected"),
    [
        ("110102", "1231", "2010-12-31"),
        ("101231", "0102", "2011-01-02"),
        ("110524", "0523", "2011-05-23"),
        ("120229", "0229", "2012-02-29"),
        ("790101", "    ", "2079-01-01"),
        ("800101", "", "1980-01-01"),
        ("120230", "", "2012-02-29"),
        ("110230", "", "2011-02-28"),
        ("110229", "0301", "2011-03-01"),
    ],
)
def test_the_year_of_an_entry_is_the_nearest(value: str, entry: str, expected: str) -> None:
    (transfer,) = transfers(read(f"{HEAD}:61:{value}{entry}D1,NTRFX\n{TAIL}"))
    assert values(transfer)["date"] == [expected]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ["166?00GUT?20EREF+1?21MREF+M?22SVWZ+for you?60 and me?34903?709x"],
            {
                "code": "166",
                "posting": "GUT",
                "EREF": "1",
                "MREF": "M",
                "SVWZ": "for you and me",
                "return_code": "903",
                "field 70": "9x",
            },
        ),
        (["116<00A<20what? 20 now"], {"code": "116", "posting": "A", "purpose": "what? 20 now"}),
        (
            ["166?20SVWZ+" + "a" * 54, "b"],
            {"code": "166", "SVWZ": "a" * 54 + "b"},
        ),
        (
            ["166?20SVWZ+" + "a" * 53, "b"],
            {"code": "166", "SVWZ": "a" * 53 + " b"},
        ),
        (
            ["/TRTP/SEPA OVERBOEKING/IBAN/NL91ABNA0417164300/BIC/ABNANL2A/NAME/A. LEE/REMI/", "rent 5/2011/EREF/E1"],
            {
                "TRTP": "SEPA OVERBOEKING",
                "IBAN": "NL91ABNA0417164300",
                "BIC": "ABNANL2A",
                "NAME": "A. LEE",
                "REMI": "rent 5/2011",
                "EREF": "E1",
            },
        ),
        (
            ["/EREF/E1//CNTP/NL91ABNA0417164300/ABNANL2A/A LEE/RUSE//REMI/USTD//rent/"],
            {
                "EREF": "E1",
                "CNTP": {"account": "NL91ABNA0417164300", "bank": "ABNANL2A", "name": "A LEE", "city": "RUSE"},
                "REMI": "USTD//rent",
            },
        ),
        (["GIRO 42 KPN", "FACTUUR"], {"text": "GIRO 42 KPN\nFACTUUR"}),
        ([""], {}),
    ],
)
def test_details_as_banks_write_them(lines: list[str], expected: dict[str, object]) -> None:
    assert details(lines) == expected


@given(st.lists(st.text("ab+?/ 0123SVWZ", max_size=65), max_size=4))
def test_no_letter_of_details_is_lost(lines: list[str]) -> None:
    def letters(branch: object) -> Iterator[str]:
        if isinstance(branch, str):
            yield from branch
        elif isinstance(branch, dict):
            for each in branch.values():
                yield from letters(each)

    said = [each for line in lines for each in line if each in "ab"]
    assert sorted(letter for letter in letters(details(lines)) if letter in "ab") == sorted(said)


@pytest.mark.parametrize(
    ("account", "source_id", "iban"),
    [
        ("NL69INGB0123456789EUR", "account:NL69INGB0123456789", ["NL69INGB0123456789"]),
        ("ABNANL2A/NL91ABNA0417164300", OWN, ["NL91ABNA0417164300"]),
        ("50880050/0194787400888", "account:50880050/0194787400888", None),
        ("0001234567", "account:0001234567", None),
    ],
)
def test_the_accounts_of_statements(account: str, source_id: str, iban: list[str] | None) -> None:
    found = records(read(f"{HEAD.replace('NL91ABNA0417164300', account)}:61:110524C1,NTRFX\n{TAIL}"))
    assert (found[0].source_id, values(found[0]).get("iban")) == (source_id, iban)


def test_a_statement_without_transactions_tells_its_balance() -> None:
    (account,) = records(read(HEAD + TAIL))
    said = values(account)
    assert (account.source_id, said["balance"], said["balanceDate"]) == (OWN, ["90.5"], ["2011-05-23"])
    assert said["notes"] == [
        "^Statement.opening.signed: 100",
        "^Statement.opening.kind: F",
        "^Statement.closing.currency: EUR",
        "^Statement.closing.kind: F",
    ]


def test_a_debit_balance_is_negative() -> None:
    (account,) = records(read(HEAD + TAIL.replace("C11", "D11")))
    assert values(account)["balance"] == ["-90.5"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (HEAD.replace(":25:NL91ABNA0417164300\n", ""), "statement without one :25:"),
        (HEAD.replace(":60F:C110522EUR100,\n", ""), "statement without one :60:"),
        (HEAD.replace("C110522", "110522"), "bad balance: 60F"),
        (HEAD.replace("110522", "110532"), "no such day"),
        (HEAD.replace("110522", "110231"), "no such day"),
        (HEAD.replace(":60F:C110522EUR100,", ":34F:EUR"), "bad floor limit"),
        (HEAD + ":25:NL91ABNA0417164300\n", "statement without one :25:"),
    ],
)
def test_no_transaction_of_a_broken_statement_is_read(text: str, reason: str) -> None:
    found = read(f"{text}:61:110524C1,NTRFX\n:61:110524C2,NTRFX\n{TAIL}{HEAD.replace('R1', 'R2')}{TAIL}")
    assert [each.reason for each in found if isinstance(each, Reject)] == [reason, reason]
    assert sum(isinstance(each, Record) for each in found) == 1


def test_an_interim_report_has_no_balance_and_its_currency_of_a_floor_limit() -> None:
    head = HEAD.replace(":60F:C110522EUR100,", ":34F:EURD5,\n:34F:EURC5,\n:13D:1105241815+0100")
    told = f"{head}:61:110524C1,NTRFX\n:90C:1EUR1,\n-\n"
    found = records(read(told + told.replace("1815", "1915")))
    first, second = [each for each in found if each.schema == "Transfer"]
    assert (values(first)["amount"], values(first)["currency"]) == (["1"], ["EUR"])
    assert values(first)["recordId"] != values(second)["recordId"]
    notes = [note for each in found if each.schema == "BankAccount" for note in values(each)["notes"]]
    assert {"^Statement.floor: EURD5,", "^Statement.credits: 1EUR1,"} <= set(notes)


def test_a_field_of_a_head_among_transactions_is_told() -> None:
    first, second = read(f"{HEAD}:61:110524C1,NTRFX\n:25:166?00GUT\n:61:110524C2,NTRFX\n{TAIL}")[::2]
    assert isinstance(first, Reject)
    assert str(first.message) == ":25: in line 6 stands among transactions: should it be :86:? Repair it"
    assert isinstance(second, Record)


@pytest.mark.parametrize(
    "text", ["x\n", ":61:110524C1,NTRFX\n", "{1:F01ABNANL2AXXXX}\n", "\n" * 2000 + HEAD, "<html>", "-\n"]
)
def test_another_file_is_refused(text: str) -> None:
    with pytest.raises(FileRefused, match=r"is it MT940[?]|HTML"):
        read(text)


def test_messages_in_an_envelope_with_ends_of_all_kinds() -> None:
    one = HEAD + ":61:110524C1,NTRFX\n:86:rent\n- and more\n:62F:C110523EUR1,\n:86:all\n-XXX\n"
    text = f"{{1:F01ABNANL2AXXXX0000000000}}{{2:I940X}}{{4:\n{one}-}}\n{{1:F01B}}\n{one}"
    found = read(text.replace("\n", "\r\n"))
    first, second = transfers(found)
    assert values(first)["purpose"] == values(second)["purpose"] == ["rent\n- and more"]
    notes = [note for each in records(found) for note in values(each).get("notes", ())]
    assert {"^Statement.envelope: {1:F01B}", "^Statement.information: all"} <= set(notes)


@pytest.mark.parametrize("encoding", ["windows-1252", "utf-16", "utf-8", "cp850"])
def test_encodings_that_are_declared(encoding: str) -> None:
    text = f"{HEAD}:61:110524C1,NTRFX\n:86:166?32Jürgen\n{TAIL}"
    content = text.encode(encoding)
    (row,) = rows(content, encoding=encoding)
    assert isinstance(row, Row)
    assert isinstance(row.fields, dict)
    assert row.fields["details"] == {"code": "166", "name": "Jürgen"}
    written = Written(encoding=encoding)
    assert ADAPTERS["mt940"].count(io.BytesIO(content), written).units == 1


def test_an_encoding_that_is_not_declared_is_told() -> None:
    (reject,) = rows(f"{HEAD}:61:110524C1,NTRFX\n:86:Jürgen\n{TAIL}".encode("cp1252"))
    assert isinstance(reject, Reject)
    assert reject.reason == "wrong encoding"


def test_a_long_statement_is_not_held() -> None:
    """What stands behind its transactions is known all the same."""
    text = HEAD + ":61:110524C1,NTRFX\n" * 1_500 + TAIL
    found = list(ADAPTERS["mt940"].read(Memory("s.sta", text.encode()), Written(), Account()))
    assert len(found) == 1_501
    assert isinstance(found[0], Frame)
    assert found[0].after == b"\n" + TAIL.encode()
    row = found[-1]
    assert isinstance(row, Row)
    assert isinstance(row.fields, dict)
    assert row.locator == "s.sta:1504"
    assert "closing" in str(row.fields["^Statement"])


def test_equal_transactions_of_two_statements_are_two() -> None:
    line = ":61:110524C1,NTRFX\n"
    found = transfers(read(HEAD + line + line + TAIL + HEAD.replace("R1", "R2") + line + TAIL))
    assert len(found) == 3
    assert len({str(each.properties["recordId"]) for each in found}) == 2
