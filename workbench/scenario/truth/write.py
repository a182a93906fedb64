"""The truth file."""

from collections import Counter
from typing import Any

from workbench.scenario.files import DATASETS
from workbench.scenario.saying import PRIVILEGED, PROVIDER_ONLY, Tally
from workbench.scenario.truth.case import AGENCIES, Case, as_source
from workbench.scenario.truth.planted import planted
from workbench.scenario.truth.questions import questions

Row = dict[str, Any]


def truth_of(case: Case, background: Tally, seed: int) -> Row:
    """All that is true of a scenario; but for counts and common values it is about those in the plot alone."""
    return {
        "scenario": {
            "seed": seed,
            "cells": case.background.communities if case.background else 0,
            **_background(case),
            "agencies": DATASETS,
            "from": "2026-01-01",
            "to": "2026-04-30",
        },
        "counts": _counts(case, background),
        "entities": _entities(case),
        "planted": planted(case),
        "questions": questions(case),
    }


def _background(case: Case) -> Row:
    """The people around the plot: their shape, how many there are, and how they are tied among one another."""
    network, around = case.background, case.around
    if not network or not around:
        return {}
    told = {
        **network.shape.told(),
        "records": network.records,
        "persons": len(network.population.people),
        "ties_between_persons": around.ties(AGENCIES),
        "common_values": dict(sorted(around.common().items())),
    }
    return {"background": told}


def _counts(case: Case, background: Tally) -> Row:
    records = Counter(one.agency for one in case.final) + background.records
    relationships = Counter(one.schema for one in case.final if one.is_relationship) + background.relationships
    entities = Counter(case.union.schemata.values()) + background.schemata
    real = Counter(case.ledger.kinds.values()) + background.real
    return {
        "real": dict(sorted(real.items())),
        "real_entities": sum(real.values()) - real["reports"],
        "parts": dict(sorted(Counter(person.part for person in case.stage.cast.persons.values()).items())),
        "records": sum(records.values()),
        "records_by_agency": dict(sorted(records.items())),
        "privileged": sum(one.marking == PRIVILEGED for one in case.final),
        "provider_only": sum(one.marking == PROVIDER_ONLY for one in case.final),
        "entities_before_resolution": dict(sorted(entities.items())),
        "relationships": dict(sorted(relationships.items())),
        "canonical": len(case.union.entities) + sum(background.real.values()),
    }


def _entities(case: Case) -> list[Row]:
    """Every real entity of the plot, what it is called, and where it is seen."""
    cast, rows = case.stage.cast, []
    for key, sightings in sorted(case.sources.items()):
        row: Row = {"entity": key, "kind": case.ledger.kinds[key]}
        if key in cast.persons:
            row |= {"part": cast.persons[key].part, "name": cast.persons[key].name.latin}
        rows.append({**row, "sources": [as_source(sighting) for sighting in sightings]})
    return rows
