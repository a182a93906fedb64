"""A wrong argument of a session's method is refused, and the error names it."""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from inspect import Parameter, getmembers, isfunction, signature
from pathlib import Path
from typing import Any

import pytest

import workbench
from ingest import dry_run, load
from ingest.limits import NAMES
from tests.analytics.cases import eid, filled, person, tie
from tests.stores import copy_store, fresh_url, leased, viewers_in, write_viewers
from tests.wrong_arguments import NEVER_WRONG, NOT_ASKED, WRONG
from workbench.analytics import ANALYSES
from workbench.errors import AccessDenied, NotFound, UsageError, WorkbenchError
from workbench.session import Session

VIEWERS = """
[anna]
agencies = ["AAA", "BBB"]
level = "SECRET"
loads = ["AAA", "BBB"]
[boris]
agencies = ["BBB"]
level = "OPEN"
"""
BAD = '{"id": "x", "schema": "Person", "properties": {"name": ["Xenia"]}}\nno entity\n'
SAID = {"adapter": "ftm", "agency": "AAA", "dataset": "more"}
LISTED = ("phone", "+31611111111")
OPTIONS = (
    "adapter",
    "manifest",
    "agency",
    "dataset",
    "delivered",
    "marking",
    "allow_empty",
    "workers",
    "progress",
    *NAMES,
)


@dataclass(frozen=True)
class Case:
    """A session, the URL of its store, and what it can be asked about."""

    url: str
    session: Session
    file: Path
    judgement: str
    load: str
    unit: str


@pytest.fixture
def case(kept: Case, tmp_path: Path) -> Iterator[Case]:
    """A case to write into."""
    write_viewers(tmp_path, VIEWERS)
    url = fresh_url(tmp_path)
    copy_store(kept.url, url)
    with workbench.open(url, viewer="anna") as session:
        yield replace(kept, url=url, session=session)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """A case in which nothing is written."""
    folder = tmp_path_factory.mktemp("case")
    with leased(folder) as url, viewers_in(folder):
        (folder / "viewers.toml").write_text(VIEWERS)
        with made(url, folder) as found:
            yield found


@contextmanager
def made(url: str, folder: Path) -> Iterator[Case]:
    """Some records, a unit in quarantine, a listed value and a judgement."""
    filled(url, [person("a"), person("b"), person("c", "BBB"), tie("Family", person="a", relative="b")]).close()
    file = folder / "bad.json"
    file.write_text(BAD)
    with workbench.open(url, viewer="anna") as session:
        session.load(file, **SAID)
        session.add_common(*LISTED, "a taxi", agency="AAA")
        session.keep(session.communities(), "groups")
        judged = session.unsure(eid("a"), eid("b"), "alike")
        yield Case(url, session, file, judged.id, session.loads()[-1].id, session.quarantine()[0].id)


# What each argument is in a question that is answered.
RIGHT: Mapping[str, Callable[[Case], Any]] = {
    "a": lambda _: eid("a"),
    "agencies": lambda _: ["AAA"],
    "b": lambda _: eid("b"),
    "batch": lambda case: case.file,
    "entities": lambda _: [eid("a")],
    "entity": lambda _: eid("a"),
    "finding": lambda case: case.session.key_players(),
    "form": lambda _: "ftm",
    "grade": lambda _: "admiralty B2",
    "ids": lambda case: [case.unit],
    "judgement": lambda case: case.judgement,
    "key": lambda case: case.session.view.keys()[0],
    "keys": lambda case: case.session.view.keys(),
    "kind": lambda _: LISTED[0],
    "load": lambda case: case.load,
    "marking": lambda _: "OPEN",
    "name": lambda _: "groups",
    "paths": lambda case: case.file,
    "schema": lambda _: "Person",
    "rows": lambda _: [{"a": eid("a"), "b": eid("b"), "verdict": "same", "why": "alike"}],
    "targets": lambda _: ["AAA/files"],
    "text": lambda _: "Person",
    "value": lambda _: LISTED[1],
    "values": lambda _: {},
    "verdict": lambda _: "parked",
    "why": lambda _: "because",
}


