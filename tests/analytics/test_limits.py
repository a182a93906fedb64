"""The limits of analyses: each applies exactly where it is documented."""

from importlib import import_module
from itertools import pairwise

import numpy as np
import pytest

from tests.analytics.cases import eid, person, rows_of, seen, thing, tie
from tests.analytics.test_joint_value import of
from workbench.analytics import joint_value, paths
from workbench.analytics.projection import everyone
from workbench.model.record import Record


def family(names: str | list[str], agency: str = "AAA") -> list[Record]:
    """Each tied to the next."""
    return [tie("Family", agency, person=a, relative=b) for a, b in pairwise(names)]


@pytest.mark.parametrize("name", ["persons", "all"])
def test_paths_of_up_to_three_steps_more_than_the_shortest_are_found(name: str) -> None:
    ways = ["ab", "acdeb", "afghib"]  # of one, four and five steps
    with seen([*(person(p) for p in "abcdefghi"), *(each for way in ways for each in family(way))]) as view:
        found = paths(view, eid("a"), eid("b"), projection=name, k=9)
        assert [row["length"] for row in rows_of(found)] == [1, 4]
        assert found.measured["longer_by"] == 3


def known(name: str, *agencies: str) -> list[Record]:
    """A person in several files, by the same passport."""
    return [person(name, each, passportNumber=f"NX00{name}", passportCountry="nl") for each in agencies]


def test_paths_are_looked_for_between_the_first_three_of_each_agency() -> None:
    """Four centres in AAA, the largest first; each has a path to the centre in BBB that no single file has."""
    records = [*known("h", "BBB", "DDD"), *(person(f"h{n}", "BBB") for n in range(3))]
    records += [tie("Family", "BBB", person="h", relative=f"h{n}") for n in range(3)]
    for number, around in enumerate((6, 5, 4, 3)):
        records += [*known(f"c{number}", "AAA", "CCC"), *known(f"x{number}", "CCC", "DDD")]
        records += [person(f"c{number}-{n}") for n in range(around)]
        records += [tie("Family", person=f"c{number}", relative=f"c{number}-{n}") for n in range(around)]
        records += [tie("Family", "CCC", person=f"c{number}", relative=f"x{number}")]
        records += [tie("Family", "DDD", person=f"x{number}", relative="h")]
    with seen(records) as view:
        name = {view.canonical(eid(each)): each for each in ("c0", "c1", "c2", "c3")}
        found = of(joint_value(view), "path")
        assert sorted(name[end] for path in found for end in (path[0], path[-1]) if end in name) == ["c0", "c1", "c2"]


def test_a_joint_group_has_three_members_at_least() -> None:
    """Three whom calls of two files tie, and two whom one call ties: no file knows who holds both numbers."""
    number = {name: f"+3161234567{n}" for n, name in enumerate("abcpq")}
    homes = dict(zip("abcpq", ("AAA", "BBB", "CCC", "AAA", "BBB"), strict=True))
    records = [*(person(name, agency) for name, agency in homes.items())]
    records += [thing("Phone", f"t{name}", agency, number=number[name]) for name, agency in homes.items()]
    records += [tie("Holding", agency, holder=name, held=f"t{name}") for name, agency in homes.items()]
    for caller, called in ("ab", "bc", "pq"):
        records += [thing("Phone", f"to-{called}", homes[caller], number=number[called])]
        records += [tie("Call", homes[caller], caller=f"t{caller}", receiver=f"to-{called}")]
    with seen(records) as view:
        three = tuple(sorted(eid(name, homes[name]) for name in "abc"))
        found = joint_value(view)
        assert len(of(found, "tie")) == 3
        assert list(of(found, "group")) == [three]


def test_sums_in_another_order_are_equals_and_nearly_as_much_is_less() -> None:
    told = import_module("workbench.analytics.positions")._told
    third = 0.1 + 0.2
    scores = told(np.array([0.3, third, 0.3 * (1 - 1e-6), 0.0, 0.3])).tolist()
    assert third != 0.3
    around = 0.1234567890125  # between two numbers of twelve digits
    one, other = told(np.array([around - 1e-15, around + 1e-15])).tolist()
    assert one == other
    assert scores[0] == scores[1] == scores[4]
    assert scores[0] > scores[2] > scores[3] == 0.0


def test_money_does_not_end_in_cash_at_a_place_that_is_set_aside() -> None:
    records = [*(person(f"x{n}") for n in range(13)), thing("Address", "agent", full="1 Quay")]
    records += [tie("Residence", resident=f"x{n}", place="agent") for n in range(13)]
    records += [tie("Transfer", payer="x0", location="agent", amount="5")]
    with seen(records) as view:
        assert len(everyone(view, "money", count_common=True).edges.a) == 1
        assert len(everyone(view, "money", count_common=False).edges.a) == 0
