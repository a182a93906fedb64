"""A view shows a random id for a file, neither its hash nor an id computed from it."""

from collections.abc import Iterator
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

import pytest

from ingest.quarantine import discard, replay
from tests.ingest.desk import Desk
from tests.stores import fresh_url
from workbench.access.viewer import Viewer
from workbench.model.ids import quarantine_id
from workbench.store.dump_rows import Batch
from workbench.view.copies import copy_store
from workbench.view.store import GraphStore, open_store
from workbench.view.view import View
from workbench.view.viewers_copy import copy_for_viewer

MANIFEST = """
adapter = "csv"
agency = "NKP"
dataset = "persons"
[markings]
open = "OPEN//REL NKP,TRC"
secret = "SECRET//REL NKP"
[[files]]
pattern = "*.csv"
marking_column = "level"
[[files.records]]
name = "person"
schema = "Person"
id = "{id}"
properties = { name = "name", birthDate = { column = "born", format = "%Y-%m-%d" } }
"""
ROWS = b"id,name,born,level\n1,Ann,1990-01-01,open\n2,Bob,1990-01-01,secret\n3,Cy,1/2/1990,open\n4,Di,1/2/1990,secret\n"
HASH = sha256(ROWS).hexdigest()


@pytest.fixture
def manifest(desk: Desk) -> Path:
    return desk.write("m/manifest.toml", MANIFEST)


def some(desk: Desk) -> View:
    """The view of a viewer of the agency who does not see all of the file."""
    own = frozenset({"NKP"})
    return desk.store.view(Viewer(name="clerk", agencies=own, level="OPEN", loads=own))


def told(view: View) -> str:
    """Everything in a view's answers that concerns a file."""
    units = [asdict(each) for each in view.quarantine()]
    return repr((view.records(view.keys()), units, view.loads(), view.stats()))


def guesses(pattern: str = "*.csv") -> set[str]:
    """Ids that can be computed by guessing the file's content."""
    places = ("", *map(str, range(8)))
    return {quarantine_id("NKP", "persons", HASH, "p.csv", pattern, place) for place in places}


def test_no_guess_at_hidden_rows_is_confirmed(desk: Desk, manifest: Path) -> None:
    desk.load(desk.write("p.csv", ROWS), manifest=manifest)
    view = some(desk)
    (unit,) = view.quarantine()
    (record,) = view.records(view.keys())
    assert (record.provenance.path, len(record.provenance.file)) == (str(desk.folder / "p.csv"), 16)
    for text in (HASH, *guesses()):
        assert text not in told(view)
    assert discard(desk.store, view, [unit.id], by="clerk", why="of no use") == (unit,)
    assert HASH not in told(view)


def test_who_sees_all_of_a_load_is_told_the_hash(desk: Desk, manifest: Path) -> None:
    desk.load(desk.write("p.csv", ROWS), manifest=manifest)
    assert [each.sha256 for load in desk.view().loads() for each in load.files] == [HASH]
    assert some(desk).loads() == ()


def test_a_replay_of_some_units_is_logged_without_the_hash(desk: Desk, manifest: Path) -> None:
    desk.load(desk.write("p.csv", ROWS), manifest=manifest)
    again = desk.write("m/again.toml", MANIFEST.replace('"%Y-%m-%d"', '["%Y-%m-%d", "%d/%m/%Y"]'))
    report = replay(desk.store, some(desk), by="clerk", manifest=again)
    assert [(each.read, each.sha256) for each in report.files] == [(1, "")]
    (entry,) = some(desk).loads()
    assert [(each.read, each.sha256) for each in entry.files] == [(1, "")]
    assert HASH not in told(some(desk))


def test_a_unit_has_another_id_in_each_store_and_the_same_one_in_a_copy_of_it(
    desk: Desk, manifest: Path, tmp_path: Path
) -> None:
    path = desk.write("p.csv", ROWS)
    desk.load(path, manifest=manifest)
    (tmp_path / "other").mkdir()
    other, copy = Desk(tmp_path / "other"), Desk(tmp_path / "copy", fresh_url(tmp_path, "copy"))
    other.load(path, manifest=manifest)
    copy_store(desk.store, copy.store)
    ids = [{each.id for each in each.view().quarantine()} for each in (desk, other, copy)]
    assert ids[0] == ids[2]
    assert not ids[0] & ids[1]
    copy.load(path, manifest=manifest)  # the file is known again
    assert {each.id for each in copy.view().quarantine()} == ids[0]
    other.store.close()
    copy.store.close()


def test_a_copy_of_the_whole_store_has_the_hash_and_one_for_a_viewer_has_not(
    desk: Desk, manifest: Path, tmp_path: Path
) -> None:
    desk.load(desk.write("p.csv", ROWS), manifest=manifest)
    whole, mine = (open_store(fresh_url(tmp_path, name)) for name in ("whole", "mine"))
    copy_store(desk.store, whole)
    copy_for_viewer(desk.store, mine, some(desk).viewer)
    hashes = [[row.sha256 for rows, _ in _files(store) for row in rows] for store in (whole, mine)]
    assert hashes == [[HASH], [""]]
    whole.close()
    mine.close()


def _files(store: GraphStore) -> Iterator[Batch]:
    outgoing = store.backend.outgoing()
    return outgoing.batches("files", 0, outgoing.stamp())
