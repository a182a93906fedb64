"""A file that was read before and of which nothing changed is not read again, and nothing tells so."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ingest.pipeline
from ingest import LoadReport, withdraw
from ingest.quarantine import discard, replay
from tests.ingest.desk import Desk, reasons, totals
from tests.stores import examples, fresh_url
from workbench.errors import UsageError
from workbench.resolve import remark
from workbench.store.repeating import RepeatingWriter
from workbench.view.copies import copy_store

pytestmark = pytest.mark.each_store(reason="each store finds in its own way whether records stand as they were said")

MANIFEST = """
adapter = "csv"
agency = "NKP"
dataset = "persons"
{markings}
[[files]]
pattern = "p*.csv"
{complete}
[[files.records]]
name = "person"
schema = "Person"
id = "{{id}}"
marking_column = "m"
properties = {{ name = "name", birthDate = "born" }}
[[files.records]]
name = "stay"
schema = "Residence"
when = "place"
marking = "RESTRICTED"
roles = {{ resident = "person", place = {{ id = "place:{{place}}" }} }}
"""
PLAIN = MANIFEST.format(markings="", complete="")
CODES = MANIFEST.format(markings='markings = { X = "SECRET" }', complete="")
WHOLE = MANIFEST.format(markings='markings = { X = "SECRET" }', complete="complete = true")
HEAD = "id,name,born,place,m\n"
ROWS = HEAD + "1,Ann,,x,OPEN\n2,Bob,1990,,SECRET\n2,Bob,1990,,SECRET\n3,Cy,,x,OPEN\n3,Cy,,x,OPEN\n"
DAYS = ("2026-01-01", "2026-02-01", "2026-03-01")


@pytest.fixture
def manifest(desk: Desk) -> Path:
    return desk.write("m/m.toml", PLAIN)


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Called, it lets every file that is read from then on end its test."""

    def read(*of: object) -> Iterator[Any]:
        raise AssertionError("the file was read")

    return lambda: monkeypatch.setattr(ingest.pipeline, "read", read)


@pytest.mark.parametrize("delivered", [DAYS[0], DAYS[1], DAYS[2]])
def test_the_same_file_is_not_read_again(
    desk: Desk, manifest: Path, unread: Callable[[], None], delivered: str
) -> None:
    path = desk.write("p1.csv", ROWS)
    first = desk.load(path, manifest=manifest, delivered=DAYS[1])
    assert totals(first) == {"read": 5, "accepted": 4, "unchanged": 1}
    digest = desk.view().digest()
    unread()
    again = desk.load(path, manifest=manifest, delivered=delivered)
    assert (totals(again), again.revision) == ({"read": 5, "unchanged": 5}, None)
    assert again.files[0].records == first.files[0].records == {"person": 5, "stay": 3}
    assert desk.view().digest() == digest
    assert len(desk.view().loads()) == 2


def test_a_copy_does_not_read_it_again_either(
    desk: Desk, manifest: Path, tmp_path: Path, unread: Callable[[], None]
) -> None:
    path = desk.write("p1.csv", ROWS)
    desk.load(path, manifest=manifest, delivered=DAYS[0])
    copied = Desk(desk.folder, fresh_url(tmp_path / "copy"))
    with closing(copied.store):
        copy_store(desk.store, copied.store)
        unread()
        assert totals(copied.load(path, manifest=manifest, delivered=DAYS[0])) == {"read": 5, "unchanged": 5}


@pytest.mark.parametrize("how", [PLAIN, WHOLE])
def test_what_was_said_again_counts_as_delivered_again(desk: Desk, manifest: Path, how: str) -> None:
    """What an older delivery says of it is late, and a complete one withdraws none of it."""
    path, whole = desk.write("p1.csv", ROWS), desk.write("m/how.toml", how)
    desk.load(path, manifest=whole, delivered=DAYS[0])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ingest.pipeline, "read", None)
        again = desk.load(path, manifest=whole, delivered=DAYS[2])
    assert (totals(again), reasons(again)) == ({"read": 5, "unchanged": 5}, {})
    older = desk.load(desk.write("p2.csv", HEAD + "1,Anna,,,OPEN\n"), manifest=manifest, delivered=DAYS[1])
    assert totals(older) == {"read": 1, "late": 1}


@pytest.mark.parametrize(("newer_is", "late"), [(PLAIN, 5), (WHOLE, 8)])
def test_a_file_of_which_some_is_late_is_not_read_again(
    desk: Desk, manifest: Path, unread: Callable[[], None], newer_is: str, late: int
) -> None:
    """A newer delivery spoke of two of its persons, or of all; units have one record or two."""
    path = desk.write("p1.csv", ROWS + "1,Ann,,,OPEN\n1,Ann,1990,x,OPEN\n4,Di,,y,OPEN\n")
    desk.load(path, manifest=manifest, delivered=DAYS[0])
    newer = desk.write("p2.csv", HEAD + "1,Anna,,x,OPEN\n2,Bo,1990,,SECRET\n")
    desk.load(newer, manifest=desk.write("m/newer.toml", newer_is), delivered=DAYS[1])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RepeatingWriter, "say_again", lambda *_: None)
        read = desk.load(path, manifest=manifest, delivered=DAYS[0])
    assert (totals(read)["read"], totals(read)["late"]) == (8, late)
    unread()
    for _ in range(2):
        again = desk.load(path, manifest=manifest, delivered=DAYS[0])
        assert shown(again) == shown(read)


