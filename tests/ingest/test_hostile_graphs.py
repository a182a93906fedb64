"""Graphs that never end: owners in a circle, ties to themselves, ties said twice, ends that are nowhere, and hubs."""

import json

import pytest

from tests.ingest.desk import Desk, reasons, totals

HUB = 20_000


def entity(key: str, schema: str, **said: str) -> str:
    return json.dumps({"id": key, "schema": schema, "properties": {k: [v] for k, v in said.items()}}) + "\n"


def test_owners_in_a_circle_self_ties_twins_and_ends_that_are_nowhere_come_in(desk: Desk) -> None:
    lines = [entity(each, "Company", name=f"Firm {each}") for each in "abc"]
    lines += [entity(f"o{a}{b}", "Ownership", owner=a, asset=b) for a, b in ("ab", "bc", "ca", "aa", "ax")]
    lines.append(lines[3])
    report = desk.load(desk.write("e.json", "".join(lines)), adapter="ftm")
    assert totals(report)["read"] == 9
    assert totals(report).get("quarantined", 0) == totals(report).get("refused", 0) == 0
    assert reasons(report)["self-tie: Ownership"] == 1
    stats = desk.view().stats()
    assert (stats.entities["Company"], stats.stubs, stats.relationships["Ownership"]) == (3, 1, 5)
    again = desk.load(desk.folder / "e.json", adapter="ftm")
    assert (again.revision, totals(again)["unchanged"]) == (None, 9)


@pytest.mark.parametrize("format_of", ["ftm", "neo4j-csv"])
def test_a_hub_is_loaded(desk: Desk, format_of: str) -> None:
    """One in the middle of very many."""
    if format_of == "ftm":
        lines = [entity(f"l{n}", "UnknownLink", subject="hub", object=f"p{n}") for n in range(HUB)]
        path = desk.write("e.json", "".join(lines))
    else:
        path = desk.write("e.csv", ":START_ID,:END_ID,:TYPE\n" + "".join(f"hub,p{n},KNOWS\n" for n in range(HUB)))
    report = desk.load(path, adapter=format_of)
    assert totals(report) == {"read": HUB, "accepted": HUB}
    assert desk.view().stats().ties == HUB
