"""Codes that are missing, unknown or contradictory, and labels above all levels: nothing is taken as weaker."""

from pathlib import Path

import pytest

from tests.ingest.desk import Desk, totals
from tests.ingest.test_rights import Ledger
from workbench.access.viewer import Viewer
from workbench.errors import AccessDenied, InputError, UsageError
from workbench.view.store import open_store

MANIFEST = """
adapter = "csv"
agency = "NKP"
dataset = "d"
{top}
[[files]]
pattern = "*"
{said}
[[files.records]]
name = "person"
schema = "Person"
id = "{{id}}"
properties = {{ name = "name" }}
"""
CODES = '[markings]\nH0 = "RESTRICTED//REL NKP,TRC//HC H0"\nH1 = "SECRET//REL NKP//HC H1"'
STRICTER = """
marking = "RESTRICTED//REL NKP,TRC"
[files.stricter]
column = "code"
[files.stricter.codes]
H0 = { handling = ["H0"] }
H1 = { level = "SECRET", alone = true, handling = ["H1"] }
"""


def by_column(desk: Desk) -> Path:
    return desk.write("m/c.toml", MANIFEST.format(top=CODES, said='marking_column = "code"'))


def stricter(desk: Desk) -> Path:
    return desk.write("m/s.toml", MANIFEST.format(top="", said=STRICTER))


@pytest.mark.parametrize(
    "code",
    ["", " ", "H9", "HC H9", "H0,H1", "H0 H1", "OPEN//REL NKP//REL TRC", "OPEN//SECRET", "OPEN//HC H0//HC H1", "TOP"],
)
def test_a_code_that_is_missing_unknown_or_says_two_things_is_quarantined(desk: Desk, code: str) -> None:
    """Also for the agency that would have seen it under the weakest code."""
    content = f'id,name,code\n1,Ann,H0\n2,Bo,"{code}"\n'
    report = desk.load(desk.write("t.csv", content), manifest=by_column(desk))
    assert totals(report) == {"read": 2, "accepted": 1, "quarantined": 1}
    assert not report.clean
    (unit,) = desk.view("NKP", compartments=frozenset({"UNREADABLE"})).quarantine()  # as one may hide a compartment
    assert (unit.marking.level.name, unit.marking.releasable, unit.locator) == ("SECRET", {"NKP"}, "t.csv:3")
    assert unit.marking.handling == {"H0", "H1"}
    assert desk.view("TRC").quarantine() == ()
    assert desk.view("TRC").search("Bo").total == desk.view("NKP").search("Bo").total == 0


@pytest.mark.parametrize("code", ["H9", "H0,H1", "h 1"])
def test_of_codes_that_make_stricter_one_that_is_unknown_is_quarantined(desk: Desk, code: str) -> None:
    report = desk.load(desk.write("t.csv", f'id,name,code\n1,Ann,H0\n2,Bo,"{code}"\n'), manifest=stricter(desk))
    assert totals(report) == {"read": 2, "accepted": 1, "quarantined": 1}
    assert [str(each.marking) for each in desk.view("NKP").quarantine()] == ["SECRET//REL NKP//HC H0,H1"]
    assert desk.view("TRC").search("Bo").total == 0


@pytest.fixture
def ledger(desk: Desk) -> Ledger:
    kept = Ledger()
    desk.store.close()
    desk.store = open_store(desk.url, audit=kept)
    return kept


@pytest.mark.parametrize("label", ["TOP SECRET", "COSMIC TOP SECRET//REL NKP", "4"])
def test_a_load_above_all_levels_is_refused_and_traced_and_leaves_no_byte(
    desk: Desk, ledger: Ledger, label: str
) -> None:
    """Whether the option, the manifest, or a file's entry says it."""
    path = desk.write("t.csv", "id,name\n1,Zebulon\n")
    plain = desk.write("m/p.toml", MANIFEST.format(top="", said=""))
    whole = desk.write("m/w.toml", MANIFEST.format(top=f'marking = "{label}"', said=""))
    entry = desk.write("m/e.toml", MANIFEST.format(top="", said=f'marking = "{label}"'))
    with pytest.raises(UsageError, match="no level"):
        desk.load(path, manifest=plain, marking=label)
    for manifest in (whole, entry):
        with pytest.raises(InputError, match="no level"):
            desk.load(path, manifest=manifest)
    assert [each.what for each in ledger] == ["load"]
    assert ledger[0].refused == "UsageError"
    assert desk.store.agencies() == frozenset()
    assert not [each for each in desk.folder.rglob("*.db*") if each.is_file() and b"Zebulon" in each.read_bytes()]


def test_who_may_not_load_is_refused_and_traced_and_leaves_no_byte(desk: Desk, ledger: Ledger) -> None:
    clerk = Viewer(name="clerk", agencies=frozenset({"NKP"}), level="RESTRICTED", loads=frozenset({"TRC"}))
    path = desk.write("t.csv", "id,name,code\n1,Zebulon,H1\n")
    with pytest.raises(AccessDenied):
        desk.load(path, manifest=by_column(desk), viewer=clerk)
    assert [(each.viewer, each.refused) for each in ledger] == [("clerk", "AccessDenied")]
    assert desk.store.agencies() == frozenset()
    assert not [each for each in desk.folder.rglob("*.db*") if each.is_file() and b"Zebulon" in each.read_bytes()]


@pytest.mark.parametrize(
    "born",
    ["31/02/2021", "2021-02-31", "03/04/2021", "0000", "0000-00-00", "9999-12-31", "1617235200000", "1442 هـ", "٢٠٢١"],
)
def test_a_date_that_is_none_or_may_be_two_is_quarantined(desk: Desk, born: str) -> None:
    text = MANIFEST.format(top="", said="").replace('name = "name" }', 'name = "name", birthDate = "born" }')
    path = desk.write("t.csv", f"id,name,born\n1,Ann,1990-04\n2,Bo,{born}\n")
    report = desk.load(path, manifest=desk.write("m/m.toml", text))
    assert totals(report) == {"read": 2, "accepted": 1, "quarantined": 1}
    (unit,) = desk.view("NKP").quarantine()
    assert unit.raw == f"2,Bo,{born}\n".encode()
    assert unit.reason == "date without a format: born"
