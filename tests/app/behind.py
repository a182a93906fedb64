"""Persons whom all of NKP may see, and what ties them, which only the compartment ALPHA may.

Ann and Bob know an informant; Cal and Dan both call a middleman.
"""

from collections.abc import Iterable
from pathlib import Path

from tests.analytics.friends import GROUPS, SIZE, pairs_of_friends
from tests.app.case import id_of, load, record
from tests.stores import fresh_url, write_viewers
from workbench.access.viewer import Viewer
from workbench.model.record import Record
from workbench.view.store import GraphStore, open_store

KNOWN, ALPHA = "CONFIDENTIAL//REL NKP", "SECRET//REL NKP//COMP ALPHA//HC H7"
VIEWERS = """
[alpha]
agencies = ["NKP"]
level = "SECRET"
compartments = ["ALPHA"]
purposes = ["investigation"]

[nkp]
agencies = ["NKP"]
level = "SECRET"
purposes = ["investigation"]
"""
WITH_ALPHA = Viewer(name="alpha", agencies=frozenset({"NKP"}), level="SECRET", compartments=frozenset({"ALPHA"}))
NKP = Viewer(name="nkp", agencies=frozenset({"NKP"}), level="SECRET")

NAMES = ("ann", "bob", "cal", "dan", "middleman")
KNOWN_TO_ALL = ANN, BOB, CAL, DAN, MIDDLEMAN = tuple(id_of("NKP", name) for name in NAMES)
PERSONS = [record("NKP", "Person", name, name=name.title(), marking=KNOWN) for name in NAMES]
INFORMANT = [
    record("NKP", "Person", "x", name="Informant", marking=ALPHA),
    *(
        record("NKP", "Associate", f"knows-{name}", {"person": name, "associate": "x"}, marking=ALPHA, summary="met")
        for name in ("ann", "bob")
    ),
]
PHONES = [
    *(record("NKP", "Phone", f"p-{n}", number=f"+3161234567{n}", marking=ALPHA) for n in range(3)),
    *(
        record("NKP", "Holding", roles={"holder": name, "held": f"p-{n}"}, marking=ALPHA)
        for n, name in enumerate(("cal", "middleman", "dan"))
    ),
    *(
        record("NKP", "Call", roles={"caller": f"p-{a}", "receiver": f"p-{b}"}, date="2026-01-02", marking=ALPHA)
        for a, b in ((0, 1), (1, 2))
    ),
]


def friends() -> list[Record]:
    """Persons whom all may see, and groups of friends among them, of which only the compartment knows."""
    many = GROUPS * SIZE
    known = [record("NKP", "Person", f"f{n}", name=f"Friend {n}", marking=KNOWN) for n in range(many)]
    ties = [
        record("NKP", "Associate", roles={"person": f"f{a}", "associate": f"f{b}"}, marking=ALPHA)
        for a, b in pairs_of_friends()
    ]
    return [*known, *ties]


def fill(folder: Path, more: Iterable[Record] = ()) -> str:
    """The URL of a store with the case, with its viewers file in a folder, until the test ends."""
    url = fresh_url(folder, "behind")
    store = open_store(url)
    load(store, "NKP", [*PERSONS, *INFORMANT, *PHONES, *more])
    store.close()
    write_viewers(folder, VIEWERS)
    return url


def filled(folder: Path) -> GraphStore:
    """The same, open."""
    return open_store(fill(folder))
