"""What a line of JSON that can't be read asks for: never less than it did before it was damaged."""

import json
import tomllib
from dataclasses import dataclass, replace
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ingest.formats import ADAPTERS
from ingest.intake import marking_of
from ingest.manifest import Manifest, ManifestSpec, settle
from ingest.mapping import read
from ingest.quarantine import replay
from ingest.shapes import Reject
from ingest.units import units
from tests.ingest.desk import Desk, reasons, totals
from tests.ingest.test_adapters import Memory
from tests.stores import examples
from workbench.model.marking import Level, Marking, parse_marking

MANIFEST = """
adapter = "jsonl"
agency = "NKP"
dataset = "d"
[[files]]
pattern = "*"
marking_column = "{column}"
ignore = ["more", "owner", "meta", "mark"]
[[files.records]]
name = "person"
schema = "Person"
id = "{{id}}"
properties = {{ name = "name" }}
"""
KNOWN = frozenset({"ALPHA", "BETA", "C-3"})
GOOD = b'{"id": 0, "mark": "SECRET", "meta": {"mark": "SECRET"}}\n'


@cache
def manifest_of(column: str) -> Manifest:
    return settle(ManifestSpec.model_validate(tomllib.loads(MANIFEST.format(column=column))), "m.toml")


def asked(line: bytes, column: str = "mark") -> list[Marking]:
    """What the lines that are kept of these bytes ask for."""
    return [marking for marking in outcomes(line, column) if marking is not None]


def outcomes(line: bytes, column: str) -> list[Marking | None]:
    """What each line asks for that is kept; None for one that is read."""
    adapter, manifest = ADAPTERS["jsonl"], manifest_of(column)
    first, *found = units(read(adapter, Memory("e.jsonl", GOOD + line), manifest))
    assert isinstance(first, list)
    return [marking_of(each, adapter, manifest, "e.jsonl") if isinstance(each, Reject) else None for each in found]


def only(line: str, column: str = "mark") -> str:
    (marking,) = asked(line.encode(), column)
    assert (marking.level, marking.releasable) == (Level.SECRET, {"NKP"})
    return ",".join(sorted(marking.compartments))


@pytest.mark.parametrize(
    ("line", "compartments"),
    [
        # Not JSON behind it, before it, or cut off behind it.
        ('{"id":2,"mark":"SECRET//REL NKP//COMP ALPHA","name":"Joe" "x"}', "ALPHA"),
        ('{"id":2,"name":"Joe" "x","mark":"SECRET//REL NKP//COMP ALPHA"}', "ALPHA"),
        ('{"id":"2,"mark":"SECRET//REL NKP//COMP ALPHA,BETA","name":"Joe"}', "ALPHA,BETA"),
        ('{"id":2,"mark":"SECRET//REL NKP//COMP ALPHA","name":"Jo', "ALPHA"),
        ('{"id":2,"mark":"OPEN","name":"Joe" "x"}', ""),
        # Escapes are undone, pairs of them too.
        ('{"id":2,"mark":"SECRET//REL NKP//\\u0043OMP \\u0041LPHA","name":"Joe" "x"}', "ALPHA"),
        ('{"id":2,"m\\u0061rk":"SECRET//REL NKP//COMP ALPHA","name":"Joe" "x"}', "ALPHA"),
        ('{"id":2,"mark":"SECRET//COMP\\ud83d\\ude00ALPHA\\/BETA","name":"Joe" "x"}', "ALPHA,BETA"),
        ('{"id":2,"mark":"SECRET//COMP \\"ALPHA\\"; \\"BETA\\"","name":"Joe" "x"}', "ALPHA,BETA"),
        # All texts of a unit are heard, and no key is.
        ('{"id":2,"mark":"OPEN","note":"comp BETA","comp":"x","name":"Joe" "x"}', "BETA"),
        ('{"id":2,"owner":{"mark":"SECRET//COMP BETA"},"mark":"SECRET//COMP ALPHA","name":NaN}', "ALPHA,BETA"),
        ('{"id":2,"mark":"SECRET//COMP ALPHA","mark":"SECRET//COMP BETA"}', "ALPHA,BETA"),
        ('{"id":2,"mark":["SECRET//COMP ALPHA"],"name":NaN}', "ALPHA"),
        # It is read, but for its marking.
        ('{"id":2,"mark":"SECRET//REL NKP//COMP ALPHA?","name":"Joe, x","comp":"y"}', "ALPHA"),
        ('{"id":2,"mark":"SECRET//\\u0043OMP ALPHA?","name":"Joe"}', "ALPHA"),
        ('{"id":2,"mark":["SECRET//COMP ALPHA","OPEN"],"name":"Joe"}', "ALPHA"),
        ('{"id":2,"mark":"","name":"Joe"}', ""),
        ('{"id":2,"mark":"?","name":"Joe"}', ""),
        ('{"id":2,"mark":"SECRET//REL NKP//COM ALPHA","name":"Joe"}', "UNREADABLE"),
        ('{"id":2,"mark":"SECRET//REL NKP//COMPALPHA","name":"Joe"}', "UNREADABLE"),
        ('{"id":2,"mark":"SECRET/u002fCOMP ALPHA","name":"Joe"}', "UNREADABLE"),
        # Where its marking begins or ends, or whether there was another, nobody can tell.
        ('{"id":2,"mark":"SECRET//REL NKP//COMP ALPHA', "UNREADABLE"),
        ('{"id":2,"mark":"SECRET//REL NKP//COMP AL"PHA","name":"Joe"}', "UNREADABLE"),
        ('{"id":2,"mark":"SECRET//COMP ALPHA", BETA","name":"Joe"}', "UNREADABLE"),
        ('{"id":2,"mark":"SECRET//COMP \\u004LPHA","name":"Joe"}', "UNREADABLE"),
        ('{"id":2,"mark":"SECRET//COMP AL\tPHA","name":"Joe"}', "UNREADABLE"),
        ('{"id":2,"owner":{"mark":"OPEN"},"mark":"SECRET//COMP AL"PHA","name":"Joe"}', "UNREADABLE"),
        ('{"id":2,"name":"Joe","ma', "UNREADABLE"),
        ('{"id":2,"owner":{"mark":"OPEN"},"ma', "UNREADABLE"),
        ('{"id":2,"owner":{"mark":"OPEN"}', "UNREADABLE"),
        ('{"id":2,"owner":{"x":1,"mark":"OPEN"}', "UNREADABLE"),
        ('ECRET//COMP ALPHA","name":"Joe"}', "UNREADABLE"),
        ('{"id":2,"mark":null,"name":NaN}', "UNREADABLE"),
        ('{"id":2,"name":NaN}', "UNREADABLE"),
        ("nothing", "UNREADABLE"),
        ("\\", "UNREADABLE"),
    ],
)  # fmt: skip
def test_a_line_asks_for_what_it_says_or_nobody_sees_it(line: str, compartments: str) -> None:
    assert only(line) == compartments


