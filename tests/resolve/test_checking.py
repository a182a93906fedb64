"""What the command line says of clusters that may not be one."""

import json
from collections.abc import Callable
from contextlib import closing, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from tests.app.case import fill, id_of, load, record
from tests.programs import PROGRAMS
from workbench.commands.console import run
from workbench.model.record import Record
from workbench.view.store import open_store

NAMES = ("Halvoorde", "Brinkzicht", "Tuimelaar", "Qwistle", "Oosterkade", "Verwulft", "Zandloper")
Ask = Callable[..., str]


def numbers(n: int) -> dict[str, str]:
    """The numbers of one in a chain: one in common with the one before, the other with the one after."""
    before, after = ("vatCode", "leiCode")[:: 1 if n % 2 else -1]
    return {before: f"NL80000000{n}B01", after: f"NL80000000{n + 1}B01"}


def chain() -> list[Record]:
    """Seven companies, of whom each has a number in common with the next; KFIU alone sees the fourth."""
    companies = [record("NKP", "Company", f"c{n}", name=name, **numbers(n)) for n, name in enumerate(NAMES)]
    hidden = record("KFIU", "Company", "c3", marking="SECRET//REL KFIU", name=NAMES[3], **numbers(3))
    return [*companies[:3], hidden, *companies[4:]]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Asks a store with the chain."""
    url = fill(tmp_path)
    with closing(open_store(url)) as store:
        for each in chain():
            load(store, each.dataset.agency, [each])

    def asked(*words: str, viewer: str = "joint") -> str:
        with redirect_stdout(StringIO()) as told:
            assert run(PROGRAMS["workbench"], [*words, "--store", url, "--as", viewer]) == 0
        return told.getvalue()

    return asked


def test_a_loose_cluster_is_listed_and_shown_with_why(ask: Ask) -> None:
    found: Any = json.loads(ask("clusters-to-check", "--json"))
    shape = {"referents": 7, "pairs": 21, "joined": 6, "looks": "loosely joined"}
    ((entity, told),) = [(each["entity"], each["shape"]) for each in found["clusters"]]
    assert (told, found["total"], entity["agencies"]) == (shape, 1, ["KFIU", "NKP"])
    text = ask("clusters-to-check")
    assert "clusters to check: 1" in text
    assert "6 of 21" in text
    assert "loosely joined (7 referents, 6 of their 21 pairs joined)" in ask("show", id_of("NKP", "c5"))
    assert json.loads(ask("show", id_of("NKP", "c5"), "--json"))["to_check"] == shape
    assert json.loads(ask("show", id_of("NKP", "mo"), "--json"))["to_check"] is None


def test_who_does_not_see_the_one_between_sees_two_short_chains(ask: Ask) -> None:
    found = json.loads(ask("clusters-to-check", "--json", viewer="noordkust"))
    assert found == {"clusters": [], "total": 0}
    shown = json.loads(ask("show", id_of("NKP", "c5"), "--json", viewer="noordkust"))
    assert (shown["to_check"], len(shown["referents"])) == (None, 3)


def test_resolve_says_how_many_there_are(ask: Ask) -> None:
    assert "clusters to check: 1, see workbench clusters-to-check" in ask("resolve")
    assert json.loads(ask("resolve", "--json"))["to_check"] == 1
