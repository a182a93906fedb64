"""The background: exactly as many records as asked for, one network with hubs and communities, or none at all.

Its shape is measured here by networkx and by counting, not by what drew it.
"""

import tracemalloc
from collections import Counter
from functools import cache
from hashlib import sha256
from itertools import combinations
from math import log

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scenario.backgrounds import ALONE, kinds_of, ledger_of, network_of, picture_of, told_to
from tests.stores import examples
from workbench.scenario.background.chance import Chance
from workbench.scenario.background.counting import Seen
from workbench.scenario.background.naming import Naming
from workbench.scenario.background.network import LEAST_RECORDS, Network, plan
from workbench.scenario.background.population import AGENCIES
from workbench.scenario.background.shape import Structure, shape_of
from workbench.scenario.saying import Ledger, Saying, Tally

SEEDS = (1, 2, 3)
MANY = 20_000
STRUCTURES: tuple[Structure, ...] = ("communities", "none")


@cache
def ledger(seed: int, structure: Structure) -> Ledger:
    return ledger_of(network_of(MANY, seed, structure))


@cache
def ties(seed: int, structure: Structure) -> "nx.Graph[str]":
    """Who is tied to whom, by calls, payments and what they share; common values are set aside."""
    graph: nx.Graph[str] = nx.Graph()
    for a, others in picture_of(ledger(seed, structure), AGENCIES).between_persons(everybody=True).items():
        graph.add_edges_from((a, b) for b in others)
    return graph


@cache
def everything(seed: int, structure: Structure) -> "nx.Graph[str]":
    graph: nx.Graph[str] = nx.Graph()
    picture = picture_of(ledger(seed, structure), AGENCIES)
    graph.add_nodes_from(set(picture.entities) - set(picture.common))
    graph.add_edges_from((a, b) for a, others in picture.of_everything().items() for b in others)
    return graph


# -- how much ----------------------------------------------------------------------------------------


@settings(max_examples=examples(20), deadline=None)
@given(st.integers(LEAST_RECORDS, 3_000), st.integers(0, 10**6), st.sampled_from(STRUCTURES))
def test_exactly_as_many_records_as_asked_for(records: int, seed: int, structure: Structure) -> None:
    told = ledger_of(network_of(records, seed, structure))
    assert len(told.records) == records
    described = {(one.agency, one.source) for one in told.records if one.source}
    assert {(one.agency, ref) for one in told.records for _, ref in one.roles} <= described


def test_too_few_records_are_no_background() -> None:
    assert plan(LEAST_RECORDS - 1, 1, shape_of(1, "communities"), ALONE) is None


@settings(max_examples=examples(10), deadline=None)
@given(st.integers(LEAST_RECORDS, 2_000), st.integers(0, 10**6), st.sampled_from(STRUCTURES))
def test_the_same_numbers_make_the_same_background(records: int, seed: int, structure: Structure) -> None:
    once, again = (ledger_of(network_of(records, seed, structure)) for _ in range(2))
    assert once.records == again.records
    assert once.who == again.who
    assert ledger_of(network_of(records, seed + 1, structure)).records != once.records


@settings(max_examples=examples(12), deadline=None)
@given(st.integers(LEAST_RECORDS, 4_000), st.integers(0, 10**6), st.sampled_from(STRUCTURES))
def test_ties_and_common_values_are_counted_as_every_set_of_agencies_sees_them(
    records: int, seed: int, structure: Structure
) -> None:
    network = network_of(records, seed, structure)
    told, seen = ledger_of(network), Seen(network)
    for many in range(1, 5):
        for agencies in combinations(AGENCIES, many):
            between = picture_of(told, agencies).between_persons(everybody=True)
            assert seen.ties(agencies) == sum(map(len, between.values())) // 2
    union = picture_of(told, AGENCIES)
    assert seen.common() == Counter(union.kinds[name] for name in union.common)
    assert not union.mistaken
    assert len(set(union.names.values())) == len(set(told.who.values()))  # all are joined with themselves


@pytest.mark.night(reason="two large cases are made")
def test_memory_is_bounded() -> None:
    """A larger background takes more memory for arrays and for what is referred to again, and not for records."""
    peaks = {}
    for records in (20_000, 60_000):
        network = network_of(records, 4)
        tracemalloc.start()
        told_to(Tally(), network)
        peaks[records] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert (peaks[60_000] - peaks[20_000]) / 40_000 < 200