def test_a_record_that_ended_is_late_only_for_an_older_delivery(desk: Desk, manifest: Path) -> None:
    """Of two persons that newer deliveries spoke of, one stands again, under the date of the first of these."""
    path = desk.write("p1.csv", HEAD + "1,Ann,,,OPEN\n2,Bob,,,OPEN\n3,Cy,,,OPEN\n")
    desk.load(path, manifest=manifest, delivered=DAYS[0])
    desk.load(desk.write("p2.csv", HEAD + "1,Anna,,,OPEN\n"), manifest=manifest, delivered=DAYS[1])
    desk.load(desk.write("p3.csv", HEAD + "2,Bo,,,OPEN\n"), manifest=manifest, delivered=DAYS[2])
    again = desk.load(path, manifest=manifest, delivered=DAYS[1])
    assert totals(again) == {"read": 3, "accepted": 1, "unchanged": 1, "late": 1}


@pytest.mark.parametrize("what", ["row", "name", "manifest", "marking", "dataset", "cleaning"])
def test_anything_that_may_give_other_records_is_read(desk: Desk, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest, path = desk.write("m/m.toml", PLAIN), desk.write("p1.csv", ROWS)
    desk.load(path, manifest=manifest, marking="SECRET")
    read, made = [], ingest.pipeline.read
    monkeypatch.setattr(ingest.pipeline, "read", lambda *of: (read.append(of), made(*of))[1])
    if what == "row":
        desk.write("p1.csv", ROWS + "4,Di,,,OPEN\n")
    elif what == "name":
        path = path.rename(desk.folder / "p2.csv")
    elif what == "manifest":
        desk.write("m/m.toml", CODES)
    elif what == "cleaning":
        monkeypatch.setattr("ingest.again._versions", lambda: "another version")
    more = {"marking": {"marking": "OPEN"}, "dataset": {"dataset": "others"}}.get(what, {"marking": "SECRET"})
    desk.load(path, manifest=manifest, **more)
    assert len(read) == 1


def test_a_file_with_units_in_quarantine_is_read(desk: Desk) -> None:
    """A repaired manifest may read them: they then leave quarantine, and stand again."""
    path, codes = desk.write("p1.csv", HEAD + "1,Ann,,,OPEN\n2,Bob,,,X\n"), desk.write("m/codes.toml", CODES)
    plain = desk.write("m/m.toml", PLAIN)
    assert totals(desk.load(path, manifest=codes)) == {"read": 2, "accepted": 2}
    assert totals(desk.load(path, manifest=plain)) == {"read": 2, "unchanged": 1, "quarantined": 1}
    assert totals(desk.load(path, manifest=codes)) == {"read": 2, "accepted": 1, "unchanged": 1}
    assert desk.view().quarantine() == ()


def test_a_file_with_units_in_quarantine_is_read_also_where_others_say_the_same(
    desk: Desk, unread: Callable[[], None]
) -> None:
    """All records that it gave stand, so its report could be told again."""
    path = desk.write("p1.csv", HEAD + "1,Ann,,,OPEN\n2,Bob,,,SECRET\n2,Bob,,,X\n")
    plain, codes = desk.write("m/m.toml", PLAIN), desk.write("m/codes.toml", CODES)
    desk.load(path, manifest=codes)
    assert totals(desk.load(path, manifest=plain)) == {"read": 3, "unchanged": 2, "quarantined": 1}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RepeatingWriter, "say_again", lambda *_: pytest.fail("it was not read"))
        assert totals(desk.load(path, manifest=codes)) == {"read": 3, "unchanged": 3}
    assert desk.view().quarantine() == ()
    unread()
    assert totals(desk.load(path, manifest=codes)) == {"read": 3, "unchanged": 3}


# -- the law: with and without it, everything is the same ------------------------------------


@dataclass(frozen=True)
class Brought:
    """A load of files, each a number of a content, by a manifest, with a date."""

    files: tuple[tuple[str, int], ...]
    manifest: str
    delivered: str
    marking: str


@dataclass(frozen=True)
class Done:
    """Something that people do, with the number of what they do it to."""

    what: str
    which: int


