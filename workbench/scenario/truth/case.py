"""A plot that has been played, with what each set of agencies sees of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Any

from workbench.scenario.acts.casting import NAME_ONLY
from workbench.scenario.background.counting import Seen
from workbench.scenario.background.network import Network
from workbench.scenario.files import DATASETS
from workbench.scenario.grouping import Partition, best_partitions
from workbench.scenario.picture import Picture, Sighting
from workbench.scenario.saying import PRIVILEGED, PROVIDER_ONLY, Ledger, Saying
from workbench.scenario.stage import Stage
from workbench.scenario.world import Person

AGENCIES = tuple(sorted(DATASETS))


@dataclass(frozen=True)
class Case:
    """The stage after the play, all that was said on it, and the background that comes with it; None if it has none."""

    stage: Stage
    ledger: Ledger
    background: Network | None = None
    _pictures: dict[tuple[str, ...], Picture] = field(default_factory=dict)
    _parts: dict[tuple[str, ...], list[list[Partition]]] = field(default_factory=dict)

    @cached_property
    def around(self) -> Seen | None:
        """What agencies see of the background."""
        return Seen(self.background) if self.background else None

    @cached_property
    def misread(self) -> list[Saying]:
        """The records that the correction withdraws."""
        found = [one for one in self.ledger.records if one.fills("companion")]
        return [
            one
            for one in self.ledger.records
            if found and (one.file, one.line) == (found[0].file, found[0].line) and one.agency == "TRC"
        ]

    @cached_property
    def final(self) -> list[Saying]:
        """All records that stand after all loads."""
        gone = set(map(id, self.misread))
        return [one for one in self.ledger.records if id(one) not in gone]

    def seen_by(self, agencies: Iterable[str]) -> Picture:
        """What the records of some agencies show, without the privileged ones."""
        chosen = tuple(sorted(agencies))
        if chosen not in self._pictures:
            said = (one for one in self.final if one.agency in chosen and one.marking != PRIVILEGED)
            self._pictures[chosen] = Picture(said, self.ledger.who)
        return self._pictures[chosen]

    def parts(self, agencies: Iterable[str]) -> list[list[Partition]]:
        """The best partitions of each connected part that some agencies see; members as the union names them.

        The background is other parts of the same network, and makes the groups of the plot larger.
        """
        chosen = tuple(sorted(agencies))
        if chosen not in self._parts:
            ties = self.seen_by(chosen).between_persons(everybody=False)
            elsewhere = self.around.ties(chosen) if self.around else 0
            self._parts[chosen] = [
                [frozenset(self._in_union(chosen, group) for group in partition) for partition in variants]
                for variants in best_partitions(ties, elsewhere)
            ]
        return self._parts[chosen]

    def _in_union(self, agencies: tuple[str, ...], group: Iterable[str]) -> frozenset[str]:
        sightings = self.seen_by(agencies).sightings
        return frozenset(self.union.names[sighting] for name in group for sighting in sightings[name])

    @cached_property
    def union(self) -> Picture:
        """What all four show together."""
        return self.seen_by(AGENCIES)

    @cached_property
    def before_consent(self) -> Picture:
        """What Noordkust is shown before Kition agrees: all but Kition's own nine records."""
        said = (one for one in self.final if one.marking not in (PRIVILEGED, PROVIDER_ONLY))
        return Picture(said, self.ledger.who)

    @cached_property
    def before_correction(self) -> Picture:
        """What all four show while the misread plate stands."""
        return Picture((one for one in self.ledger.records if one.marking != PRIVILEGED), self.ledger.who)

    @cached_property
    def names_compared(self) -> Picture:
        """What all four will show once those known by name only are found out."""
        twins = [(self.sighting(key, a), self.sighting(key, b)) for key, (a, b) in self.name_only.items()]
        said = (one for one in self.final if one.marking != PRIVILEGED)
        return Picture(said, self.ledger.who, twins)

    # -- looking things up -----------------------------------------------------------------------

    @cached_property
    def sources(self) -> dict[str, list[Sighting]]:
        """Where each real entity is seen, by agency."""
        found: dict[str, list[Sighting]] = {}
        for sighting, key in sorted(self.ledger.who.items()):
            if sighting in self.union.names:
                found.setdefault(key, []).append(sighting)
        return found

    @cached_property
    def name_only(self) -> dict[str, tuple[str, str]]:
        """Who of this plot is known by name only, and the two agencies that know him."""
        seen = {key: {agency for agency, _ in self.sources.get(key, ())} for key in NAME_ONLY}
        return {key: agencies for key, agencies in sorted(NAME_ONLY.items()) if set(agencies) <= seen[key]}

    def sighting(self, key: str, agency: str) -> Sighting:
        """An agency's source id of somebody."""
        return next(sighting for sighting in self.sources[key] if sighting[0] == agency)

    def ids(self, keys: Iterable[str]) -> list[dict[str, Any]]:
        """Real entities with their source ids, by key."""
        return [self.entity(key) for key in sorted(keys)]

    def entity(self, key: str) -> dict[str, Any]:
        """One real entity with its source ids."""
        return {"entity": key, "sources": [as_source(sighting) for sighting in self.sources[key]]}

    def key(self, agency: str, source: str) -> str:
        """What a source id really is."""
        return self.ledger.who[agency, source]

    def ties(self, schema: str, agency: str, **roles: str) -> list[Saying]:
        """Relationships of an agency whose roles real entities fill, in the order of the file."""
        return [one for one in self.final if one.schema == schema and one.agency == agency and self._fits(one, roles)]

    def _fits(self, one: Saying, roles: dict[str, str]) -> bool:
        return all(one.fills(role) and self.key(one.agency, one.fills(role)) == key for role, key in roles.items())

    def persons(self, part: str) -> list[Person]:
        """Persons who play a part."""
        return [person for person in self.stage.cast.persons.values() if person.part == part]


def as_source(sighting: Sighting) -> dict[str, str]:
    """A source id with its agency and dataset."""
    agency, source = sighting
    return {"agency": agency, "dataset": DATASETS[agency], "source_id": source}


def place(one: Saying) -> dict[str, Any]:
    """Where a record stands."""
    return {"agency": one.agency, "file": one.file, "line": one.line, "schema": one.schema}


def sets_of_agencies() -> Iterator[tuple[str, ...]]:
    """Every set of agencies, smallest first."""
    for many in range(1, len(AGENCIES) + 1):
        yield from combinations(AGENCIES, many)


def smallest(sets: Iterable[tuple[str, ...]]) -> list[list[str]]:
    """Those sets of which none of the others is a part."""
    found: list[tuple[str, ...]] = []
    for each in sorted(sets, key=lambda s: (len(s), s)):
        if not any(set(other) <= set(each) for other in found):
            found.append(each)
    return [list(each) for each in found]