# -- the network -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("structure", STRUCTURES)
@pytest.mark.parametrize("seed", SEEDS)
def test_nearly_all_are_in_one_component_and_a_few_are_in_small_ones(seed: int, structure: Structure) -> None:
    sizes = sorted(map(len, nx.connected_components(everything(seed, structure))), reverse=True)
    assert sizes[0] > 0.9 * sum(sizes)
    assert len(sizes) > 10
    assert sizes[1] < 0.02 * sum(sizes)
    persons = sorted(map(len, nx.connected_components(ties(seed, structure))), reverse=True)
    assert persons[0] > 0.9 * len(network_of(MANY, seed, structure).population.people)


def test_all_four_agencies_are_in_one_component() -> None:
    graph, picture = everything(1, "communities"), picture_of(ledger(1, "communities"), AGENCIES)
    largest = max(nx.connected_components(graph), key=len)
    assert set().union(*(picture.entities[name] for name in largest)) == set(AGENCIES)
    known = Counter(len(agencies) for name, agencies in picture.entities.items() if name in picture.persons)
    assert 0.03 < known[2] / known.total() < 0.2
    assert 0 < known[3] < known[2]


@pytest.mark.parametrize("seed", SEEDS)
def test_there_are_hubs_of_every_kind(seed: int) -> None:
    shaped, plain = ({kind: _degrees(seed, each, kind) for kind in _KINDS} for each in STRUCTURES)
    for kind in _KINDS:
        assert shaped[kind][0] > 1.5 * plain[kind][0], kind
        assert shaped[kind][0] > 5 * shaped[kind][len(shaped[kind]) // 2], kind
    for kind in ("Phone", "BankAccount"):  # the tail falls as a power law, and by chance much faster
        assert 2 < _hill(shaped[kind]) < 5 < _hill(plain[kind]), kind


_KINDS = ("Phone", "BankAccount", "Address", "Vehicle")
_ENDS = {
    "Call": ("caller", "receiver"),
    "Transfer": ("payerAccount", "beneficiaryAccount"),
    "Residence": ("resident", "place"),
    "Crossing": ("traveller", "vehicle"),
}


def _degrees(seed: int, structure: Structure, kind: str) -> list[int]:
    """How many others each of a kind is tied to by calls, payments, residence or crossings, the largest first."""
    told, graph = ledger(seed, structure), nx.Graph()
    schemata = {(one.agency, one.source): one.schema for one in told.records if one.source}
    for one in told.records:
        if one.schema in _ENDS:
            graph.add_edge(*(told.who[one.agency, one.fills(role)] for role in _ENDS[one.schema]))
    kinds = {told.who[sighting]: schema for sighting, schema in schemata.items()}
    return sorted((degree for name, degree in graph.degree if kinds[name] == kind), reverse=True)


def _hill(degrees: list[int]) -> float:
    """The exponent of a power law from its largest values (Hill 1975)."""
    many = len(degrees) // 20
    return 1 + many / sum(log(each / degrees[many]) for each in degrees[:many])


def test_shape_differs_from_seed_to_seed_and_is_what_is_measured() -> None:
    shapes = [shape_of(seed, "communities") for seed in range(40)]
    for name in ("tail", "community_tail", "between_communities", "known_to_several", "contacts", "repeats"):
        drawn = [getattr(shape, name) for shape in shapes]
        assert max(drawn) > 1.2 * min(drawn), name
    for seed in SEEDS:
        network = network_of(MANY, seed)
        several = picture_of(ledger(seed, "communities"), AGENCIES)
        share = sum(len(several.entities[name]) > 1 for name in several.persons) / len(several.persons)
        assert share == pytest.approx(network.shape.known_to_several, abs=0.02)
        calls = Counter(one.roles for one in ledger(seed, "communities").records if one.schema == "Call")
        assert 0.9 * network.shape.repeats < calls.total() / len(calls) < 1.6 * network.shape.repeats


def test_the_more_ties_leave_communities_the_less_modular_is_the_network() -> None:
    shares = {seed: shape_of(seed, "communities").between_communities for seed in range(60)}
    least, most = min(shares, key=shares.__getitem__), max(shares, key=shares.__getitem__)
    assert _modularity(ties(least, "communities")) > _modularity(ties(most, "communities")) + 0.1


def test_communities_are_of_unequal_sizes() -> None:
    sizes = sorted(Counter(network_of(MANY, 1).population.people.community.tolist()).values(), reverse=True)
    assert sizes[0] > 8 * sizes[len(sizes) // 2]
    assert sizes[-1] <= 3


# -- without structure -------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_without_structure_there_are_the_same_entities_and_as_many_ties_of_each_kind(seed: int) -> None:
    shaped, plain = (ledger(seed, structure) for structure in STRUCTURES)
    assert kinds_of(shaped) == kinds_of(plain)
    assert shaped.who == plain.who
    assert [one for one in shaped.records if _describes(one)] == [one for one in plain.records if _describes(one)]


def _describes(one: Saying) -> bool:
    """Whether a record says what something is, elsewhere than among plate reads, where a line depends on the reads."""
    return bool(one.source) and one.file not in ("plate_reads.csv",)


@pytest.mark.parametrize("seed", SEEDS)
def test_without_structure_there_are_no_communities(seed: int) -> None:
    """The best partition is about as good as that of a random network with the same degrees."""
    excess = {}
    for structure in STRUCTURES:
        graph = ties(seed, structure)
        random = nx.double_edge_swap(graph.copy(), 3 * graph.size(), 100 * graph.size(), seed=seed)
        excess[structure] = _modularity(graph) - _modularity(random)
    assert excess["none"] < 0.08
    assert excess["communities"] > 0.15


def _modularity(graph: "nx.Graph[str]") -> float:
    return float(nx.community.modularity(graph, nx.community.louvain_communities(graph, seed=1)))


# -- names -------------------------------------------------------------------------------------------------


def names_of(network: Network) -> list[tuple[str, str]]:
    """Given and family name of everybody, as if all were born in one country."""
    naming = Naming(Chance(network.seed), network)
    people = (naming.person(number, "nl") for number in range(len(network.population.people)))
    return [(given, family) for given, _, family in (each.latin.partition(" ") for each in people)]


@pytest.mark.parametrize("seed", SEEDS)
def test_names_grow_with_the_people_and_more_slowly(seed: int) -> None:
    few, many = (names_of(network_of(records, seed)) for records in (10_000, 200_000))
    times = len(many) / len(few)
    assert times > 15
    for part, least, most in ((0, 2, 5), (1, 3.5, 10)):
        grown = len({name[part] for name in many}) / len({name[part] for name in few})
        assert least < grown < most < times


@pytest.mark.parametrize("seed", SEEDS)
def test_few_names_are_very_frequent_and_many_are_rare(seed: int) -> None:
    names = names_of(network_of(200_000, seed))
    for part, least, most in ((0, 0.02, 0.08), (1, 0.004, 0.03)):
        counted = Counter(name[part] for name in names).most_common()
        assert least < counted[0][1] / len(names) < most
        assert sum(n == 1 for _, n in counted) > 0.3 * len(counted)
        assert sum(n for _, n in counted[: len(counted) // 10]) > 0.5 * len(names)


def test_some_have_one_name_and_year_of_birth() -> None:
    network = network_of(200_000, 1)
    born = Chance(network.seed).below("born", len(network.population.people), 55).tolist()
    alike = Counter(zip(names_of(network), born, strict=True))
    assert sum(n for n in alike.values() if n > 1) > 20


@pytest.mark.parametrize("culture", ["nl", "bg", "cy", "ma"])
def test_names_are_written_in_every_script(culture: str) -> None:
    network = network_of(10_000, 5)
    naming = Naming(Chance(network.seed), network)
    for number in range(500):
        name = naming.person(number, culture)
        assert name.latin.isascii()
        name.cyrillic.encode("windows-1251")
        assert not any(each.isascii() and each.isalpha() for each in name.cyrillic + name.greek + name.arabic)
        assert bool(name.arabic) == (culture == "ma")
        assert name.latin == " ".join(name.latin.split())


# -- chance --------------------------------------------------------------------------------------------------


@given(st.integers(0, 10**9), st.text(max_size=8), st.integers(0, 300), st.integers(1, 10**9))
def test_chance_goes_by_place(seed: int, stream: str, many: int, limit: int) -> None:
    chance = Chance(seed)
    found = chance.below(stream, many, limit).tolist()
    assert all(0 <= each < limit for each in found)
    assert chance.below(stream, many + 5, limit).tolist()[:many] == found
    assert ((chance.heavy(stream, many, 2.5, 9.0) >= 1) & (chance.heavy(stream, many, 2.5, 9.0) <= 9)).all()


def test_chance_is_the_published_method() -> None:
    """The first numbers of SplitMix64 from a known state, by Python's whole numbers."""
    state = int.from_bytes(sha256(b"7:a stream").digest()[:8], "little")
    expected = []
    for _ in range(50):
        state = (state + 0x9E3779B97F4A7C15) % 2**64
        z = (state ^ state >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ z >> 27) * 0x94D049BB133111EB % 2**64
        expected.append(((z ^ z >> 31) >> 11) / 2**53)
    assert Chance(7).parts("a stream", 50).tolist() == expected
