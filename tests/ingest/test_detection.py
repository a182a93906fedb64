"""Detection: the format of a file is told by its content, and asked for where that is not sure."""

import bz2
import gzip
import json
import lzma
import zipfile
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.detection import Undecided, adapter_of, detect
from ingest.detection.encodings import encoding_of
from ingest.detection.known import SIGNS
from ingest.detection.looking import looks_of
from ingest.detection.start import Start, partial_json, start_of
from ingest.formats import ADAPTERS
from ingest.pipeline import with_adapter
from tests.ingest.desk import Desk, totals
from tests.ingest.examples import EXAMPLES
from tests.ingest.test_adapters import Memory
from tests.ingest.test_cli import call
from tests.stores import examples
from workbench.access.viewer import Viewer, local_viewer
from workbench.errors import UsageError

UUID = "5e57c739-391a-4eb3-b6be-7d15ca92d5ed"
CSV = "id,name\n1,Ann\n2,Bo\n"
ENTITY = '{"id": "a", "schema": "Person", "properties": {"name": ["Ann"]}}\n'


def seen(content: bytes | str) -> list[tuple[str, str]]:
    """The adapters and how sure they are."""
    raw = content.encode() if isinstance(content, str) else content
    return [(look.adapter, look.certainty) for look in looks_of(start_of(Memory("no ending", raw)))]


@pytest.mark.parametrize("adapter", sorted(ADAPTERS))
def test_every_adapter_is_recognised_by_its_example(adapter: str, tmp_path: Path) -> None:
    """By its content: the name of the file says nothing."""
    example = EXAMPLES[adapter]
    path = tmp_path / "file.pdf"
    path.write_bytes(example.file(example.good))
    found = detect(path)
    assert adapter in {look.adapter for look in found.looks}
    assert found.sure in (adapter, None)


def test_every_sign_is_of_an_adapter() -> None:
    assert sorted(SIGNS) == sorted(ADAPTERS), "add its signs to ingest/detection/known.py"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (CSV, [("csv", "sure")]),
        ("a;b\n1,5;2\n2,5;3\n", [("csv", "sure")]),
        ("only\nwords\n", [("csv", "possible")]),
        (
            "A sentence, which has a comma.\nAnother one without it.\nAnd a third, and more, and more.\n",
            [("csv", "possible")],
        ),
        (ENTITY * 2, [("ftm", "sure")]),
        ('{"a": 1}\n{"a": 2}\n', [("jsonl", "sure")]),
        ('{"a": 1}\n', [("json", "likely"), ("jsonl", "possible")]),
        ('[\n{"a": 1}\n]', [("json", "sure")]),
        ('{"names": ["caller","receiver","start","duration"]}', [("json", "likely"), ("jsonl", "possible")]),
        ("<a><b/></a>", [("xml", "sure")]),
        ("<!DOCTYPE html><html><body>x, y</body></html>", []),
        ("<?xml version='1.0'?><Error><Code>x</Code></Error>", []),
        (":ID,name,:LABEL\n1,Ann,Person\n", [("neo4j-csv", "sure")]),
        (":START_ID(P),:END_ID(P),:TYPE\n1,2,KNOWS\n", [("neo4j-csv", "sure")]),
        ("entity_id,prop,value,dataset,original_value\na,Person:name,x,d,\n", [("ftm-statements", "sure")]),
        (f'{{"type": "tool", "id": "tool--{UUID}"}}', [("stix", "sure")]),
        (f'{{"more": false, "objects": [{{"type": "tool", "id": "tool--{UUID}"}}]}}', [("stix", "sure")]),
        ('{"type": "tool", "id": "tool--1"}', [("json", "likely"), ("jsonl", "possible")]),
        ('{"response": {"Attribute": [{"type": "url", "category": "x", "value": "y"}]}}', [("misp", "sure")]),
        ('{"response": [{"Object": {"name": "file", "meta-category": "file"}}]}', [("misp", "sure")]),
        (('1,"ANN",-0- ,"SDNT"' + ",-0- " * 7 + ',"DOB 1963"\n') * 3, [("ofac-csv", "sure")]),
        (":20:R\n:25:1\n:28C:1\n:34F:EURD5,\n:61:110524C1,NTRFX\n", [("mt940", "sure")]),
        ("postgresql://user:pw@host/db\n", [("sql", "likely")]),
        (b"\x89PNG\r\n\x1a\n\0\0\0", []),
        (b"", []),
    ],
)
def test_what_is_seen(content: bytes | str, expected: list[tuple[str, str]]) -> None:
    assert seen(content) == expected


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstandard.ZstdCompressor().compress])
def test_what_is_compressed_is_looked_into(pack: object, tmp_path: Path) -> None:
    assert callable(pack)
    assert seen(pack((ENTITY * 5000).encode())) == [("ftm", "sure")]


