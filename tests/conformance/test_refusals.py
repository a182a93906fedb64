"""Unknown and hidden things are refused with the same message; an empty question gets an empty answer."""

from collections.abc import Callable

import pytest

from tests.selection import NEO4J
from workbench.access.viewer import Viewer
from workbench.errors import NotFound, UsageError
from workbench.model.marking import parse_marking
from workbench.model.record import Dataset, Record, Value
from workbench.store.types import Scope
from workbench.view.store import GraphStore, open_store
from workbench.view.view import View

ANNA = Viewer(name="anna", agencies=frozenset("A"), level="OPEN")
CHIEF = Viewer(name="chief", agencies=frozenset("A"), level="SECRET")
NAME = {"name": (Value("Ada", "Ada"),)}
SHOWN = Record("Person", Dataset("A", "d"), "1", NAME, parse_marking("OPEN//REL A"))
HIDDEN = Record("Person", Dataset("A", "d"), "2", NAME, parse_marking("SECRET//REL A"))


@pytest.fixture
def token(store: GraphStore) -> str:
    """The token of a load of which anna sees nothing, after one of which she sees all."""
    return loaded(store)


def loaded(store: GraphStore) -> str:
    """Load what anna sees, then what she does not; returns the token of the second load."""
    for record in (SHOWN, HIDDEN):
        with store.writer(agency="A", by="clerk") as writer:
            writer.put([record], writer.file("one.csv", "0", "csv"), "2026-01-01")
            found = writer.publish(dataset="d", adapter="csv", files=())
    assert found is not None
    return found


Ask = Callable[[View, str], object]
ASKED: list[tuple[Ask, str, str]] = [
    (lambda view, name: view.entity(name), HIDDEN.entity, "f" * 20),
    (lambda view, name: view.canonical(name), HIDDEN.entity, "f" * 20),
    (lambda view, name: view.summaries([SHOWN.entity, name]), HIDDEN.entity, "f" * 20),
    (lambda view, name: view.neighbours(name, 2), HIDDEN.entity, "f" * 20),
    (lambda view, name: view.record(name), HIDDEN.key(), "f" * 32),
]


@pytest.mark.parametrize(("ask", "hidden", "unknown"), ASKED)
@pytest.mark.usefixtures("token")
def test_hidden_and_unknown_are_refused_alike(store: GraphStore, ask: Ask, hidden: str, unknown: str) -> None:
    ask(store.view(CHIEF), hidden)
    told = []
    for name in (hidden, unknown):
        with pytest.raises(NotFound) as refused:
            ask(store.view(ANNA), name)
        told.append(str(refused.value).replace(name, "NAME").encode())
    assert told[0] == told[1]


NEARLY = (SHOWN.entity + "\x00", SHOWN.entity[:-1], SHOWN.entity.upper())
ODD = ("", " ", "no such", "\x00", "\udcff", "é" * 20, "'" * 20, *NEARLY)


@pytest.mark.fewer_cases(reason="what looks like no id is told above the store", kind=NEO4J)
@pytest.mark.parametrize("name", ODD)
@pytest.mark.usefixtures("token")
def test_what_is_no_id_is_refused_too(store: GraphStore, name: str) -> None:
    view = store.view(ANNA)
    for ask in (view.entity, view.canonical, view.neighbours, view.record):
        with pytest.raises(NotFound, match="in this view: check its spelling"):
            ask(name)
    assert view.records([name, SHOWN.key()]) == view.records([SHOWN.key()])


def test_a_hidden_revision_is_refused_like_an_unknown_one(store: GraphStore, token: str) -> None:
    assert store.view(CHIEF, revision=token).stats().records == 2
    told = []
    for name in (token, "f" * 16):
        with pytest.raises(NotFound) as refused:
            store.view(ANNA, revision=name)
        told.append(str(refused.value).replace(name, "NAME"))
    assert told[0] == told[1]
    for odd in ("", "\x00", "\udcff", "1"):
        with pytest.raises(NotFound):
            store.view(CHIEF, revision=odd)


@pytest.mark.usefixtures("token")
def test_a_purpose_that_the_viewer_has_not_is_refused(store: GraphStore) -> None:
    for purpose in ("privilege-review", "", "Investigation"):
        with pytest.raises(UsageError, match="no purpose"):
            store.view(ANNA, purpose=purpose)


def test_who_sees_nothing_is_told_nothing(store: GraphStore) -> None:
    empty = store.view(ANNA)
    told = empty.stats(), empty.digest()
    loaded(store)
    view = store.view(Viewer(name="nobody", agencies=frozenset(), level="SECRET"))
    assert (view.revision, view.history(), view.clusters()) == ("", (), ())
    assert (view.stats(), view.digest()) == told
    assert view.search("Ada").total == 0


@pytest.mark.usefixtures("token")
def test_a_store_does_not_even_tell_the_keys_of_hidden_records(store: GraphStore) -> None:
    """A second safeguard: no view asks for numbers that it has not seen."""
    view = store.view(ANNA)
    seen = view._scope()
    everything = Scope(store.view(CHIEF)._scope().allowed, seen.revision)
    assert len(store.backend.keys_of(everything, range(1, 100))) == 2
    assert set(store.backend.keys_of(seen, range(1, 100)).values()) == {SHOWN.key()}
    assert set(store.backend.keys_of(Scope(everything.allowed, 1), range(1, 100)).values()) == {SHOWN.key()}


@pytest.mark.parametrize(
    "url", ["", "store.db", "sqlite:store.db", "sqlite://store.db", "neo4j+x://host", "http://x/y"]
)
def test_a_url_that_no_store_answers_to_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match=r"write (sqlite:///path|neo4j://)"):
        open_store(url)
