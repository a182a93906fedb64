"""Why two ids are the same entity or not: rule, value and records."""

from itertools import pairwise
from pathlib import Path

import pytest

from tests.analytics.cases import EVERYBODY, eid, person, seen, store_of, thing, tie
from workbench.errors import NotFound
from workbench.model.record import Record
from workbench.resolve import add_common, common_values, explain, judge, remove_common, report
from workbench.view.answers import Reason

PASSPORT = {"passportNumber": "NX1234567", "passportCountry": "nl"}


def test_of_one_entity_the_chain_from_one_referent_to_the_other() -> None:
    """a and b have one passport, b and c one tax number: a is c by way of b."""
    a, b = person("a", "AAA", **PASSPORT), person("b", "BBB", **PASSPORT, taxNumber="T1234567", country="nl")
    c = person("c", "CCC", taxNumber="T1234567", country="nl")
    d = person("d", "DDD", taxNumber="T1234567", country="nl")
    ids = {name: eid(name, agency) for name, agency in zip("abcd", ("AAA", "BBB", "CCC", "DDD"), strict=True)}
    with seen([a, b, c, d]) as view:
        found = explain(view, ids["a"], ids["c"])
        assert [reason.rule for reason in found] == ["passport", "tax"]
        first = found[0]
        assert first.verdict == "same"
        assert first.value == "NX1234567"
        assert {first.a, first.b} == {ids["a"], ids["b"]}
        assert first.records == tuple(sorted((a.key(), b.key())))
        assert explain(view, ids["a"], ids["a"]) == ()


def test_the_chain_is_the_shortest(tmp_path: Path) -> None:
    """From one to the last by a ring of judgements, whichever way was judged first."""
    for n, ring in enumerate(([0, 1, 2, 3, 4], [0, 4, 3, 2, 1])):
        store = store_of(tmp_path / str(n), [person(f"p{i}") for i in range(5)])
        ids = [eid(f"p{i}") for i in ring]
        made = [judge(store, store.view(EVERYBODY), *pair, "same", "photo") for pair in pairwise([*ids, ids[0]])]
        for i, judgement in enumerate(made):
            (reason,) = there = explain(store.view(EVERYBODY), ids[i], ids[(i + 1) % 5])
            assert reason.value == judgement.id
            assert explain(store.view(EVERYBODY), ids[(i + 1) % 5], ids[i]) == there
        assert len(explain(store.view(EVERYBODY), ids[0], ids[2])) == 2
        store.close()


def test_a_document_of_many_is_no_reason_for_who_has_it_not() -> None:
    many = [person("x", agency, **PASSPORT) for agency in ("AAA", "BBB", "CCC", "DDD")]
    with seen([*many, person("y")]) as view:
        assert explain(view, eid("x"), eid("y")) == explain(view, eid("y"), eid("x")) == ()


def test_a_veto_says_what_it_is_and_against_which_join() -> None:
    a, b = person("a", "AAA", **PASSPORT, gender="male"), person("b", "BBB", **PASSPORT, gender="female")
    with seen([a, b]) as view:
        (reason,) = explain(view, eid("a"), eid("b", "BBB"))
        assert reason == Reason(
            "different", "different sex", "passport NX1234567", *sorted((eid("a"), eid("b", "BBB"))),
            tuple(sorted((a.key(), b.key()))),
        )  # fmt: skip
        assert report(view).vetoes == (reason,)
        assert report(view).joins == ()


def test_a_document_of_many_is_told_as_what_does_not_join() -> None:
    agencies = ("AAA", "BBB", "CCC", "DDD")
    with seen([person("x", agency, **PASSPORT) for agency in agencies]) as view:
        (reason,) = explain(view, eid("x", "AAA"), eid("x", "BBB"))
        assert (reason.verdict, reason.rule, reason.value) == (
            "different",
            "held by 4, identifies none",
            "passport NX1234567",
        )
        assert report(view).set_aside == ({"value": "NX1234567", "kind": "passport", "n": 4},)


