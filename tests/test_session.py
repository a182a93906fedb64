"""A session answers what its view answers, as graphs, tables and findings."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

import workbench
from tests.analytics.cases import eid, filled, person, thing, tie
from tests.stores import fresh_url, write_viewers
from workbench import analytics
from workbench.access.audit import Log, Trace
from workbench.errors import AccessDenied, InputError, NotFound, UsageError
from workbench.settings import operator
from workbench.view.copies import copy_store
from workbench.view.viewers_copy import copy_for_viewer

VIEWERS = """
[anna]
agencies = ["AAA", "BBB"]
level = "SECRET"
[boris]
agencies = ["BBB"]
level = "OPEN"
purposes = ["investigation", "privilege-review"]
"""
LOADERS = """
[anna]
agencies = ["AAA", "BBB"]
level = "SECRET"
loads = ["AAA"]
"""
RECORDS = [
    *(person(p) for p in "abc"),
    person("d", "BBB"),
    person("x", nationality="nl"),
    thing("Phone", "t", number="+31612345678"),
    tie("Holding", grade="B2", holder="a", held="t"),
    tie("Holding", holder="b", held="t", role="user"),
    tie("Family", person="b", relative="c", date="2026-03"),
    tie("Family", person="c", relative="x"),
]


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A store with a viewers file beside it."""
    found = fresh_url(tmp_path)
    filled(found, RECORDS).close()
    write_viewers(tmp_path, VIEWERS)
    return found


@pytest.fixture
def case(url: str) -> Iterator[workbench.Session]:
    with workbench.open(url, viewer="anna") as found:
        yield found


class Ledger(list[Trace]):
    """Keeps all traces."""

    def keep(self, trace: Trace) -> None:
        self.append(trace)


def test_a_session_keeps_its_traces_where_it_is_told(url: str, tmp_path: Path) -> None:
    ledgers = [Ledger() for _ in range(4)]
    with workbench.open(url, viewer="anna", audit=ledgers[0]) as case:
        case.stats()
        case.within(["AAA"]).digest()
        case.same(eid("a"), eid("b"), "seen")
    with workbench.begin(url, "anna", audit=ledgers[1]) as case:
        case.stats()
        with workbench.Session(case.store, lambda: case.viewer, audit=ledgers[2]) as other:
            other.digest()
            assert other.store.patience == case.store.patience
    viewer = case.viewer
    with workbench.Session(workbench.open_store(url, audit=ledgers[3]), lambda: viewer) as case:
        case.stats()
    told = [["stats", "digest", "judge"], ["stats"], ["digest"], ["stats"]]
    assert [[each.what for each in ledger] for ledger in ledgers] == told
    assert {(each.viewer, each.purpose) for each in ledgers[0]} == {("anna", "investigation")}
    with workbench.open(url, viewer="anna", audit=Log(tmp_path / "ledger.jsonl")) as case:
        case.search("nobody")
    (line,) = (tmp_path / "ledger.jsonl").read_text("utf-8").splitlines()
    assert '"what": "search"' in line


def test_who_is_refused_leaves_a_trace(url: str) -> None:
    ledger = Ledger()
    for ask in (workbench.open, workbench.begin):
        with pytest.raises(NotFound):
            ask(url, viewer="carla", audit=ledger)
        with pytest.raises(UsageError):
            ask(url, viewer="boris", purpose="curiosity", audit=ledger)
    refused = [(each.viewer, each.purpose, each.what, each.refused) for each in ledger]
    assert refused == [
        ("carla", "", "open", "NotFound"),
        ("boris", "curiosity", "open", "UsageError"),
        ("carla", "", "begin", "NotFound"),
        ("boris", "curiosity", "begin", "UsageError"),
    ]


def test_a_mistyped_option_of_a_load_leaves_a_trace(url: str) -> None:
    ledger = Ledger()
    with workbench.open(url, viewer="anna", audit=ledger) as case:
        for load in (case.load, case.dry_run):
            with pytest.raises(UsageError):
                load("none.json", markings="SECRET")
    told = [(each.viewer, each.what, each.asked, each.refused) for each in ledger]
    assert told == [("anna", what, {"markings": "SECRET"}, "UsageError") for what in ("load", "dry_run")]


def test_a_write_in_a_session_for_reading_leaves_a_trace(url: str) -> None:
    ledger = Ledger()
    with workbench.open(url, viewer="anna", audit=ledger) as case, pytest.raises(UsageError):
        case.within("AAA").same(eid("a"), eid("b"), "seen")
    assert [(each.viewer, each.what, each.refused) for each in ledger] == [("anna", "write", "UsageError")]


