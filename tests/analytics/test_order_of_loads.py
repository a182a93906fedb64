"""The order of loads does not matter: the same digest, and the same answers to every question."""

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics.cases import EVERYBODY, load, person
from tests.analytics.conftest import Saltmarsh, load_saltmarsh
from tests.analytics.worlds import cases
from tests.laws.answers import answer
from tests.stores import examples, leased, viewers_in
from workbench import analytics
from workbench.commands.console import run
from workbench.commands.main import cli
from workbench.export import export_view, formats
from workbench.model.record import Record
from workbench.resolve import common_values, explain, report
from workbench.view.store import open_store
from workbench.view.view import View

PROJECTIONS = analytics.projection_names()


# Where a record that two deliveries brought stands is a matter of which came first: that is its provenance.
_PLACE = re.compile(rb"[\w-]+\.csv:\d+")


def told(view: View) -> Iterator[bytes]:
    """The answers to all questions, with the revision's token replaced by a name, and without provenance."""
    for each in _asked(view):
        yield _PLACE.sub(b"<place>", answer(each, {view.revision: "<revision>"} if view.revision else {}))


def _asked(view: View) -> Iterator[object]:
    yield view.snapshot()  # all arrays, of entities, ties and claims, byte by byte
    yield (view.digest(), view.stats(), view.clusters(), common_values(view), report(view))
    ends = sorted({canonical for canonical, *_ in view.clusters()})
    for name in PROJECTIONS:
        for ask in (analytics.communities, analytics.key_players, analytics.predict, analytics.joint_value):
            yield ask(view, projection=name)
        yield analytics.networkx_graph(view, name)
    for a, b in pairwise(ends[:3]):
        yield analytics.paths(view, a, b)
        yield (view.between(a, b), view.neighbours(a, 2), view.entity(a))
    yield [explain(view, a, b) for a, *rest in _clusters(view) for b in rest[:3]]
    yield (view.search("a"), view.search("person"))
    with tempfile.TemporaryDirectory() as folder:
        for form in formats():
            export_view(view, form, Path(folder) / form)
        yield Path(folder)


def _clusters(view: View) -> list[list[str]]:
    """The ids of the referents of each entity that has several."""
    return [[r.id for r in view.entity(id).referents] for id in sorted({c for c, *_ in view.clusters()})]


@contextmanager
def loaded(records: Sequence[Record]) -> Iterator[View]:
    """A store into which records came one after another, a load for each run of one agency."""
    with tempfile.TemporaryDirectory() as folder, leased(Path(folder)) as url:
        store = open_store(url)
        runs: list[list[Record]] = []
        for each in records:
            if not runs or runs[-1][-1].dataset != each.dataset:
                runs.append([])
            runs[-1].append(each)
        for part in runs:
            load(store, part[0].dataset.agency, part)
        yield store.view(EVERYBODY)
        store.close()


def assert_told_alike(one: View, *others: View) -> None:
    assert {one.digest()} == {other.digest() for other in others}
    for mine, *yours in zip(told(one), *map(told, others), strict=True):
        assert {mine} == {*yours}


@settings(max_examples=examples(10))
@given(cases(), st.randoms(use_true_random=False))
def test_no_answer_depends_on_the_order_of_loads(records: list[Record], draw: Random) -> None:
    by_agency = sorted(records, key=lambda each: each.dataset.agency)
    draw.shuffle(records)
    with loaded(by_agency) as one, loaded(records) as other:
        assert_told_alike(one, other)


def test_of_two_records_that_say_the_same_number_the_first_by_key_joins() -> None:
    """Each file has the passport twice: which records are named does not depend on the order of loads."""
    passport = {"passportNumber": "NX1234567", "passportCountry": "nl"}
    twice = [person("a", agency, **passport, name=name) for agency in ("AAA", "BBB") for name in ("Nico", "Niko")]
    with loaded(twice) as one, loaded(twice[::-1]) as other:
        assert one.digest() == other.digest()
        found = [analytics.joint_value(view).results for view in (one, other)]
        assert found[0] == found[1]
        assert len(found[0]) == 1


JOINT = '[joint]\nagencies = ["KFIU", "NKP", "RJP", "TRC"]\nlevel = "SECRET"\n'


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[tuple[str, Saltmarsh]]]:
    """The case as its deliveries came in another order, with the URL of each store."""
    backwards, turned = (tmp_path_factory.mktemp(name) for name in ("backwards", "turned"))
    for folder in (backwards, turned):
        (folder / "viewers.toml").write_text(JOINT, "utf-8")
    with leased(backwards) as one, leased(turned) as other, viewers_in(turned):
        orders = ((one, lambda loads: loads[::-1]), (other, lambda loads: [*loads[2:], *loads[:2]]))
        found = [(url, load_saltmarsh(url, order)) for url, order in orders]
        yield found
        for _, each in found:
            each.store.close()


@pytest.mark.night(reason="all answers are compared; by day what commands print is")
def test_saltmarsh_is_the_same_in_whatever_order_it_was_loaded(
    saltmarsh: Saltmarsh, others: list[tuple[str, Saltmarsh]]
) -> None:
    assert_told_alike(saltmarsh.view(), *(other.view() for _, other in others))


_TEXT = pytest.mark.night(reason="it is made of what the JSON has")
COMMANDS = (
    *(["communities"], ["key-players"], ["predict"], ["joint-value"], ["resolve"], ["clusters"], ["stats"]),
    *(["search", "Nico"], ["communities", "--projection", "money"], ["joint-value", "--projection", "all"]),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("form", [["--json"], pytest.param([], marks=_TEXT)], ids=["json", "text"])
def test_no_command_prints_anything_else(
    others: list[tuple[str, Saltmarsh]],
    command: list[str],
    form: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    printed = []
    for url, case in others:
        assert run(cli, [*command, "--store", url, "--as", "joint", *form]) == 0
        printed.append(capsys.readouterr().out.replace(case.view().revision, "<revision>"))
    assert printed[0] == printed[1]
    assert printed[0]