def methods() -> dict[str, list[str]]:
    """The arguments of each method of a session; of a load the options too."""
    found = {name: list(signature(each).parameters)[1:] for name, each in getmembers(Session, isfunction)}
    found |= {each.called: list(signature(each.function).parameters)[1:] for each in ANALYSES.values()}
    for name in ("load", "dry_run"):
        found[name] = [*found[name][:1], *OPTIONS]
    return {name: given for name, given in found.items() if not name.startswith("_")}


ASKED = [
    (name, argument)
    for name, given in methods().items()
    for argument in given
    if argument not in NEVER_WRONG and (name, argument) not in NOT_ASKED
]


def arguments(case: Case, name: str) -> dict[str, Any]:
    """Arguments of a method that are right."""
    if name in ("load", "dry_run"):
        return {"paths": case.file, **SAID}
    if name == "replay":
        return {"ids": [case.unit]}
    asked = signature(getattr(case.session, name)).parameters.values()
    more = {"agency": "AAA"} if name in ("add_common", "draw_entity", "draw_relationship") else {}
    more |= {"schema": "Family"} if name == "draw_relationship" else {}
    return {each.name: RIGHT[each.name](case) for each in asked if each.default is Parameter.empty} | more


def test_every_argument_is_asked_for() -> None:
    assert {"load", "same", "paths", "within", "export"} <= methods().keys()
    assert {argument for _, argument in ASKED} == WRONG.keys()


@pytest.mark.parametrize(("name", "argument"), ASKED)
def test_a_wrong_argument_is_named(kept: Case, name: str, argument: str) -> None:
    before = kept.session.digest()
    with pytest.raises(WorkbenchError) as refused:
        getattr(kept.session, name)(**{**arguments(kept, name), argument: WRONG[argument]})
    assert refused.value.field == argument
    assert str(refused.value).endswith(f"({argument}=)")
    assert kept.session.digest() == before


@pytest.mark.parametrize("name", sorted(methods()))
def test_right_arguments_are_not_refused(case: Case, name: str) -> None:
    if name in ("load_batch", "close", "add_common", "export", "judge_lead"):
        return  # which want another file, end, are done, print, or want a lead, which test_judged_leads.py has
    getattr(case.session, name)(**arguments(case, name))


# -- the options of a load ------------------------------------------------------------------


@pytest.mark.parametrize("wrong", ["markings", "datset", "allowempty", "viewer", "by"])
@pytest.mark.parametrize("how", ["load", "dry_run"])
def test_a_mistyped_option_is_no_load(case: Case, how: str, wrong: str) -> None:
    before = case.session.digest(), case.session.loads()
    with pytest.raises(UsageError, match=f"no option '{wrong}'.* marking") as refused:
        getattr(case.session, how)(case.file, **SAID, **{wrong: "SECRET"})
    assert refused.value.field == wrong
    assert (case.session.digest(), case.session.loads()) == before


@pytest.mark.parametrize("ask", [load, dry_run])
def test_the_functions_below_refuse_the_same(case: Case, ask: Callable[..., Any]) -> None:
    known = {**SAID, "viewer": case.session.viewer, "by": "anna"}
    with pytest.raises(UsageError, match="did you mean marking") as refused:
        ask(case.session.store, [case.file], **known, markings="OPEN")
    assert refused.value.field == "markings"
    with pytest.raises(UsageError, match="wants 'viewer'"):
        ask(case.session.store, [case.file], **SAID, by="anna")
    assert ask(case.session.store, case.file, **known).files[0].read == 2


