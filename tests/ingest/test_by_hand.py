"""What is drawn by hand is a record like any other, told to nobody who may not know its ends, and taken back whole."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.app.case import RECORDS, id_of, load, record
from tests.stores import fresh_url
from workbench.access.viewer import Viewer
from workbench.errors import AccessDenied, InputError, NotFound, UsageError
from workbench.model.marking import parse_marking
from workbench.model.record import BY_HAND, Basis
from workbench.session import Session
from workbench.store.judging import put_judgements
from workbench.view.store import GraphStore, open_store
from workbench.view.view import View

pytestmark = pytest.mark.each_store(reason="each store publishes records and judgements in its own way")

SECRETS = [
    record("NKP", "Person", "source", name="Informant", marking="SECRET//REL NKP//COMP X"),
    record("NKP", "Person", "guest", name="Guest", marking="CONFIDENTIAL//REL NKP//HC H1"),
]
ONLY_KFIU = record("KFIU", "Person", "banker", name="Banker", marking="SECRET//REL KFIU")
MO, LAURA, VAN, NICO = id_of("NKP", "mo"), id_of("KFIU", "laura"), id_of("NKP", "van"), id_of("NKP", "nico")
Drawing = dict[str, Any]
TIE: Drawing = {"schema": "Associate", "a": MO, "b": LAURA, "values": {}, "grade": "4x4 B2", "why": "seen together"}
MAN: Drawing = {
    "schema": "Person",
    "values": {"name": "Jan Zonderland", "birthDate": ["1980-05"]},
    "grade": "admiralty B2",
    "why": "met at the port",
}


def viewer(name: str, *agencies: str, level: Any = "SECRET", loads: tuple[str, ...] = ("NKP",), **has: Any) -> Viewer:
    return Viewer(name=name, agencies=frozenset(agencies), level=level, loads=frozenset(loads), **has)


ANNA, BORIS = viewer("anna", "NKP", "KFIU"), viewer("boris", "NKP", "KFIU")
MOST = viewer("most", "NKP", "KFIU", "RJP", compartments=frozenset("X"), loads=("*",))
COLLEAGUE, LOW = viewer("colleague", "NKP"), viewer("low", "NKP", "KFIU", level="CONFIDENTIAL")
KFIU = viewer("kfiu", "KFIU", loads=("KFIU",))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GraphStore]:
    made = open_store(fresh_url(tmp_path))
    for agency in ("NKP", "KFIU"):
        load(made, agency, RECORDS[agency] + {"NKP": SECRETS, "KFIU": [ONLY_KFIU]}[agency])
    yield made
    made.close()


def session(store: GraphStore, who: Viewer = ANNA) -> Session:
    return Session(store, lambda: who, by=f"account as {who.name}")


def seen(store: GraphStore, *others: Viewer) -> list[tuple[str, Any, Any]]:
    views = [store.view(each) for each in others or (ANNA, COLLEAGUE, LOW, KFIU, MOST)]
    return [(each.digest(), each.stats(), each.judgements()) for each in views]


def content(store: GraphStore) -> list[tuple[Any, ...]]:
    """What views show, but for the revision."""
    return [(digest, replace(stats, revision=""), judged) for digest, stats, judged in seen(store)]


def ends_said(view: View, key: str) -> dict[str, str]:
    """The referents that a record ties, by role."""
    said = view.record(key).record
    return {role.name: said.referent(role.ref) for role in said.roles}


def ties(view: View, a: str, b: str) -> list[str]:
    ends = {view.canonical(a), view.canonical(b)}
    return [each.record for each in view.neighbours(a).ties if {each.a, each.b} == ends]


def test_an_entity_is_found_with_its_grade_marking_author_and_reason(store: GraphStore) -> None:
    with_anna = session(store)
    drawn = with_anna.draw_entity(**MAN)
    (hit,) = with_anna.search("jan zonderland").entities
    assert hit.id == drawn.entity
    told = with_anna.record(drawn.key)
    assert (str(told.record.grade), str(told.record.marking)) == ("B2 (admiralty)", "SECRET//REL NKP")
    assert (told.record.basis, str(told.record.dataset)) == (Basis.ASSESSMENT, f"NKP/{BY_HAND}")
    assert (told.provenance.loaded_by, told.provenance.adapter) == ("account as anna", BY_HAND)
    assert told.record.values() == {
        "name": ["Jan Zonderland"],
        "birthDate": ["1980-05"],
        "notes": ["met at the port"],
    }
    (entry,) = [each for each in with_anna.loads() if each.id == drawn.load]
    assert (entry.adapter, entry.dataset, entry.revision) == (BY_HAND, BY_HAND, drawn.revision)
    assert drawn.revision == with_anna.view.revision
    assert with_anna.frame("Person")["name"].tolist().count("Jan Zonderland") == 1


def test_a_relationship_ties_two_entities_of_two_agencies_and_nobody_else(store: GraphStore) -> None:
    before = session(store).stats()
    with_anna = session(store)
    drawn = with_anna.draw_relationship(**TIE)
    view = with_anna.view
    assert ties(view, MO, LAURA) == [drawn.key]
    assert drawn.ends == (view.canonical(MO), view.canonical(LAURA))
    after = view.stats()
    assert after.canonical == before.canonical, "no entity more than before"
    assert {"mo", "laura"} <= {each.source_id for end in drawn.ends for each in view.entity(end).referents}
    assert {each.why for each in view.judgements()} == {"drawn by hand: seen together"}
    assert {each.by for each in view.judgements()} == {"anna"}
    assert view.record(drawn.key).record.values() == {"summary": ["seen together"]}
    assert "judgement" in {each.rule for each in view.entity(MO).joined_by}


def test_a_relationship_has_its_direction(store: GraphStore) -> None:
    with_anna = session(store)
    drawn = with_anna.draw_relationship(**{**TIE, "schema": "Directorship", "a": MO, "b": id_of("KFIU", "acme")})
    ends = {role: with_anna.view.canonical(end) for role, end in ends_said(with_anna.view, drawn.key).items()}
    assert (ends["director"], ends["organization"]) == drawn.ends
    assert drawn.ends[0] == with_anna.view.canonical(MO)


def test_who_may_not_see_it_sees_no_change(store: GraphStore) -> None:
    blind = (LOW, KFIU, viewer("rjp", "RJP"))
    before, histories = seen(store, *blind), [store.view(each).history() for each in blind]
    session(store).draw_entity(**MAN)
    drawn = session(store).draw_relationship(**TIE)
    assert seen(store, *blind) == before
    assert [store.view(each).history() for each in blind] == histories
    for each in map(store.view, blind):
        with pytest.raises(NotFound):
            each.record(drawn.key)
    assert len(seen(store, COLLEAGUE)[0][2]) == 2


def test_both_ends_hide_with_what_is_known_of_them(store: GraphStore) -> None:
    """If an end's record is re-marked later, nobody is told who the end is by what was drawn before."""
    drawn = session(store).draw_relationship(**TIE)
    known = next(each.key() for each in RECORDS["KFIU"] if each.source_id == "laura")
    store.remark([known], parse_marking("SECRET//REL KFIU"))
    view = store.view(COLLEAGUE)
    ends = ends_said(view, drawn.key)
    mo, other = view.entity(ends["person"]), view.entity(ends["associate"])
    assert {each.source_id for each in mo.referents} > {"mo"}
    assert other.stub
    assert [each.dataset for each in other.referents] == [BY_HAND]


