"""The card of a group: what records say of its members and of what they share."""

from itertools import combinations

import pytest

from tests.analytics.cases import eid, person, rows_of, seen, thing, tie
from workbench.analytics import communities, group
from workbench.errors import NotFound, UsageError
from workbench.model.record import Record
from workbench.view.view import View


def records() -> list[Record]:
    """Three who share a phone and a van, one more by a call, of two agencies; and two others."""
    found = [*(person(each) for each in "abxy"), person("d", "BBB")]
    found += [thing("Phone", "p", number="+31612345678"), thing("Address", "home", full="1 Quay")]
    found += [tie("Holding", holder=each, held="p", date=f"2026-01-0{day}") for day, each in enumerate("abc", 1)]
    found += [tie("Residence", resident="a", place="home")]
    found += [person("c", each, passportNumber="NX0001", passportCountry="nl") for each in ("AAA", "BBB")]
    found += [tie("Family", "BBB", person="c", relative="d", date="2026-03-04")]
    return [*found, tie("Family", person="x", relative="y")]


def lines(view: View, entity: str, what: str) -> list[tuple]:
    return [
        (*row["who"], row["name"], row["count"], row["first"], row["last"])
        for row in rows_of(group(view, entity))
        if row["what"] == what
    ]


def test_a_card_tells_who_what_and_when() -> None:
    with seen(records()) as view:
        who = {each: view.canonical(eid(each, "BBB" if each == "d" else "AAA")) for each in "abcd"}
        card = who["a"]
        members = lines(view, card, "member")
        assert {member: count for member, _, count, *_ in members} == {
            who["a"]: 2,
            who["b"]: 2,
            who["c"]: 3,
            who["d"]: 1,
        }
        assert [count for _, _, count, *_ in members] == [3, 2, 2, 1]
        assert lines(view, card, "agency") == [("AAA", 3, "", ""), ("BBB", 2, "", "")]
        assert lines(view, card, "place") == [(eid("home"), "Address", 1, "", "")]
        assert lines(view, card, "phone") == [(eid("p"), "Phone", 3, "2026-01-01", "2026-01-03")]
        assert lines(view, card, "tie") == [
            ("Holding", 3, "2026-01-01", "2026-01-03"),
            ("Family", 1, "2026-03-04", "2026-03-04"),
        ]


def test_a_card_is_that_of_the_community_with_the_same_arguments() -> None:
    with seen(records()) as view:
        for row in rows_of(communities(view)):
            for member in row["members"]:
                found = group(view, member)
                assert {each["who"][0] for each in rows_of(found) if each["what"] == "member"} == {*row["members"]}
                assert found.measured["verdict"] == row["verdict"]
                assert found.measured["members"] == row["size"]


def test_any_referent_stands_for_its_entity() -> None:
    with seen(records()) as view:
        assert rows_of(group(view, eid("c", "BBB"))) == rows_of(group(view, eid("c", "AAA")))


def test_ties_said_equally_often_are_in_the_order_of_their_schemas() -> None:
    family = [*(person(each) for each in "abc"), tie("Family", person="a", relative="b")]
    others = [tie("UnknownLink", subject="b", object="c"), tie("Associate", person="a", associate="c")]
    with seen([*others, *family]) as view:
        assert [name for name, *_ in lines(view, eid("a"), "tie")] == ["Associate", "Family", "UnknownLink"]


def test_who_is_not_there_or_has_no_tie_has_no_card() -> None:
    with seen([*records(), person("alone")]) as view:
        with pytest.raises(NotFound):
            group(view, "0" * 20)
        assert rows_of(group(view, eid("alone"))) == ()
        with pytest.raises(UsageError, match="not in the projection"):
            group(view, eid("p"))


def test_a_thing_counts_from_two_members_on() -> None:
    found = [*(person(each) for each in "abc"), thing("Vehicle", "van", owner="a", registrationNumber="X-1")]
    found += [tie("Family", person=a, relative=b) for a, b in combinations("abc", 2)]
    found += [thing("Company", "firm"), *(tie("Directorship", director=each, organization="firm") for each in "ab")]
    with seen(found) as view:
        things = {who: count for who, _, count, *_ in lines(view, eid("a"), "thing")}
        assert things == {eid("firm"): 2}
