"""Findings are kept: reopened as they were, computed again, compared, and told to those who see all of it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import workbench
from tests.analytics.cases import EVERYBODY, OPEN_TO_ALL, eid, filled, person, tie
from tests.analytics.conftest import Saltmarsh
from tests.stores import fresh_url
from workbench.access.viewer import Viewer
from workbench.analytics import ANALYSES, Finding
from workbench.analytics.compared import compared
from workbench.analytics.kept import KIND, ROWS
from workbench.app import analyses
from workbench.commands.console import run
from workbench.commands.main import cli
from workbench.errors import NotFound, UsageError
from workbench.model.marking import parse_marking
from workbench.model.record import Record
from workbench.session import Session
from workbench.store.types import CommonEntry
from workbench.view.store import GraphStore
from workbench.view.view import View

HIDDEN = "SECRET//REL AAA"
ANNA = Viewer(name="anna", agencies=frozenset({"AAA"}), level="SECRET")
ALICE = Viewer(name="alice", agencies=frozenset({"AAA"}), level="SECRET")
LOWER = Viewer(name="adam", agencies=frozenset({"AAA"}), level="OPEN")
BORIS = Viewer(name="boris", agencies=frozenset({"BBB"}), level="SECRET")
PAIRS = ("ab", "bc", "cd", "de", "ca")


def family(pairs: tuple[str, ...] = PAIRS) -> list[Record]:
    """Persons, and who is whose relative."""
    return [*(person(each) for each in sorted({*"".join(pairs)})), *ties(pairs)]


def ties(pairs: tuple[str, ...], marking: str = OPEN_TO_ALL) -> list[Record]:
    """Who is whose relative."""
    return [tie("Family", person=a, relative=b, marking=marking) for a, b in pairs]


@pytest.fixture
def url(tmp_path: Path) -> str:
    found = fresh_url(tmp_path)
    filled(found, family()).close()
    return found


@pytest.fixture
def store(url: str) -> Iterator[GraphStore]:
    opened = workbench.open(url, EVERYBODY).store
    yield opened
    opened.close()


def session(store: GraphStore, viewer: Viewer, revision: str | None = None) -> Session:
    return Session(store, lambda: viewer, revision=revision)


def load(store: GraphStore, records: list[Record], at: str, agency: str = "AAA") -> str:
    """Load records at a time; returns the revision's token."""
    with store.writer(agency=agency, by="test", at=at) as writer:
        writer.put(records, writer.file("more.csv", "1" * 64, "test"), at[:10])
        return writer.publish(dataset="files", adapter="test", files=[])


def every_finding(case: Session) -> Iterator[Finding[Any]]:
    """One of each analysis."""
    first = [row.id for row in case.key_players().results]
    about = {"paths": [row[0] for row in case.clusters()][:2], "group": first[:1], "lead": first[:2]}
    for each in ANALYSES.values():
        yield getattr(case, each.called)(*about.get(each.name, ()))


def test_each_finding_is_reopened_exactly_as_it_was_and_comes_out_the_same_again(saltmarsh: Saltmarsh) -> None:
    case = Session(saltmarsh.store, lambda: saltmarsh.view().viewer)
    for found in every_finding(case):
        assert found.records or not found.results
        kept = case.keep(found, found.kind)
        assert (kept.analysis, kept.revision, kept.results) == (found.kind, found.revision, len(found.results))
        assert kept.records == len(found.records)
        assert case.finding(found.kind) == found == case.again(found.kind)
    assert {each.name for each in case.findings()} == set(ANALYSES)
    for each in ANALYSES:
        case.drop_finding(each)
    assert case.findings() == ()


def test_a_list_says_in_words_what_was_asked(store: GraphStore) -> None:
    """A share of nothing was asked for; a day that was not given, and what was not wanted, were not."""
    case = session(store, EVERYBODY)
    kept = case.keep(case.key_players(missing=0.0, count_common=True), "players")
    assert {"missing 0.0", "count common"} < set(kept.question.split("; "))
    kept = case.keep(case.communities(), "groups")
    assert kept.question == "projection persons; resolution 1.0; ties as counted"