@pytest.mark.parametrize("paths", [5, [5], ["a.csv", 5]])
def test_what_is_no_path_is_refused(case: Case, paths: Any) -> None:
    with pytest.raises(UsageError, match="give a path, or several") as refused:
        load(case.session.store, paths, **SAID, viewer=case.session.viewer, by="anna")
    assert refused.value.field == "paths"


def test_a_day_may_be_a_date(case: Case) -> None:
    case.session.load(case.file, **{**SAID, "dataset": "dated"}, delivered=date(2026, 3, 31))
    assert case.session.loads()[-1].delivered == "2026-03-31"


# -- numbers, and a text where several may be -----------------------------------------------


@pytest.mark.parametrize("limit", [0, -5, 2.5, "3", None])
def test_a_limit_is_a_number_of_rows(case: Case, limit: Any) -> None:
    for ask in (case.session.key_players, case.session.predict, case.session.articulation_points):
        with pytest.raises(UsageError, match="limit must be 1 or more"):
            ask(limit=limit)
    with pytest.raises(UsageError, match="limit must be 1 or more"):
        case.session.search("person", limit)


@pytest.mark.parametrize("seed", [-1, 2**31, 0.5])
def test_a_seed_is_a_number_that_the_search_takes(case: Case, seed: Any) -> None:
    for ask in (case.session.key_players, case.session.communities, case.session.joint_value):
        with pytest.raises(UsageError, match="seed must be from 0 to 2,147,483,647, and a whole number"):
            ask(seed=seed)


def test_a_text_is_taken_as_one_of_several(case: Case) -> None:
    session, key = case.session, case.session.view.keys()[0]
    assert session.within("BBB").clusters() == session.within(["BBB"]).clusters() != ()
    assert session.records(key) == session.records([key]) != ()
    assert session.summaries(eid("a")) == session.summaries([eid("a")])
    assert session.quarantine(case.unit) == session.quarantine([case.unit])
    (about,) = (each.key for each in session.records(session.view.keys()) if each.record.source_id == "a")
    assert about in session.different(eid("a"), eid("b"), "brothers", about).evidence
    assert session.remark("AAA/files", "OPEN") == 3
    assert [each.id for each in session.discard(case.unit, "noise")] == [case.unit]
    with pytest.raises(NotFound, match="no dataset or record 'KFIU/none'"):
        session.remark("KFIU/none", "OPEN")


@pytest.mark.parametrize("wrong", [None, 5, b"person", ["person"]])
def test_what_is_no_text_is_refused(case: Case, wrong: Any) -> None:
    session = case.session
    for ask, field in (
        (lambda: session.search(wrong), "text"),
        (lambda: session.entity(wrong), "entity"),
        (lambda: session.neighbours(wrong), "entity"),
        (lambda: session.explain(wrong, eid("b")), "a"),
        (lambda: session.paths(eid("a"), wrong), "b"),
        (lambda: session.unsure(wrong, eid("b"), "alike"), "a"),
        (lambda: session.record(wrong), "key"),
    ):
        with pytest.raises(UsageError, match="must be a text") as refused:
            ask()
        assert refused.value.field == field


# -- sessions to read in, and to begin with --------------------------------------------------


def writes(session: Session, case: Case) -> Mapping[str, Callable[[], Any]]:
    return {
        name: lambda name=name: getattr(session, name)(**arguments(case, name))
        for name in methods()
        if name in ("same", "different", "unsure", "judge_all", "undo", "add_common", "remove_common", "remark", "load")
        or name in ("dry_run", "load_batch", "withdraw", "replay", "discard", "draw_entity", "draw_relationship")
    }


@pytest.mark.parametrize("how", ["agencies", "revision"])
def test_nothing_is_written_in_a_session_that_would_not_show_it(case: Case, how: str) -> None:
    if how == "agencies":
        reading = case.session.within(["AAA"])
    else:
        viewer, old = case.session.viewer, case.session.history()[0][0]
        reading = Session(case.session.store, lambda: viewer, revision=old)
    before = case.session.digest(), case.session.quarantine()
    for name, write in writes(reading, case).items():
        with pytest.raises(UsageError, match="is for reading: write in") as refused:
            write()
        assert refused.value.field == how, name
    assert (case.session.digest(), case.session.quarantine()) == before


