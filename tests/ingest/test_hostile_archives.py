"""Bombs, and archives that were made to do harm: refused with a reason, in little time and memory."""

import lzma
import os
import resource
import stat
import struct
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.sources import limits
from tests.ingest.packing import PACK, entry, tarred, tarred_entries, zipped
from tests.ingest.test_compressed import contents, refusal, sources
from tests.within import within
from workbench.errors import FileRefused

ROWS = "id,name\n" + "1,Ann\n" * 200_000


@contextmanager
def little(seconds: int = 60, mib: int = 1_024) -> Iterator[None]:
    """What takes more seconds of CPU or memory than these fails."""
    took = resource.getrusage(resource.RUSAGE_SELF)
    yield
    now = resource.getrusage(resource.RUSAGE_SELF)
    assert now.ru_utime - took.ru_utime < seconds
    assert now.ru_maxrss - took.ru_maxrss < mib << 10


def zeros(packing: str, mib: int) -> bytes:
    return PACK[packing](bytes(mib << 20))


@pytest.mark.parametrize("packing", sorted(PACK))
def test_a_bomb_is_refused_in_any_packing(tmp_path: Path, packing: str) -> None:
    """In a process of its own: in that of other tests the peak of memory depends on what they left."""
    (tmp_path / "bomb").write_bytes(zeros(packing, 200))
    within(60, _refuse_bombs, tmp_path)


def _refuse_bombs(folder: Path) -> None:
    bomb = (folder / "bomb").read_bytes()
    with little(mib=150):
        assert refusal(folder / "a.csv", bomb) == "zip bomb"
        assert refusal(folder / "a.csv", bomb[: len(bomb) // 2]) in {"zip bomb", "damaged"}
        assert refusal(folder / "a.zip", zipped({"a.csv": bomb})) == "zip bomb"
        assert refusal(folder / "a.tar", tarred({"a.csv": bomb})) == "zip bomb"


@pytest.mark.parametrize("packing", sorted(PACK))
def test_a_bomb_in_a_tar_is_refused(tmp_path: Path, packing: str) -> None:
    assert refusal(tmp_path / "a.tgz", PACK[packing](tarred({"a.csv": bytes(100 << 20)}))) == "zip bomb"


def test_members_are_a_bomb_together(tmp_path: Path) -> None:
    """Each is small and unpacks twice: its own ratios would be allowed."""
    inner = PACK["gz"](bytes(15 << 20))
    assert refusal(tmp_path / "a", zipped({f"{n}.csv": inner for n in range(3)})) == "zip bomb"


def test_what_packs_well_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.sources.limits.SMALL", 100)
    for content in (zipped({"a.csv": ROWS[:9_000]}), PACK["gz"](ROWS[:2_000].encode())):
        assert ROWS[:2_000].encode() in next(iter(contents(sources(tmp_path / "a", content)).values()))
    monkeypatch.setattr("ingest.sources.limits.MOST_RATIO", 5)
    assert refusal(tmp_path / "a", PACK["gz"](ROWS[:2_000].encode())) == "zip bomb"


def test_a_total_is_refused_however_well_it_is_packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.sources.limits.MOST_BYTES", 1_000)
    monkeypatch.setattr("ingest.sources.zips.MOST_BYTES", 1_000)
    monkeypatch.setattr("ingest.sources.tars.MOST_BYTES", 1_000)
    several = {f"{n}.csv": os.urandom(600) for n in range(2)}
    for content in (PACK["xz"](os.urandom(1_001)), zipped(several), tarred(several), PACK["gz"](tarred(several))):
        assert refusal(tmp_path / "a", content) == "zip bomb"


def test_a_window_that_wants_much_memory_is_refused(tmp_path: Path) -> None:
    wide = lzma.compress(b"x", filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 28}])
    assert refusal(tmp_path / "a", wide) == "too much memory"


