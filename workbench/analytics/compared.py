"""What changed from one finding to another: rows by what they are about, and what was measured."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from workbench.analytics.finding import Finding, Row, listed
from workbench.analytics.group_labels import same_groups

Found = Finding[Any]
Pair = tuple[Any, Any]  # before and after

_LEAST_GROUP = 3
# A name says nothing of a result, nor does a number that groups were given; of records the number is compared.
_NOT_COMPARED = frozenset({"caption", "label", "records"})
_NOT_MEASURED = frozenset({"parts_asked"})  # details, for those who read JSON


@dataclass(frozen=True, slots=True)
class Change:
    """A row that changed: as it was and as it is, what differs by field, and who joined or left a group.

    Entities are named by their canonical ids of today; one that is not there any more by the id that it had.
    """

    before: Row
    after: Row
    differs: Mapping[str, Pair]
    joined: tuple[str, ...]
    left: tuple[str, ...]

    def told(self, names: Mapping[str, str]) -> str:
        """What differs, for people, a line each."""
        pairs = self.differs.items()
        told = [f"{name.replace('_', ' ')}: {_value(old)} -> {_value(new)}" for name, (old, new) in pairs]
        told += [f"{word}: {_named(ids, names)}" for word, ids in (("joined", self.joined), ("left", self.left)) if ids]
        return "\n".join(told)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from one finding to another: rows that came, went, changed, or stayed as they were.

    `asked` and `measured` have what differs, before and after; None where one of them has no such value.
    """

    analysis: str
    revisions: tuple[str, str]
    asked: Mapping[str, Pair]
    measured: Mapping[str, Pair]
    came: tuple[Row, ...]
    went: tuple[Row, ...]
    changed: tuple[Change, ...]
    stayed: tuple[Row, ...]

    @property
    def rows_told(self) -> Any:
        """The rows that are not as they were, to be counted in the trace."""
        return (*self.came, *self.went, *self.changed)

    @property
    def entities(self) -> tuple[str, ...]:
        """The ids of all entities that `lines` names."""
        rows = (*self.came, *self.went, *(change.after for change in self.changed))
        told = (entity for row in rows for entity in row.entities)
        return tuple(dict.fromkeys((*told, *(who for each in self.changed for who in (*each.joined, *each.left)))))

    @property
    def counts(self) -> dict[str, int]:
        """How many rows came, went, changed and stayed."""
        return {name: len(getattr(self, name)) for name in ("came", "went", "changed", "stayed")}

    def lines(self, names: Mapping[str, str]) -> Iterator[dict[str, str]]:
        """The rows that came, went or changed, for people: where, who, and what differs.

        `names` has the name of each entity that is there; of any other the id is told.
        """
        for how, rows in (("came", self.came), ("went", self.went)):
            yield from (_line(how, row, names, "") for row in rows)
        yield from (_line("changed", each.after, names, each.told(names)) for each in self.changed)

    def to_dict(self) -> dict[str, Any]:
        """The comparison as JSON values."""
        return {
            **{name: listed(getattr(self, name)) for name in ("analysis", "revisions", "asked", "measured")},
            **{name: listed(getattr(self, name)) for name in ("came", "went", "stayed")},
            "changed": [
                {each.name: listed(getattr(change, each.name)) for each in fields(change)} for change in self.changed
            ],
        }


def _line(how: str, row: Row, names: Mapping[str, str], differs: str) -> dict[str, str]:
    named = _named(row.entities, names) or ", ".join(str(getattr(row, name)) for name in row.KEY)
    who, ids = named, "\n".join(row.entities)
    return {"How": how, "What": row.section, "Who": who, "Differs": differs, "Ids": ids}


def _named(ids: Iterable[str], names: Mapping[str, str]) -> str:
    return ", ".join(names.get(each, each) for each in ids)