def test_a_marking_inside_of_others_is_found() -> None:
    assert only('{"id":2,"meta":{"mark":"SECRET//COMP ALPHA"},"name":"Jo', "meta.mark") == "ALPHA"
    assert only('{"id":2,"meta.mark":"SECRET//COMP ALPHA","name":"Joe" x}', "meta.mark") == "ALPHA"
    assert only('{"id":2,"other":{"mark":"OPEN"},"meta":{"mar', "meta.mark") == "UNREADABLE"
    assert only('{"meta":' * 5_000 + '{"mark":"OPEN"', "meta.mark") == "UNREADABLE"
    assert only('{"meta":{"mark":"SECRET//COMP ALPHA","meta":' * 5_000, "meta.mark") == "ALPHA"


@dataclass(frozen=True)
class Line:
    """A line, where its marking is written in it, with what is around of it, and what that asks for."""

    raw: bytes
    column: str
    place: range
    compartments: frozenset[str]
    decoy: bool


@st.composite
def lines(draw: st.DrawFn) -> Line:
    """Lines of JSON as people and programs write them; with markings of others in some."""
    compartments = draw(st.frozensets(st.sampled_from(sorted(KNOWN))))
    between = draw(st.sampled_from([",", ", "]))
    comp = f"//COMP {between.join(sorted(compartments))}" if compartments else ""
    marking = draw(st.sampled_from(["SECRET//REL NKP{}", "secret{}//HC H1", " CONFIDENTIAL {} "])).format(comp)
    assert parse_marking(marking, "NKP").compartments == compartments
    mark = '"mark":' + draw(st.sampled_from(["", " "])) + '"' + "".join(map(draw, map(_escaped, marking))) + '"'
    inside = draw(st.booleans())
    decoy = draw(st.booleans())
    others = ['"id":7', '"name":' + json.dumps(draw(_TEXT), ensure_ascii=draw(st.booleans()))]
    others += ['"more":{"a":[{"b":1.50},"x\\"y",[true]],"c":{}}'] if draw(st.booleans()) else []
    others += ['"owner":{"mark":"OPEN"}'] if decoy else []
    members = draw(st.permutations([*others, '"meta":{' + mark + "}" if inside else mark]))
    text = "{" + draw(st.sampled_from([",", ", "])).join(members) + "}"
    start = len(text[: text.index(mark)].encode())
    return Line(text.encode(), "meta.mark" if inside else "mark", range(start, start + len(mark)), compartments, decoy)


def _escaped(sign: str) -> st.SearchStrategy[str]:
    return st.sampled_from(
        [sign] * 8 + [f"\\u{ord(sign):04x}", f"\\u{ord(sign):04X}", *(["\\/"] if sign == "/" else [])]
    )


