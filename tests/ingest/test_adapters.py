"""The rules for every adapter: a unit has one outcome and one locator, and can be replayed."""

import codecs
import gzip
import io
import tomllib
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from itertools import cycle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.account import Account
from ingest.formats import ADAPTERS
from ingest.intake import marking_of
from ingest.keeping import again, kept
from ingest.manifest import FileSpec, Manifest, ManifestSpec, read_manifest, settle
from ingest.mapping import read
from ingest.quarantine import replay
from ingest.shapes import Frame, Header, Left, Reject
from ingest.units import units
from tests.ingest.desk import Desk, totals
from tests.ingest.examples import EXAMPLES, Example
from tests.ingest.families import each_family
from tests.stores import examples, leased
from workbench.errors import FileRefused, UsageError
from workbench.model.marking import Level, parse_marking
from workbench.model.record import Record

each = pytest.mark.parametrize("adapter", sorted(ADAPTERS))

ODD = [b"", b'"', b",", b"\n", b"\r", b"\0", b"\xff", b"\xd0", b"{", b"}", b"[", b":", b"x", b"\\u0000", b"null"]


class Memory:
    """A file that is not one."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name, self.content = name, content

    def open(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self.content)


class Pieces(io.BytesIO):
    """A stream that gives no more than it has promised: long reads in pieces of these sizes, one after the other."""

    def __init__(self, content: bytes, sizes: Sequence[int]) -> None:
        super().__init__(content)
        self._sizes = cycle(sizes)

    def read(self, n: int | None = -1) -> bytes:
        return super().read(n if n is None or n <= 256 else next(self._sizes))

    def read1(self, n: int | None = -1) -> bytes:
        return self.read(n)


class InPieces(Memory):
    """A file that is read in pieces."""

    def __init__(self, name: str, content: bytes, sizes: Sequence[int]) -> None:
        super().__init__(name, content)
        self.sizes = sizes

    def open(self, mode: str) -> io.BytesIO:
        return Pieces(self.content, self.sizes)


def manifest_of(example: Example) -> Manifest:
    spec = ManifestSpec.model_validate(tomllib.loads(example.manifest))
    return settle(spec, "m.toml", defaults=ADAPTERS[spec.adapter or ""].defaults)


def outcomes(adapter: str, content: bytes) -> list[list[Record] | Reject | Left]:
    """The outcome of each unit of a file; the second count must agree."""
    example, account = EXAMPLES[adapter], Account()
    manifest = manifest_of(example)
    found = list(units(read(ADAPTERS[adapter], Memory(example.name, content), manifest, account)))
    counted, lines = ADAPTERS[adapter].count(io.BytesIO(content), manifest.written(example.name))
    assert counted == len(found)
    assert lines in (None, account.lines(len(found)))
    return found


def drawn_content(example: Example, data: st.DataObject) -> bytes:
    """A file of some units, damaged here and there, and cut off."""
    content = bytearray(example.file(data.draw(st.lists(st.sampled_from(example.units), max_size=4))))
    for _ in range(data.draw(st.integers(0, 5))):
        at = data.draw(st.integers(0, len(content)))
        content[at : at + data.draw(st.integers(0, 5))] = data.draw(st.sampled_from(ODD))
    del content[data.draw(st.integers(0, len(content))) if data.draw(st.booleans()) else len(content) :]
    return bytes(content)


def asked(adapter: str, reject: Reject) -> str:
    """The marking of a unit that can't be read, where a column says the markings."""
    said = ManifestSpec(files=(FileSpec(pattern="*", marking_column="name"),))
    return str(marking_of(replace(reject, marking=None), ADAPTERS[adapter], settle(said, "m.toml"), "t"))


def place(outcome: list[Record] | Reject | Left) -> str:
    return outcome[0].locator if isinstance(outcome, list) else outcome.locator