def test_a_session_within_agencies_has_their_quarantine_and_loads_alone(case: Case) -> None:
    case.session.load(case.file, adapter="ftm", agency="BBB", dataset="more")
    for agency in ("AAA", "BBB"):
        alone = case.session.within([agency])
        assert {each.agency for each in alone.quarantine()} == {each.agency for each in alone.loads()} == {agency}
        other = next(each.id for each in case.session.quarantine() if each.agency != agency)
        with pytest.raises(NotFound):
            alone.quarantine([other])
    assert {each.agency for each in case.session.quarantine()} == {"AAA", "BBB"}
    assert case.session.within("CCC").quarantine() == ()


@pytest.mark.each_store(reason="a server's connection stays open where it is forgotten")
@pytest.mark.parametrize(
    ("field", "wrong"),
    [("viewer", "carla"), ("purpose", "zz"), ("revision", "none"), ("viewers", "none.toml"), ("viewers", 5)],
)
def test_opening_names_what_is_wrong(case: Case, field: str, wrong: Any) -> None:
    """And leaves no connection open, though the error is still at hand."""
    case.session.close()  # SQLite defers what is closed beside another connection
    gc.collect()  # what other tests left is not closed meanwhile
    before = opened()
    with pytest.raises(WorkbenchError) as refused:
        workbench.open(case.url, **{"viewer": "anna", field: wrong})
    assert refused.value.field == field
    assert opened() == before


def opened() -> int:
    """How many files and connections this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.sqlite_only(reason="a file can be missing")
def test_a_wrong_viewer_or_purpose_begins_no_store(tmp_path: Path) -> None:
    write_viewers(tmp_path, VIEWERS)
    url = f"sqlite:///{tmp_path / 'new.db'}"
    for field, wrong in (("viewer", "carla"), ("purpose", "zz")):
        with pytest.raises(UsageError) as refused:
            workbench.begin(url, **{"viewer": "anna", field: wrong})
        assert refused.value.field == field
    with pytest.raises(UsageError) as refused:
        workbench.open(url)
    assert refused.value.field == "url"
    assert not (tmp_path / "new.db").exists()


# -- whose rights, and what a manifest says -------------------------------------------------


def test_who_may_not_names_the_argument_too(case: Case) -> None:
    with workbench.open(case.url, viewer="boris") as boris:
        with pytest.raises(AccessDenied) as refused:
            boris.load(case.file, adapter="ftm", agency="AAA")
        assert refused.value.field == "agency"
        with pytest.raises(AccessDenied) as refused:
            boris.remark("AAA/files", "OPEN")
        assert refused.value.field == "targets"


@pytest.mark.parametrize(("said", "argument"), [('adapter = "xls"', "manifest"), ('agency = "ZZ"', "manifest")])
def test_what_a_manifest_says_is_not_an_option(case: Case, tmp_path: Path, said: str, argument: str) -> None:
    manifest = tmp_path / "m.toml"
    manifest.write_text(said)
    with pytest.raises(UsageError, match=said.partition('"')[2][:2]) as refused:
        case.session.load(case.file, manifest=manifest, **({} if "adapter" in said else {"adapter": "ftm"}))
    assert refused.value.field == argument


def test_two_equal_ends_are_refused_as_such(case: Case) -> None:
    with pytest.raises(UsageError, match="both ends of the path are the same entity") as refused:
        case.session.paths(eid("a"), eid("a"))
    assert refused.value.field == "b"
    with pytest.raises(UsageError) as refused:
        case.session.same(eid("a"), eid("a"), "one")
    assert refused.value.field == "b"
