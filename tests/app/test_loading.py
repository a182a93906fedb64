"""Files from a browser: dry run first, for the viewer's own agencies only."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from ingest.report import LoadReport
from workbench.access.audit import Trace
from workbench.access.viewer import Viewer, local_viewer
from workbench.app.loading import Delivery, bring_in, file_rows, offered, quarantine_rows
from workbench.app.text import said
from workbench.errors import AccessDenied, InputError, UsageError
from workbench.session import Session
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


def brought_in(store: GraphStore, delivery: Delivery, viewer: Viewer = JOINT, how: str = "load") -> LoadReport:
    """The report of a delivery in a viewer's session."""
    return bring_in(delivery, getattr(Session(store, lambda: viewer, by=viewer.name), how))


def test_a_dry_run_says_what_would_be_and_changes_nothing(store: GraphStore, view: View) -> None:
    before = view.digest()
    report = brought_in(store, DELIVERY, how="dry_run")
    assert file_rows(report.files)[0]["File"] == "tips.csv"
    assert file_rows(report.files)[0]["Read"] == 2
    assert store.view(view.viewer).digest() == before


def test_a_load_brings_in_and_quarantines(store: GraphStore, view: View) -> None:
    report = brought_in(store, DELIVERY)
    row = file_rows(report.files)[0]
    assert row["Read"] == 2
    assert int(row["Accepted"]) + int(row["Quarantined"]) == 2
    after = store.view(view.viewer)
    assert after.search("Anna Kroon").total == 1
    assert len(quarantine_rows(after.quarantine())) == row["Quarantined"]


@pytest.mark.parametrize("loads", [(), ("RJP", "KFIU")])
def test_one_loads_for_whom_one_has_the_right_to(store: GraphStore, loads: tuple[str, ...]) -> None:
    viewer = JOINT.model_copy(update={"loads": frozenset(loads)})
    for how in ("dry_run", "load"):
        with pytest.raises(AccessDenied, match="joint may not load for NKP"):
            brought_in(store, DELIVERY, viewer, how)
    assert offered(viewer) == sorted(loads)


@pytest.mark.parametrize("how", ["dry_run", "load"])
def test_a_load_that_is_refused_on_the_page_leaves_its_trace(store: GraphStore, how: str) -> None:
    kept: list[Trace] = []

    class Ledger:
        def keep(self, trace: Trace) -> None:
            kept.append(trace)

    viewer = JOINT.model_copy(update={"loads": frozenset({"RJP"})})
    with pytest.raises(AccessDenied):
        brought_in(store.with_audit(Ledger()), DELIVERY, viewer, how)
    (trace,) = kept
    assert (trace.viewer, trace.what, trace.asked["agency"], trace.refused) == ("joint", how, "NKP", "AccessDenied")
    assert [Path(each).name for each in trace.asked["files"]] == ["tips.csv"]


def test_of_one_who_loads_for_every_agency_his_own_are_offered() -> None:
    assert offered(local_viewer(["TRC", "NKP"])) == ["NKP", "TRC"]


@pytest.mark.parametrize("name", ["../../evil.csv", "C:\\folder\\evil.csv", "/etc/evil.csv"])
def test_a_file_is_kept_under_its_own_name(store: GraphStore, name: str) -> None:
    report = brought_in(store, replace(DELIVERY, files=[File(name, TIPS.content)]))
    assert Path(report.files[0].path).name == "evil.csv"
    assert not Path("/etc/evil.csv").exists()


def test_a_delivery_of_the_future_is_refused_in_words_of_the_page(store: GraphStore) -> None:
    for how in ("dry_run", "load"):
        with pytest.raises(UsageError) as refused:
            brought_in(store, replace(DELIVERY, delivered="2206-01-01"), how=how)
        told = said(refused.value)
        assert told.startswith("2206-01-01 is in the future")
        assert told.endswith("(field Delivered on)")


def test_the_report_counts_what_is_late(store: GraphStore) -> None:
    brought_in(store, replace(DELIVERY, delivered="2026-02-01"))
    older = File("tips.csv", "id,name,born\n1,Ann Kroon,1990-02-03\n")
    report = brought_in(store, replace(DELIVERY, files=[older], delivered="2026-01-01"))
    (row,) = file_rows(report.files)
    assert (row["Accepted"], row["Late"]) == (0, 1)


def test_files_are_needed_and_told_apart(store: GraphStore) -> None:
    with pytest.raises(UsageError, match="at least one"):
        brought_in(store, replace(DELIVERY, files=[]))
    with pytest.raises(UsageError, match="two files are called"):
        brought_in(store, replace(DELIVERY, files=[TIPS, TIPS]))
    with pytest.raises(UsageError, match="needs a name"):
        brought_in(store, replace(DELIVERY, files=[File("..", "")]))


def test_what_is_said_names_files_without_the_folder_that_they_were_kept_in(store: GraphStore) -> None:
    report = brought_in(store, DELIVERY)
    assert [each.partition(" ")[0] for each in report.messages] == ["tips.csv:3:"]
    with pytest.raises(InputError, match=r"^manifest m\.toml: ") as refused:
        brought_in(store, replace(DELIVERY, manifest=File("m.toml", "adapter = 1")))
    assert "workbench-" not in said(refused.value)