def beside(example: Example, outcome: list[Record] | Reject | Left) -> bool:
    """Whether an outcome is that of a node, in an example whose units are links."""
    links = bool(example.nodes or example.arranged)
    return links and isinstance(outcome, list) and not any(record.roles for record in outcome)


def of_units(example: Example, found: list[list[Record] | Reject | Left]) -> list[list[Record] | Reject | Left]:
    """The outcomes of an example's units: without the nodes beside them."""
    return [outcome for outcome in found if not beside(example, outcome)]


def nodes_beside(adapter: str, content: bytes) -> int:
    """How many nodes stand beside the units of an example's file."""
    return sum(beside(EXAMPLES[adapter], outcome) for outcome in outcomes(adapter, content))


def test_every_adapter_has_an_example() -> None:
    assert sorted(EXAMPLES) == sorted(ADAPTERS), "add an Example to one of tests/ingest/examples_*.py"
    for adapter, example in EXAMPLES.items():
        assert example.good
        assert example.unmapped
        assert example.unreadable
        assert fnmatchcase(example.name, ADAPTERS[adapter].members)
        assert manifest_of(example).spec.adapter == adapter


@each
@settings(max_examples=examples(60))
@given(data=st.data())
def test_each_unit_has_one_outcome(adapter: str, data: st.DataObject) -> None:
    example = EXAMPLES[adapter]
    drawn = example.drawn([example.good[0], *data.draw(st.lists(st.sampled_from(example.units), max_size=8))])
    found = of_units(example, outcomes(adapter, example.file(drawn)))
    rejected = [(each.reason, str(each.message)) for each in found if isinstance(each, Reject)]
    assert [isinstance(outcome, list) for outcome in found] == [unit in example.good for unit in drawn], rejected


@each
@settings(max_examples=examples(60))
@given(data=st.data())
def test_a_place_is_that_of_one_unit_and_a_reject_has_its_bytes(adapter: str, data: st.DataObject) -> None:
    example = EXAMPLES[adapter]
    drawn = example.drawn([example.good[0], *data.draw(st.lists(st.sampled_from(example.units), max_size=8))])
    content = example.file(drawn)
    found, lines = outcomes(adapter, content), content.split(b"\n")
    assert len({place(outcome) for outcome in found}) == len(found)
    for number, (outcome, unit) in enumerate(zip(of_units(example, found), drawn, strict=True), 1 + example.nodes):
        name, _, at = place(outcome).rpartition(":")
        line = int(at.partition(".")[0])
        assert name == example.name
        assert line == number - 1 + example.first if example.numbered else unit.split(b"\n")[0] in lines[line - 1]
        if isinstance(outcome, Reject):
            assert outcome.raw.strip() == unit.strip()


@each
@settings(max_examples=examples(200))
@given(data=st.data())
def test_any_bytes_are_units_or_the_file_is_refused(adapter: str, data: st.DataObject) -> None:
    example = EXAMPLES[adapter]
    try:
        found = outcomes(adapter, drawn_content(example, data))
    except FileRefused as refused:
        told = str(refused)
    else:
        assert len({place(outcome) for outcome in found}) == len(found)
        for outcome in found:
            assert not isinstance(outcome, Reject) or parse_marking(asked(adapter, outcome)).level == Level.SECRET
        return
    assert told.startswith(example.name)


@each
@settings(max_examples=examples(100))
@given(data=st.data())
def test_a_file_is_the_same_in_whatever_pieces_it_is_read(adapter: str, data: st.DataObject) -> None:
    example = EXAMPLES[adapter]
    content = drawn_content(example, data)
    sizes = data.draw(st.lists(st.integers(1, 7), min_size=1, max_size=3))
    whole = told_of(adapter, Memory(example.name, content))
    assert told_of(adapter, InPieces(example.name, content, sizes)) == whole