def _value(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def named_by(*findings: Found) -> set[str]:
    """The ids of all entities that rows of some findings are about."""
    return {entity for finding in findings for row in finding.results for entity in row.entities}


def compared(before: Found, after: Found, today: Mapping[str, str]) -> Comparison:
    """Compare two findings of one analysis; `today` has the canonical id of each entity that is there.

    Rows are the same if they have the same key and are about the same entities; groups of three or more, if they are
    not, if they have at least half of all their members in common (Jaccard), the largest overlap first.
    """
    pairs = _pairs([*map(_About.of(today), before.results)], [*map(_About.of(today), after.results)])
    met, now = {n for n, _ in pairs}, {m for _, m in pairs}
    changes = [_change(before.results[n], after.results[m], today) for n, m in sorted(pairs, key=lambda pair: pair[1])]
    return Comparison(
        analysis=after.kind,
        revisions=(before.revision, after.revision),
        asked=_differing({**before.asked, "seed": before.seed}, {**after.asked, "seed": after.seed}),
        measured=_differing(dict(_flat(before.measured)), dict(_flat(after.measured))),
        came=tuple(row for m, row in enumerate(after.results) if m not in now),
        went=tuple(row for n, row in enumerate(before.results) if n not in met),
        changed=tuple(each for each in changes if each.differs or each.joined or each.left),
        stayed=tuple(each.after for each in changes if not (each.differs or each.joined or each.left)),
    )


@dataclass(frozen=True, slots=True)
class _About:
    """What a row is about: its key, its entities by their ids of today, and whether they are a group."""

    key: tuple[Any, ...]
    entities: frozenset[str]
    is_group: bool

    @property
    def keyed(self) -> list[tuple[Any, ...]]:
        """The entities, each with the key, so that rows of different keys have nothing in common."""
        return [(*self.key, entity) for entity in self.entities]

    @staticmethod
    def of(today: Mapping[str, str]) -> "Any":
        """Makes it of a row."""

        def made(row: Row) -> _About:
            several = any(not isinstance(getattr(row, name), str) for name in row.WHO)
            entities = frozenset(_now(row.entities, today))
            return _About(
                tuple(getattr(row, name) for name in row.KEY), entities, several and len(entities) >= _LEAST_GROUP
            )

        return made


def _now(entities: Iterable[str], today: Mapping[str, str]) -> list[str]:
    return [today.get(each, each) for each in entities]


def _pairs(old: Sequence[_About], new: Sequence[_About]) -> list[tuple[int, int]]:
    """The places of rows that are the same: those about the same entities, then groups by their overlap."""
    left = defaultdict[_About, list[int]](list)
    for m, each in reversed([*enumerate(new)]):
        left[each].append(m)
    pairs = [(n, left[each].pop()) for n, each in enumerate(old) if left.get(each)]
    met, now = {n for n, _ in pairs}, {m for _, m in pairs}
    earlier = [n for n, each in enumerate(old) if each.is_group and n not in met]
    groups = [m for m, each in enumerate(new) if each.is_group and m not in now]
    same = same_groups([new[m].keyed for m in groups], [old[n].keyed for n in earlier])
    return [*pairs, *((earlier[before], groups[group]) for group, before in same.items())]


def _change(before: Row, after: Row, today: Mapping[str, str]) -> Change:
    were, are = _now(before.entities, today), _now(after.entities, today)
    names = [each.name for each in fields(after) if each.name not in (*after.WHO, *after.KEY, *_NOT_COMPARED)]
    said = [{name: getattr(row, name) for name in names} | _sizes(row) for row in (before, after)]
    joined, left = sorted({*are} - {*were}), sorted({*were} - {*are})
    return Change(before, after, _differing(*said), tuple(joined), tuple(left))


def _sizes(row: Row) -> dict[str, int]:
    return {"records": len(row.records)} if hasattr(row, "records") else {}


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Pair]:
    names = dict.fromkeys((*before, *after))
    pairs = {name: (before.get(name), after.get(name)) for name in names}
    return {name: (old, new) for name, (old, new) in pairs.items() if old != new}


def _flat(said: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """The values of nested mappings, by their names one after the other."""
    for name, value in said.items():
        if name in _NOT_MEASURED:
            continue
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}: ")
        else:
            yield f"{before}{name}", value
