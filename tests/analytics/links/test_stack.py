"""Standings, the stack that is fitted to them, and how it is judged."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import check_grad
from scipy.special import expit

from tests.stores import examples
from workbench.analytics.links.skill import Bin, Interval, Judged, Skill, auc, interval, reliability, skill
from workbench.analytics.links.stack import Curve, Stack, _Loss, fitted
from workbench.analytics.links.standing import Standing

NAMES = ("Jaccard", "resource allocation")
values = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=30)


# -- standings ---------------------------------------------------------------------------------------


@settings(max_examples=examples(100))
@given(values)
def test_who_has_more_stands_higher_and_equals_stand_alike(rows: list[tuple[int, int]]) -> None:
    found = np.array(rows, float)
    said = Standing.among(NAMES, found, np.ones(len(found))).of(found)
    for column in range(2):
        order = np.argsort(found[:, column], kind="stable")
        assert (np.diff(said[order, column]) >= -1e-12).all()
        equal = np.diff(found[order, column]) == 0
        assert np.diff(said[order, column])[equal] == pytest.approx(0)


@settings(max_examples=examples(60))
@given(values, st.lists(st.integers(1, 3), min_size=30, max_size=30))
def test_a_weight_is_so_many_pairs(rows: list[tuple[int, int]], weights: list[int]) -> None:
    found, weight = np.array(rows, float), np.array(weights[: len(rows)])
    weighed = Standing.among(NAMES, found, weight.astype(float)).of(found)
    many = np.repeat(found, weight, axis=0)
    assert weighed == pytest.approx(Standing.among(NAMES, many, np.ones(len(many))).of(found))


def test_columns_are_standings_and_a_size() -> None:
    standing = Standing.among(NAMES, np.array([[0, 0], [1, 4.0]]), np.ones(2))
    assert standing.columns == ("Jaccard", "resource allocation", "resource allocation, size")
    assert standing.of(np.array([[0.5, 1]]))[0, 2] == pytest.approx(0), "the root of 1 is the mean of those of 0 and 4"


# -- the stack -----------------------------------------------------------------------------------------


def drawn(known: float, many: int = 40_000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs with two features, which have a tie with the chance that (-3, 0.8, 0) say, and were then hidden or not."""
    rng = np.random.default_rng(0)
    standings = rng.exponential(size=(many, 2))
    true = rng.random(many) < expit(-3 + 0.8 * standings[:, 0])
    hidden = (true & (rng.random(many) < known)).astype(float)
    return standings, hidden, np.ones(many)


@pytest.mark.parametrize("known", [1.0, 0.5])
def test_it_finds_what_ties_were_drawn_by_though_only_some_are_known(known: float) -> None:
    found = fitted(*drawn(known), known, ridge=1e-6)
    assert found.coefficients == pytest.approx([0.8, 0], abs=0.06)
    assert found.level == pytest.approx(-3, abs=0.1)


def test_no_coefficient_is_below_0_and_a_strong_ridge_leaves_the_usual_ones() -> None:
    standings, hidden, weights = drawn(0.5)
    assert (fitted(-standings, hidden, weights, 0.5).coefficients >= 0).all()
    assert fitted(standings, hidden, weights, 0.5, usual=0.3, ridge=1e9).coefficients == pytest.approx(
        [0.3, 0.3], abs=1e-3
    )


@pytest.mark.parametrize("known", [1.0, 0.4])
def test_its_slope_is_that_of_its_loss(known: float) -> None:
    standings, hidden, weights = drawn(0.4, 300)
    loss = _Loss(standings, hidden, weights, known, 0.1, 5.0)
    at = np.array([-1.0, 0.5, 0.2])
    assert check_grad(lambda x: loss(x)[0], lambda x: loss(x)[1], at) < 1e-3


