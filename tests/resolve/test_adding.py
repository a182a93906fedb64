"""What a run of only what is new compares: the pairs that stand after it are those of a whole run."""

from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from tests.analytics.cases import EVERYBODY, load, person, store_of
from tests.conformance.test_loads_with_scores import kept
from tests.stores import fresh_url, seeds
from workbench.access.viewer import Viewer
from workbench.model.record import Record
from workbench.resolve.scoring import score
from workbench.view.proposing import proposals
from workbench.view.store import open_store

SEEN, HIDDEN = "OPEN//REL AAA,BBB,CCC,DDD", "SECRET//REL AAA,BBB"
FENMINA, SANNE = {"name": "Fenmina Noorvenrade"}, {"name": "Sanne Qwistle"}
BORN, PHONE = {"birthDate": "1971-03-14"}, {"phone": "+31612345678"}
NAMES = (
    *("Fenmina Noorvenrade", "Sanne Qwistle", "Xarbulon Grombaz", "Tjitske Huizmans", "Bert Wickham"),
    *("Joost Elzenrade", "Malik Boucherad", "Nikos Anastasiadis", "Vladimir Petrov"),
)
BOTH = Viewer(name="both", agencies=frozenset(["AAA", "BBB"]), level="SECRET")


def said(source: str, marking: str, *what: dict[str, str]) -> Record:
    """What a marking's record says about a person of AAA."""
    return person(source, "AAA", marking=marking, **{name: value for each in what for name, value in each.items()})


@pytest.mark.parametrize(
    ("before", "added"),
    [
        (  # a new one has a key in common with one facet of an older entity, and not with its other one
            [said("0", SEEN, FENMINA, BORN), said("0", HIDDEN, SANNE, PHONE)],
            [said("1", SEEN, FENMINA, BORN)],
        ),
        (  # an older entity gets a facet that has no key in common with those that its other facet is paired with
            [said("0", SEEN, FENMINA, BORN), said("1", SEEN, FENMINA, BORN)],
            [said("0", HIDDEN, SANNE, PHONE)],
        ),
        (  # a facet says something else
            [said("0", SEEN, FENMINA, BORN), said("1", SEEN, FENMINA, BORN), said("2", SEEN, SANNE, BORN)],
            [said("1", SEEN, SANNE, BORN)],
        ),
        (  # nothing of the older ones has a key in common
            [said("0", SEEN, FENMINA, BORN), said("1", SEEN, FENMINA, BORN)],
            [said("2", SEEN, SANNE, PHONE)],
        ),
    ],
)
def test_what_stands_is_what_a_whole_run_leaves(
    tmp_path: Path, before: Sequence[Record], added: Sequence[Record]
) -> None:
    pairs = list[object]()
    for new in (True, False):
        store = store_of(tmp_path / str(new), before)
        score(store, store.view(BOTH))
        load(store, "AAA", added)
        score(store, store.view(BOTH), new=new)
        assert score(store, store.view(BOTH)).revision == ""
        pairs.append(kept(store))
        store.close()
    assert pairs[0] == pairs[1]


def test_facets_that_two_runs_saw_apart_are_compared(tmp_path: Path) -> None:
    apart = [person("0", "AAA", marking="OPEN//REL AAA", **FENMINA, **BORN)]
    others = [person("1", "BBB", marking="OPEN//REL BBB", **FENMINA, **BORN)]
    store = open_store(fresh_url(tmp_path))
    for agency, records in (("AAA", apart), ("BBB", others)):
        load(store, agency, records)
        alone = Viewer(name=agency, agencies=frozenset([agency]), level="SECRET")
        assert score(store, store.view(alone)).compared == 1
    assert score(store, store.view(BOTH), new=True).compared == 1
    assert len({canonical for canonical, *_ in store.view(BOTH).clusters()}) == 1
    assert score(store, store.view(BOTH), new=True).compared == 0
    store.close()


@pytest.mark.parametrize("new", [True, False])
def test_what_a_run_of_who_sees_less_scored_is_compared_with_what_it_did_not_see(tmp_path: Path, *, new: bool) -> None:
    store = open_store(fresh_url(tmp_path))
    load(store, "AAA", [person("0", "AAA", marking="OPEN//REL AAA", **FENMINA, **BORN)])
    load(store, "BBB", [person("1", "BBB", marking="OPEN//REL BBB", **SANNE)])
    score(store, store.view(BOTH))
    load(store, "BBB", [person("2", "BBB", marking="OPEN//REL BBB", **FENMINA, **BORN)])
    less = Viewer(name="less", agencies=frozenset(["BBB"]), level="SECRET")
    assert score(store, store.view(less), new=new).compared == (1 if new else 2)
    assert score(store, store.view(BOTH), new=True).compared == 1
    assert len({canonical for canonical, *_ in store.view(BOTH).clusters()}) == 2
    assert score(store, store.view(BOTH)).revision == ""
    for viewer in (less, BOTH):
        assert score(store, store.view(viewer), new=True).compared == 0
    store.close()


