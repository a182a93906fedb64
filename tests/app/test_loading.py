"""Files from a browser: dry run first, for the viewer's own agencies only."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from ingest import dry_run, load
from workbench.access.viewer import Viewer, local_viewer
from workbench.app.loading import Delivery, bring_in, file_rows, offered, on_the_page, quarantine_rows
from workbench.errors import AccessDenied, UsageError
from workbench.view.store import GraphStore
from workbench.view.view import View

MANIFEST = """
adapter = "csv"
agency = "NKP"
dataset = "tips"
marking = "RESTRICTED//REL NKP"

[[files]]
pattern = "*.csv"
[[files.records]]
name = "person"
schema = "Person"
id = "{id}"
[files.records.properties]
name = "name"
birthDate = { column = "born", format = "%Y-%m-%d" }
"""


@dataclass
class File:
    """A file as a browser sends it."""

    name: str
    content: str

    def getvalue(self) -> bytes:
        """Its bytes."""
        return self.content.encode()


TIPS = File("tips.csv", "id,name,born\n1,Anna Kroon,1990-02-03\n2,Bert Kroon,31/02/1990\n")
DELIVERY = Delivery(files=[TIPS], adapter="csv", manifest=File("m.toml", MANIFEST))
JOINT = Viewer(name="joint", agencies=frozenset({"NKP", "RJP"}), level="SECRET", loads=frozenset({"NKP", "RJP"}))


def test_a_dry_run_says_what_would_be_and_changes_nothing(store: GraphStore, view: View) -> None:
    before = view.digest()
    report = bring_in(store, JOINT, DELIVERY, dry_run)
    assert file_rows(report.files)[0]["File"] == "tips.csv"
    assert file_rows(report.files)[0]["Read"] == 2
    assert store.view(view.viewer).digest() == before


def test_a_load_brings_in_and_quarantines(store: GraphStore, view: View) -> None:
    report = bring_in(store, JOINT, DELIVERY)
    row = file_rows(report.files)[0]
    assert row["Read"] == 2
    assert int(row["Accepted"]) + int(row["Quarantined"]) == 2
    after = store.view(view.viewer)
    assert after.search("Anna Kroon").total == 1
    assert len(quarantine_rows(after.quarantine())) == row["Quarantined"]


@pytest.mark.parametrize("loads", [(), ("RJP", "KFIU")])
def test_one_loads_for_whom_one_has_the_right_to(store: GraphStore, loads: tuple[str, ...]) -> None:
    viewer = JOINT.model_copy(update={"loads": frozenset(loads)})
    for how in (dry_run, load):
        with pytest.raises(AccessDenied, match="joint may not load for NKP"):
            bring_in(store, viewer, DELIVERY, how)
    assert offered(viewer) == sorted(loads)


def test_of_one_who_loads_for_every_agency_his_own_are_offered() -> None:
    assert offered(local_viewer(["TRC", "NKP"])) == ["NKP", "TRC"]


@pytest.mark.parametrize("name", ["../../evil.csv", "C:\\folder\\evil.csv", "/etc/evil.csv"])
def test_a_file_is_kept_under_its_own_name(store: GraphStore, name: str) -> None:
    report = bring_in(store, JOINT, replace(DELIVERY, files=[File(name, TIPS.content)]))
    assert Path(report.files[0].path).name == "evil.csv"
    assert not Path("/etc/evil.csv").exists()


def test_a_delivery_of_the_future_is_refused_in_words_of_the_page(store: GraphStore) -> None:
    for how in (dry_run, load):
        with pytest.raises(UsageError) as refused:
            bring_in(store, JOINT, replace(DELIVERY, delivered="2206-01-01"), how)
        assert on_the_page(str(refused.value)).startswith("the field Delivered 2206-01-01 is in the future")


def test_the_report_counts_what_is_late(store: GraphStore) -> None:
    bring_in(store, JOINT, replace(DELIVERY, delivered="2026-02-01"))
    older = File("tips.csv", "id,name,born\n1,Ann Kroon,1990-02-03\n")
    report = bring_in(store, JOINT, replace(DELIVERY, files=[older], delivered="2026-01-01"))
    (row,) = file_rows(report.files)
    assert (row["Accepted"], row["Late"]) == (0, 1)


def test_files_are_needed_and_told_apart(store: GraphStore) -> None:
    with pytest.raises(UsageError, match="at least one"):
        bring_in(store, JOINT, replace(DELIVERY, files=[]))
    with pytest.raises(UsageError, match="two files are called"):
        bring_in(store, JOINT, replace(DELIVERY, files=[TIPS, TIPS]))
    with pytest.raises(UsageError, match="needs a name"):
        bring_in(store, JOINT, replace(DELIVERY, files=[File("..", "")]))
