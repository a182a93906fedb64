"""Projections, computed by plain loops over records: slow, and independent of the arrays."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import combinations, pairwise, product

import networkx as nx

from tests.analytics.cases import eid
from workbench.model.ontology import ontology
from workbench.model.record import Record, Role
from workbench.view.view import View

SHARED = {
    "Holding": ("holder", "held"),
    "Crossing": ("traveller", "vehicle"),
    "Residence": ("resident", "place"),
    "Involvement": ("involved", "event"),
    "Directorship": ("director", "organization"),
    "Observation": ("companion", "observed"),
}
COMMON = (
    (("Address", ""), 12, (("Residence", "resident", "place"),)),
    (("Address", ""), 12, (("Observation", "observed", "place"), ("Crossing", "traveller", "post"))),
    (("Phone", ""), 20, (("Call", "caller", "receiver"),)),
    (("Phone", "BankAccount", "Vehicle", ""), 12, (("Holding", "holder", "held"),)),
    (
        ("BankAccount", ""),
        12,
        (
            ("Transfer", "payerAccount", "beneficiaryAccount"),
            ("Transfer", "beneficiaryAccount", "payerAccount"),
        ),
    ),
)
OUT, IN = {"victim", "witness", "lawyer", "officer", "reporter"}, {"suspect", "convicted"}
SIDES = (("payerAccount", "payer"), ("beneficiaryAccount", "beneficiary"))
FLOWS = [(x, y) for x, y in (("payerAccount", "beneficiaryAccount"), ("payerAccount", "beneficiary"))]
FLOWS += [("payer", "beneficiaryAccount"), ("payer", "beneficiary")]
_BEGINNING, _END = datetime(1, 1, 1), datetime(9999, 12, 31)  # noqa: DTZ001 - all of them are UTC


class Case:
    """The records of a view, with the canonical ids and schemata of all entities in them."""

    def __init__(self, view: View, records: Iterable[Record]) -> None:
        self.view, self.records = view, list(records)
        self.schema: dict[str, str] = {}
        said: dict[str, set[str]] = defaultdict(set)
        for each in self.records:
            if not ontology().is_relationship(each.schema):
                said[view.canonical(each.entity)].add(each.schema)
        self.schema = {entity: ontology().narrowest(names) for entity, names in said.items()}

    def of(self, entity: str, *schemata: str) -> bool:
        """Whether an entity is of one of these schemata; "" stands for stubs."""
        known = self.schema.get(entity, "")
        return any(known == "" if name == "" else known and ontology().is_a(known, name) for name in schemata)

    def filled(self, record: Record, role: str) -> list[str]:
        """Canonical ids that fill a role of a record."""
        agency = record.dataset.agency
        return [self.view.canonical(eid(each.ref, agency)) for each in record.roles if each.name == role]

    def pairs(self, record: Record) -> Iterator[tuple[Role, Role, str, str]]:
        """All pairs of different entities in different roles of a record."""
        for x, y in combinations(record.roles, 2):
            a, b = (self.view.canonical(eid(each.ref, record.dataset.agency)) for each in (x, y))
            if x.name != y.name and a != b:
                yield x, y, a, b

    def common(self) -> set[str]:
        """The common values: addresses, cameras, phones and accounts with too many holders or partners."""
        found: set[str] = set()
        for schemata, limit, patterns in COMMON:
            users: dict[str, set[str]] = defaultdict(set)
            for each in self.records:
                for schema, who, what in patterns:
                    for x in self.filled(each, who) if each.schema == schema else ():
                        for y in self.filled(each, what):
                            users[y] |= {x} - {y}
            found |= {y for y, who in users.items() if len(who) > limit and self.of(y, *schemata)}
        return found

    def outsiders(self) -> set[str]:
        """Victims, witnesses, lawyers, officers and reporters who are not also suspects or convicts."""
        said: dict[str, set[str]] = defaultdict(set)
        for each in self.records:
            if each.schema == "Involvement":
                for who in self.filled(each, "involved"):
                    said[who].update(v.casefold() for v in each.values().get("capacity", ()))
        found = {who for who, names in said.items() if names & OUT and not names & IN}
        return found | {entity for entity, schema in self.schema.items() if schema == "Officer"}


def persons(case: Case, count_common: bool, outsiders: bool) -> "nx.Graph[str]":
    """The ties of the projection `persons`."""
    aside = set() if count_common else case.common()
    out = set() if outsiders else case.outsiders()
    member = {entity for entity in case.schema if case.of(entity, "Person")} - out
    shared: dict[str, set[str]] = defaultdict(set)
    stands: dict[str, set[str]] = defaultdict(set, {entity: {entity} for entity in member})
    for each in case.records:
        if each.schema not in SHARED:
            continue
        who, what = SHARED[each.schema]
        for x in case.filled(each, who):
            for y in case.filled(each, what):
                if x in member and y not in member and y not in aside and x != y:
                    shared[y].add(x)
                if (
                    each.schema == "Holding"
                    and x in member
                    and y not in aside
                    and case.of(y, "Phone", "BankAccount", "")
                ):
                    stands[y].add(x)
    graph: nx.Graph[str] = nx.Graph()
    for who_shares in shared.values():
        graph.add_edges_from(combinations(sorted(who_shares), 2))
    for each in case.records:
        for a, b in _between(case, each, aside, member):
            graph.add_edges_from((p, q) for p in stands.get(a, ()) for q in stands.get(b, ()) if p != q)
    return graph


def _between(case: Case, record: Record, aside: set[str], member: set[str]) -> Iterator[tuple[str, str]]:
    if not ontology().is_relationship(record.schema):
        return
    sides = (("caller",), ("receiver",)) if record.schema == "Call" else SIDES
    joined = [(a, b) for x, y, a, b in case.pairs(record) if _across(x.name, y.name, sides)]
    if any(end in aside for pair in joined for end in pair):
        return
    yield from joined
    yield from ((a, b) for _, _, a, b in case.pairs(record) if a in member and b in member)


def _across(x: str, y: str, sides: tuple[tuple[str, ...], tuple[str, ...]]) -> bool:
    return (x in sides[0] and y in sides[1]) or (x in sides[1] and y in sides[0])


def everything(case: Case, count_common: bool, outsiders: bool) -> "nx.Graph[str]":
    """The ties of the projection `all`."""
    off = (set() if count_common else case.common()) | (set() if outsiders else case.outsiders())
    graph: nx.Graph[str] = nx.Graph()
    graph.add_edges_from((a, b) for each in case.records for _, _, a, b in case.pairs(each) if not {a, b} & off)
    return graph


def money(case: Case, count_common: bool, outsiders: bool) -> "nx.DiGraph[str]":
    """The payments of the projection `money`; an account with one holder is replaced by the holder.

    An account that only outsiders hold is left out with them.
    """
    aside = set() if count_common else case.common()
    out = set() if outsiders else case.outsiders()
    holders = _holders(case, aside)
    out |= {account for account, held_by in holders.items() if held_by <= out}
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edges_from((a, b) for a, b, _ in _moves(case, holders, aside) if a != b)
    if outsiders:
        graph.add_edges_from((a, b) for a, b, _ in _moves_of_paths(case, aside) if a != b)
    graph.remove_nodes_from(out)
    graph.remove_nodes_from(list(nx.isolates(graph)))
    return graph


def _moves(case: Case, holders: dict[str, set[str]], aside: set[str]) -> Iterator[tuple[str, str, str]]:
    """Payments with the record's date; "" also between a joint account and its holders."""
    for account, held_by in holders.items():
        for x, y in ((_node(holders, who), _node(holders, account)) for who in held_by):
            yield from ((x, y, ""), (y, x, ""))

    for each in case.records:
        if each.schema == "Transfer":
            for x, y in _flows(case, each, aside):
                yield _node(holders, x), _node(holders, y), "".join(each.values().get("date", ()))


