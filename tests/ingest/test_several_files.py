"""Complete deliveries in several files, of one pattern and of two: which records are known to be absent."""

from pathlib import Path

import pytest

from tests.ingest.desk import Desk, reasons, totals
from workbench.errors import StoreError

MANIFEST = """
adapter = "csv"
agency = "NKP"
dataset = "persons"
[[files]]
pattern = "p*.csv"
complete = true
[[files.records]]
name = "person"
schema = "Person"
id = "p{id}"
properties = { name = "name", birthDate = { column = "born", format = "%Y-%m-%d" } }
[[files]]
pattern = "q*.csv"
complete = true
[[files.records]]
name = "firm"
schema = "Company"
id = "q{id}"
properties = { name = "name", incorporationDate = { column = "born", format = "%Y-%m-%d" } }
"""
HEAD, ANN, BOB, BAD = "id,name,born\n", "1,Ann,1990-01-02\n", "2,Bob,1990-01-02\n", "3,Cy,31/02/1990\n"
WITHDRAWN, NOT_READ = "withdrawn, no longer delivered", "nothing withdrawn, as part was not read"


@pytest.fixture
def deliver(desk: Desk) -> "Deliver":
    found = Deliver(desk)
    found("2026-01-01", p1=ANN, p2=BOB, q1=ANN)
    return found


class Deliver:
    """Delivers files by their names, each with these lines."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.manifest = desk, desk.write("m/m.toml", MANIFEST)

    def __call__(self, delivered: str, **files: str) -> dict[str, int]:
        paths = [self.desk.write(f"{name}.csv", HEAD + lines) for name, lines in files.items()]
        return reasons(self.desk.load(*paths, manifest=self.manifest, delivered=delivered))

    def records(self) -> int:
        return self.desk.view().stats().records


def test_a_part_that_was_not_read_keeps_what_the_others_do_not_say(deliver: "Deliver") -> None:
    found = deliver("2026-02-01", p1=ANN, p2=BAD)
    assert (found.get(NOT_READ), found.get(WITHDRAWN)) == (1, None)
    assert deliver.records() == 3


def test_a_part_that_was_not_read_is_of_its_own_pattern(deliver: "Deliver") -> None:
    found = deliver("2026-02-01", p1=ANN, q1=BAD)
    assert (found.get(NOT_READ), found.get(WITHDRAWN)) == (1, 1)
    assert deliver.records() == 2


def test_a_delivery_is_empty_where_all_of_its_files_are(deliver: "Deliver") -> None:
    assert deliver("2026-02-01", p1=ANN, p2="")[WITHDRAWN] == 1
    assert deliver.records() == 2
    with pytest.raises(StoreError, match="without one unit would withdraw all 1"):
        deliver("2026-03-01", p1="", p2="")
    assert deliver.records() == 2


TWO_MARKINGS = """
adapter = "csv"
agency = "NKP"
dataset = "persons"
[[files]]
pattern = "*.csv"
[[files.records]]
name = "name"
schema = "Person"
id = "{id}"
marking = "MARKING"
properties = { name = "name" }
[[files.records]]
name = "birth"
schema = "Person"
id = "{id}"
marking = "SECRET//REL NKP"
properties = { birthDate = "born" }
"""


def test_a_unit_of_which_one_record_is_marked_anew_is_counted_as_that(desk: Desk) -> None:
    path = desk.write("p.csv", HEAD + ANN + BOB)
    for marking, changed in (("OPEN//REL NKP", False), ("SECRET//REL NKP", True)):
        manifest: Path = desk.write("m.toml", TWO_MARKINGS.replace("MARKING", marking))
        report = desk.load(path, manifest=manifest)
        assert totals(report) == {"read": 2, "accepted": 2}
        assert reasons(report) == ({"re-marked": 2} if changed else {})
