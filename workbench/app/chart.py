"""A chart: what an analyst put on the canvas, and how it is shown.

Pure data; nothing here reads a store or draws. A chart holds ids of entities, never their values.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from workbench.app.filters import Filters

Place = tuple[float, float]

GROUP = "group:"  # the id of a closed group on the canvas is this and its name
MARKS = ("red", "orange", "green", "blue", "purple", "grey")  # colours that an analyst can give an entity


@dataclass(frozen=True, slots=True)
class Lead:
    """A predicted relationship on the canvas, with the keys of its supporting records; never a fact.

    It has no probability: that rests on everything its author sees, and a chart is shown to others.
    """

    a: str
    b: str
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Derived:
    """A tie that follows from others: its label, the records behind it, and the entities that lie between its ends."""

    a: str
    b: str
    label: str
    records: tuple[str, ...] = ()
    through: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Entities that are shown as one, or, while it is open, with a frame around them."""

    name: str
    members: frozenset[str]
    open: bool = False

    @property
    def id(self) -> str:
        """Its id on the canvas."""
        return GROUP + self.name


@dataclass(frozen=True, slots=True)
class Look:
    """What colours, sizes and widths show.

    - `colour`: `type`, `agency`, `community`, `mark`, or `property:NAME`.
    - `size`: "" for one size, or `degree`, `betweenness`, among the ties on the chart.
    - `width`: `same`, `count` (of records), `sum` (of amounts), `weight` (by sources and grades).
    """

    colour: str = "type"
    size: str = ""
    width: str = "count"


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: entities in the order they were added, which of them are hidden, and their places.

    - `start` and `end` are the ends of a path ("" for none) in `projection`; `choice` is the index of the path
      that is highlighted.
    - `derived` has the ties of a finding; with `between`, what lies between their ends is shown in their place.
    - `pinned` entities stay when the chart is laid out; `marks` has colours that an analyst gave to entities.
    - `notes` has a text for some entities, `text` is the chart's own.
    - `layout` is the kind of its last layout. After one by time, until something is added, `axis` has how far right the
      days are: (x, ISO day), and (x, "") for what has no date. It is no part of a document, but made anew.
    - `records` are the keys of all records that led to anything on it: only those who may see all of them may see
      the chart.
    """

    entities: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    positions: Mapping[str, Place] = field(default_factory=dict)
    start: str = ""
    end: str = ""
    projection: str = "all"
    choice: int = 0
    filters: Filters = field(default_factory=Filters)
    leads: tuple[Lead, ...] = ()
    records: frozenset[str] = frozenset()
    derived: tuple[Derived, ...] = ()
    between: bool = False
    pinned: frozenset[str] = frozenset()
    groups: tuple[Group, ...] = ()
    marks: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    look: Look = field(default_factory=Look)
    layout: str = ""
    axis: tuple[tuple[float, str], ...] = ()

    @property
    def shown(self) -> tuple[str, ...]:
        """The entities that are not hidden."""
        return tuple(entity for entity in self.entities if entity not in self.hidden)

    @property
    def units(self) -> dict[str, str]:
        """For each entity in a closed group, the group's id on the canvas."""
        return {entity: each.id for each in self.groups if not each.open for entity in each.members}

    def unfolded(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Ids from the canvas as entities of the chart: a closed group is all of its members."""
        groups, known = {each.id: each for each in self.groups}, set(self.entities)
        every = (sorted(groups[each].members) if each in groups else (each,) for each in ids)
        return tuple(dict.fromkeys(each for some in every for each in some if each in known))

    @property
    def unrecorded(self) -> tuple[Lead | Derived, ...]:
        """Its ties that no record is about: leads, and what was derived."""
        return (*self.leads, *self.derived)

    # -- what is on it --------------------------------------------------------------------

    def added(self, entities: Iterable[str]) -> "Chart":
        """The chart with these entities added and shown."""
        wanted = tuple(dict.fromkeys(entities))
        known = set(self.entities)
        fresh = tuple(entity for entity in wanted if entity not in known)
        chart = replace(self, entities=self.entities + fresh, hidden=self.hidden - set(wanted))
        return replace(chart, layout="", axis=()) if fresh and self.axis else chart

    def hiding(self, entities: Iterable[str]) -> "Chart":
        """The chart with these of its entities hidden."""
        return replace(self, hidden=self.hidden | (set(entities) & set(self.entities)))

    def hiding_others(self, entities: Collection[str]) -> "Chart":
        """The chart with all but these of its entities hidden."""
        return self.hiding(set(self.entities).difference(entities))

    def removing(self, entities: Iterable[str]) -> "Chart":
        """The chart without some entities, and without what was put on it about them.

        The records that led to what is left stay: they are why it is here.
        """
        gone = set(entities)
        groups = (replace(each, members=each.members - gone) for each in self.groups)
        return replace(
            self,
            entities=tuple(each for each in self.entities if each not in gone),
            hidden=self.hidden - gone,
            pinned=self.pinned - gone,
            positions={each: place for each, place in self.positions.items() if each not in gone},
            start="" if self.start in gone else self.start,
            end="" if self.end in gone else self.end,
            leads=tuple(each for each in self.leads if gone.isdisjoint((each.a, each.b))),
            derived=tuple(each for each in self.derived if gone.isdisjoint((each.a, each.b))),
            groups=tuple(each for each in groups if len(each.members) > 1),
            marks={each: mark for each, mark in self.marks.items() if each not in gone},
            notes={each: note for each, note in self.notes.items() if each not in gone},
        )

    def restored(self) -> "Chart":
        """The chart with nothing hidden, except for what lies between derived ties."""
        return replace(self, hidden=frozenset() if self.between else self.hidden & self._through)

    def resting_on(self, records: Iterable[str]) -> "Chart":
        """The chart with these supporting records added."""
        return replace(self, records=self.records.union(records))

    def led(self, lead: Lead) -> "Chart":
        """The chart with this lead, which replaces any other between the same two entities."""
        others = (each for each in self.leads if {each.a, each.b} != {lead.a, lead.b})
        return self if lead in self.leads else replace(self, leads=(*others, lead))

    def with_derived(self, derived: Iterable[Derived]) -> "Chart":
        """The chart with the derived ties of a finding, and what lies between their ends, which is hidden at first."""
        found = tuple(derived)
        chart = self.added(end for each in found for end in (each.a, each.b))
        through = {each for some in found for each in some.through} - set(chart.shown)
        grown = replace(chart.added(through), derived=(*self.derived, *found))
        return grown if self.between else grown.hiding(through)

    def showing_between(self, between: bool) -> "Chart":
        """The chart with what lies between derived ties shown, or the derived ties alone."""
        hidden = self.hidden - self._through if between else self.hidden | self._through
        return replace(self, between=between, hidden=hidden)

    @property
    def away(self) -> frozenset[str]:
        """What was hidden, without what lies between derived ties."""
        return self.hidden if self.between else self.hidden - self._through

    @property
    def _through(self) -> frozenset[str]:
        ends = {end for each in self.derived for end in (each.a, each.b)}
        return frozenset(each for some in self.derived for each in some.through) - ends

    # -- how it is shown ------------------------------------------------------------------

    def moved(self, places: Mapping[str, Place]) -> "Chart":
        """The chart with these of its entities at these places; a closed group's members move with it."""
        known, moved = set(self.entities), dict(self.positions)
        groups = {each.id: each for each in self.groups}
        for each, (x, y) in places.items():
            if each in known:
                moved[each] = (x, y)
            elif each in groups:
                old_x, old_y = self.middle(groups[each])
                for member in groups[each].members:
                    at = moved.get(member, (0.0, 0.0))
                    moved[member] = (at[0] + x - old_x, at[1] + y - old_y)
        return replace(self, positions=moved)

    def upright(self, places: Mapping[str, Place]) -> dict[str, Place]:
        """These places with the x that things have now: on a timeline a drag keeps the day."""
        now = {**self.positions, **{each.id: self.middle(each) for each in self.groups}}
        return {each: (now[each][0], y) for each, (_, y) in places.items() if each in now}

    def middle(self, group: Group) -> Place:
        """The place of a closed group: the middle of its members."""
        places = [self.positions.get(each, (0.0, 0.0)) for each in sorted(group.members)]
        x, y = (sum(axis) / len(places) for axis in zip(*places, strict=True))
        return (round(x, 1), round(y, 1))

    def between_ends(self, start: str, end: str) -> "Chart":
        """The chart with a path between two entities; "" for an end that is not chosen yet."""
        return replace(self, start=start, end=end, choice=0)

    def pinning(self, entities: Iterable[str], pinned: bool) -> "Chart":
        """The chart with these of its entities pinned, or free again."""
        some = set(entities) & set(self.entities)
        return replace(self, pinned=self.pinned | some if pinned else self.pinned - some)

    def grouping(self, name: str, members: Iterable[str]) -> "Chart":
        """The chart with these of its entities as one closed group; they leave the groups that they were in."""
        wanted = frozenset(members) & set(self.entities)
        others = (replace(each, members=each.members - wanted) for each in self.groups if each.name != name)
        kept = tuple(each for each in others if len(each.members) > 1)
        return replace(self, groups=(*kept, Group(name, wanted))) if len(wanted) > 1 else self

    def ungrouping(self, name: str) -> "Chart":
        """The chart without a group; its members stay."""
        return replace(self, groups=tuple(each for each in self.groups if each.name != name))

    def opening(self, name: str, is_open: bool) -> "Chart":
        """The chart with a group opened or closed."""
        groups = tuple(replace(each, open=is_open) if each.name == name else each for each in self.groups)
        return replace(self, groups=groups)

    def renaming(self, name: str, wanted: str) -> "Chart":
        """The chart with another name for a group."""
        groups = tuple(replace(each, name=wanted) if each.name == name else each for each in self.groups)
        return replace(self, groups=groups)

    def marking(self, entities: Iterable[str], colour: str) -> "Chart":
        """The chart with these of its entities in a colour; "" takes it away."""
        some = set(entities) & set(self.entities)
        kept = {entity: mark for entity, mark in self.marks.items() if entity not in some}
        return replace(self, marks=kept | dict.fromkeys(sorted(some), colour) if colour else kept)

    def noting(self, entity: str, text: str) -> "Chart":
        """The chart with a note on one of its entities; "" takes it away."""
        kept = {each: note for each, note in self.notes.items() if each != entity}
        return replace(self, notes=kept | {entity: text} if text and entity in self.entities else kept)
