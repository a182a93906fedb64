"""ISO 20022: who pays whom in all messages and versions, amounts of batches, statements without entries."""

import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.account import Account
from ingest.formats import ADAPTERS
from ingest.shapes import Frame, Row
from ingest.specs import Written
from tests.ingest.reading import read_text, records, values
from tests.ingest.test_adapters import Memory
from workbench.errors import FileRefused
from workbench.model.record import Record, Role

OWN, OTHER = "NL91ABNA0417164300", "DE89370400440532013000"
HEAD = "<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-01-03T10:00:00</CreDtTm></GrpHdr>"
ACCT = f"<Acct><Id><IBAN>{OWN}</IBAN></Id><Ccy>EUR</Ccy><Ownr><Nm>Owner</Nm></Ownr></Acct>"


def camt(entries: str, *, version: str = "053.001.08", acct: str = ACCT) -> str:
    message, name = {
        "052": ("BkToCstmrAcctRpt", "Rpt"),
        "053": ("BkToCstmrStmt", "Stmt"),
        "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
    }[version[:3]]
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{version}"><{message}>{HEAD}'
        f"<{name}><Id>S1</Id>{acct}{entries}</{name}></{message}></Document>"
    )


def entry(way: str, details: str = "", more: str = "", amount: str = "9.50") -> str:
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd>{more}<Sts>BOOK</Sts>'
        f"<BookgDt><Dt>2026-01-02</Dt></BookgDt>{details}</Ntry>"
    )


def details(*transactions: str) -> str:
    return f"<NtryDtls>{''.join(f'<TxDtls>{each}</TxDtls>' for each in transactions)}</NtryDtls>"


def side(name: str, iban: str, called: str) -> str:
    return f"<{name}><Nm>{called}</Nm></{name}><{name}Acct><Id><IBAN>{iban}</IBAN></Id></{name}Acct>"


def related(debtor: tuple[str, str] | None, creditor: tuple[str, str] | None) -> str:
    sides = "".join(side(name, *each) for name, each in (("Dbtr", debtor), ("Cdtr", creditor)) if each)
    return f"<RltdPties>{sides}</RltdPties>"


def transfers(text: str) -> list[Record]:
    return [each for each in records(read_text("iso20022", text, "")) if each.schema == "Transfer"]


def accounts(record: Record) -> tuple[str, str]:
    found = {each.name: each.ref.removeprefix("account:") for each in record.roles}
    return found.get("payerAccount", ""), found.get("beneficiaryAccount", "")


MINE, THEIRS = (OWN, "Owner"), (OTHER, "Other")


@pytest.mark.parametrize(
    ("way", "reversal", "debtor", "creditor", "expected"),
    [
        ("CRDT", "", THEIRS, MINE, (OTHER, OWN)),
        ("CRDT", "", THEIRS, None, (OTHER, OWN)),
        ("DBIT", "", MINE, THEIRS, (OWN, OTHER)),
        ("DBIT", "", None, THEIRS, (OWN, OTHER)),
        # A credit that is taken back: Dbtr is still who paid at first.
        ("DBIT", "true", THEIRS, MINE, (OWN, OTHER)),
        ("DBIT", "true", THEIRS, None, (OWN, OTHER)),
        ("CRDT", "1", MINE, THEIRS, (OTHER, OWN)),
        # A bank that names the sides of the reversal, and one that does not say that it is one.
        ("DBIT", "true", MINE, THEIRS, (OWN, OTHER)),
        ("DBIT", "false", THEIRS, MINE, (OWN, OTHER)),
    ],
)
def test_the_entry_says_which_way_money_ran(
    way: str, reversal: str, debtor: tuple[str, str] | None, creditor: tuple[str, str] | None, expected: tuple[str, str]
) -> None:
    more = f"<RvslInd>{reversal}</RvslInd>" if reversal else ""
    (found,) = transfers(camt(entry(way, details(related(debtor, creditor)), more)))
    assert accounts(found) == expected
    names = {each.name: each.ref.rpartition("/")[2] for each in found.roles if each.name in ("payer", "beneficiary")}
    who = {OWN: "Owner", OTHER: "Other"}
    assert names == {"payer": who[expected[0]], "beneficiary": who[expected[1]]}


@pytest.mark.parametrize("version", ["052.001.02", "053.001.02", "053.001.13", "054.001.08"])
def test_reports_statements_and_advices_are_read_alike(version: str) -> None:
    (found,) = transfers(camt(entry("CRDT", details(related(THEIRS, MINE))), version=version))
    assert accounts(found) == (OTHER, OWN)
    assert values(found)["date"] == ["2026-01-02"]
    assert values(found)["recordId"] == ["S1"]