def _node(holders: dict[str, set[str]], entity: str) -> str:
    """The only holder of an account, followed to the end; itself if it has several holders or they form a ring."""
    way = [entity]
    while len(only := holders.get(way[-1], set())) == 1:
        (holder,) = only
        if holder in way:
            return holder
        way.append(holder)
    return way[-1]


def money_node(case: Case, entity: str) -> str:
    """The node for an entity in paths of money."""
    return _node(_holders(case, case.common()), entity)


def _moves_of_paths(case: Case, aside: set[str]) -> Iterator[tuple[str, str, str]]:
    """The flows that paths follow: these, other pairs of ends in a payment, and persons named beside an account."""
    holders = _holders(case, aside)
    yield from _moves(case, holders, aside)
    for each in case.records:
        if each.schema == "Transfer":
            for x, y in _every_flow(case, each, aside) if _flows(case, each, aside) else ():
                yield _node(holders, x), _node(holders, y), "".join(each.values().get("date", ()))
            for account, party in SIDES:
                for x, y in product(case.filled(each, party), case.filled(each, account)):
                    if x != y and y not in aside and case.of(y, "BankAccount", ""):
                        who, what = _node(holders, x), _node(holders, y)
                        yield from ((who, what, ""), (what, who, ""))


def _every_flow(case: Case, record: Record, aside: set[str]) -> Iterator[tuple[str, str]]:
    """All pairs of payers and beneficiaries of a payment, and its place if it is in cash."""
    payers, paid = ([end for role in side for end in case.filled(record, role)] for side in SIDES)
    yield from product(payers, paid)
    if not any(case.of(b, "BankAccount") for b in paid):
        yield from product(set(payers) - aside, set(case.filled(record, "location")) - aside)


