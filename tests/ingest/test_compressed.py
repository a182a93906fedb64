"""Compressed files, and archives of them: read as what is in them, whole, or refused with a reason."""

import hashlib
import random
import tarfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.sources import Members, Source, fits, opened
from tests.ingest.packing import PACK, tarred, zipped
from workbench.errors import FileRefused

TABLE = "id,name\n" + "".join(f"{n},Ann {n}\n" for n in range(3_000))
each_packing = pytest.mark.parametrize("packing", sorted(PACK))


def sources(path: Path, content: bytes, pattern: str = "*") -> list[Source]:
    path.write_bytes(content)
    with opened(path, Members(pattern), folders=False) as found:
        return list(found)


def contents(found: list[Source]) -> dict[str, bytes]:
    """What is read of sources, whose hashes and sizes it is."""
    read: dict[str, bytes] = {}
    for source in found:
        with source.open() as stream:
            read[source.name] = stream.read()
        assert source.sha256() == hashlib.sha256(read[source.name]).hexdigest()
        assert source.size() == len(read[source.name])
    return read


def refusal(path: Path, content: bytes) -> str:
    with pytest.raises(FileRefused) as caught:
        contents(sources(path, content))
    assert str(path) in caught.value.message
    return caught.value.reason


@each_packing
@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz", "t"])
def test_a_compressed_file_is_one_file_whatever_it_is_called(tmp_path: Path, packing: str, name: str) -> None:
    assert contents(sources(tmp_path / name, PACK[packing](TABLE.encode()))) == {name: TABLE.encode()}


def test_what_is_only_called_compressed_is_read_as_it_is(tmp_path: Path) -> None:
    assert contents(sources(tmp_path / "t.csv.gz", TABLE.encode())) == {"t.csv.gz": TABLE.encode()}


@each_packing
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.binary(max_size=300).map(b"t".__add__), min_size=1, max_size=4), data=st.data())
def test_all_frames_are_read_and_every_cut_is_noticed(
    tmp_path: Path, packing: str, parts: list[bytes], data: st.DataObject
) -> None:
    path, whole = tmp_path / "x", b"".join(parts)
    packed = [PACK[packing](part) for part in parts]
    assert contents(sources(path, b"".join(packed))) == {"x": whole}
    cut = data.draw(st.integers(1, len(packed[-1]) - 1))
    before = b"".join(packed[:-1])
    first = PACK[packing](b"before")
    assert refusal(path, first + before + packed[-1][:cut]) in {"damaged", "too much memory"}


@each_packing
@pytest.mark.parametrize("after", [b"x", b"id,name\n", b"\0\0x", b"\0" * 70_000 + b"garbage"])
def test_what_follows_the_end_is_noticed(tmp_path: Path, packing: str, after: bytes) -> None:
    assert refusal(tmp_path / "x", PACK[packing](TABLE.encode()) + after) in {"damaged", "too much memory"}


@each_packing
def test_zeros_may_fill_the_last_block(tmp_path: Path, packing: str) -> None:
    packed = PACK[packing](b"a") + bytes(512) + PACK[packing](b"b") + bytes(70_000)
    assert contents(sources(tmp_path / "x", packed)) == {"x": b"ab"}


