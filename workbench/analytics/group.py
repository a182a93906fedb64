"""The card of a group: who is in it, which agencies know them, and what holds it together."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from workbench.analytics.agencies import knowing
from workbench.analytics.communities import RESOLUTION, Grouping, grouping, resolution_of
from workbench.analytics.engines import Network
from workbench.analytics.finding import Finding, Row
from workbench.analytics.group_evidence import Verdict
from workbench.analytics.modularity import within
from workbench.analytics.projection import Projection, positions_of
from workbench.analytics.support import finding
from workbench.analytics.weights import COUNTED, TIES_ARE
from workbench.model.asked import one_text, seed_of
from workbench.model.numbers import Place
from workbench.model.ontology import ontology
from workbench.store.columns import NO_DAY, Int64
from workbench.store.steps import day_text
from workbench.view.asking import question
from workbench.view.snapshot import Snapshot
from workbench.view.view import View

_SECTIONS: Mapping[str, str] = {
    "member": "Members",
    "agency": "Agencies",
    "place": "Places",
    "phone": "Phones and accounts",
    "thing": "What else they share",
    "tie": "Ties inside",
}
_PLACES = ("Address",)
_PHONES = ("Phone", "BankAccount", "Device")


@dataclass(frozen=True, slots=True)
class OfGroup(Row):
    """One line of a group's card.

    - `what`: member, agency, place, phone, thing (that two members or more share), or tie (of one schema).
    - `who`: the entity; none for an agency and for ties. `name`: the agency's, or the schema of the entity or the ties.
    - `count`: of a member his ties inside the group, of an agency or a thing its members, of ties the records.
    - `first`, `last`: the first and the last day on which a record dates such a tie; "" without a date.
    """

    WHO: ClassVar[tuple[str, ...]] = ("who",)
    KEY: ClassVar[tuple[str, ...]] = ("what", "name")

    what: str
    who: tuple[str, ...]
    name: str
    count: int
    first: str = ""
    last: str = ""

    @property
    def section(self) -> str:
        """The heading for lines of this kind."""
        return _SECTIONS[self.what]

    def cell(self, column: str, names: Mapping[str, str]) -> str:
        """The text of a column; an agency, and a kind of ties, is named where others have who they are."""
        if column in ("who", "name") and not self.who:
            return self.name if column == "who" else ""
        return Row.cell(self, column, names)


@question
def group(
    view: View,
    entity: str,
    projection: str = "persons",
    count_common: bool = False,
    resolution: float = RESOLUTION,
    ties_as: str = COUNTED,
    seed: int = 0,
) -> Finding[OfGroup]:
    """The card of the community that an entity is in: members, agencies, shared places and phones, ties and their days.

    The community is that of `communities` with the same arguments; empty of an entity without a tie in the projection.
    NotFound for an entity that is not in this view, UsageError for one that is not in the projection.
    """
    seed, resolution = seed_of(seed), resolution_of(resolution)
    found = positions_of(view, projection, count_common)
    grouped = grouping(Network.of(found, found.weights_as(ties_as)), resolution, seed)
    nodes = _group_of(found, grouped, one_text(entity, "entity"))
    inside = sorted(_rows_inside(found, grouped.network, nodes))
    asked = {"entity": entity, "count_common": count_common, "resolution": resolution, "ties_as": ties_as}
    verdict = grouped.verdict(nodes) if len(nodes) else Verdict.TOO_SMALL
    measured = {TIES_ARE: ties_as, "members": len(nodes), "verdict": str(verdict)}
    members = found.nodes[nodes].astype(np.int64)
    around = _rows_around(found.snapshot, members)
    lines = [
        *_members(found, within(grouped.network, nodes).degrees, members),
        *_agencies(found.snapshot, members),
        *_things(found.snapshot, members, around),
        *_ties(found.snapshot, inside),
    ]
    return finding(view, found, "group", asked, measured, lines, found.records([*inside, *around.tolist()]), seed)


def _group_of(found: Projection, grouped: Grouping, entity: str) -> Int64:
    """The nodes of the network that are in the group of an entity; none if it has no tie."""
    place = np.flatnonzero(found.nodes == found.node(entity))
    return np.flatnonzero(np.isin(grouped.labels, grouped.labels[place]))


def _rows_inside(found: Projection, network: Network, nodes: Int64) -> set[int]:
    """The ties of the snapshot behind the edges among some nodes."""
    inside = within(network, nodes)
    ends = found.nodes[nodes]
    pairs = zip(ends[inside.a].tolist(), ends[inside.b].tolist(), strict=True)
    return set().union(*(found.rows_between(Place(a), Place(b)) for a, b in pairs))


def _rows_around(snapshot: Snapshot, members: Int64) -> Int64:
    """The ties of the snapshot between a member and what is none."""
    inside = np.zeros(len(snapshot.nodes), bool)
    inside[members] = True
    return np.flatnonzero(inside[snapshot.a] != inside[snapshot.b])


def _members(found: Projection, degrees: Int64, members: Int64) -> Iterator[OfGroup]:
    """The members, those with most ties inside first."""
    for at in np.lexsort((members, -degrees)).tolist():
        place = Place(int(members[at]))
        yield OfGroup("member", (found.snapshot.id_at(place),), found.snapshot.schemata[place], int(degrees[at]))


def _agencies(snapshot: Snapshot, members: Int64) -> Iterator[OfGroup]:
    """The agencies that hold something about members, and about how many."""
    known = knowing(snapshot)
    counts = Counter(known.names[each] for each in known.agency[np.isin(known.place, members)].tolist())
    for agency, count in sorted(counts.items(), key=lambda each: (-each[1], each[0])):
        yield OfGroup("agency", (), agency, count)


def _things(snapshot: Snapshot, members: Int64, rows: Int64) -> Iterator[OfGroup]:
    """The places and phones of members, and all else that two of them are tied to; what most share comes first."""
    inside = set(members.tolist())
    holders: dict[int, set[int]] = defaultdict(set)
    days: dict[int, list[int]] = defaultdict(list)
    for row in rows.tolist():
        ends = int(snapshot.a[row]), int(snapshot.b[row])
        member, other = ends if ends[0] in inside else ends[::-1]
        holders[other].add(member)
        days[other].append(int(snapshot.day[row]))
    most_first = sorted((-len(who), thing) for thing, who in holders.items())
    lines = [_thing(snapshot, Place(thing), -count, days[thing]) for count, thing in most_first]
    for kind, least in (("place", 1), ("phone", 1), ("thing", 2)):
        yield from (line for line in lines if line.what == kind and line.count >= least)


def _thing(snapshot: Snapshot, thing: Place, count: int, days: Iterable[int]) -> OfGroup:
    schema = snapshot.schemata[thing]
    kind = "place" if _is_of(schema, _PLACES) else "phone" if _is_of(schema, _PHONES) else "thing"
    return OfGroup(kind, (snapshot.id_at(thing),), schema, count, *_span(days))


def _is_of(schema: str, kinds: Iterable[str]) -> bool:
    return schema in ontology().schemata and any(ontology().is_a(schema, each) for each in kinds)


def _ties(snapshot: Snapshot, rows: Sequence[int]) -> Iterator[OfGroup]:
    """The ties inside the group by schema: how many records say them, and from when to when."""
    records: dict[str, set[int]] = defaultdict(set)
    days: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        schema = snapshot.relationship(row)
        records[schema].add(snapshot.record_at(row))
        days[schema].append(int(snapshot.day[row]))
    for schema, said in sorted(records.items(), key=lambda each: (-len(each[1]), each[0])):
        yield OfGroup("tie", (), schema, len(said), *_span(days[schema]))


def _span(days: Iterable[int]) -> tuple[str, str]:
    """The first and the last of some days, as text."""
    known = [day for day in days if day != NO_DAY]
    return (day_text(min(known)), day_text(max(known))) if known else ("", "")