def test_a_zip_of_a_million_entries_is_refused_before_its_directory_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("its directory is read")

    directory = (b"PK\x01\x02" + bytes(42)) * 1_000_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    end_64 = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 10**6, 10**6, len(directory), 0)
    place = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(directory), 1)
    few = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), 0, 0)
    monkeypatch.setattr(zipfile.ZipFile, "_RealGetContents", never)
    for content in (directory + end_64 + place + end, directory + few, directory + end_64 + place + few):
        assert refusal(tmp_path / "a.zip", content) == "zip bomb"


def lying(content: bytes, offset: int, layout: str, value: int) -> bytes:
    """A zip with a field of its directory's first entry changed."""
    made = bytearray(content)
    struct.pack_into(layout, made, made.index(b"PK\x01\x02") + offset, value)
    return bytes(made)


def test_members_that_share_bytes_are_refused(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.csv": ROWS, "b.csv": ROWS}))
    second = content.rindex(b"PK\x01\x02")
    struct.pack_into("<L", content, second + 42, 0)
    assert refusal(tmp_path / "a", bytes(content)) == "zip bomb"


@pytest.mark.parametrize(
    ("offset", "layout", "value", "reason"),
    [
        (24, "<L", 10, "damaged"),  # it says it is smaller than it is
        (24, "<L", 1 << 24, "damaged"),
        (24, "<L", 0xFFFFFFF0, "zip bomb"),
        (16, "<L", 1, "damaged"),  # another checksum
        (10, "<H", 99, "damaged"),  # packed in a way that nobody knows
        (38, "<L", (stat.S_IFLNK | 0o777) << 16, "unsafe archive"),
        (38, "<L", (stat.S_IFIFO | 0o777) << 16, "unsafe archive"),
        (38, "<L", (stat.S_IFCHR | 0o777) << 16, "unsafe archive"),
        (8, "<H", 1, "encrypted archive"),
        (42, "<L", 0xFFFFF, "damaged"),  # its data lie elsewhere
    ],
)
def test_a_zip_that_lies_is_refused(tmp_path: Path, offset: int, layout: str, value: int, reason: str) -> None:
    assert refusal(tmp_path / "a.zip", lying(zipped({"a.csv": ROWS}), offset, layout, value)) == reason


@pytest.mark.parametrize("name", ["../a.csv", "/a.csv", "..\\a.csv", "c:\\a.csv", "in/../../a.csv", ".", "\\\\host\\a"])
@pytest.mark.parametrize("packing", ["", "gz"])
def test_a_member_outside_of_its_archive_is_refused(tmp_path: Path, name: str, packing: str) -> None:
    content = tarred({name: "x"})
    assert refusal(tmp_path / "a", PACK[packing](content) if packing else content) == "unsafe archive"
    assert refusal(tmp_path / "a", zipped({name: "x"})) == "unsafe archive"


def test_backslashes_are_slashes(tmp_path: Path) -> None:
    assert list(contents(sources(tmp_path / "a", zipped({"in\\a.csv": "x"}), "a*.csv"))) == ["a!in/a.csv"]
    assert refusal(tmp_path / "a", zipped({"in\\a.csv": "x", "in/a.csv": "x"})) == "unsafe archive"


@pytest.mark.parametrize(
    "odd",
    [
        entry("l.csv", tarfile.SYMTYPE, "/etc/passwd"),
        entry("l.csv", tarfile.LNKTYPE, "a.csv"),
        entry("l.csv", tarfile.CHRTYPE),
        entry("l.csv", tarfile.BLKTYPE),
        entry("l.csv", tarfile.FIFOTYPE),
        entry("l.csv", b"Z"),
    ],
)
def test_links_and_devices_in_a_tar_are_refused(tmp_path: Path, odd: tarfile.TarInfo) -> None:
    content = tarred_entries(entry("a.csv", size=3), odd)
    assert refusal(tmp_path / "a", content) == "unsafe archive"
    assert refusal(tmp_path / "a", PACK["xz"](content)) == "unsafe archive"


def test_twins_in_a_tar_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "a", tarred_entries(entry("a.csv"), entry("./a.csv"))) == "unsafe archive"


