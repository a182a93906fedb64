"""What a browser is sent, whatever is lost, repeated or late: it draws the last picture, and each event counts once."""

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as some

from tests.app.desks import pictured, sent
from tests.app.mirror import Mirror
from workbench.app import actions
from workbench.app.desk import Desk
from workbench.app.picture import Picture
from workbench.app.ties import tie_id
from workbench.app.wire import Wire
from workbench.view.view import View

NAMES = [f"e{n}" for n in range(12)] + ["group:Group 1"]


@some.composite
def pictures(draw: Any) -> Picture:
    """A picture of some things, among which there are ties."""
    names = draw(some.lists(some.sampled_from(NAMES), unique=True))
    things = {each: {"label": each, "kind": draw(some.sampled_from(["Person", "Phone"]))} for each in names}
    ties = {}
    if names:
        for a, b in draw(some.lists(some.tuples(some.sampled_from(names), some.sampled_from(names)), max_size=6)):
            lead = draw(some.booleans())
            a, b = min(a, b), max(a, b)
            if a != b:
                name = f"lead {tie_id(a, b)}" if lead else tie_id(a, b)
                ties[name] = {"a": a, "b": b, "label": draw(some.sampled_from(["Call", "Knows"]))}
    places = {each: (draw(some.integers(-9, 9)), draw(some.integers(-9, 9))) for each in names}
    out = draw(some.sets(some.sampled_from(names))) if names else set()
    ties_out = draw(some.sets(some.sampled_from(sorted(ties)))) if ties else set()
    top = {
        "entities": len(names),
        "hidden": draw(some.integers(0, 3)),
        **draw(some.dictionaries(some.sampled_from(["note", "png"]), some.booleans())),
    }
    return Picture(things, ties, places, frozenset(out), frozenset(ties_out), top)


