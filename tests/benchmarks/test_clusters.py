"""The score of clusters against listing pairs, and the ceiling and plain Splink on made records."""

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.resolution import ceiling, raw, registers
from benchmarks.resolution.scoring import Score, cluster_score
from workbench.scenario.registers import generate_registers

RECORDS = st.sampled_from("abcdefgh")
CLUSTERS = st.dictionaries(RECORDS, st.integers(0, 4))


def _pairs(clusters: dict[str, int]) -> set[tuple[str, str]]:
    return {(a, b) for a, b in combinations(sorted(clusters), 2) if clusters[a] == clusters[b]}


@given(found=CLUSTERS, truth=CLUSTERS)
def test_the_score_is_that_of_listed_pairs(found: dict[str, int], truth: dict[str, int]) -> None:
    ours, theirs = _pairs(found), _pairs(truth)
    assert cluster_score(found, truth) == Score(len(ours), len(theirs), len(ours & theirs))


def test_precision_recall_and_f1() -> None:
    score = cluster_score({"a": 1, "b": 1, "c": 1, "d": 2}, {"a": 1, "b": 1, "c": 2, "d": 2})
    assert (score.found, score.true, score.both) == (3, 2, 1)
    assert (score.precision, score.recall, score.f1) == (1 / 3, 1 / 2, 2 / 5)
    assert score.told()["f1"] == 0.4
    nothing = cluster_score({"a": 1, "b": 2}, {"a": 1, "b": 2})
    assert (nothing.precision, nothing.recall, nothing.f1) == (1.0, 1.0, 1.0)


# -- the ceiling -------------------------------------------------------------------------------------


def _said(**fields: str) -> ceiling.Letters:
    return ceiling.letters({**dict.fromkeys(ceiling.FIELDS, "-"), **fields})


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        (_said(), _said(), False),
        (_said(birth="t"), _said(birth="t"), True),
        (_said(birth="t"), _said(), False),
        (_said(birth="t"), _said(birth="d"), True),
        (_said(birth="s"), _said(birth="t"), True),
        (_said(birth="t"), _said(birth="e"), True),
        (_said(birth="t"), _said(birth="y"), True),
        (_said(birth="y"), _said(birth="f"), True),
        (_said(birth="y"), _said(birth="y"), True),
        (_said(birth="d"), _said(birth="y"), True),
        (_said(birth="e"), _said(birth="y"), False),
        (_said(birth="d"), _said(birth="d"), False),
        (_said(birth="d"), _said(birth="s"), False),
        (_said(birth="x"), _said(birth="t"), False),
        (_said(birth="x"), _said(birth="x"), False),
        (_said(phone="1"), _said(phone="1"), True),
        (_said(phone="1"), _said(phone="2"), False),
        (_said(phone="h"), _said(phone="h"), True),
        (_said(phone="x"), _said(phone="x"), False),
        (_said(document="2"), _said(document="2"), True),
        (_said(address="1"), _said(address="1"), True),
        (_said(address="c"), _said(address="c"), False),
        (_said(address="1"), _said(phone="1"), False),
    ],
)
def test_what_agrees(one: ceiling.Letters, other: ceiling.Letters, agree: bool) -> None:
    assert ceiling.agree(one, other) == ceiling.agree(other, one) == agree


def test_the_ceiling_of_a_case_made_by_hand() -> None:
    """a and c are joined by way of b, d by nothing, e and f are another person."""
    how = {
        "a": _said(birth="t"),
        "b": _said(birth="d", phone="1"),
        "c": _said(phone="1"),
        "d": _said(phone="2", address="c"),
        "e": _said(email="1", birth="x"),
        "f": _said(email="1", birth="-"),
    }
    who = {**dict.fromkeys("abcd", "person-1"), **dict.fromkeys("ef", "person-2")}
    score = ceiling.ceiling_of(who, how)
    assert (score.found, score.true, score.both) == (4, 7, 4)
    assert score.precision == 1


# -- registers and plain Splink ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate_registers(3_000, 4, tmp_path_factory.mktemp("registers") / "made").folder


def test_registers_are_read_as_delivered(folder: Path) -> None:
    assert registers.are_in(folder)
    assert not registers.are_in(folder.parent)
    rows = {row["record"]: row for row in registers.rows(folder)}
    assert set(rows) == set(registers.truth(folder))
    assert all(set(row) == {"record", *registers.FIELDS} for row in rows.values())
    how = dict(registers.said(folder))
    for record, row in rows.items():
        assert row["given"] or row["family"]
        assert all((row[field] == "") == (how[record][field] == "-") for field in ceiling.FIELDS)
        assert row["birth"] == "" or len(row["birth"]) in (4, 10)


def test_the_ceiling_is_well_above_what_is_to_be_reached(folder: Path) -> None:
    assert 0.97 < ceiling.ceiling(folder).f1 < 1
    assert ceiling.ceiling(folder, "companies").f1 < 1


def test_pairs_at_a_threshold_are_joined() -> None:
    pairs = np.array([0, 1, 3]), np.array([1, 2, 4]), np.array([0.9, 0.6, 0.9])
    joined = raw.clusters(list("abcde"), pairs, 0.9)
    assert joined["a"] == joined["b"] != joined["c"]
    assert joined["d"] == joined["e"] not in (joined["a"], joined["c"])


def test_plain_splink_is_measured(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["raw", "--data", str(folder), "--json"])
    raw.main()
    told = json.loads(capsys.readouterr().out)
    assert told["records"] == 3_000
    assert 0.7 < told["f1"] < 0.9
    assert told["f1"] == max(each["f1"] for each in told["by_threshold"].values())
