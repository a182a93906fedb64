"""Files of judgements: what editors and spreadsheets write, and what can't be read."""

import codecs
from pathlib import Path

import pytest

from ingest.judging import judgements_in
from workbench.errors import InputError

PLAIN = "a,b,verdict,why\nx,y,same,one photo\nx,z,different,brothers\n"


def write(folder: Path, text: str, mark: bytes = b"") -> Path:
    path = folder / "judged.csv"
    path.write_bytes(mark + text.encode())
    return path


def test_a_plain_file(tmp_path: Path) -> None:
    first, second = judgements_in(write(tmp_path, PLAIN))
    said = {"a": "x", "b": "y", "verdict": "same", "why": "one photo", "evidence": (), "override": False, "line": 2}
    assert first == said
    assert (second["verdict"], second["line"]) == ("different", 3)


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_spreadsheets_write(tmp_path: Path, mark: bytes, delimiter: str, end: str) -> None:
    rows = [
        ("why", "a", "b", "verdict", "override", "evidence"),
        ('"Владимир, or not; a ""photo""\r\non two lines"', " x", "y ", "Same", "TRUE", "k1  k2"),
        ("", "", "", "", "", ""),
        ("brothers", "x", "z", "UNSURE", "", ""),
        ("brothers", "x", "z", "different", "False", "k3"),
    ]
    found = judgements_in(write(tmp_path, end.join(map(delimiter.join, rows)) + end, mark))
    assert [each["line"] for each in found] == [2, 5, 6]
    assert [each["verdict"] for each in found] == ["same", "unsure", "different"]
    assert [each["override"] for each in found] == [True, False, False]
    assert [each["evidence"] for each in found] == [("k1", "k2"), (), ("k3",)]
    assert (found[0]["a"], found[0]["b"]) == ("x", "y")
    assert found[0]["why"] == 'Владимир, or not; a "photo"\r\non two lines'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "empty"),
        ("a,b,verdict\nx,y,same\n", "line 1: its columns are 'a', 'b', 'verdict'.*a, b, verdict, why"),
        ("a,b,verdict,why,overide\nx,y,same,r,true\n", "'overide'"),
        ("a,b,verdict,why,a\nx,y,same,r,z\n", "its columns"),
        (PLAIN + "x,y\nx,z,same,r,more\n", "nothing is judged: line 4: 2 cells.*; line 5: 5 cells"),
        ('a,b,verdict,why\nx,y,same,"open\n', "quote"),
    ],
)
def test_what_can_not_be_read_says_where(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        judgements_in(write(tmp_path, text))


def test_another_encoding_is_told_by_line(tmp_path: Path) -> None:
    path = tmp_path / "judged.csv"
    path.write_bytes(PLAIN.encode() + "x,y,same,frère\n".encode("cp1252"))
    with pytest.raises(InputError, match=r"line 4: .*utf-8"):
        judgements_in(path)
