"""goAML: who is a subject and who is not, sides of money, who stands in whom, and the schema that the user gives."""

from pathlib import Path

import pytest

from ingest.formats import ADAPTERS
from ingest.quarantine import replay
from ingest.shapes import Reject
from tests.ingest.desk import Desk, reasons, totals
from tests.ingest.reading import read_text, records, values
from workbench.errors import FileRefused, InputError
from workbench.model.record import Record, Role

HEAD = (
    "<rentity_id>7</rentity_id><report_code>STR</report_code><entity_reference>R1</entity_reference>"
    "<submission_date>2026-05-26</submission_date><currency_code_local>AED</currency_code_local>"
)
REPORTER = "<reporting_person><first_name>Sara</first_name><last_name>Khan</last_name></reporting_person>"
LATE = "<report_indicators><indicator>STRUC</indicator></report_indicators>"
ANN = "<first_name>Ann</first_name><last_name>Lee</last_name><birthdate>1990-02-01T00:00:00</birthdate>"
BO = "<first_name>Bo</first_name><last_name>Ray</last_name>"


def report(units: str, head: str = HEAD + REPORTER) -> str:
    return f"<report>{head}{units}{LATE}</report>"


def transaction(sides: str, number: str = "T1") -> str:
    return (
        f"<transaction><transactionnumber>{number}</transactionnumber><date_transaction>2026-05-24</date_transaction>"
        f"<amount_local>65000.00</amount_local>{sides}</transaction>"
    )


def read(text: str) -> list[Record]:
    return records(read_text("goaml", text, ""))


def named(found: list[Record], name: str) -> Record:
    """The only thing of a name."""
    return next(iter({each.source_id: each for each in found if values(each).get("name") == [name]}.values()))


def of(found: list[Record], schema: str) -> list[Record]:
    return [each for each in found if each.schema == schema]


@pytest.mark.parametrize("clients", [("t_from_my_client", "t_to"), ("t_from", "t_to_my_client"), ("t_from", "t_to")])
def test_money_runs_from_one_side_to_the_other(clients: tuple[str, str]) -> None:
    frm, to = clients
    account = "<swift>BANKAEAD</swift><account>77</account>"
    sides = f"<{frm}><from_person>{ANN}</from_person></{frm}><{to}><to_account>{account}</to_account></{to}>"
    found = read(report(transaction(sides)))
    (transfer,) = of(found, "Transfer")
    assert set(transfer.roles) == {
        Role("payer", named(found, "Ann Lee").source_id),
        Role("beneficiaryAccount", "account:BANKAEAD/77"),
    }
    said = values(transfer)
    assert (said["amount"], said["currency"], said["date"]) == (["65000.00"], ["AED"], ["2026-05-24"])


def test_the_reporter_is_no_subject() -> None:
    sides = f"<t_from><from_person>{ANN}</from_person></t_from><t_to><to_person>{BO}</to_person></t_to>"
    found = read(report(transaction(sides)))
    mentioned = {role.ref for each in of(found, "Report") for role in each.roles}
    assert mentioned == {named(found, "Ann Lee").source_id, named(found, "Bo Ray").source_id}
    (reports,) = of(found, "Involvement")
    assert values(reports) == {"capacity": ["reporter"]}
    assert set(reports.roles) == {Role("involved", named(found, "Sara Khan").source_id), Role("event", "report:7/R1")}


def test_what_a_report_holds_to_be_suspicious_is_an_assessment() -> None:
    found = read(
        report(transaction(f"<t_from><from_person>{ANN}</from_person></t_from>"), HEAD + "<reason>odd</reason>")
    )
    said = {each.basis for each in of(found, "Report") if "summary" in each.properties}
    assert said == {"assessment"}
    assert {each.basis for each in of(found, "Transfer")} == {"fact"}


