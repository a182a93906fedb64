"""The second law, from real files: a hidden row of a file changes no answer of another viewer by a byte.

Nothing names the dataset or dates the delivery: all that a load makes of a file by itself is in it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest import load
from tests.conformance.oracle.operations import Delivery, Load
from tests.laws.asking import ask
from tests.laws.catalogue import Pools
from tests.laws.seeded import PICKS
from tests.laws.sight import Case, Step
from tests.laws.stages import Stage, played
from tests.laws.walk import Question, questions
from workbench.access.viewer import Viewer, local_viewer
from workbench.model.record import Record
from workbench.store import registers

MANIFEST = """
adapter = "csv"
agency = "A"
[markings]
open = "OPEN//REL A,B"
secret = "SECRET//REL A"
[[files]]
pattern = "*.csv"
marking_column = "level"
[[files.records]]
name = "person"
schema = "Person"
id = "{id}"
properties = { name = "name", passportNumber = "passport", birthDate = { column = "born", format = "%Y-%m-%d" } }
[[files.records]]
name = "call"
schema = "Call"
when = "number"
roles = { caller = { id = "phone:{number}" }, receiver = { id = "phone:{to}" } }
"""
HEADER = "id,name,passport,born,number,to,level"
SEEN = ["1,Ann,P1234567,1980-01-01,+31612345678,+31612345679,open", "2,Bob,Q7654321,1984-01-01,,,open"]
BAD = "3,Cy,R1112223,soon,,,open"  # stays in quarantine, and is seen there
HIDDEN = ("4,Di,P1234567,1980-01-01,+31612345678,+31687654321,secret", "5,Eve,S5556667,1990-05-05,,,secret")
VIEWERS = (
    Viewer(name="anna", agencies=frozenset("A"), level="RESTRICTED"),
    Viewer(name="boris", agencies=frozenset("B"), level="SECRET"),
)


def rows(hidden: str, *more: str) -> bytes:
    return "\n".join([HEADER, hidden, *SEEN, *more]).encode()


@contextmanager
def staged(folder: Path, files: Sequence[bytes], viewer: Viewer) -> Iterator[Stage]:
    """A store into which a file was loaded, in these versions, and by what name its random things go."""
    path, manifest = folder / "people.csv", folder / "manifest.toml"
    manifest.write_text(MANIFEST, "utf-8")
    with played((), viewer, "investigation") as stage:
        for content in files:
            path.write_bytes(content)
            load(stage.store, [path], viewer=local_viewer(()), by="clerk", manifest=manifest)
        stage.names = {token: f"<revision {n}>" for n, (token, _) in enumerate(stage.view().history())}
        for n, unit in enumerate(registers.quarantined(stage.store.backend, "A")):
            stage.names |= {unit.id: f"<unit {n}>", unit.context["file"]: "<file>", unit.context["of"]: "<reading>"}
        yield stage


def told(stage: Stage, viewer: Viewer, known: Sequence[Record]) -> dict[str, bytes]:
    """What every function answers about these records, and the provenance of what is seen of them."""
    everything = Load("A", (Delivery("people.csv", "2026-01-01", (tuple(known),)),), (), (), (), True)
    pools = Pools(Case(viewer, stage.purpose, (Step("the load", everything),), {}, ()), PICKS[0])
    return {each.name: _answer(each, stage, pools) for each in questions() if not each.drawn}


def _answer(question: Question, stage: Stage, pools: Pools) -> bytes:
    try:
        return ask(question, stage, pools, PICKS).named()
    except Exception:  # noqa: BLE001 - what crashes is told by the law's own test of it
        return b""


def all_records(stage: Stage) -> list[Record]:
    everybody = Viewer(name="all", agencies=frozenset("AB"), level="SECRET")
    view = stage.store.view(everybody)
    return [each.record for each in view.records(view.keys())]


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda viewer: viewer.name)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([rows(HIDDEN[0], BAD)], [rows(HIDDEN[1], BAD)]),
        ([rows(HIDDEN[0]), rows(HIDDEN[0])], [rows(HIDDEN[0]), rows(HIDDEN[1])]),
    ],
    ids=["another row", "another row in the next delivery"],
)
def test_a_hidden_row_of_a_file_changes_no_answer(
    tmp_path: Path, one: Sequence[bytes], other: Sequence[bytes], viewer: Viewer
) -> None:
    with staged(tmp_path, one, viewer) as stage:
        known = all_records(stage)
        assert len(stage.view().keys()) == len(SEEN) + 1 < len(known)
        mine = told(stage, viewer, known)
    with staged(tmp_path, other, viewer) as stage:
        theirs = told(stage, viewer, known)
    assert sum(map(bool, mine.values())) > 50
    for name, answer in mine.items():
        assert theirs[name] == answer, name
