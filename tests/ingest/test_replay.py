"""Replays: datasets, deliveries, agencies, and bytes that no longer are one unit."""

from pathlib import Path

import pytest

from ingest.quarantine import discard, replay
from tests.ingest.desk import Desk, reasons, totals
from workbench.errors import UsageError

MANIFEST = """
adapter = "csv"
agency = "{agency}"
dataset = "{dataset}"
[[files]]
pattern = "*.csv"
[[files.records]]
name = "person"
schema = "Person"
id = "{{id}}"
properties = {{ name = "name", birthDate = {{ column = "born", format = "{form}" }} }}
"""
ISO, LOCAL = "%Y-%m-%d", "%d/%m/%Y"


def manifest(desk: Desk, form: str, agency: str = "NKP", dataset: str = "persons") -> Path:
    text = MANIFEST.format(agency=agency, dataset=dataset, form=form)
    return desk.write(f"m/{agency}-{dataset}-{len(form)}-{form[1]}.toml", text)


def bring(desk: Desk, row: str, form: str, *, delivered: str = "2026-01-01", **of: str) -> dict[str, int]:
    path = desk.write("p.csv", f"id,name,born\n{row}\n")
    return totals(desk.load(path, manifest=manifest(desk, form, **of), delivered=delivered))


def test_a_replay_is_of_the_delivery_in_which_its_units_came(desk: Desk) -> None:
    """What a newer one has said of the same stands."""
    assert bring(desk, "1,Ann,03/04/1990", ISO) == {"read": 1, "quarantined": 1}
    assert bring(desk, "1,Anna,1990-04-03", ISO, delivered="2026-02-01") == {"read": 1, "accepted": 1}
    report = replay(desk.store, desk.view(), by="tester", manifest=manifest(desk, LOCAL))
    assert totals(report) == {"read": 1, "late": 1}
    assert (desk.view().search("Anna").total, desk.view().stats().records) == (1, 1)
    assert desk.view().quarantine() == ()


def test_without_a_manifest_all_datasets_of_an_agency_are_replayed(desk: Desk) -> None:
    path = desk.write("e.json", '{"id": "a"}\n')
    for dataset in ("persons", "victims"):
        desk.load(path, adapter="ftm", agency="NKP", dataset=dataset)
    assert totals(replay(desk.store, desk.view(), by="tester")) == {"read": 2, "quarantined": 2}


def test_units_of_several_agencies_are_neither_replayed_nor_discarded_together(desk: Desk) -> None:
    for agency in ("NKP", "TRC"):
        bring(desk, "1,Ann,03/04/1990", ISO, agency=agency)
    view = desk.view()
    ids = [each.id for each in view.quarantine()]
    for named in ((), ids):
        with pytest.raises(UsageError, match="several agencies, NKP, TRC"):
            replay(desk.store, view, named, by="tester")
    with pytest.raises(UsageError, match="several agencies, NKP, TRC"):
        discard(desk.store, view, ids, by="tester", why="no use")
    assert [each.id for each in desk.view().quarantine()] == ids


def test_what_is_repaired_to_nothing_stays(desk: Desk) -> None:
    bring(desk, "1,Ann,03/04/1990", ISO)
    (unit,) = desk.view().quarantine()
    report = replay(desk.store, desk.view(), [unit.id], by="tester", raw=b"\n", manifest=manifest(desk, ISO))
    assert (totals(report), reasons(report)) == ({"read": 1, "quarantined": 1}, {"not one unit": 1})
    (left,) = desk.view().quarantine()
    assert left.message == "it reads as 0 units now"