ACCOUNT = (
    "<institution_name>Bank</institution_name><account>77</account><iban>NL91ABNA0417164300</iban>"
    f"<t_entity><name>Firm</name><incorporation_number>9</incorporation_number><director_id>{BO}<role>CEO</role>"
    "</director_id><related_persons><entity_related_person><person><first_name>Di</first_name></person><role>UBO</role>"
    "<share_percentage>60</share_percentage></entity_related_person></related_persons></t_entity>"
    f"<signatory><is_primary>true</is_primary><t_person>{ANN}</t_person><role>A</role></signatory>"
    "<related_accounts><account_related_account><account_account_relation>SUB</account_account_relation><account>"
    "<institution_code>B</institution_code><account>78</account></account></account_related_account></related_accounts>"
)


def test_all_who_stand_in_an_account_are_found_and_tied() -> None:
    found = read(report(transaction(f"<t_from><from_account>{ACCOUNT}</from_account></t_from>")))
    firm, ann, bo, di = (named(found, name).source_id for name in ("Firm", "Ann Lee", "Bo Ray", "Di"))
    iban = "account:NL91ABNA0417164300"
    assert {each.schema for each in found if each.source_id == firm} == {"Company"}
    holdings = {tuple(role.ref for role in each.roles): values(each)["role"] for each in of(found, "Holding")}
    assert holdings == {(iban, ann): ["signatory", "A"], (iban, firm): ["holder"]}
    (directs,) = of(found, "Directorship")
    assert set(directs.roles) == {Role("director", bo), Role("organization", firm)}
    (owns,) = of(found, "Ownership")
    assert (set(owns.roles), values(owns)["percentage"]) == ({Role("owner", di), Role("asset", firm)}, ["60"])
    (related,) = of(found, "UnknownLink")
    assert set(related.roles) == {Role("subject", "account:B/78"), Role("object", iban)}
    assert values(related)["role"] == ["SUB"]


@pytest.mark.parametrize(
    ("side", "schema"),
    [
        (f"<from_person>{ANN}</from_person>", "Representation"),
        ("<from_entity><name>Firm</name></from_entity>", "Representation"),
        ("<from_account><swift>S</swift><account>1</account></from_account>", "Holding"),
    ],
)
def test_who_conducts_a_transaction_acts_for_the_other(side: str, schema: str) -> None:
    found = read(report(transaction(f"<t_from><t_conductor>{BO}</t_conductor>{side}</t_from>")))
    (tie,) = of(found, schema)
    assert named(found, "Bo Ray").source_id in {role.ref for role in tie.roles}
    assert values(tie)["role"] == ["conductor"]
    (transfer,) = of(found, "Transfer")
    assert named(found, "Bo Ray").source_id not in {role.ref for role in transfer.roles}


def test_a_transaction_of_many_parties_has_no_sides() -> None:
    parties = (
        f"<involved_parties><party><role>B</role><person_my_client>{ANN}</person_my_client></party><party><role>S</role>"
        "<entity><name>Firm</name></entity><is_suspected>true</is_suspected></party></involved_parties>"
    )
    found = read(report(transaction(parties)))
    assert of(found, "Transfer") == []
    (event,) = of(found, "Event")
    assert "65000.00 AED" in values(event)["summary"]
    capacities = {
        role.ref: values(each)["capacity"]
        for each in of(found, "Involvement")
        for role in each.roles
        if each.basis == "assessment" and role.name == "involved"
    }
    assert capacities == {
        named(found, "Ann Lee").source_id: ["reported party", "B"],
        named(found, "Firm").source_id: ["reported party", "S", "suspect"],
    }


def test_an_activity_has_parties_and_no_money() -> None:
    parties = (
        f"<report_parties><report_party><person>{ANN}</person><reason>why</reason></report_party></report_parties>"
    )
    found = read(report(f"<activity>{parties}</activity>"))
    assert of(found, "Transfer") == []
    (event,) = of(found, "Event")
    (party,) = [each for each in of(found, "Involvement") if Role("event", event.source_id) in each.roles]
    assert values(party)["summary"] == ["why"]


def test_a_report_alone_is_kept() -> None:
    found = read(f"<report>{HEAD}<fiu_ref_number>F9</fiu_ref_number></report>")
    assert {each.source_id for each in found} == {"report:7/R1"}
    assert [values(each)["sourceReference"] for each in found if "sourceReference" in each.properties] == [["F9"]]