def test_what_is_asked_while_a_load_reports_its_progress_leaves_a_trace(url: str, tmp_path: Path) -> None:
    """Also by somebody else, and then the load goes on as one question."""
    write_viewers(tmp_path, LOADERS)
    (tmp_path / "one.json").write_text('{"id": "y", "schema": "Person"}\n')
    ledger = Ledger()
    with workbench.open(url, viewer="anna", audit=ledger) as case:
        other = workbench.Session(case.store, lambda: case.viewer.model_copy(update={"name": "boris"}))

        def ask(file: str, read: int) -> None:
            other.search("person")

        for load in (case.dry_run, case.load):
            load(tmp_path / "one.json", adapter="ftm", agency="AAA", progress=ask)
    told = [(each.viewer, each.what) for each in ledger]
    assert told == [("anna", "dry_run"), ("boris", "search"), ("anna", "load"), ("boris", "search")]


def test_what_is_asked_while_a_copy_reports_its_progress_leaves_a_trace(url: str, tmp_path: Path) -> None:
    ledger = Ledger()
    with workbench.open(url, viewer="anna", audit=ledger) as case:
        copies = {"copy_store": copy_store, "copy_for_viewer": partial(copy_for_viewer, viewer=case.viewer)}
        for name, copy in copies.items():
            target = workbench.open_store(fresh_url(tmp_path, name), audit=ledger)
            ledger.clear()
            copy(case.store, target, tell=lambda *_: case.stats() and None)
            assert {each.what for each in ledger} == {name, "stats"}
            target.close()


def test_a_viewer_must_be_known_and_named_and_his_purpose_his_own(url: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="anna, boris"):
        workbench.open(url)
    with pytest.raises(NotFound):
        workbench.open(url, viewer="carla")
    with pytest.raises(UsageError, match="several purposes"):
        workbench.open(url, viewer="boris")
    with workbench.open(url, viewer="boris", purpose="investigation") as case:
        assert (case.view.viewer.name, case.view.purpose) == ("boris", "investigation")
    other = tmp_path / "others.toml"
    other.write_text('[carla]\nagencies = ["AAA"]\nlevel = "OPEN"\n', "utf-8")
    with workbench.open(url, viewers=other) as case:
        assert repr(case).startswith("<Session of carla for investigation at ")
    with workbench.open(url, viewer=workbench.Viewer(name="d", agencies=frozenset({"AAA"}), level="OPEN")) as case:
        assert case.view.viewer.name == "d"


def test_it_looks_like_its_view(case: workbench.Session) -> None:
    assert case.search("person a").entities[0].id == eid("a")
    assert case.entity(eid("t")).caption == "+31612345678"
    assert set(case.neighbours(eid("t")).entities) == {eid("a"), eid("b"), eid("t")}


def test_analyses_are_those_of_the_library(case: workbench.Session) -> None:
    assert case.key_players() == analytics.key_players(case.view)
    assert case.key_players(measure="degree", seed=3) == analytics.key_players(case.view, measure="degree", seed=3)
    assert case.communities(seed=2) == analytics.communities(case.view, seed=2)
    assert case.predict(limit=1) == analytics.predict(case.view, limit=1)
    assert case.joint_value() == analytics.joint_value(case.view)
    assert case.paths(eid("a"), eid("c"), k=1) == analytics.paths(case.view, eid("a"), eid("c"), k=1)


def test_the_graph_is_networkx_with_captions_and_records(case: workbench.Session) -> None:
    graph = case.graph()
    assert isinstance(graph, nx.Graph)
    assert graph.nodes[eid("a")] == {"schema": "Person", "caption": "Person a"}
    assert len(graph.edges[eid("a"), eid("b")]["records"]) == 2
    assert case.graph("all").number_of_edges() == 4


def test_tables_of_all_of_one_schema_and_of_relationships(case: workbench.Session) -> None:
    every = case.frame()
    assert list(every.index) == sorted(every.index)
    assert every.loc[eid("t")].to_dict() == {"schema": "Phone", "caption": "+31612345678", "datasets": "AAA/files"}
    people = case.frame("LegalEntity")
    assert len(people) == 5
    assert people.loc[eid("x"), "nationality"] == "nl"
    assert pd.isna(people.loc[eid("a"), "nationality"])
    holdings = case.frame("Holding")
    assert list(holdings.columns) == [
        "schema",
        "date",
        "agency",
        "dataset",
        "grade",
        "marking",
        "held",
        "holder",
        "role",
    ]
    assert set(holdings["holder"]) == {eid("a"), eid("b")}
    assert holdings.loc[RECORDS[6].key(), "grade"] == "B2 (4x4)"
    assert len(case.frame("Call")) == 0
    with pytest.raises(InputError, match="did you mean"):
        case.frame("Persom")