WITHOUT_COMPARTMENT = "SECRET//REL NKP"
REFUSED: list[tuple[str, Drawing, type[Exception], str, str]] = [
    ("draw_entity", {"schema": "Persn"}, InputError, "did you mean Person", "schema"),
    ("draw_entity", {"schema": "Associate"}, UsageError, "use draw_relationship", "schema"),
    ("draw_entity", {"schema": "Interval"}, InputError, "abstract", "schema"),
    ("draw_entity", {"schema": "Mention"}, UsageError, "no property for a reason", "schema"),
    ("draw_entity", {"values": {"nmae": "Jan"}}, UsageError, "did you mean name", "values"),
    ("draw_entity", {"values": {"birthDate": "3/4/80"}}, UsageError, "birthDate: '3/4/80'.* 2021-04", "values"),
    ("draw_entity", {"values": {"phone": "06 1"}}, UsageError, "phone: '06 1' .*with its country", "values"),
    ("draw_entity", {"values": {"name": " "}}, UsageError, "empty text", "values"),
    ("draw_entity", {"values": {"name": "a\0"}}, UsageError, "no text", "values"),
    ("draw_entity", {"values": {"name": 3}}, UsageError, "must be a text", "values"),
    ("draw_entity", {"values": {"addressEntity": "x"}}, UsageError, "draw a relationship", "values"),
    ("draw_entity", {"values": "Jan"}, UsageError, "by the name of a property", "values"),
    ("draw_entity", {"why": " "}, UsageError, "say why", "why"),
    ("draw_entity", {"grade": "B2"}, UsageError, "write the scheme", "grade"),
    ("draw_entity", {"grade": "admiralty Z9"}, UsageError, "is not a grade of admiralty", "grade"),
    ("draw_entity", {"marking": "TOP"}, UsageError, "no level 'TOP'", "marking"),
    ("draw_entity", {"marking": "OPEN//REL RJP"}, UsageError, "NKP itself could never see", "marking"),
    ("draw_entity", {"marking": "SECRET//REL NKP//COMP Z"}, UsageError, "hidden from anna", "marking"),
    ("draw_entity", {"agency": "KFIU"}, AccessDenied, "may not load for KFIU", "agency"),
    ("draw_entity", {"agency": "a b"}, UsageError, "not the code of an agency", "agency"),
    ("draw_relationship", {"schema": "Person"}, UsageError, "use draw_entity", "schema"),
    (
        "draw_relationship",
        {"schema": "Family", "b": VAN},
        UsageError,
        "relative of Family is a Person, .* Vehicle",
        "b",
    ),
    ("draw_relationship", {"a": VAN}, UsageError, "person of Associate is a Person", "a"),
    ("draw_relationship", {"b": "0" * 20}, NotFound, "no entity", "b"),
    ("draw_relationship", {"a": id_of("NKP", "source")}, NotFound, "no entity", "a"),
    ("draw_relationship", {"a": NICO, "b": id_of("KFIU", "nikos")}, UsageError, "are one entity", "b"),
    ("draw_relationship", {"b": id_of("KFIU", "banker")}, UsageError, "NKP may see no record about", "b"),
    ("draw_relationship", {"marking": "OPEN//REL NKP"}, UsageError, "looser than RESTRICTED", "marking"),
    ("draw_relationship", {"marking": "SECRET//REL NKP,TRC"}, UsageError, "looser than RESTRICTED", "marking"),
]