@pytest.mark.parametrize("packing", ["gz", "bz2", "xz"])
def test_one_flipped_bit_is_noticed(tmp_path: Path, packing: str) -> None:
    """The others have no checksum, or one only if whoever packs asks for it."""
    content = b"".join(hashlib.sha256(bytes([n])).digest() for n in range(200))
    packed = bytearray(PACK[packing](content))
    for at in range(len(packed) // 2, len(packed), len(packed) // 7):
        packed[at] ^= 16
        assert refusal(tmp_path / "x", bytes(packed)) == "damaged"
        packed[at] ^= 16


@each_packing
def test_a_stream_can_go_back(tmp_path: Path, packing: str) -> None:
    (source,) = sources(tmp_path / "x", PACK[packing](TABLE.encode()))
    with source.open() as stream:
        assert stream.seek(-6, 2) == len(TABLE) - 6
        assert stream.read() == TABLE[-6:].encode()
        assert stream.seek(3) == 3
        assert stream.readline() == b"name\n"
        assert stream.tell() == 8
        assert stream.seek(10**9) == len(TABLE)
        assert stream.read() == b""


@pytest.mark.parametrize("packing", ["", *sorted(PACK)])
@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
def test_members_of_a_tar_come_by_name(tmp_path: Path, packing: str, form: int) -> None:
    members = {"b/long" + "g" * 80 + ".csv": TABLE, "./a.csv": "id\n1\n", "Ж.csv": "", "b/é.csv": "x"}
    content = tarred(members, form)
    found = contents(sources(tmp_path / "x.dat", PACK[packing](content) if packing else content))
    names = ["a.csv", *sorted(set(members) - {"./a.csv"})]
    assert list(found) == sorted(f"x.dat!{name}" for name in names)
    assert found["x.dat!a.csv"] == b"id\n1\n"
    assert found["x.dat!" + names[1]] == TABLE.encode()


@each_packing
@pytest.mark.parametrize("archive", [zipped, tarred])
def test_a_compressed_member_is_unpacked_too(tmp_path: Path, packing: str, archive: object) -> None:
    content = archive({"a.csv." + packing: PACK[packing](TABLE.encode()), "b.csv": "id\n"})  # type: ignore[operator]
    found = contents(sources(tmp_path / "x", content, "*.csv"))
    assert found == {f"x!a.csv.{packing}": TABLE.encode(), "x!b.csv": b"id\n"}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.sampled_from([f"{n}.csv" for n in range(6)]), st.binary(max_size=2_000).map(b"t".__add__)),
    st.randoms(),
)
def test_members_are_found_in_any_order(tmp_path: Path, members: dict[str, bytes], rng: random.Random) -> None:
    """Also when they are read at the same time, and more than once."""
    content = PACK["gz"](tarred({"z": b"", **members}))
    found = sources(tmp_path / "x", content)
    assert [source.name for source in found] == [f"x!{name}" for name in sorted({"z", *members})]
    rng.shuffle(found)
    streams = [(source, source.open()) for source in [*found, *found]]
    for source, stream in streams:
        with stream:
            wanted = members.get(source.name.removeprefix("x!"), b"")
            assert stream.read(3) + stream.read() == wanted


def test_documents_that_are_zips_are_files(tmp_path: Path) -> None:
    for first in ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "mimetype"):
        book = zipped({first: "x", "b.csv": "y"})
        assert contents(sources(tmp_path / "b.xlsx", book)) == {"b.xlsx": book}
        packed = zipped({"b.xlsx": book})
        assert contents(sources(tmp_path / "b.zip", packed)) == {"b.zip!b.xlsx": book}


@pytest.mark.parametrize("inner", [zipped({"a": "x"}), tarred({"a": "x"}), PACK["gz"](tarred({"a": "x"}))])
@pytest.mark.parametrize("name", ["in.csv", "in.zip", "in.tar.gz", "in.tgz"])
def test_archives_in_archives_are_refused(tmp_path: Path, inner: bytes, name: str) -> None:
    for archive in (zipped, tarred):
        assert refusal(tmp_path / "x", archive({"a.csv": "id\n", name: inner})) == "nested archive"


@each_packing
def test_what_is_compressed_twice_is_refused(tmp_path: Path, packing: str) -> None:
    assert refusal(tmp_path / "x", PACK[packing](PACK["gz"](b"a"))) == "nested archive"
    assert refusal(tmp_path / "x", PACK[packing](zipped({"a": "b"}))) == "nested archive"
    twice = PACK[packing](PACK["bz2"](b"a"))
    assert refusal(tmp_path / "x", zipped({"a": twice})) == "nested archive"


@pytest.mark.parametrize(
    ("name", "pattern", "fit"),
    [
        ("persons_1.csv.gz", "persons*.csv", True),
        ("PERSONS_1.CSV.ZST", "persons*.csv", True),
        ("d.zip!in/persons.csv.bz2", "persons*.csv", True),
        ("persons_1.csv.gz", "*.gz", True),
        ("persons_1.csv.zip", "persons*.csv", False),
        ("persons_1.csv.gz.gz", "persons*.csv", False),
        (".gz", "", False),
    ],
)
def test_patterns_fit_names_without_the_ending_of_a_compression(name: str, pattern: str, fit: bool) -> None:
    assert fits(name, pattern) is fit