def test_the_files_of_an_archive_decide_together(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", CSV)
        archive.writestr("b.txt", CSV)
    assert detect(path).sure == "csv"
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("c.txt", ENTITY * 2)
    assert detect(path).sure is None
    assert {look.adapter for look in detect(path).looks} == {"csv", "ftm"}


@settings(max_examples=examples(300))
@given(
    st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
)
def test_nothing_makes_it_fail(raw: bytes) -> None:
    for look in looks_of(Start("x", raw, is_cut=False)):
        assert look.adapter in ADAPTERS


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ),
    st.data(),
)
def test_json_that_was_cut_off_is_read_as_far_as_it_goes(value: object, data: st.DataObject) -> None:
    text = json.dumps({"a": value})
    cut = text[: data.draw(st.integers(0, len(text)))]
    found = partial_json(cut)
    assert found is None or isinstance(found, dict)
    assert partial_json(text) == {"a": value}


@pytest.mark.parametrize(
    ("text", "encoding", "expected", "certainty"),
    [
        ("Ann", "ascii", "utf-8", "sure"),
        ("Жана", "utf-8", "utf-8", "sure"),
        ("Жана", "utf-8-sig", "utf-8", "sure"),
        ("Ann;Жана", "utf-16", "utf-16-le", "sure"),
        ("id;name;town;country;Жана", "utf-16-le", "utf-16-le", "likely"),
        ("id;name;town;country;Жана", "utf-16-be", "utf-16-be", "likely"),
        (
            "Прокурор Иван Петров и следователь Мария Николова пътуват за София с влака днес",
            "windows-1251",
            "windows-1251",
            "possible",
        ),
        ("姓名,地址,城市\n王小明,中山路一號,臺北市\n", "big5", "cp950", "possible"),
        ("氏名,住所\n山田太郎,東京都千代田区\n佐藤花子,大阪府\n", "cp932", "shift_jis", "possible"),
        ("氏名,住所\n山田①太郎,東京都千代田区\n佐藤花子,大阪府\n", "cp932", "cp932", "possible"),
    ],
)
def test_encodings(text: str, encoding: str, expected: str, certainty: str) -> None:
    found = encoding_of(text.encode(encoding))
    assert found is not None
    assert (found.name, found.certainty) == (expected, certainty)


BOOK = "BEGIN:VCARD\nVERSION:3.0\nFN:Ann\nEND:VCARD\n"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (ENTITY * 20 + ENTITY[:30] + "\n" + ENTITY * 20, ("ftm", "sure")),
        (ENTITY * 9 + ENTITY[:30], ("ftm", "sure")),
        ('{"a": 1}\n' * 5 + '{"a":\n', ("jsonl", "sure")),
        (CSV[:12] + "\0" + CSV[12:], ("csv", "sure")),
        (BOOK[:40] + "\0" + BOOK[40:], ("vcard", "sure")),
        ('{"type": "bundle", "objects": [{"spec_version": "2.1", "name": "[{', ("stix", "sure")),
    ],
)
def test_a_broken_unit_does_not_hide_what_a_file_is(content: str, expected: tuple[str, str]) -> None:
    assert seen(content)[:1] == [expected]


@pytest.mark.parametrize(
    "content",
    ["[" * 200_000 + "]" * 200_000, '{"a":' * 20_000 + "1" + "}" * 20_000, '["' * 30_000, '{"a":' * 12_000],
    ids=["lists", "objects", "quotes", "never closed"],
)
def test_what_is_nested_deeply_is_seen_at_once(tmp_path: Path, content: str) -> None:
    (tmp_path / "t").write_text(content)
    found = detect(tmp_path / "t")
    assert (found.looks, found.said) == ((), "it begins like JSON, and is broken or nested too deeply: was it cut off?")