PERSON = f"""{ANN}<phones><phone><tph_contact_type>P</tph_contact_type><tph_country_prefix>971</tph_country_prefix>
<tph_number>501112233</tph_number></phone></phones><addresses><address><address_type>P</address_type>
<address>Villa 12</address><city>Dubai</city><country_code>AE</country_code></address></addresses>
<previous_names><previous_name><first_name>Anna</first_name><last_name>Roe</last_name></previous_name></previous_names>
<nationality1>GB</nationality1><nationality2>AE</nationality2><email>a@example.org</email>"""
OLD = "<employer_name>Shop</employer_name><identification><type>P</type><number>X1</number></identification>"
NEW = (
    "<emails><email>b@example.org</email></emails><employment_history><employment><employer_name>Shop</employer_name>"
    "</employment></employment_history><identifications><identification><type>P</type><number>X1</number>"
    "</identification></identifications>"
)


@pytest.mark.parametrize("version", [OLD, NEW])
def test_what_is_said_of_a_person_in_older_and_newer_versions(version: str) -> None:
    found = read(report(transaction(f"<t_from><from_person>{PERSON}{version}</from_person></t_from>")))
    ann = named(found, "Ann Lee")
    said = values(ann)
    assert said["birthDate"] == ["1990-02-01"]
    assert said["address"] == ["Villa 12, Dubai"]
    assert said["phone"] == ["+971501112233"]
    assert said["previousName"] == ["Anna Roe"]
    assert sorted(said["nationality"]) == ["ae", "gb"]
    assert "a@example.org" in said["email"]
    (document,) = of(found, "Identification")
    assert (values(document)["number"], document.roles) == (["X1"], (Role("holder", ann.source_id),))
    (work,) = of(found, "Employment")
    assert set(work.roles) == {Role("employee", ann.source_id), Role("employer", named(found, "Shop").source_id)}
    (use,) = of(found, "Holding")
    assert set(use.roles) == {Role("holder", ann.source_id), Role("held", "phone:+971501112233")}


def test_foreign_currency_goods_and_what_nothing_maps() -> None:
    currency = "<foreign_currency_code>USD</foreign_currency_code><foreign_amount>17000</foreign_amount>"
    side = f"<t_from><from_foreign_currency>{currency}</from_foreign_currency><from_person>{ANN}</from_person></t_from>"
    goods = "<goods_services><item><item_type>V</item_type><item_make>Car</item_make></item></goods_services>"
    found = read(report(transaction(f"{side}{goods}<teller>9</teller>")))
    (transfer,) = of(found, "Transfer")
    assert values(transfer)["summary"] == ["paid 17000 USD"]
    assert "teller: 9" in values(transfer)["description"]
    (item,) = of(found, "Item")
    assert (values(item)["name"], values(item)["itemType"]) == (["Car"], ["V"])


def test_the_same_person_in_a_report_is_one_and_of_two_reports_two() -> None:
    sides = f"<t_from><from_person>{ANN}</from_person></t_from>"
    text = report(transaction(sides) + transaction(sides, "T2"))
    ids = {each.source_id for each in of(read(text), "Person") if values(each)["name"] == ["Ann Lee"]}
    other = {each.source_id for each in of(read(text.replace("R1", "R2")), "Person")}
    assert len(ids) == 1
    assert not ids & other


def test_a_transaction_without_parties_is_rejected_alone() -> None:
    found = read_text(
        "goaml", report(transaction("") + transaction(f"<t_to><to_person>{BO}</to_person></t_to>", "2")), ""
    )
    assert [each.reason for each in found if isinstance(each, Reject)] == ["no roles"]
    assert len(of([each for each in found if isinstance(each, Record)], "Transfer")) == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<report/>", "no rentity_id and no report_code"),
        ("<report><a/></report>", "no rentity_id and no report_code"),
        ("<other/>", "its root is other"),
        ('<!DOCTYPE r [<!ENTITY a "b">]><report/>', "an entity of its own"),
    ],
)
def test_another_document_is_refused(text: str, reason: str) -> None:
    with pytest.raises(FileRefused, match=reason):
        read(text)