@pytest.mark.parametrize(("what", "wrong", "error", "says", "field"), REFUSED)
def test_what_is_wrong_is_refused_and_nothing_changes(
    store: GraphStore, what: str, wrong: Drawing, error: type[Exception], says: str, field: str
) -> None:
    before = seen(store)
    with pytest.raises(error, match=says) as refused:
        getattr(session(store), what)(**{**(MAN if what == "draw_entity" else TIE), **wrong})
    assert getattr(refused.value, "field", "") == field
    assert seen(store) == before


def test_only_who_may_load_draws_and_names_the_agency_if_there_are_several(store: GraphStore) -> None:
    with pytest.raises(AccessDenied, match="may not load for any agency"):
        session(store, viewer("reader", "NKP", loads=())).draw_entity(**MAN)
    both = session(store, viewer("both", "NKP", "KFIU", loads=("NKP", "KFIU")))
    with pytest.raises(UsageError, match="name one of KFIU, NKP"):
        both.draw_entity(**MAN)
    drawn = both.draw_relationship(**{**TIE, "b": id_of("KFIU", "banker"), "agency": "KFIU"})
    assert drawn.marking == "SECRET//REL KFIU"


def test_a_relationship_is_marked_as_strictly_as_its_ends(store: GraphStore) -> None:
    all_ends = session(store, MOST)
    ends = {"a": id_of("NKP", "source"), "b": id_of("NKP", "guest"), "agency": "NKP"}
    with pytest.raises(UsageError, match="Mark it SECRET//REL NKP//COMP X"):
        all_ends.draw_relationship(**{**TIE, **ends, "marking": WITHOUT_COMPARTMENT})
    drawn = all_ends.draw_relationship(**{**TIE, **ends})
    assert drawn.marking == "SECRET//REL NKP//COMP X//HC H1"
    weaker = all_ends.draw_relationship(**{**TIE, "agency": "NKP", "marking": "RESTRICTED//REL NKP,KFIU"})
    assert ties(store.view(KFIU), MO, LAURA) == [weaker.key]


def test_who_draws_the_same_again_changes_nothing_and_two_people_make_two_records(store: GraphStore) -> None:
    first, man = session(store).draw_relationship(**TIE), session(store).draw_entity(**MAN)
    before = seen(store)
    again = session(store).draw_relationship(**TIE)
    assert (again.load, again.key, again.ends, again.revision) == (first.load, first.key, first.ends, None)
    assert session(store).draw_entity(**MAN).load == man.load
    assert seen(store) == before
    second = session(store, BORIS).draw_relationship(**TIE)
    assert second.key != first.key
    assert sorted(ties(store.view(ANNA), MO, LAURA)) == sorted([first.key, second.key])


