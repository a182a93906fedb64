"""Lists of OFAC: joined by number, remarks in pieces, links by name."""

from pathlib import Path

import pytest

from ingest.quarantine import replay
from tests.ingest.desk import Desk, reasons, totals
from tests.ingest.said import Said, ids
from tests.stores import leased

NULL = "-0- "


def entry(number: int, name: str, kind: str = "", remarks: str = "", program: str = "CUBA", **said: str) -> str:
    order = ("title", "call_sign", "vessel_type", "tonnage", "grt", "flag", "owner")
    cells = [f'"{name}"', kind, program, *(said.get(each, "") for each in order), remarks]
    rest = (cell if cell.startswith('"') else f'"{cell}"' if cell else NULL for cell in cells)
    return f"{number},{','.join(rest)}"


def read(*rows: str) -> Said:
    return Said("ofac-csv", "\r\n".join(rows) + "\r\n\x1a")


def test_types_and_names() -> None:
    said = read(
        entry(1, "DOE, Jane Mary", "individual", title="Director"),
        entry(2, "ACME, S.A."),
        entry(3, "SEA", "vessel", call_sign="CL1", tonnage="99,144", grt="1,098", flag="Cuba", vessel_type="Tug"),
        entry(4, "EP-XX", "aircraft", "Aircraft Model IL76; Aircraft Manufacture Date Mar 1985."),
        entry(5, "MONONYM", "individual"),
        entry(6, "X", "spacecraft"),
    )
    assert [(each.source_id, each.schema) for each in said.records if each.schema not in ("Sanction",)] == [
        ("1", "Person"),
        ("2", "Organization"),
        ("3", "Vessel"),
        ("4", "Airplane"),
        ("5", "Person"),
        ("6", "LegalEntity"),
    ]
    assert said.values("person", "name") == ["Jane Mary DOE", "MONONYM"]
    assert said.values("person", "lastName") == ["DOE", "MONONYM"]
    assert said.values("person", "position") == ["Director"]
    assert said.values("vessel", "tonnage") == ["99144"]
    assert said.values("vessel", "flag") == ["cu"]
    assert said.values("aircraft", "registrationNumber") == ["EP-XX"]
    assert said.values("aircraft", "buildDate") == ["1985-03"]


def test_an_inexact_birth_date_is_kept_and_is_no_date() -> None:
    text = "DOB circa 1957; alt. DOB 12 Jan 1961; alt. DOB 1940 to 1942; alt. DOB Sep 1970; POB Riga, Latvia."
    said = read(entry(1, "DOE, Jane", "individual", text))
    assert said.values("person", "birthDate") == ["1961-01-12", "1970-09"]
    assert said.kept("person", "birthDate") == ["circa 1957", "1940 to 1942"]
    assert said.values("person", "birthPlace") == ["Riga, Latvia"]
    assert said.values("person", "notes") == [text]


def test_documents_with_their_countries_and_days() -> None:
    text = (
        "Passport A12 345 (Egypt) issued 05 May 2001 expires 04 May 2006; alt. Passport 99 ;"
        " NIT # 800146749-7 (Colombia); Cedula No. 16 (Colombia);"
        " nationality Cuba; alt. citizen Kenya; Gender Female; a.k.a. 'THE DOE'."
    )
    said = read(entry(1, "DOE, Jane", "individual", text))
    assert said.values("passport", "number") == ["A12 345", "99"]
    assert said.values("passport", "country") == ["eg"]
    assert said.values("passport", "startDate") == ["2001-05-05"]
    assert said.values("passport", "endDate") == ["2006-05-04"]
    assert said.ends("passport") == [{"holder": "1"}] * 2
    assert said.of("passport number")[0].values() == {"passportNumber": ["A12 345"], "passportCountry": ["eg"]}
    assert said.values("tax number", "taxNumber") == ["800146749-7"]
    assert said.values("document", "type") == ["NIT", "Cedula"]
    assert said.values("person", "nationality") == ["cu"]
    assert said.values("person", "citizenship") == ["ke"]
    assert said.values("person", "gender") == ["female"]
    assert said.values("person", "weakAlias") == ["THE DOE"]


def test_links_lead_to_the_entry_that_alone_has_the_name() -> None:
    said = read(
        entry(
            1, "DOE, Jane", "individual", "Linked To: ACME; Linked To: TWIN; Linked To: NOBODY; Linked To: FIRMA S.A."
        ),
        entry(2, "ACME"),
        entry(3, "TWIN"),
        entry(4, "TWIN"),
        entry(5, "FIRMA S.A."),
    )
    assert said.ends("linked") == [
        {"subject": "1", "object": "2"},
        {"subject": "1", "object": "named:TWIN"},
        {"subject": "1", "object": "named:NOBODY"},
        {"subject": "1", "object": "5"},
    ]
    assert said.values("named", "name") == ["TWIN", "NOBODY"]