_TEXT = st.text(alphabet='aB ,:/"\\{}[]Ж😀', max_size=8)
_SIGNS = [*b'"\\{}[],:/ ux0nP', 0, 9, 0xFF, 0xD0]


def damaged(raw: bytes, at: int, how: str, sign: int) -> bytes:
    if how == "cut":
        return raw[:at]
    return raw[:at] + (bytes([sign]) + raw[at:] if how == "one more" else raw[at + 1 :])


@settings(max_examples=examples(300))
@given(line=lines(), data=st.data())
def test_a_damaged_line_asks_for_no_less_than_it_said(line: Line, data: st.DataObject) -> None:
    """But for one that is read still, as its marking is another one now: nobody can tell."""
    at, how = data.draw(st.integers(0, len(line.raw) - 1)), data.draw(st.sampled_from(["one less", "one more", "cut"]))
    signs = _SIGNS if line.decoy else [*_SIGNS, ord("\n"), ord("\r")]
    broken = damaged(line.raw, at, how, data.draw(st.sampled_from(signs)))
    for marking in outcomes(broken, line.column):
        assert marking is None or line.compartments <= marking.compartments or marking.compartments - KNOWN


@settings(max_examples=examples(300))
@given(line=lines().filter(lambda line: not line.decoy), data=st.data())
def test_damage_beside_a_marking_changes_nothing_of_it(line: Line, data: st.DataObject) -> None:
    """What is beside it are not the signs before and after it, and not how the line begins. A bracket that closes too
    late could make it the marking of something else, in a line that was cut off."""
    beside = [at for at in range(1, len(line.raw)) if not line.place.start - 2 <= at <= line.place.stop + 2]
    at, how = data.draw(st.sampled_from(beside)), data.draw(st.sampled_from(["one less", "one more", "cut"]))
    is_before = at < line.place.start
    assume(not (is_before and (how == "cut" or (how == "one less" and line.raw[at] in b"]}"))))
    broken = damaged(line.raw, at, how, data.draw(st.sampled_from(_SIGNS)))
    for marking in outcomes(broken, line.column):
        assert marking is None or marking.compartments == line.compartments


def test_of_a_line_of_very_many_strings_nothing_is_told() -> None:
    """They take more room than the line."""
    start = '{"id":2,"mark":"SECRET//COMP ALPHA","more":['
    assert only(start + '"x",' * 90_000) == "ALPHA"
    assert only(start + '"x",' * 110_000) == "UNREADABLE"
    assert only(start + '"' + '\\"' * 500_000) == "UNREADABLE"


def test_a_format_that_does_not_tell_its_texts_shows_them_to_nobody() -> None:
    manifest, cards = manifest_of("mark"), replace(ADAPTERS["jsonl"], texts_of=None)
    reject = Reject("e:1", "x", "x", b"SECRET//COMP ALPHA")
    assert marking_of(reject, cards, manifest, "e").compartments == {"UNREADABLE"}
    assert marking_of(replace(reject, texts=["SECRET COMP ALPHA", "x"]), cards, manifest, "e").compartments == {"ALPHA"}
    constant = settle(None, "m.toml", agency="NKP", marking="RESTRICTED")
    assert marking_of(reject, cards, constant, "e") == parse_marking("RESTRICTED", "NKP")


@pytest.mark.each_store(reason="each store keeps quarantine in its own way")
def test_who_has_the_compartment_repairs_what_others_do_not_see(desk: Desk) -> None:
    broken = (
        '{"id":1,"mark":"SECRET//REL NKP//COMP ALPHA","name":"Joe" "x"}\n'
        '{"id":2,"mark":"SECRET//REL NKP//\\u0043OMP ALPHA","name":"Ann" "x"}\n'
    )
    manifest = desk.write("m.toml", MANIFEST.format(column="mark"))
    good = GOOD.replace(b', "meta": {"mark": "SECRET"}', b"")
    report = desk.load(desk.write("e.jsonl", good + broken.encode()), manifest=manifest)
    assert reasons(report) == {"not JSON": 2}
    assert desk.view().quarantine() == ()
    found = desk.view(compartments=frozenset({"ALPHA"})).quarantine()
    assert [str(unit.marking) for unit in found] == ["SECRET//REL NKP//COMP ALPHA"] * 2
    for unit in found:
        view = desk.view(compartments=frozenset({"ALPHA"}))
        raw = unit.raw.replace(b' "x"', b"")
        assert totals(replay(desk.store, view, [unit.id], by="tester", manifest=manifest, raw=raw))["accepted"] == 1
    assert desk.view().search("Joe").total == desk.view().search("Ann").total == 0
    assert desk.view(compartments=frozenset({"ALPHA"})).search("Ann").total == 1
