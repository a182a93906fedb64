"""Identity and ties in the files of a case, in plain networkx.

It imports nothing of the workbench, and reads the rules out of the design: what identifies
whom, which values are common, who is no subject of positions.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property
from itertools import combinations

import networkx as nx

from tests.scenario.rows import Known, Told

Seen = tuple[str, str]  # agency, id

THINGS = {"Phone", "BankAccount", "Vehicle", "Company"}
PERSONS = {"Person", "Officer"}
OUTSIDERS = {"victim", "witness", "officer", "lawyer"}
HOLDERS = ("holder", "owner", "resident", "involved", "director", "employee", "traveller", "companion")
SHARED = ("held", "asset", "place", "event", "organization", "employer", "vehicle", "observed")


class World:
    """The union of some rows. Nodes are canonical: the smallest (agency, id) of an entity's referents."""

    def __init__(self, told: Iterable[Told]) -> None:
        self.known = [row for row in told if isinstance(row, Known)]
        self.tied = [row for row in told if not isinstance(row, Known)]
        self.schemata = {(row.agency, row.id): row.schema for row in self.known}

    @cached_property
    def canonical(self) -> dict[Seen, Seen]:
        same = nx.Graph()
        same.add_nodes_from(self.schemata)
        for row in self.tied:
            same.add_nodes_from((row.agency, ref) for ref in row.roles.values())
        holders: dict[tuple[str, str], set[Seen]] = defaultdict(set)
        for row in self.known:
            if row.number and row.schema in THINGS | {"Person"}:
                holders["Person" if row.schema == "Person" else row.schema, row.number].add((row.agency, row.id))
        for (schema, _), those in holders.items():
            if schema in THINGS or len(those) <= 3:
                nx.add_path(same, sorted(those))
        for those in self._holders_of_one_account():
            nx.add_path(same, sorted(those))
        return {seen: min(group) for group in nx.connected_components(same) for seen in group}

    def _holders_of_one_account(self) -> list[set[Seen]]:
        files: dict[str, dict[str, set[Seen]]] = defaultdict(lambda: defaultdict(set))
        for row in self.tied:
            if row.schema == "Holding" and row.roles["held"].startswith("iban:"):
                files[row.roles["held"]][row.agency].add((row.agency, row.roles["holder"]))
        found = []
        for by_agency in files.values():
            those = set().union(*by_agency.values())
            one_each = all(len(each) == 1 for each in by_agency.values())
            if len(by_agency) > 1 and one_each and all(self.schemata[seen] in PERSONS for seen in those):
                found.append(those)
        return found

    def at(self, agency: str, ident: str) -> Seen:
        return self.canonical[agency, ident]

    @cached_property
    def kinds(self) -> dict[Seen, str]:
        return {self.canonical[seen]: schema for seen, schema in self.schemata.items()}

    @cached_property
    def outsiders(self) -> set[Seen]:
        said: dict[Seen, set[str]] = defaultdict(set)
        for row in self.tied:
            if row.schema == "Involvement":
                said[self.at(row.agency, row.roles["involved"])].add(row.capacity)
        out = {who for who, capacities in said.items() if capacities & OUTSIDERS and "suspect" not in capacities}
        return out | {who for who, schema in self.kinds.items() if schema == "Officer"}

    @cached_property
    def common(self) -> dict[Seen, int]:
        """Addresses, phones, accounts, vehicles with over 12 holders; called by over 20; over 12 counterparts."""
        holders: dict[Seen, set[Seen]] = defaultdict(set)
        callers: dict[Seen, set[Seen]] = defaultdict(set)
        partners: dict[Seen, set[Seen]] = defaultdict(set)
        for row in self.tied:
            who = {role: self.at(row.agency, ref) for role, ref in row.roles.items()}
            for holder, shared in zip(HOLDERS, SHARED, strict=True):
                if holder in who and shared in who:
                    holders[who[shared]].add(who[holder])
            if row.schema == "Call":
                callers[who["receiver"]].add(who["caller"])
            if {"payerAccount", "beneficiaryAccount"} <= set(who):
                partners[who["payerAccount"]].add(who["beneficiaryAccount"])
                partners[who["beneficiaryAccount"]].add(who["payerAccount"])
        limited = {"Address", "Phone", "BankAccount", "Vehicle"}
        over = {who: len(those) for who, those in holders.items() if len(those) > 12 and self.kinds[who] in limited}
        over |= {who: len(those) for who, those in callers.items() if len(those) > 20}
        return over | {who: len(those) for who, those in partners.items() if len(those) > 12}

    def everything(self, *, naive: bool = False) -> nx.Graph:
        """All pairs of roles of every row."""
        graph = nx.Graph()
        for row in [*self.tied, *self.known]:
            ends = {self.at(row.agency, ref) for ref in row.roles.values()}
            if isinstance(row, Known) and row.roles:
                ends.add(self.at(row.agency, row.id))
            graph.add_edges_from(combinations(sorted(ends), 2))
        if not naive:
            graph.remove_nodes_from(self.common)
        return graph

    def persons(self, *, everybody: bool = False, naive: bool = False) -> nx.Graph:
        """Persons who share something, whose phones call, whose accounts pay one another."""
        aside = set() if naive else set(self.common)
        members = {who for who, schema in self.kinds.items() if schema in PERSONS}
        members -= set() if everybody else self.outsiders
        shared, held = nx.Graph(), nx.Graph()
        for row in self.tied:
            for holder, thing in zip(HOLDERS, SHARED, strict=True):
                if holder in row.roles and thing in row.roles:
                    who, what = self.at(row.agency, row.roles[holder]), self.at(row.agency, row.roles[thing])
                    if who in members and what not in aside:
                        shared.add_edge(who, what)
                        if row.schema == "Holding":
                            held.add_edge(who, what)
        graph = nx.Graph()
        for thing in set(shared) - members:
            graph.add_edges_from(combinations(sorted(shared[thing]), 2))
        for row in self.tied:
            graph.add_edges_from(self._across(row, held, members, aside))
        return graph

    def _across(self, row: Told, held: nx.Graph, members: set[Seen], aside: set[Seen]) -> set[tuple[Seen, Seen]]:
        ends = {"Call": (["caller"], ["receiver"])}
        ends["Transfer"] = (["payer", "payerAccount"], ["beneficiary", "beneficiaryAccount"])
        sides = []
        for roles in ends.get(row.schema, ()):
            side = {self.at(row.agency, row.roles[role]) for role in roles if role in row.roles}
            if side & aside:
                return set()
            sides.append({who for end in side for who in held.adj.get(end, ())} | (side & members))
        return {(a, b) for a in sides[0] for b in sides[1] if a != b} if sides else set()