def test_a_remark_that_is_cut_off_is_kept_as_text_on_both_sides() -> None:
    cut = "DOB 1950; Linked To: ACME; Linked To: AC"
    said = read(entry(1, "DOE, Jane", "individual", cut), entry(2, "ACME"))
    assert said.ends("linked") == [{"subject": "1", "object": "2"}]
    assert said.values("person", "notes") == [cut]
    rest = "ME TOO; Linked To: OTHER; Passport 7 (Egypt)."
    said = Said("ofac-csv", f'1,"{rest}"\n')
    assert said.values("comment", "notes") == [rest]
    assert said.ends("linked") == [{"subject": "1", "object": "named:OTHER"}]
    assert said.values("passport", "number") == ["7"]


def test_a_comment_of_half_a_piece_has_no_pieces() -> None:
    said = Said("ofac-csv", '1,"ME TOO."\n')
    assert [each.schema for each in said.records] == ["LegalEntity"]


def test_programs_and_wallets() -> None:
    text = "Digital Currency Address - XBT abcABC123; alt. Digital Currency Address - ETH 0x12."
    said = read(entry(1, "DOE, Jane", "individual", text, program="SDGT] [IRGC"))
    assert said.values("listing", "program") == ["SDGT", "IRGC"]
    assert said.ends("listing") == [{"entity": "1"}] * 2
    assert [(each.source_id, each.values()["publicKey"]) for each in said.of("wallet")] == [
        ("wallet:XBT abcABC123", ["abcABC123"]),
        ("wallet:ETH 0x12", ["0x12"]),
    ]
    assert said.ends("wallet") == [{"holder": "1"}] * 2


def test_owners_and_operators_are_known_by_name() -> None:
    said = read(entry(1, "SEA", "vessel", owner="Acme Co."), entry(2, "EP-X", "aircraft", "Aircraft Operator FLY AIR."))
    assert said.ends("ownership") == [{"owner": "named:Acme Co.", "asset": "1"}]
    assert said.ends("operates") == [{"subject": "named:FLY AIR", "object": "2"}]


def test_addresses_and_other_names() -> None:
    said = Said("ofac-csv", '1,25,-0- ,"Havana","Cuba",-0- \n1,26,"Calle 1",-0- ,-0- ,-0- \n')
    assert said.values("address", "full") == ["Havana, Cuba", "Calle 1"]
    assert said.values("address", "country") == ["cu"]
    assert said.ends("at") == [{"resident": "1", "place": "address:25"}, {"resident": "1", "place": "address:26"}]
    said = Said("ofac-csv", '1,12,"aka","AERO",-0- \n1,13,"fka","OLD",-0- \n')
    assert said.of("alias")[0].values() == {"alias": ["AERO"]}
    assert said.of("former name")[0].values() == {"previousName": ["OLD"]}
    assert ids(said.records) == ["1", "1"]


def test_a_file_of_another_width_is_no_list(desk: Desk) -> None:
    report = desk.load(desk.write("x.csv", "id,name\n1,2,3\n"), adapter="ofac-csv")
    assert reasons(report) == {"not this format": 1}
    empty = desk.load(desk.write("y.csv", "\x1a"), adapter="ofac-csv")
    assert totals(empty) == {}


@pytest.mark.parametrize(
    "wrong",
    [
        '2,"ACME",-0- ,"Linked To: DOE, Jane."',
        '2,"ACME",' + ",".join(["-0- "] * 9) + ',"Linked To: DOE, Jane.\0"',
        'x2,"ACME",' + ",".join(["-0- "] * 9) + ',"Linked To: DOE, Jane."',
    ],
)
def test_a_repaired_row_still_knows_its_file(desk: Desk, tmp_path: Path, wrong: str) -> None:
    """Whom it links is known as in a file without the mistake."""
    linking = entry(1, "DOE, Jane", "individual", "Linked To: OTHER.")
    other, right = entry(3, "OTHER"), entry(2, "ACME", "", "Linked To: DOE, Jane.")
    desk.load(desk.write("sdn.csv", f"{linking}\n{other}\n{wrong}\n"), adapter="ofac-csv", dataset="d")
    (unit,) = desk.view().quarantine()
    replay(desk.store, desk.view(), [unit.id], by="tester", raw=f"{right}\n".encode())
    assert desk.view().quarantine() == ()
    with leased(tmp_path / "other") as url:
        clean = Desk(tmp_path / "other", url)
        clean.load(clean.write("sdn.csv", f"{linking}\n{other}\n{right}\n"), adapter="ofac-csv", dataset="d")
        assert clean.view().digest() == desk.view().digest()
        clean.store.close()