def test_parties_and_banks_of_older_and_newer_versions() -> None:
    bank = "<RltdAgts><DbtrAgt><FinInstnId><BIC>COBADEFFXXX</BIC></FinInstnId></DbtrAgt></RltdAgts>"
    old = f"<RltdPties><Dbtr><Nm>Ann</Nm></Dbtr></RltdPties>{bank}"
    new = old.replace("<Nm>Ann</Nm>", "<Pty><Nm>Ann</Nm></Pty>").replace("BIC>", "BICFI>")
    for each in (old, new):
        (found,) = transfers(camt(entry("CRDT", details(each))))
        assert {role.name for role in found.roles} == {"payer", "beneficiary", "beneficiaryAccount"}
    inside = "<FinInstnId><BICFI>COBADEFFXXX</BICFI><Nm>Bank</Nm></FinInstnId>"
    agent = f"<RltdPties><Dbtr><Agt>{inside}</Agt></Dbtr></RltdPties>"
    found = records(read_text("iso20022", camt(entry("CRDT", details(agent))), ""))
    (named,) = [each for each in found if each.schema == "Organization"]
    assert (named.source_id, values(named)["name"]) == ("party:COBADEFFXXX", ["Bank"])


def test_people_organisations_and_those_of_whom_nobody_says() -> None:
    person = "<Id><PrvtId><DtAndPlcOfBirth><BirthDt>1990-02-01</BirthDt></DtAndPlcOfBirth></PrvtId></Id>"
    firm = "<Id><OrgId><LEI>5493001KJTIIGC8Y1R12</LEI></OrgId></Id>"
    text = f"<RltdPties><Dbtr><Nm>Ann</Nm>{person}</Dbtr><UltmtDbtr><Nm>F</Nm>{firm}</UltmtDbtr></RltdPties>"
    found = records(read_text("iso20022", camt(entry("CRDT", details(text))), ""))
    (ann,) = [each for each in found if each.schema == "Person"]
    assert values(ann)["birthDate"] == ["1990-02-01"]
    (acts,) = [each for each in found if each.schema == "Representation"]
    assert set(acts.roles) == {Role("agent", ann.source_id), Role("client", "party:5493001KJTIIGC8Y1R12")}
    assert [each.source_id for each in found if each.schema == "LegalEntity"] == [f"party:{OWN}/Owner"]


@pytest.mark.parametrize(
    ("transactions", "amounts"),
    [
        ((), ["9.50"]),
        (("",), ["9.50"]),
        (('<AmtDtls><TxAmt><Amt Ccy="USD">4</Amt></TxAmt></AmtDtls>', '<Amt Ccy="EUR">5.50</Amt>'), ["4", "5.50"]),
        (("", '<AmtDtls><InstdAmt><Amt Ccy="USD">4</Amt></InstdAmt></AmtDtls>'), [None, "4"]),
    ],
)
def test_the_sum_of_a_batch_is_no_amount_of_its_transactions(
    transactions: tuple[str, ...], amounts: list[str | None]
) -> None:
    text = details(*transactions) if transactions else "<NtryDtls><Btch><NbOfTxs>3</NbOfTxs></Btch></NtryDtls>"
    found = transfers(camt(entry("DBIT", text)))
    assert [values(each).get("amount", [None])[0] for each in found] == amounts


def test_what_stands_behind_the_details_of_an_entry_is_read() -> None:
    (found,) = transfers(camt(entry("DBIT", f"{details('')}<AddtlNtryInf>fees of May</AddtlNtryInf>")))
    assert values(found)["purpose"] == ["fees of May"]


@pytest.mark.parametrize("status", ["<Sts>PDNG</Sts>", "<Sts><Cd>PDNG</Cd></Sts>"])
def test_what_is_pending_is_told(status: str) -> None:
    (found,) = transfers(camt(entry("DBIT").replace("<Sts>BOOK</Sts>", status)))
    assert "pending" in values(found)["summary"]


BALANCE = (
    "<Bal><Tp><CdOrPrtry><Cd>{}</Cd></CdOrPrtry></Tp><Amt Ccy='EUR'>{}</Amt><CdtDbtInd>{}</CdtDbtInd>"
    "<Dt><Dt>{}</Dt></Dt></Bal>"
)