def test_another_grade_takes_the_place_of_the_first_and_another_reason_stands_beside_it(store: GraphStore) -> None:
    first = session(store).draw_relationship(**TIE)
    better = session(store).draw_relationship(**{**TIE, "grade": "4x4 A1"})
    assert ties(store.view(ANNA), MO, LAURA) == [better.key]
    other = session(store).draw_relationship(**{**TIE, "why": "they said so"})
    assert sorted(ties(store.view(ANNA), MO, LAURA)) == sorted([better.key, other.key])
    session(store).withdraw(better.load, "no")
    assert sorted(ties(store.view(ANNA), MO, LAURA)) == sorted([first.key, other.key])
    tighter = session(store).draw_entity(**MAN, marking="SECRET//REL NKP,KFIU")
    assert session(store).draw_entity(**MAN).key == tighter.key
    assert str(store.view(ANNA).record(tighter.key).record.marking) == "SECRET//REL NKP"


@pytest.mark.parametrize("draw", [lambda s: s.draw_relationship(**TIE), lambda s: s.draw_entity(**MAN)])
def test_withdrawn_all_is_as_before(store: GraphStore, draw: Callable[[Session], Any]) -> None:
    before = content(store)
    drawn, other = draw(session(store)), draw(session(store, BORIS))
    session(store).withdraw(drawn.load, "a mistake")
    assert content(store) != before
    session(store, BORIS).withdraw(other.load, "a mistake")
    assert content(store) == before
    again = draw(session(store))
    assert again.load != drawn.load
    assert again.key in store.view(ANNA).keys()  # noqa: SIM118 - a view is no mapping
    session(store).withdraw(again.load, "a mistake")
    assert content(store) == before


def test_what_was_drawn_is_an_end_of_what_is_drawn_next(store: GraphStore) -> None:
    with_anna = session(store)
    man = with_anna.draw_entity(**MAN)
    tie = with_anna.draw_relationship(**{**TIE, "a": man.entity})
    assert ties(with_anna.view, man.entity, LAURA) == [tie.key]
    assert len(with_anna.judgements()) == 1, "an entity of the same dataset is named by its own id"
    again = with_anna.draw_relationship(**{**TIE, "a": LAURA, "b": man.entity})
    assert sorted(ties(with_anna.view, man.entity, LAURA)) == sorted([tie.key, again.key])
    with_anna.withdraw(tie.load, "wrong")
    assert ties(with_anna.view, man.entity, LAURA) == [again.key]


def test_a_stub_is_drawn_to_as_well(store: GraphStore) -> None:
    load(store, "NKP", [record("NKP", "Holding", "h", roles={"holder": "nobody", "held": "van"})])
    drawn = session(store).draw_relationship(**{**TIE, "a": id_of("NKP", "nobody")})
    assert ties(store.view(ANNA), id_of("NKP", "nobody"), LAURA) == [drawn.key]


def test_a_judgement_against_an_end_is_obeyed(store: GraphStore) -> None:
    first = session(store).draw_relationship(**TIE)
    stub = ends_said(store.view(ANNA), first.key)["person"]
    assert stub in {each.id for each in store.view(ANNA).entity(MO).referents}
    session(store, BORIS).different(stub, MO, why="he was abroad")
    before = seen(store)
    with pytest.raises(UsageError, match=r"judged different .*abroad") as refused:
        session(store).draw_relationship(**{**TIE, "why": "once more"})
    assert refused.value.field == "a"
    assert seen(store) == before


def test_all_or_nothing(store: GraphStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault after the record was written, while its judgements are, leaves neither."""
    before = seen(store)

    def fails(*_: Any) -> set[int]:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr("workbench.store.load_writer.put_judgements", fails)
        with pytest.raises(RuntimeError, match="power cut"):
            session(store).draw_relationship(**TIE)
    assert seen(store) == before
    with monkeypatch.context() as patched:
        patched.setattr("workbench.store.load_writer.put_judgements", lambda tx, _, rev: put_judgements(tx, (), rev))
        with pytest.raises(UsageError, match="something keeps"):
            session(store).draw_relationship(**TIE)
    assert seen(store) == before
    assert ties(store.view(ANNA), MO, LAURA) == []
    drawn = session(store).draw_relationship(**TIE)
    assert ties(store.view(ANNA), MO, LAURA) == [drawn.key]


def test_no_load_is_into_what_is_drawn_by_hand(store: GraphStore, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="draw by hand: give another name"):
        session(store).load("none.json", adapter="ftm", agency="NKP", dataset=BY_HAND)
    (tmp_path / BY_HAND).write_text("{}")
    (refused,) = session(store).load(tmp_path / BY_HAND, adapter="ftm", agency="NKP").files
    assert (refused.refused, refused.reasons) == (1, {"no name for a dataset": 1})


def test_a_session_for_reading_draws_nothing(store: GraphStore) -> None:
    with pytest.raises(UsageError, match="for reading"):
        session(store).within(["NKP"]).draw_entity(**MAN)