def ranks(graph: nx.Graph) -> dict[Seen, int]:
    """The rank, from 1, of entities with betweenness: one more than the number with a higher score."""
    score = {who: round(value, 6) for who, value in nx.betweenness_centrality(graph, normalized=False).items()}
    return {who: 1 + sum(other > value for other in score.values()) for who, value in score.items() if value > 0}


def ranking(graph: nx.Graph) -> list[Seen]:
    """The entities with betweenness above 0, best first."""
    found = ranks(graph)
    return sorted(found, key=lambda who: (found[who], who))


def path(graph: nx.Graph, a: Seen, b: Seen) -> list[Seen]:
    """A shortest path; [] if there is none."""
    if a not in graph or b not in graph or not nx.has_path(graph, a, b):
        return []
    return nx.shortest_path(graph, a, b)


def record_counts(told: Iterable[Told]) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Records by agency, relationships by schema, entities before resolution by schema."""
    records: Counter[str] = Counter()
    relationships: Counter[str] = Counter()
    described: set[tuple[str, str, str]] = set()
    entities: dict[Seen, str] = {}
    for row in told:
        if not isinstance(row, Known):
            records[row.agency] += 1
            relationships[row.schema] += 1
        elif (row.agency, row.file, row.id) not in described:  # said again in one file it is the same record
            described.add((row.agency, row.file, row.id))
            records[row.agency] += 1
            entities[row.agency, row.id] = row.schema
    return records, relationships, Counter(entities.values())
