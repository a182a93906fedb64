"""What a lead is without one record, beside the computation in a store that never had it."""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

import numpy as np

from benchmarks.networks import Named
from workbench.access.viewer import Viewer
from workbench.analytics.chances import GONE, NOTHING_TO_SAY, Chance
from workbench.analytics.lacking import Asked, Lacking, asked_for, lacking
from workbench.analytics.leads import Lead, first_leads, probabilities, rows_of
from workbench.analytics.links.features import Pairs
from workbench.model.marking import parse_marking
from workbench.model.record import Dataset, Record, Role, Value
from workbench.view.resting import without_records
from workbench.view.store import open_store
from workbench.view.view import View

_LEADS, _AGENCY, _DATASET = 100, "AAA", "files"
_VIEWER = Viewer(name="one", agencies=frozenset({_AGENCY}), level="SECRET")
_stores = count()


def measured(named: Sequence[Named], seed: int) -> dict[str, Any]:
    """Of how many leads, one record of each left out, the two are equal; and on which networks they were."""
    asked = asked_for("persons", "missing", False, 0.1, seed)
    told: dict[str, Any] = {"leads": 0, "equal": 0}
    speaking = [each for each in named if not _learnt(each, asked).learnt.silent]
    for each in speaking:
        wanted = -(-_LEADS // len(speaking))
        pairs = list(_compared(each, asked, min(wanted, _LEADS - told["leads"])))
        told["leads"] += len(pairs)
        told["equal"] += sum(one == other for one, other in pairs)
        told[each.name] = f"{sum(one == other for one, other in pairs)} of {len(pairs)}"
    return told


def _learnt(named: Named, asked: Asked) -> Lacking:
    return lacking(_view(_records(named)), asked)


def _compared(named: Named, asked: Asked, many: int) -> Iterator[tuple[Chance, Chance]]:
    """For each lead: its probability in the view without one of its records, and in a store without that."""
    records = _records(named)
    view = _view(records)
    found = lacking(view, asked)
    rng = np.random.default_rng(asked.seed)
    for lead in first_leads(found, many).leads:
        key = str(rng.choice(found.projected.keys(rows_of(found, lead))))
        (said,) = probabilities(found, lacking(without_records(view, [key]), asked), [lead])
        apart = lacking(_view([each for each in records if each.key() != key]), asked)
        yield said, _probability(apart, found, lead)


def _probability(apart: Lacking, found: Lacking, lead: Lead) -> Chance:
    if apart.learnt.silent:
        return NOTHING_TO_SAY
    ids = found.projected.snapshot.id_at
    nodes = sorted(apart.node(ids(end)) for end in (lead.a, lead.b))
    if nodes[0] < 0:
        return GONE
    ends = (np.array([each], np.int64) for each in nodes)
    said = float(apart.probability(Pairs.of(apart.network, *ends))[0])
    return min(max(said, 1e-6), 1 - 1e-6)  # as leads are told


def _records(named: Named) -> list[Record]:
    """A person for each node, and a record for each pair of them that is tied."""
    network = named.network
    persons = [_record("Person", f"p{n}", {"name": f"Person {n}"}, {}) for n in range(network.n)]
    ties = zip(network.a.tolist(), network.b.tolist(), strict=True)
    return [*persons, *(_record("Associate", "", {}, {"person": f"p{a}", "associate": f"p{b}"}) for a, b in ties)]


def _record(schema: str, source_id: str, values: dict[str, str], roles: dict[str, str]) -> Record:
    return Record(
        schema=schema,
        dataset=Dataset(_AGENCY, _DATASET),
        source_id=source_id,
        properties={name: (Value(value, value),) for name, value in values.items()},
        roles=tuple(Role(name, ref) for name, ref in roles.items()),
        marking=parse_marking(f"OPEN//REL {_AGENCY}", _AGENCY),
    )


def _view(records: Sequence[Record]) -> View:
    store = open_store(f"memory://without-{next(_stores)}")
    with store.writer(agency=_AGENCY, by="benchmark", at="2026-01-01T00:00:00+00:00") as writer:
        writer.put(records, writer.file("records.csv", "0" * 64, "test"), "2026-01-01")
        writer.publish(dataset=_DATASET, adapter="test", files=[])
    return store.view(_VIEWER)
