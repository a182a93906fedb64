"""Cleaning never crashes, always keeps the original, and is deterministic."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import yaml
from followthemoney.exc import InvalidData
from followthemoney.types import registry
from hypothesis import given, settings
from hypothesis import strategies as st
from rigour.territories import get_territories

from ingest.cleaned import cleaned, is_dialled
from ingest.mapping.cleaning import Cleaner, cleaner, text_cleaner
from ingest.mapping.dates import DateHint, parsed
from ingest.shapes import BadUnit
from tests.stores import examples
from workbench.model.ontology import OWN_SCHEMATA, ontology
from workbench.model.record import Value

_PROPERTIES = sorted(
    {
        (p.type, p.format or ""): (s.name, p.name)
        for s in ontology().concrete()
        for p in s.properties.values()
        if p.type != "entity"
    }.items()
)
FIRST, LAST, *AGE = map(datetime.fromisoformat, ("0002-01-01", "9998-01-01", "1900-01-01", "2100-01-01"))
ZONES = ["Europe/Amsterdam", "Asia/Kolkata", "America/New_York", "Pacific/Apia", "Africa/Casablanca"]
_TEXTS = st.text(max_size=12) | st.text(alphabet="0123456789+-/.: TZ", max_size=20) | st.emails()


@settings(max_examples=examples(300))
@given(st.sampled_from(sorted({c for t in get_territories() for c in (t.code, t.ftm_country or "")})) | st.text())
def test_numbers_of_a_country_can_be_cleaned_as_followthemoney_says(country: str) -> None:
    try:
        registry.phone.clean_text("0", format=country)
        dialled = True
    except InvalidData:
        dialled = False
    assert is_dialled(country) == dialled


@settings(max_examples=examples(500))
@given(
    st.text("0123456789+\uff0b() -.;/x\t\u0660٣", max_size=16)
    | st.sampled_from(("020 624 1111", "06-12345678", "0031206241111", "tel:020-6241111;phone-context=nl", "02 9999"))
    | st.text(max_size=8),
    st.sampled_from((None, "nl", "it", "gb-eng", "us", "eu", "xx")),
)
def test_telephone_numbers_are_cleaned_as_followthemoney_does(text: str, country: str | None) -> None:
    try:
        wanted = registry.phone.clean(text, format=country)
    except InvalidData:
        wanted = None
    assert cleaned("phone", country, text) == (wanted or None)


@settings(max_examples=examples(300))
@given(named=st.sampled_from(_PROPERTIES), text=_TEXTS.filter(str.strip), country=st.sampled_from([None, "nl", "ma"]))
def test_any_text_has_a_value_or_keeps_its_original(
    named: tuple[tuple[str, str], tuple[str, str]], text: str, country: str | None
) -> None:
    (kind, _), (schema, name) = named
    clean = cleaner(schema, name, country=country)
    if kind == "date" and not _is_date(clean, text):
        return
    (value,) = clean(text)
    assert value.original == text
    assert value.value != ""
    assert clean(text) == (value,)


def _is_date(clean: Cleaner, text: str) -> bool:
    try:
        clean(text)
    except BadUnit:
        return False
    return True


def test_only_a_year_of_two_digits_is_one_of_the_hundred_from_the_first() -> None:
    clean = cleaner("Call", "date", dates=DateHint(("%d/%m/%y", "%d/%m/%Y"), None, 1950))
    dates = [clean(text)[0].value for text in ("01/02/40", "01/02/50", "01/02/1940", "01/02/2050")]
    assert dates == ["2040-02-01", "1950-02-01", "1940-02-01", "2050-02-01"]


@settings(max_examples=examples(200))
@given(text=st.text(alphabet="0123456789-/.: TZ+", max_size=25), zone=st.sampled_from([None, "Europe/Sofia"]))
def test_a_date_is_iso_and_never_cut_in_silence(text: str, zone: str | None) -> None:
    try:
        (value,) = cleaner("Call", "date", dates=DateHint((), zone))(text)
    except BadUnit:
        return
    digits = "".join(filter(str.isdigit, text))
    assert value.value is not None
    assert len(value.value) in (4, 7, 10, 13, 16, 19)
    assert len("".join(filter(str.isdigit, value.value))) >= min(len(digits), 4)


@settings(max_examples=examples(200))
@given(
    moment=st.datetimes(FIRST, LAST),
    offset=st.sampled_from(["", "Z", "+14:00", "-12:00", "+01:00"]),
    zone=st.sampled_from([None, *ZONES]),
    day=st.sampled_from([("Person", "birthDate"), ("Passport", "endDate"), ("Company", "incorporationDate")]),
)
def test_a_day_is_the_one_that_is_written(
    moment: datetime, offset: str, zone: str | None, day: tuple[str, str]
) -> None:
    form = "%Y-%m-%dT%H:%M:%S%z" if offset else "%Y-%m-%dT%H:%M:%S"
    text = moment.replace(microsecond=0).isoformat() + offset
    for hint in (DateHint((form,), zone), DateHint((), zone)):
        assert cleaner(*day, dates=hint)(text) == (Value(text[:10], text),)


@settings(max_examples=examples(200))
@given(
    moment=st.datetimes(*AGE, timezones=st.sampled_from(ZONES).map(ZoneInfo)),
    length=st.sampled_from([13, 16, 19]),
)
def test_a_moment_is_the_same_in_utc_or_says_less(moment: datetime, length: int) -> None:
    """A local time: the value is the start of that moment in UTC."""
    text = moment.replace(tzinfo=None).isoformat()[:length]
    written = datetime.fromisoformat(text)
    moment = written.replace(tzinfo=moment.tzinfo, fold=moment.fold)
    clean = cleaner("Call", "date", dates=DateHint((), str(moment.tzinfo)))
    if moment.astimezone(UTC).astimezone(moment.tzinfo).replace(tzinfo=None) != written:
        with pytest.raises(BadUnit, match="does not exist in"):
            clean(text)
        return
    (value,) = clean(text)
    assert value.value is not None
    assert moment.astimezone(UTC).isoformat().startswith(value.value)
    assert len(value.value) >= length or _is_shown_twice(moment)


def _is_shown_twice(moment: datetime) -> bool:
    return moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()


@pytest.mark.parametrize(
    ("text", "zone", "value"),
    [
        ("2026-03-01T14", "Asia/Kolkata", "2026-03-01T08:30"),
        ("1930-05-01T12:00", "Europe/Amsterdam", "1930-05-01T11:40:28"),
        ("2026-10-25T02:30", "Europe/Amsterdam", "2026-10-25"),
        ("2026-10-25T03:00", "Europe/Amsterdam", "2026-10-25T02:00"),
        ("2026-10-25T02:30+01:00", "Europe/Amsterdam", "2026-10-25T01:30"),
    ],
)
def test_a_zone_changes_nothing_of_what_was_said(text: str, zone: str, value: str) -> None:
    assert cleaner("Call", "date", dates=DateHint((), zone))(text) == (Value(value, text),)


def test_every_day_by_nature_is_a_date() -> None:
    days = yaml.safe_load((OWN_SCHEMATA / "_days.yaml").read_text("utf-8"))
    for schema, names in days.items():
        for name in names:
            assert ontology().schemata[schema].properties[name].type == "date"
            assert ontology().is_day(schema, name)
    assert not ontology().is_day("Call", "date")


def test_texts_of_ids_are_cleaned_where_they_can_be() -> None:
    phone = text_cleaner("phone", "nl")
    assert (phone("06 12345678"), phone("12")) == ("+31612345678", "12")
    assert text_cleaner("iban", None)("nl91 abna 0417 1643 00") == "NL91ABNA0417164300"
    assert phone("٠٦ ١٢٣٤٥٦٧٨") == phone("+31 (0)6 12345678") == "+31612345678"
    assert text_cleaner("imo", None)("imo 9074729") == "IMO9074729"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("phone", "+31612345678 x1"),
        ("phone", "+31612345678;ext=3"),
        ("imo", "IMO 9074729 / 9074730"),
        ("npi", "1234567893 a"),
        ("bic", "ABNANL2A001"),
    ],
)
def test_what_would_lose_its_end_stays_as_it_is_in_an_id(kind: str, text: str) -> None:
    """It would get the id of a different thing."""
    assert text_cleaner(kind, None)(text) == text


_FORMS = ("%d.%m.%Y", "%Y%m%d", "%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M:%S", "%d0%m%Y", "%H:%M %d.%m.%Y", "%d  %m %Y", "%Y")
_numbers = st.one_of(st.integers(0, 70), st.integers(1900, 2100)).map(str)
_texts = st.lists(
    st.one_of(
        _numbers, _numbers.map(lambda text: text.zfill(2)), st.sampled_from(("3", "٣", " ", ".", "/", ":", "T", "-"))
    ),
    max_size=12,
).map("".join)


def read(by: Callable[[str, str], datetime], text: str, form: str) -> datetime | None:
    try:
        return by(text, form)
    except ValueError:
        return None


@given(st.sampled_from(_FORMS), st.one_of(_texts, st.datetimes()))
def test_a_date_in_numbers_is_what_strptime_reads(form: str, said: str | datetime) -> None:
    text = said if isinstance(said, str) else said.strftime(form)
    assert read(parsed, text, form) == read(datetime.strptime, text, form)