def told_of(adapter: str, source: Memory) -> tuple[object, ...]:
    """What an adapter tells of a file, unit by unit and beside them, and its second count; or why it refuses it."""
    written, account = manifest_of(EXAMPLES[adapter]).written(source.name), Account()
    try:
        items = list(ADAPTERS[adapter].read(source, written, account))
    except FileRefused as refused:
        return refused.reason, str(refused)
    return items, account, ADAPTERS[adapter].count(source.open("rb"), written)


@each
def test_a_byte_order_mark_changes_nothing(adapter: str) -> None:
    """A file of a format that is no text is refused."""
    content = EXAMPLES[adapter].file(EXAMPLES[adapter].good)
    if adapter in ("parquet", "sql", "xlsx"):
        with pytest.raises(FileRefused):
            outcomes(adapter, codecs.BOM_UTF8 + content)
        return
    plain, marked = outcomes(adapter, content), outcomes(adapter, codecs.BOM_UTF8 + content)
    assert [_said(each) for each in marked] == [_said(each) for each in plain]


def _said(outcome: list[Record] | Reject | Left) -> object:
    return (
        [(each.schema, each.source_id, each.properties) for each in outcome] if isinstance(outcome, list) else outcome
    )


def test_pieces_are_felt_by_who_asks_once() -> None:
    assert Pieces(b"abcdefgh", [3]).read(1 << 20) == b"abc"
    assert Pieces(b"abcdefgh", [3]).read(8) == b"abcdefgh"
    assert list(Pieces(b"abcdefgh\ni", [3])) == [b"abcdefgh\n", b"i"]
    assert io.TextIOWrapper(Pieces(b"abcdefgh\ni", [3, 1])).read() == "abcdefgh\ni"


@each_family
def test_the_same_file_again_changes_nothing(desk: Desk, adapter: str) -> None:
    example = EXAMPLES[adapter]
    nodes, content = nodes_beside(adapter, example.file(example.units)), example.file(example.units)
    good, bad = len(example.good) + nodes, len(example.unmapped) + len(example.unreadable)
    path = desk.write(example.name, content)
    how = desk.write("m/m.toml", example.manifest)
    first = desk.load(path, manifest=how)
    assert totals(first) == {"read": good + bad, "accepted": good, "quarantined": bad}
    before = desk.view().digest(), desk.view().quarantine()
    again = desk.load(path, manifest=how)
    assert totals(again) == {"read": good + bad, "unchanged": good, "quarantined": bad}
    assert again.revision is None
    assert (desk.view().digest(), desk.view().quarantine()) == before


@each_family
def test_an_archive_gives_what_its_file_does(desk: Desk, adapter: str, tmp_path: Path) -> None:
    example = EXAMPLES[adapter]
    content, how = example.file(example.units), desk.write("m/m.toml", example.manifest)
    with zipfile.ZipFile(desk.folder / "a.zip", "w") as archive:
        archive.writestr(example.name, content)
    packed = desk.load(desk.folder / "a.zip", manifest=how)
    other = tmp_path / "other"
    with leased(other) as url:
        plain = Desk(other, url)
        assert totals(plain.load(plain.write(example.name, content), manifest=how)) == totals(packed)
        assert plain.view().digest() == desk.view().digest()
        plain.store.close()


@each_family
def test_a_compressed_file_is_read_as_what_was_compressed(desk: Desk, adapter: str) -> None:
    example, how = EXAMPLES[adapter], desk.write("m/m.toml", EXAMPLES[adapter].manifest)
    content = example.file(example.units)
    plain = desk.load(desk.write(example.name, content), manifest=how)
    packed = desk.load(desk.write(f"packed/{example.name}", gzip.compress(content)), manifest=how)
    assert totals(packed)["read"] == totals(plain)["read"]
    assert totals(packed)["quarantined"] == totals(plain)["quarantined"]