def test_a_tar_of_many_members_is_refused(tmp_path: Path) -> None:
    many = tarred_entries(*(entry(f"{n}.csv") for n in range(limits.MOST_MEMBERS + 1)))
    assert refusal(tmp_path / "a", many) == "zip bomb"
    assert refusal(tmp_path / "a", PACK["gz"](many)) == "zip bomb"


def test_every_cut_of_a_tar_is_noticed(tmp_path: Path) -> None:
    whole = tarred({"a.csv": "x" * 700, "b.csv": "y"})
    end = whole.rindex(b"y") + 512
    for cut in range(513, end, 89):
        assert refusal(tmp_path / "a", whole[:cut]) == "bad archive"
        assert refusal(tmp_path / "a", PACK["gz"](whole[:cut])) == "bad archive"
    assert refusal(tmp_path / "a", whole[: end - end % 512]) == "bad archive"
    assert list(contents(sources(tmp_path / "a", whole[: end - end % 512 + 512]))) == ["a!a.csv", "a!b.csv"]


@pytest.mark.parametrize("after", [b"x", tarred({"b.csv": "y"})])
def test_what_follows_a_tar_is_noticed(tmp_path: Path, after: bytes) -> None:
    assert refusal(tmp_path / "a", tarred({"a.csv": "x"}) + after) == "bad archive"


def negative(size: int) -> bytes:
    """A tar whose member has a negative size, so that the next one would be an earlier one."""
    made = bytearray(tarred_entries(entry("a.csv"), entry("b.csv")))
    made[124:136] = size.to_bytes(12, signed=True)
    made[148:156] = b" " * 8
    made[148:156] = b"%06o\0 " % sum(made[:512])
    return bytes(made)


@pytest.mark.parametrize("size", [-512, -1024, -1])
def test_a_tar_that_goes_back_is_refused(tmp_path: Path, size: int) -> None:
    with little():
        assert refusal(tmp_path / "a", negative(size)) == "bad archive"


def test_headers_upon_headers_are_refused(tmp_path: Path) -> None:
    pax = tarfile.TarInfo.create_pax_global_header({"comment": "x"})
    assert refusal(tmp_path / "a", pax * 2_000 + tarred({"a.csv": "x"})) == "bad archive"


def test_a_tar_in_an_order_that_would_take_for_ever_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.sources.tars._KEPT", 1_000)
    names = [f"{n:03}.csv" for n in range(100)]
    for order, refused in ((names, False), (names[::-1], True)):
        content = PACK["gz"](tarred({name: os.urandom(600) for name in order}))
        monkeypatch.setattr("ingest.sources.tars.MOST_SEARCHED", 1_000_000)
        if refused:
            assert refusal(tmp_path / "a", content) == "archive out of order"
        else:
            assert len(sources(tmp_path / "a", content)) == 100


def test_only_what_is_read_is_unpacked(tmp_path: Path) -> None:
    """Members that the adapter does not read may be anything but archives."""
    found = sources(tmp_path / "a", zipped({"a.csv": "x", "b.bin": PACK["gz"](b"x"), "._a.csv": "y"}), "*.csv")
    assert [(each.name, bool(each.useless)) for each in found] == [("a!a.csv", False), ("a!b.bin", True)]


def test_one_damaged_member_does_not_spoil_the_others(tmp_path: Path) -> None:
    found = sources(tmp_path / "a", zipped({"a.csv.gz": PACK["gz"](ROWS.encode())[:-9], "b.csv": "x"}))
    with pytest.raises(FileRefused, match=r"a!a\.csv\.gz can't be unpacked to its end: it is cut off"):
        found[0].sha256()
    assert contents(found[1:]) == {"a!b.csv": b"x"}