@settings(max_examples=examples(50))
@given(st.lists(st.floats(-8, 8), min_size=2, max_size=20), st.floats(0.01, 0.9))
def test_at_its_level_it_expects_as_many_as_it_should(logits: list[float], share: float) -> None:
    rows, weights = np.array(logits)[:, None], np.linspace(1, 2, len(logits))
    stack = Stack(np.array([1.0]), 0.5, 0.5, Curve(1.1, 0.7, 0.2)).levelled(rows, weights, share * weights.sum())
    assert (stack.chances(rows) * weights).sum() == pytest.approx(share * weights.sum(), rel=1e-6)
    assert (np.diff(stack.chances(np.sort(rows, axis=0))) >= 0).all(), "it keeps the order"


def test_a_curve_of_ones_changes_nothing() -> None:
    assert Curve().of(np.array([-3.0, 0, 4])) == pytest.approx([-3.0, 0, 4])


# -- skill ---------------------------------------------------------------------------------------------

said = st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=40).filter(
    lambda rows: len({yes for _, yes in rows}) == 2
)


@settings(max_examples=examples(60))
@given(said)
def test_auc_is_how_often_a_hidden_pair_is_said_to_be_likelier(rows: list[tuple[int, bool]]) -> None:
    """By a count of all pairs of pairs: equals count half, and a weight as so many pairs."""
    scores, hidden = np.array([s for s, _ in rows], float), np.array([y for _, y in rows], float)
    for weights in ([1] * len(rows), [1 + n % 3 for n in range(len(rows))]):
        won = every = 0.0
        for (one, is_hidden), w in zip(rows, weights, strict=True):
            for (other, other_hidden), v in zip(rows, weights, strict=True):
                if is_hidden and not other_hidden:
                    every += w * v
                    won += w * v * ((one > other) + (one == other) / 2)
        assert auc(scores, hidden, np.array(weights, float)) == pytest.approx(won / every)


def judged(seed: int, signal: float, by_degrees: float = 0.0) -> Judged:
    rng = np.random.default_rng(seed)
    logits = -3 + signal * rng.normal(size=2_000)
    hidden = (rng.random(2_000) < expit(logits)).astype(float)
    plain = expit(logits) if by_degrees else np.full(2_000, hidden.mean())
    return Judged(expit(logits), plain, hidden, np.ones(2_000))


def test_what_tells_is_said_and_what_does_not_is_not() -> None:
    assert not skill([judged(n, 2.0) for n in range(20)], 0.1).silent
    lot = [
        each._replace(hidden=np.random.default_rng(n).permutation(each.hidden))
        for n, each in enumerate(judged(n, 2) for n in range(20))
    ]
    assert "no better than a coin" in skill(lot, 0.1).silent
    assert "who has many ties" in skill([judged(n, 2.0, by_degrees=1) for n in range(20)], 0.1).silent


def test_each_reason_to_be_silent_comes_in_turn() -> None:
    good, bad = Interval(0.6, 0.55, 0.65), Interval(0.5, -0.1, 0.7)
    assert "coin" in Skill(bad, good, good, ()).silent
    assert "in the mean" in Skill(good, bad, good, ()).silent
    assert "many ties" in Skill(good, good, bad, ()).silent
    assert Skill(good, good, good, ()).silent == ""


def test_an_interval_is_wider_for_hold_outs_that_have_much_in_common() -> None:
    rows = [0.1, 0.2, 0.3, 0.2]
    assert (
        interval(rows, 0.5, 0.9).high > interval(rows, 0.1, 0.9).high > np.mean(rows) == interval(rows, 0.1, 0.9).mean
    )
    assert interval([0.2, 0.2], 0.1, 0.9) == Interval(0.2, 0.2, 0.2)


def test_reliability_sets_what_was_said_beside_what_came_true() -> None:
    told = reliability([Judged(np.array([0.02, 0.02, 0.4]), np.zeros(3), np.array([0, 1.0, 1]), np.array([1.0, 3, 2]))])
    assert told == (Bin(0.02, 0.75, 4.0), Bin(0.4, 1.0, 2.0))