@each
def test_an_adapter_says_whether_it_wants_a_manifest(desk: Desk, adapter: str) -> None:
    path = desk.write(EXAMPLES[adapter].name, EXAMPLES[adapter].file(EXAMPLES[adapter].good))
    if ADAPTERS[adapter].needs_manifest:
        with pytest.raises(UsageError, match="wants a manifest"):
            desk.load(path, adapter=adapter)
    else:
        good = len(EXAMPLES[adapter].good) + nodes_beside(adapter, path.read_bytes())
        assert totals(desk.load(path, adapter=adapter))["accepted"] == good


_LATER = pytest.mark.night(reason="by day each unit is replayed as it is mostly done")


@each
@pytest.mark.parametrize(
    "how",
    ["what was read", *(pytest.param(each, marks=_LATER) for each in ("bytes given anew", "bytes of older versions"))],
)
def test_a_unit_is_replayed_as_if_it_had_been_read_at_first(
    desk: Desk, adapter: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Older versions stored only the bytes."""
    if how == "bytes of older versions":
        monkeypatch.setattr("ingest.mapping.outcomes.kept", lambda *_: "")
        # To be read in this process.
        monkeypatch.setitem(ADAPTERS, adapter, replace(ADAPTERS[adapter], confined=False))
        monkeypatch.setattr(ManifestSpec, "has_patterns", False)
    example = EXAMPLES[adapter]
    path, mended = desk.write(example.name, example.file(example.units)), desk.write("m/right.toml", example.mended)
    desk.load(path, manifest=desk.write("m/wrong.toml", example.manifest), delivered="2026-01-01")
    waiting = desk.view().quarantine()
    assert any("fields" in unit.context for unit in waiting) == (how != "bytes of older versions")
    for unit in waiting:
        raw = unit.raw if how == "bytes given anew" else None
        replay(desk.store, desk.view(), [unit.id], by="tester", manifest=mended, raw=raw)
    other = tmp_path / "other"
    with leased(other) as url:
        clean = Desk(other, url)
        report = clean.load(clean.write(example.name, example.file(example.units)), manifest=mended)
        assert totals(report)["quarantined"] == len(example.unreadable)
        assert clean.view().digest() == desk.view().digest()
        assert [unit.locator for unit in desk.view().quarantine()] == [
            unit.locator for unit in clean.view().quarantine()
        ]
        clean.store.close()


@each
def test_what_holds_where_a_manifest_says_nothing_is_a_manifest(adapter: str) -> None:
    defaults = ADAPTERS[adapter].defaults
    if defaults is not None:
        said = read_manifest(defaults)
        assert bool(said.labels or said.types) == (ADAPTERS[adapter].gives == "graph")
        assert bool(said.files) == (ADAPTERS[adapter].gives == "rows")


@each
def test_what_was_read_is_kept_whole(adapter: str) -> None:
    example = EXAMPLES[adapter]
    source, manifest = Memory(example.name, example.file(example.units)), manifest_of(example)
    items = list(ADAPTERS[adapter].read(source, manifest.written(example.name), Account()))
    header = next((item for item in items if isinstance(item, Header)), None)
    found = [item for item in items if not isinstance(item, Header | Frame | Reject | Left)]
    assert len(found) >= len(example.good) + len(example.unmapped)
    for unit in found:
        text = kept(header, unit)
        assert again(text, unit.locator, unit.raw, header.raw if header else b"") == (
            [header, unit] if header else [unit]
        )


@each_family
def test_units_are_replayed_without_their_bytes(desk: Desk, adapter: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """For units whose fields were read: a unit alone need not be a valid file of the format."""
    example = EXAMPLES[adapter]
    path = desk.write(example.name, example.file([*example.good, *example.unmapped]))
    desk.load(path, manifest=desk.write("m/wrong.toml", example.manifest))
    monkeypatch.setitem(ADAPTERS, adapter, replace(ADAPTERS[adapter], read=lambda *_: pytest.fail("it was read again")))
    report = replay(desk.store, desk.view(), by="tester", manifest=desk.write("m/right.toml", example.mended))
    assert totals(report) == {"read": len(example.unmapped), "accepted": len(example.unmapped)}
    assert desk.view().quarantine() == ()