@st.composite
def contents(draw: st.DrawFn) -> tuple[str, ...]:
    row = st.builds(
        "{},{},{},{},{}\n".format,
        *(st.sampled_from("112"), st.sampled_from(("Ann", "Bob"))),
        *(
            st.sampled_from(("", "1990", "1.1.90")),
            st.sampled_from(("", "x")),
            st.sampled_from(("OPEN", "SECRET", "X")),
        ),
    )
    good = st.sampled_from(("1,Ann,,,OPEN\n", "2,Bob,1990,x,SECRET\n", "1,Anna,,x,OPEN\n", "3,Cy,,x,OPEN\n"))
    rows = st.lists(st.one_of(good, good, good, row), min_size=0, max_size=4)
    return tuple(HEAD + "".join(draw(rows)) for _ in range(2))


files = st.lists(
    st.tuples(st.sampled_from(("p1.csv", "p2.csv")), st.integers(0, 1)),
    min_size=1,
    max_size=2,
    unique_by=lambda each: each[0],
)
loads = st.builds(
    Brought,
    files.map(tuple),
    st.sampled_from(("plain", "plain", "plain", "codes", "whole")),
    st.sampled_from(DAYS),
    st.just("SECRET"),
)
people = st.builds(Done, st.sampled_from(("withdraw", "remark", "remark all", "discard", "replay")), st.integers(0, 5))


@contextmanager
def always_read() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RepeatingWriter, "say_again", lambda *_: None)
        yield


def do(desk: Desk, step: Brought | Done, contents: Sequence[str]) -> object:
    """Do one step; returns what it tells, or that it was refused."""
    try:
        return done(desk, step, contents)
    except UsageError as error:
        return error.field


def done(desk: Desk, step: Brought | Done, contents: Sequence[str]) -> object:
    view = desk.view("NKP")
    if isinstance(step, Brought):
        paths = [desk.write(name, contents[n]) for name, n in step.files]
        how = {"manifest": desk.folder / f"m/{step.manifest}.toml", "marking": step.marking, "allow_empty": True}
        return shown(desk.load(*paths, delivered=step.delivered, **how))
    if step.what == "withdraw":
        ids = [each.id for each in view.loads() if each.withdrawn is None and each.adapter == "csv"]
        return withdraw(desk.store, view, ids[step.which % len(ids)], by="t", why="wrong").ended if ids else None
    if step.what.startswith("remark"):
        keys = sorted(each.key for each in desk.records("NKP"))
        wanted = keys if step.what == "remark all" else keys[step.which % len(keys) :][:1] if keys else []
        return remark(desk.store, view, wanted, ("OPEN", "SECRET")[step.which % 2]) if wanted else None
    units = [each.id for each in sorted(view.quarantine(), key=lambda each: (each.path, each.locator))]
    if step.what == "discard" and units:
        return len(discard(desk.store, view, [units[step.which % len(units)]], by="t", why="no"))
    if step.what == "replay" and units:
        unit = units[step.which % len(units)]  # the order of several is that of their ids, which are random
        return shown(replay(desk.store, view, [unit], by="t", manifest=desk.folder / "m/codes.toml", agency="NKP"))
    return None


def shown(report: LoadReport) -> object:
    said = report.to_dict()
    return {**said, "revision": said["revision"] is None, "seconds": 0, "messages": report.messages}


def seen(desk: Desk) -> object:
    """All that a viewer of the agency sees, without ids and times that are random."""
    view = desk.view("NKP")
    log = [(e.dataset, e.adapter, e.delivered, e.revision is None, e.withdrawn is None, e.files) for e in view.loads()]
    log = [each for each in log if each[1] != "withdrawal"]
    quarantine = sorted((u.path, u.locator, u.reason, u.message, u.raw, str(u.marking)) for u in view.quarantine())
    open_to = [view.digest() for view in (desk.view("NKP"), desk.view("TRC"))]
    return open_to, log, quarantine, len(view.history())


@st.composite
def steps(draw: st.DrawFn) -> list[Brought | Done]:
    """A few loads, each several times and under several dates, and what people do between them."""
    pool = draw(st.lists(loads, min_size=1, max_size=2))
    again = st.builds(lambda load, day: replace(load, delivered=day), st.sampled_from(pool), st.sampled_from(DAYS))
    return draw(st.lists(st.one_of(st.sampled_from(pool), again, people), min_size=2, max_size=7))


@settings(max_examples=examples(240), suppress_health_check=[*HealthCheck])
@given(contents(), steps())
def test_everything_is_as_if_it_had_been_read(
    tmp_path_factory: pytest.TempPathFactory, of: tuple[str, ...], every: list[Brought | Done]
) -> None:
    folder, stores = tmp_path_factory.mktemp("desk"), tmp_path_factory.getbasetemp()
    desks = Desk(folder, fresh_url(stores, "as it is")), Desk(folder, fresh_url(stores, "read"))
    for name, text in (("plain", PLAIN), ("codes", CODES), ("whole", WHOLE)):
        desks[0].write(f"m/{name}.toml", text)
    with closing(desks[0].store), closing(desks[1].store):
        for step in every:
            told = do(desks[0], step, of)
            with always_read():
                assert do(desks[1], step, of) == told
            assert seen(desks[1]) == seen(desks[0])
