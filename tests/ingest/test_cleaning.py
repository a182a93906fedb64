"""Cleaning: never a crash, never a value without its original, the same each time."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.adapters.cleaning import Cleaner, DateHint, cleaner, text_cleaner
from ingest.manifest import BadUnit
from workbench.model.ontology import ontology

_PROPERTIES = sorted(
    {
        (p.type.name, p.format or ""): p for s in ontology().concrete() for p in s.properties.values() if not p.stub
    }.items()
)
_TEXTS = st.text(max_size=12) | st.text(alphabet="0123456789+-/.: TZ", max_size=20) | st.emails()


@settings(max_examples=300)
@given(named=st.sampled_from(_PROPERTIES), text=_TEXTS.filter(str.strip), country=st.sampled_from([None, "nl", "ma"]))
def test_any_text_has_a_value_or_keeps_its_original(named, text: str, country: str | None) -> None:  # type: ignore[no-untyped-def] # FollowTheMoney's own property
    _, prop = named
    if prop.type.name == "entity":
        return
    clean = cleaner(prop, country=country)
    if prop.type.name == "date" and not _is_date(clean, text):
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


@settings(max_examples=200)
@given(text=st.text(alphabet="0123456789-/.: TZ+", max_size=25), zone=st.sampled_from([None, "Europe/Sofia"]))
def test_a_date_is_iso_and_never_cut_in_silence(text: str, zone: str | None) -> None:
    prop = ontology().schemata["Person"].properties["birthDate"]
    try:
        (value,) = cleaner(prop, dates=DateHint((), zone))(text)
    except BadUnit:
        return
    digits = "".join(filter(str.isdigit, text))
    assert value.value is not None
    assert len(value.value) in (4, 7, 10, 13, 16, 19)
    assert len("".join(filter(str.isdigit, value.value))) >= min(len(digits), 4)


def test_texts_of_ids_are_cleaned_where_they_can_be() -> None:
    phone = text_cleaner("phone", "nl")
    assert (phone("06 12345678"), phone("12")) == ("+31612345678", "12")
    assert text_cleaner("iban", None)("nl91 abna 0417 1643 00") == "NL91ABNA0417164300"
    assert text_cleaner("country", None)("Bulgaria") == "bg"