def test_dashboard_session_and_command_line_find_the_same(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--store", url, "--json")
    with workbench.open(url) as case:
        for each in analyses.KINDS:
            found = getattr(case, each.replace("-", "_"))()
            assert analyses.answer(case.view, analyses.Question(each)) == found
            assert run(cli, [each, *options, "--keep", f"by command {each}"]) == 0
            told = json.loads(capsys.readouterr().out)
            assert Finding.from_dict(told) == found == case.finding(f"by command {each}")
            assert run(cli, ["findings", "again", f"by command {each}", *options]) == 0
            assert json.loads(capsys.readouterr().out) == told


def test_a_finding_is_told_to_those_who_see_all_that_its_view_showed(store: GraphStore) -> None:
    load(store, ties(("xy", "yz"), HIDDEN), "2026-02-01T00:00:00+00:00")
    for viewer in (ANNA, LOWER):
        case = session(store, viewer)
        case.keep(case.communities(), f"groups of {viewer.name}")
    seen = {viewer.name: {each.name for each in session(store, viewer).findings()} for viewer in (ANNA, ALICE, LOWER)}
    assert seen["anna"] == seen["alice"] == {"groups of anna", "groups of adam"}
    assert seen["adam"] == {"groups of adam"}
    with pytest.raises(NotFound, match="no finding 'groups of anna' in this view"):
        session(store, LOWER).finding("groups of anna")
    with pytest.raises(NotFound, match="no finding 'no such' in this view"):
        session(store, LOWER).finding("no such")
    assert session(store, BORIS).findings() == ()
    for kind in (KIND, ROWS):
        assert len(store.view(LOWER).documents(kind)) == 1
        assert store.view(BORIS).documents(kind) == ()


def test_one_who_sees_more_computes_the_same_again(store: GraphStore) -> None:
    lower = session(store, LOWER)
    found = lower.key_players(measure="degree")
    lower.keep(found, "degrees")
    load(store, ties(("ad", "ae"), HIDDEN), "2026-02-01T00:00:00+00:00")
    assert session(store, ANNA).again("degrees") == found == session(store, LOWER).again("degrees")
    assert session(store, ANNA).key_players(measure="degree").results != found.results


def test_it_follows_what_is_re_marked(store: GraphStore) -> None:
    lower, upper = session(store, LOWER), session(store, ANNA)
    lower.keep(lower.communities(), "groups")
    key = tie("Family", person="a", relative="b").key()
    store.remark([key], parse_marking("SECRET//REL AAA"))
    assert session(store, LOWER).findings() == ()
    assert [each.name for each in upper.findings()] == ["groups"]
    assert upper.again("groups") == upper.finding("groups")
    store.remark([key], parse_marking("SECRET//REL BBB"))
    for viewer in (LOWER, ANNA, BORIS):
        assert session(store, viewer).findings() == ()


def test_what_is_re_marked_while_it_is_computed_again_is_no_longer_reproducible(store: GraphStore) -> None:
    """Records of the class that some moved to are in the view on which it rests by now."""
    case = session(store, LOWER)
    case.keep(case.key_players(measure="degree"), "degrees")
    load(store, ties(("ad", "ae"), HIDDEN), "2026-02-01T00:00:00+00:00")
    later = case.view.revision
    assert session(store, LOWER).view.revision == later
    store.remark([tie("Family", person="a", relative="b").key()], parse_marking(HIDDEN))
    assert session(store, ANNA).again("degrees") == session(store, ANNA).finding("degrees")


def test_what_is_found_otherwise_by_now_is_no_longer_reproducible(
    store: GraphStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = session(store, ANNA)
    case.keep(case.key_players(), "players")
    ask = ANALYSES["key-players"].function

    def other(view: View, **asked: Any) -> Finding[Any]:
        found: Finding[Any] = ask(view, **asked)
        return replace(found, measured={**found.measured, "entities": 0})

    monkeypatch.setattr(import_module("workbench.analytics.key_players"), "key_players", wraps(ask)(other))
    with pytest.raises(UsageError, match="finding 'players' is no longer reproducible"):
        session(store, ANNA).again("players")
    assert session(store, ANNA).finding("players") == case.finding("players")


def test_a_finding_that_does_not_come_out_of_the_view_is_not_kept(store: GraphStore) -> None:
    upper, lower = session(store, ANNA), session(store, LOWER)
    load(store, ties(("ad", "ae"), HIDDEN), "2026-02-01T00:00:00+00:00")
    found = upper.key_players(measure="degree")
    forged = Finding.from_dict(found.to_dict() | {"records": list(found.records[1:])})
    with pytest.raises(UsageError, match="does not come out of this view"):
        upper.keep(forged, "forged")
    with pytest.raises(UsageError):
        lower.keep(session(store, ANNA).key_players(measure="degree"), "more than I see")
    assert upper.findings() == ()
    kept = upper.keep(Finding.from_dict(found.to_dict()), "  the   same ")
    assert kept.name == "the same"
    assert upper.finding("the same") == found


@pytest.mark.parametrize("name", ["", "  ", "x" * 201])
def test_a_finding_needs_a_name(store: GraphStore, name: str) -> None:
    case = session(store, ANNA)
    with pytest.raises(UsageError, match="a name has from 1 to 200 letters"):
        case.keep(case.communities(), name)


def test_an_older_revision_is_kept_as_well_and_a_part_of_the_agencies_is_not(store: GraphStore) -> None:
    """Nobody would know of which agencies a kept finding is."""
    older = session(store, EVERYBODY).view.revision
    load(store, [person("p", "BBB"), person("q", "BBB"), tie("Family", "BBB", person="p", relative="q")],
         "2026-02-01T00:00:00+00:00", "BBB")  # fmt: skip
    before, part = session(store, EVERYBODY, older), session(store, EVERYBODY).within(["BBB"])
    before.keep(before.communities(), "before")
    with pytest.raises(UsageError, match="within some agencies is for reading"):
        part.keep(part.communities(), "part")
    case = session(store, EVERYBODY)
    assert case.again("before") == case.finding("before")
    assert [each.name for each in case.findings()] == ["before"]
    assert len(case.finding("before").records) == len(PAIRS)


def test_two_of_one_name_are_told_apart_by_who_kept_them(store: GraphStore) -> None:
    for viewer in (ALICE, LOWER):
        case = session(store, viewer)
        case.keep(case.key_players(), "players")
        case.keep(case.key_players(measure="degree"), "players")
    assert session(store, LOWER).finding("players").asked["measure"] == "degree"
    with pytest.raises(UsageError, match="several are called 'players', by adam, alice: say whose"):
        session(store, ANNA).finding("players")
    assert session(store, ANNA).again("players", by="alice").asked["measure"] == "degree"
    with pytest.raises(NotFound):
        session(store, ANNA).drop_finding("no such")
    session(store, ALICE).drop_finding("players")
    assert [each.by for each in session(store, ANNA).findings()] == ["adam"]
    with pytest.raises(NotFound, match="no finding 'players' in this view"):
        session(store, ANNA).drop_finding("players")


def test_what_was_dropped_is_dropped_for_those_who_saw_an_older_version_only(store: GraphStore) -> None:
    case = session(store, ANNA)
    case.keep(case.communities(), "groups")
    load(store, ties(("ad", "ae"), HIDDEN), "2026-02-01T00:00:00+00:00")
    case = session(store, ANNA)
    case.keep(case.communities(), "groups")
    assert [each.records for viewer in (LOWER, ANNA) for each in session(store, viewer).findings()] == [5, 7]
    case.drop_finding("groups")
    assert [each for viewer in (LOWER, ANNA) for each in session(store, viewer).findings()] == []


def test_rows_come_go_change_and_stay(store: GraphStore) -> None:
    case = session(store, EVERYBODY)
    case.keep(case.key_players(measure="degree"), "degrees")
    load(store, family(("ad", "fg")), "2026-03-01T12:00:00+00:00")
    case = session(store, EVERYBODY)
    found = case.compare("degrees")
    assert {row.id for row in found.came} == {eid("f"), eid("g")}
    assert found.went == ()
    told = {change.after.id: change.differs for change in found.changed}
    assert told[eid("a")]["degree"] == (2, 3)
    said = {change.after.id: change.told({}).splitlines() for change in found.changed}
    assert {"degree: 2 -> 3", "score: 2 -> 3"} <= {*said[eid("a")]}
    assert told[eid("d")]["degree"] == (2, 3)
    assert found.measured["entities"] == (5, 7)
    assert len(found.stayed) + len(found.changed) == 5
    for since, came in (("2026-03-01", 2), ("2026-03-02", 0), ("2026-03-01T12:00:00", 2), ("2026-03-01T12:00:01", 0)):
        assert len(case.compare("degrees", since=since).came) == came
    with pytest.raises(UsageError, match="no revision before 2025-12-31"):
        case.compare("degrees", since="2025-12-31")
    with pytest.raises(UsageError, match="no day such as"):
        case.compare("degrees", since="March")
    case.keep(case.communities(), "groups")
    with pytest.raises(UsageError, match="compare two of one analysis"):
        case.compare("degrees", "groups")


def test_an_entity_whose_canonical_id_moved_is_the_same(store: GraphStore) -> None:
    """The id of who is joined is the smallest of theirs, so one of the two has another id now."""
    case = session(store, EVERYBODY)
    case.keep(case.key_players(measure="degree"), "degrees")
    for other in "vwxyz":
        load(store, [person(other, "BBB")], "2026-02-01T00:00:00+00:00", "BBB")
    smaller = min(eid(other, "BBB") for other in "vwxyz")
    assert smaller < eid("b")
    case.same(eid("b"), smaller, "seen")
    assert case.view.canonical(eid("b")) == smaller
    found = case.compare("degrees")
    assert (found.came, found.went) == ((), ())
    same = [*found.stayed, *(each.after for each in found.changed)]  # the ranks without BBB came
    assert {row.id for row in same} == {smaller, *map(eid, "acde")}


def test_groups_are_the_same_by_half_of_their_members(store: GraphStore) -> None:
    case = session(store, EVERYBODY)
    case.keep(case.communities(), "groups")
    load(store, family(("rs", "st", "tr")), "2026-02-01T00:00:00+00:00")
    load(store, family(("af", "bf", "cf")), "2026-02-02T00:00:00+00:00")
    found = session(store, EVERYBODY).compare("groups")
    assert [set(row.members) for row in found.came] == [{eid("r"), eid("s"), eid("t")}]
    assert found.went == ()
    assert {each for change in found.changed for each in change.joined} == {eid("f")}


def test_a_path_is_no_group_though_it_has_the_same_members(saltmarsh: Saltmarsh) -> None:
    found = Session(saltmarsh.store, lambda: saltmarsh.view().viewer).joint_value()
    group = next(row for row in found.results if row.what == "group" and len(row.members) > 4)
    path = replace(group, what="path", members=group.members[1:])
    told = compared(replace(found, results=(group,)), replace(found, results=(path,)), {})
    assert (told.came, told.went, told.changed) == ((path,), (group,), ())
    smaller = replace(path, what="group")
    (change,) = compared(replace(found, results=(group,)), replace(found, results=(smaller,)), {}).changed
    assert change.left == group.members[:1]
    told = compared(replace(found, results=(smaller,)), replace(found, results=(group,)), {})
    assert ([each.joined for each in told.changed], told.stayed) == ([group.members[:1]], ())
    told = compared(replace(found, results=(group,)), replace(found, results=(group, smaller)), {})
    assert (told.stayed, told.came, told.changed) == ((group,), (smaller,), ())


def judged_on_what_is_superseded(store: GraphStore) -> str:
    """The id of a judgement of ANNA's on a record that only she and ALICE may see, and that stands no more."""
    old, new = person("z", marking=HIDDEN), person("z", name="Zoe")
    load(store, [old], "2026-02-01T00:00:00+00:00")
    judged = session(store, ANNA).same(eid("a"), eid("e"), "seen", evidence=[old.key()])
    load(store, [new], "2026-02-02T00:00:00+00:00")
    assert not store.view(ANNA).records([old.key()])
    return judged.id


def test_a_finding_rests_on_judgements_whatever_became_of_their_evidence(store: GraphStore) -> None:
    judged_on_what_is_superseded(store)
    load(store, [person("y")], "2026-02-03T00:00:00+00:00")
    case = session(store, ANNA)
    case.keep(case.key_players(measure="degree"), "joined")
    assert case.view.canonical(eid("a")) == case.view.canonical(eid("e"))
    assert session(store, LOWER).view.canonical(eid("a")) != session(store, LOWER).view.canonical(eid("e"))
    assert session(store, LOWER).findings() == ()
    assert [each.name for each in session(store, ALICE).findings()] == ["joined"]


def test_a_revision_that_left_nothing_behind_is_found_again(store: GraphStore) -> None:
    case = session(store, ANNA)
    case.undo(judged_on_what_is_superseded(store))
    found = case.key_players(measure="degree")
    assert found.revision != session(store, LOWER).view.revision
    case.keep(found, "before and after")
    assert session(store, ALICE).again("before and after") == found
    assert session(store, LOWER).findings() == ()


def test_a_finding_rests_on_listed_common_values(store: GraphStore) -> None:
    store.add_common(CommonEntry("phone", "+31612345678", "AAA", HIDDEN, "a taxi dispatcher"))
    load(store, [person("y")], "2026-02-03T00:00:00+00:00")
    case = session(store, ANNA)
    case.keep(case.key_players(), "players")
    assert session(store, LOWER).findings() == ()
    assert [each.name for each in session(store, ALICE).findings()] == ["players"]


def test_rows_about_nobody_are_the_same_by_their_keys(store: GraphStore) -> None:
    case = session(store, EVERYBODY)
    case.keep(case.disruption(), "taken out")
    load(store, family(("fg", "gh", "hf", "fa")), "2026-02-01T00:00:00+00:00")
    found = session(store, EVERYBODY).compare("taken out")
    for change in found.changed:
        assert (change.before.strategy, change.before.k) == (change.after.strategy, change.after.k)
    keys = [(row.strategy, row.k) for row in session(store, EVERYBODY).disruption().results]
    matched = [*(change.after for change in found.changed), *found.stayed, *found.came]
    assert sorted((row.strategy, row.k) for row in matched) == sorted(keys)
    assert found.changed
    assert len({(row.strategy, row.k) for row in (*found.came, *found.went)}) == len(found.came) + len(found.went)
