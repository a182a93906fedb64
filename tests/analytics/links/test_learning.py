"""What is learnt of a network: the likeliest pairs, how sure they are, and when nothing is said."""

import networkx as nx
import numpy as np
import pytest

from tests.analytics.links.networks import by_lot, friends, network_of
from workbench.analytics.engines import Network
from workbench.analytics.links import fairness
from workbench.analytics.links import untied as sampling
from workbench.analytics.links.features import Pairs
from workbench.analytics.links.future import FADES, Periods
from workbench.analytics.links.learning import best_of, future_ties, hidden_ties, interval, missing_ties
from workbench.analytics.links.training import FIRST, FOLDS, HoldOut, Trained, others
from workbench.analytics.links.untied import untied


@pytest.fixture(scope="module")
def learnt() -> Trained:
    """What is learnt of friends."""
    found = missing_ties(friends(), 0.1, 0)
    assert not found.silent
    assert found.trained is not None
    return found.trained


def test_the_best_are_the_likeliest_of_all_pairs(learnt: Trained) -> None:
    network = friends()
    some = untied(network, np.random.default_rng(0))
    pairs = Pairs.of(network, some.a, some.b)
    said = learnt.stack.chances(learnt.standings(pairs))
    best = best_of(network, learnt, 7)
    assert best.candidates == len(some.a)
    assert 1 / (1 + np.exp(-best.logits)) == pytest.approx(np.sort(said)[::-1][:7])
    assert said.sum() == pytest.approx(learnt.expected)


def test_equals_at_the_cut_are_counted_and_come_by_their_nodes(learnt: Trained) -> None:
    every = best_of(friends(), learnt, 10_000)
    logits = every.logits.tolist()
    cut = next(n for n in range(1, len(logits)) if logits[n] == logits[n - 1])
    best = best_of(friends(), learnt, cut)
    assert best.equals == logits.count(logits[cut]) - logits[:cut].count(logits[cut]) > 0
    assert best.pairs.a.tolist() == every.pairs.a.tolist()[:cut]


def test_pairs_that_are_left_out_are_no_candidates(learnt: Trained) -> None:
    first = best_of(friends(), learnt, 1).pairs
    code = first.a * friends().n + first.b
    again = best_of(friends(), learnt, 1, code)
    assert (again.pairs.a * friends().n + again.pairs.b).tolist() != code.tolist()
    assert again.candidates == best_of(friends(), learnt, 1).candidates - 1


def test_an_interval_holds_the_probability(learnt: Trained) -> None:
    pairs = best_of(friends(), learnt, 30).pairs
    standings = learnt.standings(pairs)
    low, high = interval(learnt, standings)
    said = learnt.stack.chances(standings)
    assert ((low <= said) & (said <= high)).all()
    assert (low < high).any()


