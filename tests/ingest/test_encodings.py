"""UTF-8 declared as another encoding is refused or quarantined; correct text in old encodings is not."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import dry_run
from ingest.adapters.mojibake import WholeFile, evidence
from tests.ingest.desk import Desk, reasons, totals

MANIFEST = """
adapter = "csv"
dataset = "d"
[[files]]
pattern = "*"
encoding = "{}"
[[files.records]]
name = "person"
schema = "Person"
id = "{{id}}"
properties = {{ name = "name", alias = "alias" }}
"""
HEADER = b"id,name,alias\n"
CYRILLIC, GREEK = "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґўђњљџј", "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋ"
WRITTEN_IN = {
    "windows-1251": CYRILLIC,
    "koi8-r": CYRILLIC[:33],
    "cp866": CYRILLIC[:33],
    "iso-8859-5": CYRILLIC[:35],
    "windows-1253": GREEK,
    "iso-8859-7": GREEK,
}
AROUND = ("{}", "«{}»", "“{}”", "„{}“", "{}…", "{}’s", "№1 {}", "{}\xa012", "{}-{}", "{}–{}", "({})", "{}.")


def manifest(desk: Desk, encoding: str) -> Path:
    return desk.write(f"m/{encoding}.toml", MANIFEST.format(encoding))


@st.composite
def rightful(draw: st.DrawFn) -> tuple[str, str, bytes]:
    """An encoding, and a row of words that are written in it."""
    encoding = draw(st.sampled_from(sorted(WRITTEN_IN)))
    cased = st.sampled_from((str.upper, str.lower, str.capitalize, str.capitalize))
    word = st.builds(lambda text, case: case(text), st.text(WRITTEN_IN[encoding], min_size=1, max_size=9), cased)
    words = draw(
        st.lists(st.builds(lambda form, one: form.format(one, one), st.sampled_from(AROUND), word), min_size=1)
    )
    row = f"1,{' '.join(words)},x"
    raw = row.encode(encoding, "ignore")
    return encoding, raw.decode(encoding), raw


@given(rightful())
def test_rightful_text_is_not_refused(written: tuple[str, str, bytes]) -> None:
    _, text, raw = written
    file = WholeFile()
    file.row(text, raw)
    assert not evidence(text, raw).certain
    assert not file.is_utf8


@pytest.mark.parametrize("encoding", ["windows-1252", "latin-1", "windows-1250", "windows-1251", "windows-1253"])
@pytest.mark.parametrize(
    "name", ["José", "Müller", "Zoë", "Łukasz", "Şule Şahin Taş", "Νίκος", "Иван", "محمد", "王明", "Ben’s"]
)
def test_a_file_in_utf8_under_another_name_is_refused(desk: Desk, encoding: str, name: str) -> None:
    path = desk.write("j.csv", HEADER + f"1,{name},\n2,Ann,\n".encode())
    report = desk.load(path, manifest=manifest(desk, encoding))
    assert (totals(report), reasons(report)) == ({"read": 1, "refused": 1}, {"wrong encoding": 1})
    assert "declare encoding utf-8" in report.messages[0]
    assert totals(desk.load(path, manifest=manifest(desk, "utf-8"), delivered="2026-02-01")) == {
        "read": 2,
        "accepted": 2,
    }


@pytest.mark.parametrize("name", ["José", "JOSÉ", "Ünal", "über", "Åse", "Łódź", "Иван", "O’Neil–Æ"])
def test_a_row_in_utf8_among_others_is_quarantined(desk: Desk, name: str) -> None:
    rows = [f"1,{name},\n".encode(), "2,Zoë,Ñuñez\n".encode("cp1252"), "3,É,CAFÉ’S\n".encode("cp1252"), b"4,Ann,\n"]
    report = desk.load(desk.write("j.csv", HEADER + b"".join(rows)), manifest=manifest(desk, "windows-1252"))
    assert totals(report) == {"read": 4, "accepted": 3, "quarantined": 1}
    (unit,) = desk.view().quarantine()
    assert (unit.locator, unit.reason) == ("j.csv:2", "wrong encoding")


def test_one_cell_in_utf8_is_enough(desk: Desk) -> None:
    row = b"1," + "José".encode() + b"," + "Zoë".encode("latin-1") + b"\n"
    report = desk.load(desk.write("j.csv", HEADER + row), manifest=manifest(desk, "latin-1"))
    assert totals(report) == {"read": 1, "quarantined": 1}


RIGHTFUL = {
    "windows-1253": ("Β΄ Αστυνομικό Τμήμα Λεμεσού", "Λύκειο Γ΄ τάξη", "Β΄ και Γ΄", "Γ΄", "Γ’s"),
    "windows-1251": ("уч. Н№3", "20 С° днём", "Р§ 5", "С№12", "В®", "С±2", "п. Р°", "Р‰", "Ні"),
    "windows-1252": ("Ø½ in", "voo TUPÃ–LISBOA", "MANHÃ…", "PORÃ\xa0MS", "“LÃ”"),
    "iso-8859-1": ("PORÃ\xa0MS", "«AMANHû", "À la"),
}


@pytest.mark.parametrize(("encoding", "text"), [(name, each) for name, texts in RIGHTFUL.items() for each in texts])
def test_a_capital_before_a_sign_proves_nothing(desk: Desk, encoding: str, text: str) -> None:
    path = desk.write("j.csv", HEADER + f"1,{text},\n2,Ann,\n".encode(encoding))
    assert totals(desk.load(path, manifest=manifest(desk, encoding))) == {"read": 2, "accepted": 2}


@pytest.mark.parametrize("encoding", sorted(WRITTEN_IN))
@pytest.mark.parametrize("sign", "΄°№§±®©½·’–…\xa0")
def test_no_capital_before_a_sign_proves_anything(encoding: str, sign: str) -> None:
    for capital in WRITTEN_IN[encoding].upper():
        raw = f"1,{capital}{sign},5 {capital}{sign} 3".encode(encoding, "ignore")
        assert not evidence(raw.decode(encoding), raw).certain


@pytest.mark.parametrize(
    ("encoding", "text", "certain"),
    [
        ("windows-1251", "РЉРЊ", False),  # capitals of one script
        ("windows-1251", "AРЉРЊ", True),  # two scripts in a word
        ("windows-1251", "РЉРЊA", True),
        ("windows-1251", "РЉР’A", False),  # an apostrophe joins a name of another script
        ("windows-1251", "РЉР’ A", False),
        ("windows-1251", "РЉР”A", True),  # a letter does not follow a closing quote
        ("windows-1250", "AĂŁĂŁA", False),  # a word in capitals of one script
        ("windows-1250", "aĂŁĂŁ", True),  # a capital inside a word
        ("windows-1252", "Å½a", True),  # a sign inside a word
        ("iso-8859-1", "1Â©", True),
    ],
)
def test_a_word_shows_whether_it_is_utf8_in_another_encoding(encoding: str, text: str, certain: bool) -> None:
    raw = f"1,{text},x".encode(encoding)
    assert evidence(raw.decode(encoding), raw).certain is certain


@pytest.mark.parametrize(
    ("encoding", "answers"), [("windows-1251", ["Ні"]), ("windows-1253", ["Β΄", "Γ΄", "Δ΄", "Ε΄", "Ζ΄"])]
)
def test_what_is_said_often_is_one_chance(desk: Desk, encoding: str, answers: list[str]) -> None:
    rows = [f"{n},Ann,{answers[n % len(answers)]}\n" for n in range(20)]
    path = desk.write("j.csv", HEADER + "".join(rows).encode(encoding))
    assert totals(desk.load(path, manifest=manifest(desk, encoding))) == {"read": 20, "accepted": 20}


def test_five_different_characters_are_no_chance() -> None:
    file = WholeFile()
    for n, letter in enumerate("ЉЊЋЏЃ"):
        assert not file.is_utf8
        raw = f"{n},{letter},x".encode()
        assert file.row(raw.decode("windows-1251"), raw)
    assert file.is_utf8


def test_who_checked_the_encoding_is_believed(desk: Desk) -> None:
    rows = ["1,JosÃ©,\n".encode("cp1252"), "2,Zoë,\n".encode("cp1252")]
    plain = manifest(desk, "windows-1252")
    checked = desk.write("m/c.toml", plain.read_text().replace('52"', '52"\nencoding_checked = true'))
    for n, content in enumerate((rows[0], b"".join(rows))):
        path = desk.write(f"{n}.csv", HEADER + content)
        assert reasons(desk.load(path, how=dry_run, manifest=plain)) == {"wrong encoding": 1}
        assert totals(desk.load(path, manifest=checked, dataset=str(n))) == {"read": n + 1, "accepted": n + 1}