@pytest.mark.parametrize("entries", ["", entry("DBIT") * 3])
def test_balances_are_read_once_also_without_entries(entries: str) -> None:
    balances = BALANCE.format("OPBD", "5", "CRDT", "2026-01-01") + BALANCE.format("CLBD", "4.50", "DBIT", "2026-01-02")
    found = records(read_text("iso20022", camt(balances + entries), ""))
    said = [(values(each)["balance"], values(each)["balanceDate"]) for each in found if "balance" in each.properties]
    assert said == [(["5"], ["2026-01-01"]), (["-4.50"], ["2026-01-02"])]
    assert len([each for each in found if each.schema == "Transfer"]) == entries.count("<Ntry>")


@given(st.lists(st.tuples(st.sampled_from(["CRDT", "DBIT"]), st.integers(1, 10**6), st.booleans()), max_size=8))
def test_the_money_of_a_statement_adds_up(entries: list[tuple[str, int, bool]]) -> None:
    text = camt("".join(entry(way, details("") if told else "", amount=f"{n / 100:.2f}") for way, n, told in entries))
    signs = {"payerAccount": -1, "beneficiaryAccount": 1}
    moved = sum(
        (
            signs[role.name] * Decimal(values(each)["amount"][0])
            for each in transfers(text)
            for role in each.roles
            if role == Role(role.name, f"account:{OWN}")
        ),
        Decimal(0),
    )
    assert moved == sum(Decimal(n if way == "CRDT" else -n) / 100 for way, n, _ in entries)
    counted = ADAPTERS["iso20022"].count(io.BytesIO(text.encode()), Written())
    assert counted.units == max(len(entries), 1)


PAIN = f"""
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn><GrpHdr><MsgId>M1</MsgId>
<InitgPty><Nm>Ann</Nm></InitgPty></GrpHdr><PmtInf><PmtInfId>P1</PmtInfId><ReqdExctnDt><Dt>2026-02-01</Dt></ReqdExctnDt>
{side("Dbtr", *MINE)}<CdtTrfTxInf><Amt><InstdAmt Ccy="EUR">7</InstdAmt></Amt>{side("Cdtr", *THEIRS)}</CdtTrfTxInf>
<CdtTrfTxInf><Amt><EqvtAmt><Amt Ccy="CHF">8</Amt></EqvtAmt></Amt><Cdtr><Nm>Bo</Nm></Cdtr></CdtTrfTxInf></PmtInf>
</CstmrCdtTrfInitn></Document>
"""


def test_an_order_to_pay() -> None:
    first, second = transfers(PAIN)
    assert (accounts(first), accounts(second)) == ((OWN, OTHER), (OWN, ""))
    assert [values(each)["amount"] for each in (first, second)] == [["7"], ["8"]]
    assert [values(each)["currency"] for each in (first, second)] == [["EUR"], ["CHF"]]
    assert values(first)["date"] == ["2026-02-01"]
    assert values(first)["summary"] == ["ordered"]
    found = records(read_text("iso20022", PAIN, ""))
    assert len({each.source_id for each in found if values(each).get("name") == ["Ann"]}) == 1


def test_an_order_to_collect() -> None:
    text = PAIN.replace("CstmrCdtTrfInitn", "CstmrDrctDbtInitn").replace("CdtTrfTxInf", "DrctDbtTxInf")
    text = text.replace("Dbtr>", "?>").replace("DbtrAcct>", "?Acct>").replace("Cdtr", "Dbtr").replace("?", "Cdtr")
    text = text.replace("<Amt><InstdAmt", "<InstdAmt").replace("</InstdAmt></Amt>", "</InstdAmt>")
    text = text.replace("<ReqdExctnDt><Dt>2026-02-01</Dt></ReqdExctnDt>", "<ReqdColltnDt>2026-02-01</ReqdColltnDt>")
    first, _ = transfers(text)
    assert (accounts(first), values(first)["amount"], values(first)["date"]) == ((OTHER, OWN), ["7"], ["2026-02-01"])


def pacs(message: str, unit: str, inside: str) -> str:
    return f"<Document><{message}>{HEAD}<{unit}>{inside}</{unit}></{message}></Document>"


AMOUNT = '<IntrBkSttlmAmt Ccy="EUR">7</IntrBkSttlmAmt><IntrBkSttlmDt>2026-02-01</IntrBkSttlmDt>'


