"""What a browser has of a picture, and what it must be sent: the first time all of it, then only what changed.

Things and ties are numbered as they are first sent; a number is never used again. A message has the changes since
what the browser says it has, each with its revision, so that one that comes twice or late does no harm.
"""

import json
from base64 import b64encode
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

import numpy as np

from workbench.app.chart import Place
from workbench.app.picture import Item, Picture
from workbench.app.ties import tie_id

_LARGE = 20_000  # characters of changes, over which the browser is asked to confirm at once
_FEW = 100  # numbers that are told as a list
_FARTHEST = 32_767  # the largest number of 16 bits
_NOTHING = Picture({}, {}, {}, frozenset(), frozenset())


@dataclass
class Numbers:
    """The number of each id, from 0."""

    _of: dict[str, int] = field(default_factory=dict)

    def of(self, name: str) -> int:
        """The number of an id, a new one if it has none."""
        return self._of.setdefault(name, len(self._of))

    def told(self, names: Collection[str]) -> list[int] | str:
        """The numbers of some ids: a list if they are few, else as bits."""
        return [self.of(name) for name in names] if len(names) <= _FEW else self.mask(names)

    def mask(self, names: Iterable[str]) -> str:
        """A set of ids as bits, the lowest first, in base 64."""
        bits = np.zeros(len(self._of), np.uint8)
        bits[[self._of[name] for name in names]] = 1
        return b64encode(np.packbits(bits, bitorder="little").tobytes()).decode()


@dataclass
class Wire:
    """The way to one browser: `has` is the revision that it has, `seen` the last of its events that was taken."""

    token: str = field(default_factory=lambda: token_hex(8))
    has: int = 0
    seen: int = 0
    revision: int = 0
    _sent: Picture = _NOTHING
    _things: Numbers = field(default_factory=Numbers)
    _ties: Numbers = field(default_factory=Numbers)
    _changes: list[tuple[int, str]] = field(default_factory=list)

    def took(self, has: Any, events: Any, token: Any = None) -> list[Mapping[str, Any]]:
        """Note what a browser has; returns those of its events that were not taken before, in order.

        None if they have the token of another wire: they are about a chart that is not there any more.
        """
        if token not in (None, self.token):
            return []
        if isinstance(has, int) and not isinstance(has, bool) and 0 <= has <= self.revision:
            self.has = has
            self._changes = [each for each in self._changes if each[0] > has]
        fresh = [each for each in _events(events) if each["seq"] > self.seen]
        self.seen = max([self.seen, *(each["seq"] for each in fresh)])
        return sorted(fresh, key=lambda each: int(each["seq"]))

    def message(self, new: Picture) -> dict[str, Any]:
        """What to send for a picture: the changes that the browser does not have."""
        changes = self._changed(new)
        if changes:
            self.revision += 1
            self._changes.append((self.revision, json.dumps(changes, ensure_ascii=False, separators=(",", ":"))))
            self._sent = new
        size = sum(len(text) for _, text in self._changes)
        return {
            "token": self.token,
            "revision": self.revision,
            "seen": self.seen,
            "confirm": size > _LARGE,
            "changes": [[revision, text] for revision, text in self._changes],
        }

    def _changed(self, new: Picture) -> dict[str, Any]:
        old = self._sent
        things, gone = _differences(old.things, new.things)
        ties, ties_gone = _differences(old.ties, new.ties)
        found: dict[str, Any] = {
            "things": [item | {"i": self._things.of(name), "id": name} for name, item in things.items()],
            "gone": self._things.told(gone),
            "ties": [self._tie(name, item) for name, item in ties.items()],
            "tiesGone": self._ties.told(ties_gone),
            "places": self._places(old.places, new.places),
            "top": {
                name: new.top.get(name) for name in {**old.top, **new.top} if old.top.get(name) != new.top.get(name)
            },
        }
        if old.out != new.out or things:
            found["out"] = self._things.mask(new.out)
        if old.ties_out != new.ties_out or ties:
            found["tiesOut"] = self._ties.mask(new.ties_out)
        return {name: value for name, value in found.items() if value or name in ("out", "tiesOut")}

    def _tie(self, name: str, item: Item) -> Item:
        """A tie as it is sent: most have the ids of their ends as their own, which need not be sent."""
        ends = {"a": self._things.of(item["a"]), "b": self._things.of(item["b"])}
        own = {} if name == tie_id(item["a"], item["b"]) else {"id": name}
        return item | ends | {"i": self._ties.of(name)} | own

    def _places(self, old: Mapping[str, Place], new: Mapping[str, Place]) -> dict[str, Any]:
        """The things that are elsewhere now, and where: x and y of each, in units that let them have 16 bits."""
        moved = [(self._things.of(name), name, at) for name, at in new.items() if old.get(name) != at]
        if not moved:
            return {}
        places = np.array([at for _, _, at in sorted(moved)])
        unit = max(1.0, float(np.ceil(np.abs(places).max() / _FARTHEST)))
        packed = b64encode(np.rint(places / unit).astype("<i2").tobytes()).decode()
        return {"of": self._things.mask(name for _, name, _ in moved), "unit": unit, "at": packed}


def _differences(old: Mapping[str, Item], new: Mapping[str, Item]) -> tuple[dict[str, Item], list[str]]:
    """What is new or other, and what is gone."""
    return {name: item for name, item in new.items() if old.get(name) != item}, [x for x in old if x not in new]


def _events(events: Any) -> list[Mapping[str, Any]]:
    """Those of a browser's events that have the form of one."""
    found = events if isinstance(events, list) else []
    return [each for each in found if isinstance(each, dict) and type(each.get("seq")) is int]
