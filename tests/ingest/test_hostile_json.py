"""JSON that was made to do harm, given to each adapter of JSON: its unit waits alone, or the file is refused."""

import pytest

from tests.ingest.desk import Desk, reasons, totals
from tests.ingest.examples import EXAMPLES
from tests.ingest.test_adapters import nodes_beside
from workbench.model.record import Record

JSON = ("bods", "case-uco", "fbi-wanted", "ftm", "json", "jsonl", "misp", "node-link", "psc", "stix", "vis")
KEEP_ALL = ("case-uco", "misp", "stix")  # formats whose mapping keeps what it does not know, as text
DIGITS = "9" * 5_000
each = pytest.mark.parametrize("adapter", JSON)


def with_bad(adapter: str, said: bytes) -> bytes:
    """The good units of an example, and in the first what is said under a key of its own."""
    example = EXAMPLES[adapter]
    first, *others = example.good
    return example.file([b'{"zz": ' + said + b", " + first[1:], *others])


@each
@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"NaN", "not JSON"),
        (b"Infinity", "not JSON"),
        (b"-Infinity", "not JSON"),
        (b"[" * 10_000 + b"]" * 10_000, "nested too deeply"),
        (b'{"a": ' * 10_000 + b"1" + b"}" * 10_000, "nested too deeply"),
        (b'1, "zz": 2', "key stands twice"),
        (b'{"a": 1, "\\u0061": 2}', "key stands twice"),
    ],
    ids=["nan", "infinity", "minus infinity", "lists", "objects", "key twice", "key twice by an escape"],
)
def test_json_that_is_none_or_says_two_things_is_not_loaded(desk: Desk, adapter: str, said: bytes, reason: str) -> None:
    content, example = with_bad(adapter, said), EXAMPLES[adapter]
    report = desk.load(desk.write(example.name, content), manifest=desk.write("m/m.toml", example.manifest))
    assert reasons(report)[reason] == 1
    good = len(example.good) - 1 + nodes_beside(adapter, example.file(example.good))
    if totals(report).get("refused"):
        assert totals(report) == {"read": 1, "refused": 1}
    else:
        assert totals(report) == {"read": good + 1, "accepted": good, "quarantined": 1}
        assert said[:100] in desk.view().quarantine()[0].raw


@each
@pytest.mark.parametrize("number", [DIGITS, f"-0.{DIGITS}", "1e999999999", "9007199254740993", "1.10"])
def test_a_number_of_any_size_is_its_digits_or_waits(desk: Desk, adapter: str, number: str) -> None:
    """No number is read as one of the machine's, which has 53 bits, 4,300 digits or infinity."""
    example = EXAMPLES[adapter]
    path = desk.write(example.name, with_bad(adapter, number.encode()))
    report = desk.load(path, manifest=desk.write("m/m.toml", example.manifest))
    assert "refused" not in totals(report)
    if adapter in KEEP_ALL:
        assert any(number in text_of(each.record) for each in desk.records())
    else:
        (unit,) = desk.view().quarantine()
        assert number.encode() in unit.raw
        assert unit.reason in {"unknown key: zz", "unknown property: zz"}


def text_of(record: Record) -> str:
    return " ".join(value.original for found in record.properties.values() for value in found)


@each
@pytest.mark.parametrize("said", [b'"\\ud800"', b'"\\udc00\\ud800"', b'"\\u0000"', b'"\xed\xa0\x80"'])
def test_half_a_character_and_nul_are_not_loaded(desk: Desk, adapter: str, said: bytes) -> None:
    example = EXAMPLES[adapter]
    report = desk.load(
        desk.write(example.name, with_bad(adapter, said)), manifest=desk.write("m/m.toml", example.manifest)
    )
    assert not report.clean
    bad = totals(report)
    assert bad.get("refused", 0) + bad.get("quarantined", 0) == 1
    assert not any("\ud800" in text_of(each.record) or "\0" in text_of(each.record) for each in desk.records())


@pytest.mark.parametrize("adapter", ["bods", "psc"])
@pytest.mark.parametrize("size", [(1 << 16) - 40, 1 << 16, 1 << 17])
def test_a_long_first_line_is_one_line(desk: Desk, adapter: str, size: int) -> None:
    """Wherever a piece of it that is looked at ends, and though each of its signs could end it."""
    example = EXAMPLES[adapter]
    first = b'{"zz": {' + b'"a": {' * 30 + b"}" * 30 + b"}, "
    first += b'"y": {' + b" " * size + b"}}"
    report = desk.load(
        desk.write(example.name, first + b"\n" + (b"{}\n" * 2)), manifest=desk.write("m/m.toml", example.manifest)
    )
    assert totals(report) == {"read": 3, "quarantined": 3}