def test_a_large_network_is_learnt_from_a_sample_and_about_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = missing_ties(friends(), 0.1, 0)
    monkeypatch.setattr(sampling, "MOST", 0)
    sampled = missing_ties(friends(), 0.1, 0)
    assert whole.trained is not None
    assert sampled.trained is not None
    assert sampled.trained.skill.auc.mean == pytest.approx(whole.trained.skill.auc.mean, abs=0.05)
    assert sampled.trained.expected == pytest.approx(whole.trained.expected, abs=0.5)
    first = best_of(friends(), sampled.trained, 5).pairs
    assert set((first.a // 6 == first.b // 6).tolist()) == {True}


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_said_of_ties_by_lot(seed: int) -> None:
    assert missing_ties(by_lot(seed=seed), 0.1, seed).silent
    assert hidden_ties(by_lot(seed=seed), 0.1, seed).silent


def test_where_degrees_are_all_that_there_is_the_stack_is_no_better_than_they_are() -> None:
    """Ties by lot, where some have many: a stack that is calibrated must not win over degrees that are not."""
    wanted = [2 + 24 * n / 53 for n in range(54)]
    better = []
    for seed in range(4):
        graph = nx.expected_degree_graph(wanted, seed=seed, selfloops=False)
        found = missing_ties(network_of([tuple(sorted(each)) for each in graph.edges], 54), 0.1, seed)
        assert found.silent
        assert found.trained is not None
        better.append(found.trained.skill.beside_degrees.mean)
    assert np.mean(better) < 0.002


@pytest.mark.parametrize(
    ("network", "why"),
    [
        (network_of([(0, 1)]), "too few ties"),
        (network_of([(a, b) for a in range(7) for b in range(a + 1, 7)]), "tied to everybody"),
        (network_of([(2 * n, 2 * n + 1) for n in range(30)]), "too many have a single tie"),
    ],
)
def test_nothing_is_said_of_what_is_too_small_to_hide_something(network: Network, why: str) -> None:
    found = missing_ties(network, 0.1, 0)
    assert why in found.silent
    assert found.best(5) is None


def test_the_same_seed_learns_the_same() -> None:
    one, other = (missing_ties(friends(), 0.1, 3).trained for _ in range(2))
    assert one is not None
    assert other is not None
    assert one.stack.coefficients.tolist() == other.stack.coefficients.tolist()


def test_the_more_is_missing_the_likelier_each_pair(learnt: Trained) -> None:
    more = missing_ties(friends(), 0.3, 0).trained
    assert more is not None
    assert more.expected == pytest.approx(learnt.expected * 0.3 / 0.7 * 9)
    assert best_of(friends(), more, 20).logits.sum() > best_of(friends(), learnt, 20).logits.sum()


def test_a_stack_is_fitted_with_the_share_that_was_hidden_of_all_that_should_be_there(learnt: Trained) -> None:
    """If a tenth of all ties is missing, 11 are for each 100 that are known, of which 10 were hidden."""
    assert learnt.stack.known == pytest.approx(10 / (10 + 100 / 9))


def test_a_stack_that_is_judged_knows_nothing_of_the_hold_outs_on_which_it_is_judged() -> None:
    codes = np.arange(8)
    held = [
        HoldOut(codes, np.zeros((8, 1)), np.where(codes == at % 8, 1.0, 0.0), np.ones(8)) for at in range(2 * FOLDS)
    ]
    for fold in range(FOLDS):
        hidden = {code for each in held[fold::FOLDS] for code in each.codes[each.hidden > 0].tolist()}
        rest = others(held, fold)
        assert len(rest) == len(held) - 2
        for each in rest:
            assert each.codes.tolist() == [code for code in codes.tolist() if code not in hidden]
            assert len(each.hidden) == len(each.weights) == len(each.standings) == len(each.codes)


# -- hidden ----------------------------------------------------------------------------------------------


def test_who_belong_together_through_somebody_unseen_are_found() -> None:
    """Rings of six around one whom all know: without him those of a ring are still the likeliest."""
    rings = [
        pair
        for ring in range(12)
        for n in range(6)
        for pair in ((7 * ring + n, 7 * ring + 6), tuple(sorted((7 * ring + n, 7 * ring + (n + 1) % 6))))
    ]
    between = [(7 * ring, 7 * (ring + 1)) for ring in range(11)]
    found = hidden_ties(network_of([*rings, *between]), 0.1, 0)
    assert found.trained is not None
    assert found.trained.skill.auc.low > 0.5
    best = best_of(found.network, found.trained, 20).pairs
    assert (best.a // 7 == best.b // 7).all()


# -- future ----------------------------------------------------------------------------------------------


def test_ties_fade_and_add_up() -> None:
    def ends(*pairs: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
        rows = np.array(pairs, np.int32)
        return rows[:, 0], rows[:, 1]

    network = Periods(3, (ends((0, 1)), ends((1, 0), (1, 2), (1, 2)))).faded()
    assert dict(zip(zip(network.a.tolist(), network.b.tolist(), strict=True), network.each_weight, strict=True)) == {
        (0, 1): pytest.approx(1 + FADES),
        (1, 2): 1,
    }


def periods(many: int, by_lot: bool = False) -> Periods:
    """Groups in which each period some meet for the first time; or anybody whom the lot falls on."""
    rng, n = np.random.default_rng(1), 60
    pairs = [(a, b) for a in range(n) for b in range(a + 1, n) if by_lot or a // 10 == b // 10]
    drawn = rng.permutation(len(pairs))[: 24 * many]
    return Periods(n, tuple(tuple(np.array([pairs[at] for at in part], np.int32).T) for part in np.split(drawn, many)))


def test_what_comes_is_foreseen_where_it_follows_on_what_was() -> None:
    found = future_ties(periods(10), 0)
    assert not found.silent
    best = found.best(10)
    assert best is not None
    assert (best.pairs.a // 10 == best.pairs.b // 10).all()


def test_nothing_is_foreseen_by_lot_or_of_few_periods() -> None:
    assert future_ties(periods(10, by_lot=True), 0).silent
    assert "too few periods" in future_ties(periods(4), 0).silent


# -- fairness --------------------------------------------------------------------------------------------


def test_errors_are_counted_by_group_and_by_how_often_somebody_was_observed(learnt: Trained) -> None:
    n = friends().n
    observed = np.arange(n)
    everybody = np.ones(n, bool)
    (whole,) = fairness.by_group(learnt, {"all": everybody}, observed)
    assert whole.named == 2 * FIRST * learnt.hold_outs
    assert whole.wrong == 2 * sum(int((each.hidden == 0).sum()) for each in learnt.first)
    assert whole.expected == pytest.approx(whole.wrong, abs=0.1)
    parts = fairness.by_exposure(learnt, observed)
    assert [each.nodes for each in parts] == [17, 16, 15] or sum(each.nodes for each in parts) == n
    assert sum(each.named for each in parts) == whole.named
    assert sum(each.wrong for each in parts) == whole.wrong
    assert sum(each.expected for each in parts) == pytest.approx(whole.wrong, abs=0.3)


def test_errors_lean_to_those_who_are_observed_often() -> None:
    found = missing_ties(friends(), 0.1, 0).trained
    assert found is not None
    wrong = np.zeros(friends().n, np.int64)
    for each in found.first:
        for code in each.codes[each.hidden == 0].tolist():
            wrong[[code // friends().n, code % friends().n]] += 1
    assert fairness.leaning(found, wrong) == pytest.approx(1)
    assert fairness.leaning(found, -wrong) == pytest.approx(-1)
    assert fairness.leaning(found, np.zeros(friends().n, np.int64)) == 0
