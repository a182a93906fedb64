"""A browser's copy of a picture, in Python: it takes messages as canvas/assets/mirror.js does."""

import json
import struct
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workbench.app.picture import Picture


@dataclass
class Mirror:
    """What a browser has of one chart: things and ties by number, and what is shown beside it."""

    token: str
    revision: int = 0
    things: dict[int, dict[str, Any]] = field(default_factory=dict)
    ties: dict[int, dict[str, Any]] = field(default_factory=dict)
    top: dict[str, Any] = field(default_factory=dict)
    ids: dict[int, str] = field(default_factory=dict)  # each number's id, for ever

    def take(self, message: Mapping[str, Any]) -> bool:
        """Take a message's changes; False if changes before it are missing."""
        for revision, text in message["changes"]:
            if revision <= self.revision:
                continue
            if revision > self.revision + 1:
                return False
            self.apply(json.loads(text))
            self.revision = revision
        return bool(message["revision"] <= self.revision)

    def place(self, of: str, unit: float, at: str) -> None:
        """Move the things whose bits are set in `of`; `at` has x and y of each in turn, 16 bits each."""
        bits, numbers = b64decode(of), iter(struct.unpack(f"<{len(b64decode(at)) // 2}h", b64decode(at)))
        for number in range(8 * len(bits)):
            if bits[number >> 3] >> (number & 7) & 1:
                x, y = unit * next(numbers), unit * next(numbers)
                if number in self.things:
                    self.things[number] |= {"x": x, "y": y}
        assert next(numbers, None) is None

    def apply(self, change: Mapping[str, Any]) -> None:
        """Apply the changes of one revision."""
        for thing in change.get("things", ()):
            assert self.ids.setdefault(thing["i"], thing["id"]) == thing["id"], "a number is never used again"
            before = self.things.get(thing["i"], {"x": 0, "y": 0, "out": False})
            self.things[thing["i"]] = {name: before[name] for name in ("x", "y", "out")} | thing
        for tie in change.get("ties", ()):
            ends = sorted(self.things[tie[end]]["id"] for end in ("a", "b"))
            self.ties[tie["i"]] = {"out": self.ties.get(tie["i"], {}).get("out", False), "id": " ".join(ends)} | tie
        for number in numbers(change.get("gone", [])):
            del self.things[number]
        for number in numbers(change.get("tiesGone", [])):
            del self.ties[number]
        if "places" in change:
            self.place(**change["places"])
        for name, items in (("out", self.things), ("tiesOut", self.ties)):
            if name in change:
                bits = b64decode(change[name])
                for number, item in items.items():
                    item["out"] = number >> 3 < len(bits) and bool(bits[number >> 3] >> (number & 7) & 1)
        self.top |= change.get("top", {})

    def picture(self) -> Picture:
        """What it draws; places are whole numbers."""
        things = {each["id"]: each for each in self.things.values()}
        ties = {each["id"]: each for each in self.ties.values()}
        return Picture(
            {name: _without(each, "i", "id", "x", "y", "out") for name, each in things.items()},
            {name: self._tie(each) for name, each in ties.items()},
            {name: (each["x"], each["y"]) for name, each in things.items()},
            frozenset(name for name, each in things.items() if each["out"]),
            frozenset(name for name, each in ties.items() if each["out"]),
            {name: value for name, value in self.top.items() if value is not None},
        )

    def _tie(self, tie: Mapping[str, Any]) -> dict[str, Any]:
        return _without(tie, "i", "id", "out") | {end: self.things[tie[end]]["id"] for end in ("a", "b")}


def _without(item: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name not in names}


def numbers(told: list[int] | str) -> list[int]:
    """Numbers that come as a list, or as bits."""
    if isinstance(told, list):
        return told
    bits = b64decode(told)
    return [n for n in range(8 * len(bits)) if bits[n >> 3] >> (n & 7) & 1]