class Browser:
    """A browser that gets messages, some of them late or twice, and says what it has, or that it lost something."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.mirror = Mirror(wire.token)
        self.sent: list[dict[str, Any]] = []

    def get(self, message: dict[str, Any]) -> None:
        """Take a message as canvas.js does: one of another chart, or after a gap, begins anew."""
        if message["token"] != self.mirror.token:
            self.mirror = Mirror(message["token"])
        assert message["token"] == self.wire.token or not message["changes"]
        if not self.mirror.take(message):
            self.wire = Wire(seen=self.wire.seen)

    def tell(self) -> None:
        """Say what it has."""
        self.wire.took(self.mirror.revision, [])


FATES = some.lists(
    some.sampled_from(["arrives", "arrives", "arrives", "is lost", "comes twice", "is late"]), min_size=8
)


@given(some.lists(pictures(), min_size=1, max_size=8), FATES, some.lists(some.booleans(), min_size=8))
def test_a_browser_has_the_picture_whatever_happens_to_messages(
    shown: Sequence[Picture], fates: Sequence[str], told: Sequence[bool]
) -> None:
    wire = Wire()
    browser, late = Browser(wire), list[dict[str, Any]]()
    for picture, fate, tells in zip(shown, fates, told, strict=False):
        message = json.loads(json.dumps(wire.message(picture)))
        for _ in range({"is lost": 0, "is late": 0, "comes twice": 2}.get(fate, 1)):
            browser.get(message)
        if fate == "arrives":
            assert browser.mirror.picture() == picture, "nothing that was lost before is missing"
        if fate == "is late":
            late.append(message)
        elif late:
            browser.mirror.take(late.pop())  # changes nothing: what it has is newer
        if fate == "arrives":
            assert browser.mirror.picture() == picture
        if tells:
            browser.tell()
    browser.get(wire.message(shown[-1]))
    if browser.mirror.token != wire.token:
        browser.get(wire.message(shown[-1]))
    assert browser.mirror.picture() == shown[-1]


@given(some.lists(pictures(), min_size=1, max_size=6))
def test_what_a_browser_says_that_it_has_is_not_sent_again(shown: Sequence[Picture]) -> None:
    wire, mirror = Wire(), Mirror("")
    for picture in shown:
        message = wire.message(picture)
        assert len(message["changes"]) <= 1
        assert mirror.take(message)
        assert mirror.picture() == picture
        wire.took(mirror.revision, [])
    assert not wire.message(shown[-1])["changes"], "a picture that is the same changes nothing"


@given(some.lists(pictures(), min_size=1, max_size=5), pictures())
def test_after_a_beginning_everything_comes_again(shown: Sequence[Picture], last: Picture) -> None:
    wire = Wire()
    for picture in shown:
        wire.message(picture)
    before = wire.token
    wire = Wire(seen=wire.seen)
    message = wire.message(last)
    assert message["token"] != before
    mirror = Mirror(message["token"])
    assert mirror.take(message)
    assert mirror.picture() == last


def test_a_gap_is_noticed() -> None:
    wire, mirror = Wire(), Mirror("")
    first = Picture({"a": {"label": "a"}}, {}, {"a": (0, 0)}, frozenset(), frozenset())
    second = Picture({"b": {"label": "b"}}, {}, {"b": (0, 0)}, frozenset(), frozenset())
    wire.message(first)
    wire.took(1, [])
    assert not mirror.take(wire.message(second)), "it never got the first"
    assert mirror.picture() == Picture({}, {}, {}, frozenset(), frozenset())


EVENTS = some.lists(some.integers(1, 9), max_size=6)


@given(some.lists(EVENTS, max_size=8))
def test_an_event_is_taken_once_whatever_is_sent_again(batches: Sequence[Sequence[int]]) -> None:
    wire, taken, highest = Wire(), list[int](), 0
    for batch in batches:
        fresh = [event["seq"] for event in wire.took(0, [{"seq": n, "what": "undo"} for n in batch])]
        assert fresh == sorted(fresh)
        assert sorted(set(fresh)) == sorted({n for n in batch if n > highest})
        highest = max([highest, *batch])
        taken += fresh
        assert wire.seen == highest
    assert taken == sorted(taken)


def test_an_event_of_a_canvas_that_lost_something_is_taken_once(view: View, desk: Desk) -> None:
    events = [{"seq": 1, "what": "hide", "ids": [desk.chart.entities[0]]}, {"seq": 2, "what": "lost"}]
    actions.received(desk, view, {"has": 0, "events": events})
    once = desk.history
    token = desk.wire.token
    actions.received(desk, view, {"has": 0, "events": events})  # its answer was late
    assert desk.history is once
    assert desk.wire.token == token, "it begins anew once"
    assert desk.wire.message(pictured(desk, view))["seen"] == 2, "a new outbox counts on from there"


def test_what_changes_at_two_thousand_things_is_small() -> None:
    names = [f"{n:020x}" for n in range(2_000)]
    things = {each: {"label": f"Person {each[-4:]}", "kind": "Person", "agencies": ["NKP"]} for each in names}
    ties = {tie_id(a, b): {"a": a, "b": b, "label": "Call"} for a, b in pairwise(names)}
    places = {each: (n % 50 * 90.0, n // 50 * 90.0) for n, each in enumerate(names)}
    wire = Wire()
    first = wire.message(Picture(things, ties, places, frozenset(), frozenset(), {"hidden": 0}))
    assert first["confirm"]
    wire.took(1, [])
    hidden = Picture(things, ties, places, frozenset(names[7::2]), frozenset(), {"hidden": 997})
    message = wire.message(hidden)
    assert len(json.dumps(message)) < 60_000
    assert not message["confirm"]
    wire.took(2, [])
    moved = {**places, names[0]: (1.0, 2.0)}
    assert len(json.dumps(wire.message(Picture(things, ties, moved, hidden.out, frozenset(), hidden.top)))) < 500


def test_many_that_are_gone_take_few_bytes() -> None:
    names = [f"{n:020x}" for n in range(2_000)]
    things = {each: {"label": each, "kind": "Person"} for each in names}
    ties = {tie_id(a, b): {"a": a, "b": b, "label": "Call"} for a, b in pairwise(names)}
    places = dict.fromkeys(names, (1.0, 2.0))
    wire = Wire()
    browser = Browser(wire)
    browser.get(wire.message(Picture(things, ties, places, frozenset(), frozenset(), {"hidden": 0})))
    browser.tell()
    few = names[::40]
    left = Picture({each: things[each] for each in few}, {}, {each: places[each] for each in few}, frozenset(),
                   frozenset(), {"hidden": 0})  # fmt: skip
    message = wire.message(left)
    assert len(json.dumps(message)) < 3_000
    browser.get(message)
    assert browser.mirror.picture() == left


def test_a_desks_canvas_has_its_chart_after_every_step(view: View, desk: Desk) -> None:
    mirror = Mirror("")
    a, b, *others = desk.chart.entities
    steps: list[tuple[str, dict[str, Any]]] = [
        ("hide", {"ids": [a]}), ("undo", {}), ("group", {"ids": [a, b]}), ("open", {"id": "group:Group 1"}),
        ("ungroup", {"ids": [a]}), ("moved", {"places": {b: [5, 6]}}), ("leave out", {"signs": ["tie:Call"]}),
        ("mark", {"ids": others, "colour": "blue"}), ("expand", {"ids": [b]}), ("layout", {"kind": "circle"}),
        ("undo", {}), ("undo", {}), ("redo", {}),
    ]  # fmt: skip
    for what, more in steps:
        sent(desk, view, what, **more)
        picture = pictured(desk, view)
        assert mirror.take(json.loads(json.dumps(desk.wire.message(picture))))
        top = {name: value for name, value in picture.top.items() if value is not None}
        told = json.loads(json.dumps([picture.things, picture.ties, top]))
        got = mirror.picture()
        assert [got.things, got.ties, got.top] == told
        assert (got.out, got.ties_out) == (picture.out, picture.ties_out)
        assert got.places == {each: (round(x), round(y)) for each, (x, y) in picture.places.items()}
        desk.wire.took(mirror.revision, [])