XSD = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="report"><xs:complexType><xs:sequence>
<xs:element name="rentity_id" type="xs:int"/><xs:element name="report_code" type="xs:string"/>
<xs:element name="currency_code_local" type="xs:string"/>
<xs:element name="transaction" maxOccurs="unbounded"><xs:complexType><xs:sequence>
<xs:element name="transactionnumber" type="xs:string"/><xs:element name="date_transaction" type="xs:date"/>
<xs:element name="amount_local" type="xs:decimal"/><xs:any maxOccurs="unbounded" processContents="skip"/>
</xs:sequence></xs:complexType></xs:element>
<xs:element name="report_indicators"><xs:complexType><xs:sequence><xs:element name="indicator" type="xs:string"/>
</xs:sequence></xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element></xs:schema>"""
SHORT = "<rentity_id>7</rentity_id><report_code>STR</report_code><currency_code_local>AED</currency_code_local>"
SIDE = f"<t_from><from_person>{BO}</from_person></t_from>"


@pytest.fixture
def manifest(desk: Desk) -> Path:
    """A manifest that names a schema beside it."""
    desk.write("m/x.xsd", XSD)
    return desk.write(
        "m/m.toml", 'adapter = "goaml"\ndataset = "d"\n[[files]]\npattern = "*.xml"\nschema_file = "x.xsd"'
    )


def test_a_report_that_is_valid_is_read(desk: Desk, manifest: Path) -> None:
    report_ = desk.load(desk.write("r.xml", report(transaction(SIDE), SHORT)), manifest=manifest)
    assert totals(report_) == {"read": 1, "accepted": 1}
    assert desk.view().stats().relationships["Transfer"] == 1


def test_a_report_that_is_not_valid_is_refused_whole_with_its_places(desk: Desk, manifest: Path) -> None:
    text = report(transaction(SIDE) + transaction(SIDE).replace("65000.00", "much"), SHORT.replace("7", "seven"))
    found = desk.load(desk.write("r.xml", text), manifest=manifest)
    assert (totals(found), reasons(found)) == ({"read": 1, "refused": 1}, {"not valid": 1})
    assert "/report/transaction[2]/amount_local: invalid value 'much'" in found.messages[0]
    assert "/report/rentity_id: " in found.messages[0]
    assert found.messages[0].endswith("have it sent again, corrected")
    assert desk.records() == ()


def test_a_unit_in_quarantine_is_still_valid_in_its_frame(desk: Desk, manifest: Path) -> None:
    """What stands behind transactions must stand behind them again."""
    bad = SIDE.replace("<from_person>", "<from_person><birthdate>1.2.90</birthdate>")
    found = desk.load(desk.write("r.xml", report(transaction(SIDE) + transaction(bad, "T2"), SHORT)), manifest=manifest)
    assert totals(found) == {"read": 2, "accepted": 1, "quarantined": 1}
    (unit,) = desk.view().quarantine()
    fixed = unit.raw.replace(b"1.2.90", b"1990-02-01")
    again = replay(desk.store, desk.view(), [unit.id], by="tester", manifest=manifest, raw=fixed)
    assert totals(again) == {"read": 1, "accepted": 1}


def test_a_schema_that_is_none_or_not_there_is_told(desk: Desk, manifest: Path) -> None:
    desk.write("m/x.xsd", "<no schema")
    found = desk.load(desk.write("r.xml", report(transaction(SIDE), SHORT)), manifest=manifest)
    assert reasons(found) == {"bad schema": 1}
    (desk.folder / "m/x.xsd").unlink()
    with pytest.raises(InputError, match=r"schema_file: .*x\.xsd is not there: name a file, relative to the manifest"):
        desk.load(desk.folder / "r.xml", manifest=manifest)


def test_its_units_are_transactions_and_activities() -> None:
    assert ADAPTERS["goaml"].units == "transactions"