def money_ways(case: Case, start: str, end: str) -> list[tuple[int, datetime, tuple[str, ...]]]:
    """Every path of money that is possible forward in time: steps, earliest arrival and entities, the best first.

    The earliest possible moment is chosen for each payment of a path in turn.
    """
    aside = case.common()
    moves: dict[tuple[str, str], list[tuple[datetime, datetime]]] = defaultdict(list)
    for a, b, date in _moves_of_paths(case, aside):
        moves[a, b].append(_moments(date))
    found = []
    graph = nx.DiGraph(list(moves))
    for nodes in nx.all_simple_paths(graph, start, end) if {start, end} <= set(graph) else ():
        every = (_arrival(spans) for spans in product(*(moves[pair] for pair in pairwise(nodes))))
        arrivals = [each for each in every if each is not None]
        if arrivals:
            found.append((len(nodes) - 1, min(arrivals), tuple(nodes)))
    return sorted(found)


def _arrival(spans: Iterable[tuple[datetime, datetime]]) -> datetime | None:
    now = _BEGINNING
    for first, last in spans:
        now = max(now, first)
        if now > last:
            return None
    return now


def _moments(date: str) -> tuple[datetime, datetime]:
    """The first and the last moment that a date can mean; the date is a month, a day, a moment or empty."""
    if not date:
        return _BEGINNING, _END
    first = datetime.fromisoformat(date if len(date) > 7 else f"{date}-01")
    long = {7: timedelta(days=monthrange(first.year, first.month)[1]), 10: timedelta(days=1)}
    return first, first + long[len(date)] - timedelta(seconds=1) if len(date) in long else first


def _holders(case: Case, aside: set[str]) -> dict[str, set[str]]:
    recorded: dict[str, set[str]] = defaultdict(set)
    said: dict[str, set[str]] = defaultdict(set)
    for each in case.records:
        found: list[tuple[str, str, dict[str, set[str]]]] = [("holder", "held", recorded)]
        if each.schema == "Transfer":
            found = [(party, account, said) for account, party in SIDES]
        elif each.schema == "Ownership":
            found = [("owner", "asset", recorded)]
        elif each.schema != "Holding":
            continue
        for party, account, into in found:
            for x in case.filled(each, party):
                for y in case.filled(each, account):
                    if x != y and y not in aside and case.of(y, "BankAccount", ""):
                        into[y].add(x)
    return {**said, **recorded}


def _flows(case: Case, record: Record, aside: set[str]) -> list[tuple[str, str]]:
    """The flow between the best pair of ends, or to the place of a payment without a target account."""
    found: list[tuple[str, str, str, str]] = []
    for x, y in FLOWS:
        ends = [(a, b) for a in case.filled(record, x) for b in case.filled(record, y) if a != b]
        found += [(x, y, a, b) for a, b in ends]
    if any(end in aside for _, _, *ends in found for end in ends):
        return []
    best = [(a, b) for x, y, a, b in found if (x, y) == found[0][:2]]
    if not any(case.of(b, "BankAccount") for *_, b in found):
        payers = case.filled(record, "payerAccount") or case.filled(record, "payer")
        places = case.filled(record, "location")
        best += [(a, b) for a in payers for b in places if a != b and not {a, b} & aside]
    return best


PROJECTIONS: "dict[str, Callable[[Case, bool, bool], nx.Graph[str]]]" = {
    "all": everything,
    "money": money,
    "persons": persons,
}
