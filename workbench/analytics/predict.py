"""Predicted relationships: pairs that may be tied but have no recorded tie. They are leads, never facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from workbench.analytics.agencies import knowing
from workbench.analytics.chances import Chance, share
from workbench.analytics.finding import Finding, Row
from workbench.analytics.lacking import Lacking, asked_for, lacking, sightings
from workbench.analytics.leads import Leads, Without, first_leads, rows_of, without_agencies
from workbench.analytics.links import fairness
from workbench.analytics.links.learning import MISSING
from workbench.analytics.links.skill import Interval
from workbench.analytics.links.training import Trained
from workbench.analytics.support import finding
from workbench.model.asked import whole
from workbench.store.columns import Bool
from workbench.view.asking import question as question_to  # a parameter of `predict` has that name
from workbench.view.view import View

_DIGITS = 4


@dataclass(frozen=True, slots=True)
class PredictedTie(Row):
    """A pair without a recorded tie, and how likely it has one: a lead, never a fact.

    - `probability`: that it is what was asked for; `low`, `high`: its 90 % interval, by what it was learnt from.
    - `contacts`: how many both are tied to. `records`: those it rests on.
    - `without`: the probability in the view without each agency, or why there is none; empty if it was not looked at.
    """

    WHO: ClassVar[tuple[str, ...]] = ("a", "b")

    a: str
    b: str
    probability: float
    low: float
    high: float
    contacts: int
    without: Without
    records: tuple[str, ...]

    def cell(self, column: str, names: Mapping[str, str]) -> str:
        """The text of a column."""
        if column in ("probability", "low", "high"):
            return share(getattr(self, column))
        if column == "without":
            return self._least()
        return Row.cell(self, column, names)

    def _least(self) -> str:
        """What is left of it without an agency: of which there is none, or the least that it would be."""
        if not self.without:
            return "not looked at"
        reasons = list(dict.fromkeys(said for _, said in self.without if isinstance(said, str)))
        least = min((said for _, said in self.without if not isinstance(said, str)), default=0.0)
        said: list[Chance] = [*reasons] or [least]
        return "; ".join(f"{share(each)} without {', '.join(self._those(each))}" for each in said)

    def _those(self, wanted: Chance) -> list[str]:
        """The agencies without which this is said."""
        return [agency for agency, said in self.without if said == wanted]


@question_to
def predict(
    view: View,
    projection: str = "persons",
    question: str = MISSING,
    count_common: bool = False,
    missing: float = 0.1,
    seed: int = 0,
    limit: int = 20,
) -> Finding[PredictedTie]:
    """Pairs without a recorded tie that may have one, the likeliest first, each with a probability.

    `question` is what is asked: `missing`, a tie that exists and that nobody has reported; `hidden`, that the two
    belong together through somebody whom nobody has reported; `future`, a tie that comes in a period as long as those
    before. The probability is learnt from this network: some of its ties are hidden, and are to be found again (see
    `links`). It holds if the share `missing` of all ties (of all persons, if the question is `hidden`) is not in the
    view: nobody knows it, 0.1 is a convention, and `future` does not ask for it.

    There are no rows if there is nothing to say; then `measured` has the reason, as `silent`: the network is too small,
    or what it predicts is no better in hold-outs than chance, or than to name those with many ties. Outsiders are left
    out, and ties that say where somebody lives: who share a home have a recorded tie, from which nothing is learnt. No
    analysis uses a prediction. Equals come by id; `measured` says how many more are equal to the last row.
    UsageError for a limit below 1, for `missing` not above 0 and up to 0.5, or for another question.
    """
    limit, asked = whole(limit, "limit"), asked_for(projection, question, count_common, missing, seed)
    found = lacking(view, asked)
    first = first_leads(found, limit)
    rows = [rows_of(found, lead) for lead in first.leads]
    without = without_agencies(view, asked, found, first.leads)
    ids, keys = found.projected.snapshot.id_at, found.projected.keys
    results = [
        PredictedTie(ids(lead.a), ids(lead.b), *lead[2:5], len(lead.contacts), each, keys(some))
        for lead, each, some in zip(first.leads, without, rows, strict=True)
    ]
    said = {"question": question, "count_common": count_common, "missing": asked.missing, "limit": limit}
    records = found.projected.records(found.projected.edges.rows)  # a probability is learnt from all of them
    return finding(view, found.projected, "predict", said, measured(found, first), results, records, asked.seed)


def measured(found: Lacking, first: Leads | None = None) -> dict[str, Any]:
    """What a finding of predictions says of how they were made, and of how good they are."""
    trained = found.learnt.trained
    told: dict[str, Any] = {"silent": found.learnt.silent, "entities": found.network.n, "ties": found.network.m}
    if found.periods:
        told["periods"] = [f"{first} to {last}" for first, last in found.periods]
    if trained is None:
        return told
    if first is not None and first.leads:
        told["candidates"], told["equals_at_the_cut"] = first.candidates, first.equals
        told["expected_among_shown"] = round(sum(lead.probability for lead in first.leads), 1)
    return told | _skill(trained) | _errors(found, trained)


def _skill(trained: Trained) -> dict[str, Any]:
    said = trained.skill
    return {
        "hold_outs": trained.hold_outs,
        "auc": _interval(said.auc),
        "brier_skill": _interval(said.brier),
        "skill_beside_degrees": _interval(said.beside_degrees),
        "expected_in_all": round(trained.expected, 1),
        "reliability": [
            {"said": _r(b.said), "came_true": _r(b.hidden), "pairs": round(b.pairs)} for b in said.reliability
        ],
        "features": {
            name: _r(each)
            for name, each in zip(trained.standing.columns, trained.stack.coefficients.tolist(), strict=True)
        },
    }


def _errors(found: Lacking, trained: Trained) -> dict[str, Any]:
    """On whom the errors of hold-outs fall."""
    observed = sightings(found.projected, found.nodes)
    return {
        "errors_by_agency": fairness.told(fairness.by_group(trained, _agencies(found), observed)),
        "errors_by_exposure": fairness.told(fairness.by_exposure(trained, observed)),
        "errors_lean_to_the_observed": _r(fairness.leaning(trained, observed)),
    }


def _agencies(found: Lacking) -> dict[str, Bool]:
    """For each agency a mask over the network's nodes: those of which it has a referent."""
    known = knowing(found.projected.snapshot)
    return {name: np.isin(found.nodes, known.place[known.agency == number]) for number, name in enumerate(known.names)}


def _interval(said: Interval) -> list[float]:
    return [_r(said.mean), _r(said.low), min(_r(said.high), 1.0)]


def _r(value: float) -> float:
    return round(float(value), _DIGITS)