def test_a_judgement_is_seen_at_once_and_can_be_undone(case: workbench.Session, url: str) -> None:
    before = case.view.revision
    made = case.same(eid("c"), eid("d", "BBB"), "one photo")
    assert case.view.canonical(eid("c")) == case.view.canonical(eid("d", "BBB"))
    case.undo(made.id)
    assert case.view.canonical(eid("c")) != case.view.canonical(eid("d", "BBB"))
    apart = case.different(eid("a"), eid("b"), "brothers")
    assert apart in case.view.judgements()
    with workbench.open(url, viewer="anna", revision=before) as pinned:
        case.different(eid("a"), eid("c"), "cousins")
        assert pinned.view.revision == before != case.view.revision


def test_unsure_is_on_record_and_joins_and_parts_nobody(case: workbench.Session) -> None:
    one, other = eid("c"), eid("d", "BBB")
    made = case.unsure(one, other, "alike")
    assert (made.verdict, made.by, made in case.judgements()) == ("unsure", "anna", True)
    assert [(each.verdict, each.value) for each in case.explain(one, other)] == [("unsure", made.id)]
    assert case.view.canonical(one) != case.view.canonical(other)
    case.same(one, other, "one photo")  # nothing stands against it
    assert case.view.canonical(one) == case.view.canonical(other)


def test_a_session_within_agencies_is_of_their_records(case: workbench.Session) -> None:
    alone = case.within(["BBB"])
    assert set(alone.stats().agencies) == {"BBB"}
    assert alone.within(["AAA"]).stats().records == 0
    assert alone.key_players().results == analytics.key_players(case.view.within(["BBB"])).results
    assert set(case.stats().agencies) == {"AAA", "BBB"}


def test_analyses_are_told_of_like_any_other_method(case: workbench.Session) -> None:
    assert {each.called for each in analytics.ANALYSES.values()} <= set(dir(case))
    assert not hasattr(case, "no_such_analysis")
    assert not hasattr(case, "_repr_html_")


@pytest.mark.sqlite_only(reason="a store without a viewers file lies in a folder")
def test_who_begins_a_store_loads_and_sees_at_once_what_he_loaded(tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    file.write_text('{"id": "x", "schema": "Person", "properties": {"name": ["Xenia"]}}\n')
    with workbench.begin(f"sqlite:///{tmp_path / 'new.db'}") as case:
        assert case.stats().records == 0
        tried = case.dry_run(file, adapter="ftm", agency="NKP")
        assert (tried.files[0].accepted, case.stats().records) == (1, 0)
        report = case.load(str(file), adapter="ftm", agency="NKP")
        assert report.revision == case.view.revision == case.history()[-1][0]
        assert case.search("Xenia").total == 1
        (entry,) = case.loads()
        assert entry.by == case.by == operator(case.viewer)


def test_nobody_begins_a_store_or_loads_who_may_not(tmp_path: Path) -> None:
    write_viewers(tmp_path, VIEWERS)
    url = fresh_url(tmp_path, "begun")
    with pytest.raises(NotFound):
        workbench.begin(url, viewer="carla")
    with workbench.begin(url, viewer="anna") as case, pytest.raises(AccessDenied, match="may not load for AAA"):
        case.load(tmp_path / "none.json", adapter="ftm", agency="AAA")


def test_an_error_names_the_field_in_words_of_python(url: str) -> None:
    with pytest.raises(UsageError, match=r"^name the viewer: one of anna, boris \(viewer=\)$") as refused:
        workbench.open(url)
    assert (refused.value.message, refused.value.field) == ("name the viewer: one of anna, boris", "viewer")
    with pytest.raises(UsageError, match=r"\(projection=\)$"), workbench.open(url, viewer="anna") as case:
        case.key_players(projection="families")


def test_the_store_of_the_environment_is_the_default(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_STORE", url)
    with workbench.open(viewer="anna") as case:
        assert case.stats().records == len(RECORDS)


@pytest.mark.sqlite_only(reason="a file can be missing")
def test_opening_what_is_not_there_makes_no_store(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no store at"):
        workbench.open(f"sqlite:///{tmp_path / 'none.db'}")
    assert list(tmp_path.iterdir()) == []
