"""Hold-outs leave nobody without a tie, and hide the ties of one event together."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics.links.networks import any_network, friends
from tests.stores import examples
from workbench.analytics.engines import Network
from workbench.analytics.links.hiding import without_nodes, without_ties


def pairs(network: Network) -> set[tuple[int, int]]:
    return set(zip(network.a.tolist(), network.b.tolist(), strict=True))


@settings(max_examples=examples(100), deadline=None)
@given(any_network(), st.integers(0, 3), st.floats(0.05, 0.5))
def test_nobody_loses_the_last_tie(network: Network, seed: int, share: float) -> None:
    left, hidden = without_ties(network, share, np.random.default_rng(seed))
    assert ((left.degrees > 0) == (network.degrees > 0)).all()
    assert hidden.sum() <= max(1, round(share * network.m))
    gone = set(zip(network.a[hidden].tolist(), network.b[hidden].tolist(), strict=True))
    assert pairs(left) | gone == pairs(network)
    assert not pairs(left) & gone


def test_as_many_are_hidden_as_were_asked_for_where_that_is_possible() -> None:
    left, hidden = without_ties(friends(), 0.1, np.random.default_rng(0))
    assert hidden.sum() == round(0.1 * friends().m) == friends().m - left.m


@settings(max_examples=examples(60), deadline=None)
@given(any_network(), st.integers(0, 3))
def test_ties_of_one_event_are_hidden_together(network: Network, seed: int) -> None:
    events = np.arange(network.m) // 3
    _, hidden = without_ties(network, 0.3, np.random.default_rng(seed), events)
    assert all(len(set(hidden[events == each].tolist())) == 1 for each in np.unique(events))


@settings(max_examples=examples(60), deadline=None)
@given(any_network(), st.integers(0, 3))
def test_without_a_node_nobody_else_is_left_alone(network: Network, seed: int) -> None:
    left, gone = without_nodes(network, 0.2, np.random.default_rng(seed))
    assert not left.degrees[gone].any()
    assert ((left.degrees > 0) == (network.degrees > 0))[~gone].all()
    assert pairs(left) == {(a, b) for a, b in pairs(network) if not gone[a] and not gone[b]}