def test_an_account_listed_as_common_is_told_as_what_joins_no_holders(tmp_path: Path) -> None:
    records = [each for agency in ("AAA", "BBB") for each in (person("p", agency), account(agency), held(agency))]
    store = store_of(tmp_path, records)
    a, b = eid("p"), eid("p", "BBB")
    view = store.view(EVERYBODY)
    assert [reason.rule for reason in explain(view, a, b)] == ["iban-holder"]
    add_common(store, view, "account", "NL91 ABNA 0417 1643 00", "an exchange house", "OPEN//REL AAA,BBB", "AAA")
    view = store.view(EVERYBODY)
    (reason,) = explain(view, a, b)
    assert (reason.verdict, reason.rule) == ("different", "common, joins nobody")
    assert reason.value == "iban-holder NL91ABNA0417164300"
    assert {"value": "NL91ABNA0417164300", "kind": "iban-holder", "n": 2} in report(view).set_aside
    assert [each.kind for each in common_values(view) if each.listed] == ["account"]
    remove_common(store, view, "account", "NL91 ABNA 0417 1643 00")
    assert [reason.rule for reason in explain(store.view(EVERYBODY), a, b)] == ["iban-holder"]
    store.close()


def account(agency: str) -> Record:
    return thing("BankAccount", "k", agency, iban="NL91ABNA0417164300")


def held(agency: str) -> Record:
    return tie("Holding", agency, holder="p", held="k")


def test_nothing_is_said_of_two_whom_nothing_ties_and_unknown_ones_are_not_found() -> None:
    with seen([person("a"), person("b")]) as view:
        assert explain(view, eid("a"), eid("b")) == ()
        with pytest.raises(NotFound):
            explain(view, eid("a"), "0" * 20)


def test_judgements_are_explained_by_their_evidence(tmp_path: Path) -> None:
    store = store_of(tmp_path, [person("a", "AAA"), person("b", "BBB"), person("c", "CCC")])
    view = store.view(EVERYBODY)
    a, b, c = eid("a"), eid("b", "BBB"), eid("c", "CCC")
    same = judge(store, view, a, b, "same", "photo")
    apart = judge(store, view, b, c, "different", "photo")
    now = store.view(view.viewer)
    assert explain(now, a, b) == (Reason("same", "judgement", same.id, *sorted((a, b)), same.evidence),)
    assert explain(now, a, c) == (Reason("different", "judgement", apart.id, *sorted((b, c)), apart.evidence),)
    store.close()


def test_what_was_said_of_any_referents_is_told_of_their_entities(tmp_path: Path) -> None:
    ours, theirs = (
        [person(name, agency, passportNumber=number, passportCountry="nl") for agency in ("AAA", "BBB")]
        for name, number in (("x", "NX0000001"), ("y", "NX0000002"))
    )
    store = store_of(tmp_path, [*ours, *theirs])
    pairs = [(eid("x", one), eid("y", other)) for one in ("AAA", "BBB") for other in ("AAA", "BBB")]
    made = {judge(store, store.view(EVERYBODY), *pair, "unsure", "photo").id for pair in pairs}
    for pair in pairs:
        assert {reason.value for reason in explain(store.view(EVERYBODY), *pair)} == made
    store.close()


def test_why_two_are_not_one_is_told_whichever_is_named_first(tmp_path: Path) -> None:
    a, b = person("a", "AAA", **PASSPORT, gender="male"), person("b", "BBB", **PASSPORT, gender="female")
    store = store_of(tmp_path, [a, b])
    ends = eid("a"), eid("b", "BBB")
    made = [judge(store, store.view(EVERYBODY), *each, "different", "photos") for each in (ends, ends[::-1])]
    view = store.view(EVERYBODY)
    assert {each.id for each in made} <= {reason.value for reason in explain(view, *ends)}
    assert explain(view, *ends) == explain(view, *ends[::-1])
    store.close()


def test_what_is_outweighed_is_no_reason_any_more(tmp_path: Path) -> None:
    """A veto still keeps the two apart: only that is reported."""
    store = store_of(tmp_path, [person("a", "AAA", gender="male"), person("b", "BBB", gender="female")])
    ends = eid("a"), eid("b", "BBB")
    apart = judge(store, store.view(EVERYBODY), *ends, "different", "two photos")
    assert [each.value for each in explain(store.view(EVERYBODY), *ends)] == [apart.id]
    boris = EVERYBODY.model_copy(update={"name": "boris"})
    made = judge(store, store.view(boris), *ends, "same", "one man", override=True)
    (reason,) = explain(store.view(EVERYBODY), *ends)
    assert (reason.rule, reason.value) == ("different sex", f"judgement {made.id}")
    store.close()


def test_the_report_counts_common_values_too() -> None:
    records = [person(f"x{n}") for n in range(13)] + [thing("Address", "v", full="1 Quay")]
    records += [tie("Residence", resident=f"x{n}", place="v") for n in range(13)]
    with seen(records) as view:
        assert report(view).set_aside == ({"value": "1 Quay", "kind": "address", "n": 13},)