@pytest.mark.parametrize(
    ("message", "unit"),
    [("FIToFICstmrCdtTrf", "CdtTrfTxInf"), ("FIToFICstmrDrctDbt", "DrctDbtTxInf"), ("FICdtTrf", "CdtTrfTxInf")],
)
def test_a_payment_between_banks(message: str, unit: str) -> None:
    (found,) = transfers(pacs(message, unit, f"{AMOUNT}{side('Dbtr', *MINE)}{side('Cdtr', *THEIRS)}"))
    assert (accounts(found), values(found)["amount"], values(found)["date"]) == ((OWN, OTHER), ["7"], ["2026-02-01"])


RETURNED = '<RtrId>R1</RtrId><RtrdIntrBkSttlmAmt Ccy="EUR">6</RtrdIntrBkSttlmAmt>'
FIRST = f"<OrgnlTxRef>{side('Dbtr', *MINE)}{side('Cdtr', *THEIRS)}<RmtInf><Ustrd>x</Ustrd></RmtInf></OrgnlTxRef>"
CHAIN = "<RtrChain><Dbtr><Pty><Nm>Other</Nm></Pty></Dbtr><Cdtr><Pty><Nm>Owner</Nm></Pty></Cdtr></RtrChain>"


@pytest.mark.parametrize("chain", ["", CHAIN])
def test_a_return_runs_the_other_way(chain: str) -> None:
    (found,) = transfers(pacs("PmtRtr", "TxInf", f"{RETURNED}{chain}{FIRST}"))
    assert accounts(found) == (OTHER, OWN)
    assert {each.name: each.ref.rpartition("/")[2] for each in found.roles if "Account" not in each.name} == {
        "payer": "Other",
        "beneficiary": "Owner",
    }
    assert (values(found)["amount"], values(found)["summary"]) == (["6"], ["returned"])
    assert "OrgnlTxRef.RmtInf.Ustrd: x" in values(found)["description"]


def test_one_number_at_two_banks_is_two_accounts() -> None:
    def party(name: str, bic: str) -> str:
        agent = f"<{name}Agt><FinInstnId><BICFI>{bic}</BICFI></FinInstnId></{name}Agt>"
        return f"<{name}><Nm>x</Nm></{name}><{name}Acct><Id><Othr><Id>77</Id></Othr></Id></{name}Acct>{agent}"

    text = f"{AMOUNT}{party('Dbtr', 'COBADEFFXXX')}{party('Cdtr', 'ABNANL2A')}"
    (found,) = transfers(pacs("FIToFICstmrCdtTrf", "CdtTrfTxInf", text))
    assert accounts(found) == ("COBADEFFXXX/77", "ABNANL2A/77")


def test_a_name_alone_joins_nobody() -> None:
    ann = details("<RltdPties><Dbtr><Nm>Ann</Nm></Dbtr></RltdPties>")
    found = records(read_text("iso20022", camt(entry("CRDT", ann) + entry("CRDT", ann, amount="2")), ""))
    assert len({each.source_id for each in found if values(each).get("name") == ["Ann"]}) == 2


@pytest.mark.parametrize(
    "text",
    [
        f"<Document><BkToCstmrStmt>{HEAD}</BkToCstmrStmt></Document>",
        f"<Document><CstmrPmtStsRpt>{HEAD}</CstmrPmtStsRpt></Document>",
        "<html/>",
    ],
)
def test_what_has_no_statement_or_payment_is_refused(text: str) -> None:
    with pytest.raises(FileRefused, match="has no statement, payment or return: is it whole"):
        read_text("iso20022", text, "")


def test_a_message_in_an_envelope_with_prefixes() -> None:
    text = camt(entry("CRDT", details(related(THEIRS, MINE))))
    inside = text.replace("<", "<n:").replace("<n:/", "</n:").replace("xmlns=", "xmlns:n=")
    (found,) = transfers(f"<Envelope><AppHdr/>{inside}</Envelope>")
    assert accounts(found) == (OTHER, OWN)


def test_a_batch_of_many_transactions_is_not_held() -> None:
    """A unit is a transaction: the entry around 1,200 of them is told with each, and what stands behind them too."""
    text = camt(entry("DBIT", details(*['<Amt Ccy="EUR">1</Amt>'] * 1_200) + "<AddtlNtryInf>late</AddtlNtryInf>"))
    found = list(ADAPTERS["iso20022"].read(Memory("c.xml", text.encode()), Written(), Account()))
    assert len(found) == 1_201
    assert isinstance(found[0], Frame)
    entries = [each.fields["^Ntry"] for each in found[1:] if isinstance(each, Row) and isinstance(each.fields, dict)]
    assert {each["AddtlNtryInf"] for each in entries if isinstance(each, dict)} == {"late"}
