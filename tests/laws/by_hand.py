"""What is asked to be drawn by hand: mostly what is not refused."""

from collections.abc import Callable
from typing import Any

_ENTITY = ("Session.draw_entity", "ingest.by_hand.draw_entity")
_TIE = ("Session.draw_relationship", "ingest.by_hand.draw_relationship")
_VALUES: tuple[dict[str, Any], ...] = (*({}, {"summary": ["as said"]}, {"description": "tall"}) * 3, {"nmae": "x"})

BY_HAND: dict[tuple[str, str], Callable[[Any], Any]] = {
    **{(name, "schema"): lambda asked: asked.of("Person", "Person", "Vehicle", "Call") for name in _ENTITY},
    **{(name, "schema"): lambda asked: asked.of(*["UnknownLink"] * 5, "Associate", "Person", by=2) for name in _TIE},
    **{(name, "values"): lambda asked: asked.of(*_VALUES, by=2) for name in (*_ENTITY, *_TIE)},
    **{(name, "grade"): lambda asked: asked.of("admiralty B2", None, "4x4 A1") for name in (*_ENTITY, *_TIE)},
    **{
        (name, "marking"): lambda asked: asked.of(None, "OPEN", "SECRET//REL A,B", "RESTRICTED")
        for name in (*_ENTITY, *_TIE)
    },
    **{(name, "agency"): lambda asked: asked.of(*[None] * 7, "A", "C") for name in (*_ENTITY, *_TIE)},
    **{(name, "why"): lambda asked: asked.of(*["because", "so"] * 4, " ", by=3) for name in (*_ENTITY, *_TIE)},
}