def test_xml_with_entities_is_told_from_no_table(tmp_path: Path) -> None:
    (tmp_path / "t").write_text('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    assert detect(tmp_path / "t").said.startswith("it begins like XML, and is broken or has entities of its own")


def test_a_character_that_is_cut_off_is_no_fault() -> None:
    raw = "Жана".encode()
    assert getattr(encoding_of(raw[:-1]), "name", "") == "utf-8"
    assert getattr(encoding_of(raw[:-1], is_cut=False), "certainty", "") == "possible"


# -- loads that name no adapter -------------------------------------------------------------


def test_a_load_without_adapter(desk: Desk) -> None:
    assert totals(desk.load(desk.write("e.txt", ENTITY * 2), dataset="d")) == {"read": 2, "accepted": 1, "unchanged": 1}


def test_what_is_not_sure_is_asked_for(desk: Desk) -> None:
    one, other = desk.write("a.csv", '{"a": 1}\n'), desk.write("b.csv", ENTITY * 2)
    with pytest.raises(Undecided, match=r"json: a JSON document \(likely\); jsonl: .*possible") as told:
        desk.load(one)
    assert [look.adapter for look in told.value.looks] == ["json", "jsonl"]
    with pytest.raises(UsageError, match="different formats"):
        adapter_of([other, desk.write("c.csv", CSV)])
    with pytest.raises(UsageError, match="no text, and no document"):
        desk.load(desk.write("d.csv", b"\x00\x01\x02\x03"))
    with pytest.raises(UsageError, match="adapter csv wants a manifest"):
        desk.load(desk.write("e.csv", CSV))


def test_no_file_is_opened_for_who_may_not_load(tmp_path: Path) -> None:
    nobody = Viewer(
        name="nobody", agencies=frozenset({"NKP"}), level="OPEN", compartments=frozenset(), loads=frozenset()
    )
    missing = tmp_path / "missing"
    options = with_adapter([missing], {"viewer": nobody, "by": "tester", "agency": "NKP"})
    assert options.get("adapter")
    with pytest.raises(UsageError, match="is not there"):
        with_adapter([missing], {"viewer": local_viewer(()), "by": "tester"})


def test_the_command_line_names_and_asks(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WORKBENCH_VIEWERS", raising=False)
    monkeypatch.setenv("WORKBENCH_STORE", desk.url)
    sure, unsure = desk.write("a", ENTITY * 2), desk.write("b", '{"a": 1}\n')
    code, answer, _ = call(capsys, "detect", sure, unsure, desk.folder / "none", "--json")
    assert code == 1
    assert [[look["adapter"] for look in each["looks"]] for each in answer["files"]] == [["ftm"], ["json", "jsonl"], []]
    code, told, _ = call(capsys, "detect", sure)
    assert (code, "FollowTheMoney entities" in told) == (0, True)
    code, _, err = call(capsys, "load", sure, "--json")
    assert (code, "read as ftm" in err) == (0, True)
    code, _, err = call(capsys, "load", desk.write("c", CSV))
    assert (code, "`ingest suggest FILE` writes a first manifest" in err) == (2, True)
    code, _, err = call(capsys, "load", unsure, "--json")
    assert (code, "name the adapter: json: a JSON document (likely); jsonl" in err) == (2, True)
    monkeypatch.setattr("workbench.commands.detection._at_a_terminal", lambda: True)
    monkeypatch.setattr("click.prompt", lambda *_, **__: "jsonl")
    code, _, err = call(capsys, "load", unsure, "--json")
    assert (code, "adapter jsonl wants a manifest" in err) == (2, True)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "save it as .xlsx"),
        (b"%PDF-1.7\n%\xe2\xe3\n", "it is a PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "it is no text"),
    ],
)
def test_what_a_file_is_that_no_adapter_reads(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    found = detect(path)
    assert (found.looks, said in found.said) == ((), True)
