"""A store to copy: people and calls, some superseded, and one of every other kind of row."""

from collections.abc import Sequence

from tests.conformance.oracle.scores import Kept, drawing, score
from workbench.access.viewer import Viewer
from workbench.model.marking import parse_marking
from workbench.model.record import Dataset, Record, Role, Value
from workbench.store.types import CommonEntry, Document, Judgement, Quarantined
from workbench.view.store import GraphStore

WIDE = parse_marking("OPEN//REL A")
ANNA = Viewer(name="anna", agencies=frozenset({"A"}), level="SECRET")


def person(n: int, name: str = "Ann") -> Record:
    values = {"name": (Value(f"{name} {n}", f"{name} {n}"),), "birthDate": (Value("1990-01-01", "1990-01-01"),)}
    return Record("Person", Dataset("A", "d"), f"p{n}", values, WIDE, locator=f"row {n}")


def call(n: int) -> Record:
    when = (Value(f"2026-01-{n % 28 + 1:02}", ""),)
    roles = (Role("caller", f"p{n}"), Role("receiver", f"p{n + 1}"))
    return Record("Call", Dataset("A", "d"), f"c{n}", {"date": when}, WIDE, roles)


def load(store: GraphStore, records: Sequence[Record], delivered: str = "2026-01-01") -> list[str]:
    """Load records, with a unit that could not be read."""
    unit = Quarantined(f"q {delivered}", "A", "d", "csv", "f", "row", "ragged", "short", b"\x00;", {"marking": "OPEN"})
    with store.writer(agency="A", by="clerk") as writer:
        found = writer.put(list(records), writer.file("f.csv", "0", "csv"), delivered)
        writer.quarantine([unit])
        writer.publish(dataset="d", adapter="csv", files=())
    return list(found)


def filled(store: GraphStore, n: int = 300) -> GraphStore:
    """A store with people and calls, some of them said anew, a judgement, a listed value, documents."""
    load(store, [*map(person, range(n)), *map(call, range(n - 1))])
    load(store, [person(i, "Anna") for i in range(0, n, 3)], "2026-02-01")
    keys = (person(1).key(), person(2).key())
    store.add_judgement(Judgement("0" * 16, person(1).entity, person(2).entity, "same", "anna", "w", "2026", keys))
    store.add_common(CommonEntry("phone", "+31612345678", "A", str(WIDE), "a dispatcher"))
    kept = score(store, Kept(), drawing(1))
    score(store, kept, drawing(2), anew=True)
    for text in ("one", "two"):
        document = Document("chart", "Chart", 0, "anna", "2026-03-01", {"n": text})
        store.save_document(document, "A", WIDE, keys)
    return store


def seen(store: GraphStore) -> tuple[object, ...]:
    view = store.view(ANNA)
    return view.revision, view.digest(), view.stats(), view.loads(), view.quarantine(), view.documents("chart")