def drawn(chance: Random, many: int) -> list[Record]:
    """Records of two agencies, open to both or to one; some say something else about somebody known."""
    said = []
    for _ in range(many):
        agency = chance.choice(("AAA", "BBB"))
        marking = chance.choice(("OPEN//REL AAA,BBB", f"OPEN//REL {agency}"))
        what = {"name": chance.choice(NAMES[:3]), "birthDate": chance.choice(("1971-03-14", "1980-07-21"))}
        said.append(person(str(chance.randint(0, 9)), agency, marking=marking, **what))
    return said


@pytest.mark.parametrize("seed", seeds(40))
def test_whoever_scored_before_only_what_is_new_has_to_be_compared(tmp_path: Path, seed: int) -> None:
    chance, stores = Random(seed), [open_store(fresh_url(tmp_path, name)) for name in ("new", "whole")]  # noqa: S311 - draws
    jobs = [Viewer(name=each, agencies=frozenset(each.split()), level="OPEN") for each in ("AAA", "BBB", "AAA BBB")]
    for turn in range(4):
        said, job = drawn(chance, 4), chance.choice(jobs)
        for store in stores:
            for agency in ("AAA", "BBB"):
                load(store, agency, [each for each in said if each.dataset.agency == agency], f"2026-01-0{turn + 1}")
        for store, new in zip(stores, (True, False), strict=True):
            score(store, store.view(job), new=new)
            score(store, store.view(jobs[-1]), new=new)
        assert kept(stores[0])[1] == kept(stores[1])[1]
    for store in stores:
        store.close()


def test_a_run_shows_nobody_a_revision_that_shows_him_nothing(tmp_path: Path) -> None:
    """Two whom hidden records say to be one, and what is seen of them says too little."""
    seen = [said("0", SEEN, {"name": "Jan Smit", "birthDate": "1971"}), said("1", SEEN, {"name": "Jan de Vries"}, BORN)]
    hidden = [said(each, HIDDEN, {"name": "Jan Smit"}, BORN, PHONE) for each in "01"]
    store = store_of(tmp_path, seen)
    alone = Viewer(name="alone", agencies=frozenset(["CCC"]), level="OPEN")
    score(store, store.view(BOTH))
    before = store.view(alone)
    load(store, "AAA", hidden)
    assert score(store, store.view(BOTH), new=True).revision == store.view(BOTH).revision
    assert len({canonical for canonical, *_ in store.view(BOTH).clusters()}) == 1
    assert (store.view(alone).revision, store.view(alone).history()) == (before.revision, before.history())
    store.close()


def test_a_new_record_is_compared_with_more_than_are_read_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for page in ("workbench.store.sqlite.scores._AT_ONCE", "workbench.store.neo4j.scores._FACETS_PAGE"):
        monkeypatch.setattr(page, 2)
    said = [{"name": name, "birthDate": f"19{60 + n}-0{n + 1}-1{n}"} for n, name in enumerate(NAMES)]
    store = store_of(tmp_path, [person(str(n), "AAA", **each) for n, each in enumerate(said)])
    score(store, store.view(EVERYBODY))
    load(store, "BBB", [person(f"new {n}", "BBB", **said[n]) for n in (0, 5, 8)])
    assert score(store, store.view(EVERYBODY), new=True).compared == 3
    joined: dict[str, set[str]] = {}
    for canonical, _, source in store.view(EVERYBODY).clusters():
        joined.setdefault(canonical, set()).add(source)
    assert sorted(sorted(each) for each in joined.values() if len(each) > 1) == [
        ["0", "new 0"],
        ["5", "new 5"],
        ["8", "new 8"],
    ]
    store.close()


def test_what_shows_something_together_only_is_shown_to_who_sees_all_of_it(tmp_path: Path) -> None:
    """A common name in one marking and a birth date in another, each too little, of two agencies that scored apart."""
    store = open_store(fresh_url(tmp_path))
    for source, agency in (("0", "AAA"), ("1", "BBB")):
        parts = (("OPEN", {"name": "Jan S"}), ("SECRET", {"name": NAMES[1 + int(source)], **BORN}))
        load(store, agency, [person(source, agency, marking=f"{level}//REL {agency}", **each) for level, each in parts])
        score(store, store.view(Viewer(name=agency, agencies=frozenset([agency]), level="SECRET")))
    less = BOTH.model_copy(update={"level": "OPEN"})
    before = store.view(less).revision
    assert score(store, store.view(BOTH), new=True).revision == store.view(BOTH).revision
    assert len({canonical for canonical, *_ in store.view(BOTH).clusters()}) == 1
    assert len({canonical for canonical, *_ in store.view(less).clusters()}) == 2
    assert store.view(less).revision == before
    assert not proposals(store.view(less))
    store.close()
