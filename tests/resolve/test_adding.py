"""What a run of only what is new compares: the pairs that stand after it are those of a whole run."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.analytics.cases import EVERYBODY, load, person, store_of
from tests.conformance.test_loads_with_scores import kept
from tests.stores import fresh_url
from workbench.access.viewer import Viewer
from workbench.model.record import Record
from workbench.resolve.scoring import score
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
    assert score(store, store.view(BOTH), new=True).compared == 2
    assert len({canonical for canonical, *_ in store.view(BOTH).clusters()}) == 1
    assert score(store, store.view(BOTH), new=True).compared == 0
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
