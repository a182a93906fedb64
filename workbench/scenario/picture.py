"""What some of a plot's records show: identity, ties, common values.

The plan checks itself with this. It uses nothing of the library's resolution or analysis, and is as simple
as the rules allow: sets, breadth-first search, and Brandes's betweenness.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import combinations

from workbench.scenario.saying import Saying

Ties = Mapping[str, set[str]]
Sighting = tuple[str, str]  # agency, source id

MOST_HOLDERS = 12
MOST_CALLERS = 20
_MOST_PASSPORTS = 3
_DIGITS = 6  # digits of a betweenness, so that sums in a different order are equal
_OUTSIDERS = frozenset({"victim", "witness", "officer", "lawyer"})
_PERSONS = frozenset({"Person", "Officer"})
# schema -> (role of the holder, role of what is shared)
_SHARED = {
    "Holding": ("holder", "held"),
    "Ownership": ("owner", "asset"),
    "Residence": ("resident", "place"),
    "Involvement": ("involved", "event"),
    "Directorship": ("director", "organization"),
    "Employment": ("employee", "employer"),
    "Crossing": ("traveller", "vehicle"),
    "Observation": ("companion", "observed"),
}
_LIMITED = frozenset({"Address", "Phone", "BankAccount", "Vehicle"})
_ENDS = {
    "Call": (("caller",), ("receiver",)),
    "Transfer": (("payer", "payerAccount"), ("beneficiary", "beneficiaryAccount")),
}


class Picture:
    """The union of some records; entities are named by their true keys.

    If the records do not join a real entity's sightings, each is named `key@AGENCY`. `twins` are sightings
    to join although no record says so.
    """

    def __init__(
        self, said: Iterable[Saying], who: Mapping[Sighting, str], twins: Iterable[tuple[Sighting, Sighting]] = ()
    ) -> None:
        self.said: Sequence[Saying] = list(said)
        self._who = who
        self._twins = list(twins)

    # -- identity -------------------------------------------------------------------------------

    @cached_property
    def schemata(self) -> dict[Sighting, str]:
        """The schema of each sighting."""
        return {(one.agency, one.source): one.schema for one in self.said if one.source}

    @cached_property
    def _groups(self) -> "_Groups":
        """The groups of sightings that exact resolution joins."""
        sightings = set(self.schemata) | {(one.agency, ref) for one in self.said for _, ref in one.roles}
        groups = _Groups(sightings)
        for same in (*self._claimed().values(), *self._account_holders(), *map(set, self._twins)):
            groups.join(same & sightings)
        return groups

    @cached_property
    def names(self) -> dict[Sighting, str]:
        """The name of each sighting's entity."""
        groups, roots = self._groups, defaultdict(set)
        for sighting in groups.parent:
            roots[self._who[sighting]].add(groups.root(sighting))
        return {
            sighting: key if len(roots[key := self._who[sighting]]) == 1 else f"{key}@{groups.root(sighting)[0]}"
            for sighting in groups.parent
        }

    def _claimed(self) -> dict[str, set[Sighting]]:
        found: dict[str, set[Sighting]] = defaultdict(set)
        for one in self.said:
            for claim in one.claims:
                found[claim].add((one.agency, one.source))
        return {c: s for c, s in found.items() if not c.startswith("passport") or len(s) <= _MOST_PASSPORTS}

    def _account_holders(self) -> list[set[Sighting]]:
        """Persons who hold one account, each the only holder in his agency's file."""
        by_account: dict[str, dict[str, set[Sighting]]] = defaultdict(lambda: defaultdict(set))
        for one in self.said:
            if one.schema == "Holding" and one.fills("held").startswith("iban:"):
                by_account[one.fills("held")][one.agency].add((one.agency, one.fills("holder")))
        found = []
        for files in by_account.values():
            holders = set().union(*files.values())
            alone = len(files) > 1 and all(len(each) == 1 for each in files.values())
            if alone and all(self.schemata.get(each) in _PERSONS for each in holders):
                found.append(holders)
        return found

    @cached_property
    def mistaken(self) -> set[str]:
        """Real entities that resolution joins with another by mistake."""
        keys: dict[Sighting, set[str]] = defaultdict(set)
        for sighting in self._groups.parent:
            keys[self._groups.root(sighting)].add(self._who[sighting])
        return set().union(*(several for several in keys.values() if len(several) > 1))

    @cached_property
    def sightings(self) -> dict[str, list[Sighting]]:
        """The sightings of each entity."""
        found: dict[str, list[Sighting]] = defaultdict(list)
        for sighting, name in self.names.items():
            found[name].append(sighting)
        return found

    @cached_property
    def entities(self) -> dict[str, set[str]]:
        """The agencies that know each entity."""
        found: dict[str, set[str]] = defaultdict(set)
        for (agency, _), name in self.names.items():
            found[name].add(agency)
        return found

    def name(self, one: Saying, role: str) -> str:
        """The name of what fills a role of a record; "" if nothing does."""
        ref = one.fills(role)
        return self.names[one.agency, ref] if ref else ""

    @cached_property
    def kinds(self) -> dict[str, str]:
        """The schema of each entity."""
        return {self.names[sighting]: schema for sighting, schema in self.schemata.items()}

    @cached_property
    def persons(self) -> frozenset[str]:
        """All persons."""
        return frozenset(name for name, schema in self.kinds.items() if schema in _PERSONS)

    @cached_property
    def outsiders(self) -> frozenset[str]:
        """Victims, witnesses, officers and lawyers who are not suspects anywhere."""
        found: dict[str, set[str]] = defaultdict(set)
        for one in self.said:
            if one.capacity:
                found[self.name(one, "involved")].add(one.capacity)
        out = {name for name, capacities in found.items() if capacities & _OUTSIDERS and "suspect" not in capacities}
        return frozenset(out | {name for name, schema in self.kinds.items() if schema == "Officer"})

    # -- common values -----------------------------------------------------------------------------

    @cached_property
    def common(self) -> dict[str, int]:
        """The common values, with the number of their holders."""
        holders: dict[str, set[str]] = defaultdict(set)
        callers: dict[str, set[str]] = defaultdict(set)
        partners: dict[str, set[str]] = defaultdict(set)
        for one in self.said:
            role, shared = _SHARED.get(one.schema, ("", ""))
            if role and self.name(one, role) and self.kinds.get(self.name(one, shared)) in _LIMITED:
                holders[self.name(one, shared)].add(self.name(one, role))
            a, b = self.name(one, "caller"), self.name(one, "receiver")
            if a and b:
                callers[b].add(a)
            a, b = self.name(one, "payerAccount"), self.name(one, "beneficiaryAccount")
            if a and b:
                partners[a].add(b)
                partners[b].add(a)
        limits = ((holders, MOST_HOLDERS), (callers, MOST_CALLERS), (partners, MOST_HOLDERS))
        return {name: len(those) for found, limit in limits for name, those in found.items() if len(those) > limit}

    # -- ties ---------------------------------------------------------------------------------------

    def between_persons(self, *, everybody: bool, naive: bool = False) -> dict[str, set[str]]:
        """The ties between persons: by shared things, calls of their phones, payments of their accounts."""
        members = self.persons if everybody else self.persons - self.outsiders
        aside = frozenset() if naive else frozenset(self.common)
        ties: dict[str, set[str]] = defaultdict(set)
        for sharers in self._sharers(members, aside).values():
            for a, b in combinations(sorted(sharers), 2):
                ties[a].add(b)
                ties[b].add(a)
        for a, b in self._across(members, aside):
            ties[a].add(b)
            ties[b].add(a)
        return ties

    def _sharers(self, members: frozenset[str], aside: frozenset[str]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for one in self.said:
            role, shared = _SHARED.get(one.schema, ("", ""))
            thing = self.name(one, shared) if shared else ""
            if thing and thing not in aside and self.name(one, role) in members:
                found[thing].add(self.name(one, role))
        return found

    def _across(self, members: frozenset[str], aside: frozenset[str]) -> Iterable[tuple[str, str]]:
        held: dict[str, set[str]] = defaultdict(set)
        for one in self.said:
            if one.schema == "Holding" and self.name(one, "holder") in members:
                held[self.name(one, "held")].add(self.name(one, "holder"))
        for one in self.said:
            sides = [{self.name(one, role) for role in roles} - {""} for roles in _ENDS.get(one.schema, ())]
            if sides and not aside & (sides[0] | sides[1]):
                left, right = ({p for end in side for p in held[end] | ({end} & members)} for side in sides)
                yield from ((a, b) for a in left for b in right if a != b)

    def of_everything(self, *, naive: bool = False) -> dict[str, set[str]]:
        """Every pair of roles of every record."""
        aside = frozenset() if naive else frozenset(self.common)
        ties: dict[str, set[str]] = defaultdict(set)
        for one in self.said:
            ends = {self.names[one.agency, ref] for _, ref in one.roles}
            ends |= {self.names[one.agency, one.source]} if one.source and one.roles else set()
            for a, b in combinations(sorted(ends - aside), 2):
                ties[a].add(b)
                ties[b].add(a)
        return ties


class _Groups:
    """Disjoint sets of sightings; a set's root is its smallest member."""

    def __init__(self, members: Iterable[Sighting]) -> None:
        self.parent = {member: member for member in sorted(members)}

    def root(self, member: Sighting) -> Sighting:
        while self.parent[member] != member:
            member = self.parent[member]
        return member

    def join(self, members: Iterable[Sighting]) -> None:
        roots = sorted({self.root(member) for member in members})
        for root in roots[1:]:
            self.parent[root] = roots[0]


def shortest(ties: Ties, a: str, b: str) -> list[str]:
    """One shortest path from a to b, both in it; [] if there is none."""
    before = {a: ""}
    queue = deque([a])
    while queue:
        at = queue.popleft()
        if at == b:
            path = [b]
            while before[path[-1]]:
                path.append(before[path[-1]])
            return path[::-1]
        for other in sorted(ties.get(at, ())):
            if other not in before:
                before[other] = at
                queue.append(other)
    return []


def betweenness(ties: Ties) -> dict[str, float]:
    """The betweenness of each entity (Brandes 2001), not normalised."""
    score = dict.fromkeys(sorted(ties), 0.0)
    for start in score:
        order, counts, before = _from(ties, start)
        share = dict.fromkeys(order, 0.0)
        for at in reversed(order):
            for nearer in before[at]:
                share[nearer] += counts[nearer] / counts[at] * (1 + share[at])
            if at != start:
                score[at] += share[at] / 2
    return score


def _from(ties: Ties, start: str) -> tuple[list[str], dict[str, int], dict[str, list[str]]]:
    """Breadth-first search: the order, the numbers of shortest paths, and the predecessors."""
    far, counts = {start: 0}, {start: 1}
    before: dict[str, list[str]] = {start: []}
    order, queue = [], deque([start])
    while queue:
        at = queue.popleft()
        order.append(at)
        for other in sorted(ties[at]):
            if other not in far:
                far[other], counts[other], before[other] = far[at] + 1, 0, []
                queue.append(other)
            if far[other] == far[at] + 1:
                counts[other] += counts[at]
                before[other].append(at)
    return order, counts, before


def ranks(ties: Ties) -> dict[str, int]:
    """The ranks, from 1, of entities with betweenness, best first; equals share a rank and are ordered by name."""
    score = {name: round(value, _DIGITS) for name, value in betweenness(ties).items()}
    order = sorted((name for name in score if score[name] > 0), key=lambda name: (-score[name], name))
    return {name: 1 + sum(score[other] > score[name] for other in order) for name in order}


def ranked(ties: Ties) -> list[str]:
    """The entities with betweenness above 0, best first."""
    return list(ranks(ties))
