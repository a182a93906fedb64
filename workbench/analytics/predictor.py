"""Predicted relationships for data scientists: an estimator in the form of scikit-learn."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from workbench.analytics.engines.network import Float64
from workbench.analytics.lacking import Lacking, asked_for, lacking
from workbench.analytics.links.features import Pairs
from workbench.analytics.links.learning import MISSING
from workbench.analytics.predict import measured
from workbench.errors import UsageError
from workbench.model.asked import one_text
from workbench.view.asking import question as question_to  # a parameter of `predictor` has that name
from workbench.view.view import View

if TYPE_CHECKING:  # nothing is done with it that an array cannot do
    import pandas as pd


class LinkPredictor(BaseEstimator):  # type: ignore[misc] # scikit-learn has no types
    """How likely pairs of entities without a recorded tie have one; the questions and arguments are those of `predict`.

    After `fit`, `silent_` is the reason to say nothing ("" if there is something to say), `measured_` what a finding
    of `predict` has in `measured`, and `feature_names_in_` what the probability is made of.
    """

    def __init__(
        self,
        projection: str = "persons",
        question: str = MISSING,
        count_common: bool = False,
        missing: float = 0.1,
        seed: int = 0,
    ) -> None:
        self.projection = projection
        self.question = question
        self.count_common = count_common
        self.missing = missing
        self.seed = seed

    def fit(self, view: View, y: None = None) -> Self:
        """Learn from the ties that a view has, such as `session.view`; `y` is there for scikit-learn alone."""
        asked = asked_for(self.projection, self.question, self.count_common, self.missing, self.seed)
        found = lacking(view, asked)
        trained = found.learnt.trained
        self.view_, self.lacking_ = view, found
        self.silent_: str = found.learnt.silent
        self.measured_: dict[str, Any] = measured(found)
        self.feature_names_in_ = np.array(trained.standing.columns if trained else (), dtype=object)
        return self

    def predict_proba(self, pairs: "Iterable[Sequence[str]] | pd.DataFrame") -> Float64:
        """For each pair of ids: the probabilities that it has no tie, and that it has one. An array with two columns.

        Pairs are sequences of two ids, or the rows of a table with two columns; UsageError for anything else.

        NaN where there is nothing to say: of all pairs if the network tells nothing, and of a pair that has a recorded
        tie, is one entity, or of which one has no tie. NotFound or UsageError for an entity that is not in the
        projection, NotFittedError before `fit`.
        """
        check_is_fitted(self)
        return _said(self.view_, self.lacking_, [_pair(each) for each in _rows(pairs)])


@question_to
def predictor(
    view: View,
    projection: str = "persons",
    question: str = MISSING,
    count_common: bool = False,
    missing: float = 0.1,
    seed: int = 0,
) -> LinkPredictor:
    """How likely pairs of entities have a tie that nobody recorded: an estimator that is fitted to this view.

    It is asked of pairs of ids: `predict_proba([(a, b)])`. See `predict` for the arguments.
    """
    return LinkPredictor(projection, question, count_common, missing, seed).fit(view)


def _rows(pairs: "Iterable[Sequence[str]] | pd.DataFrame") -> Iterable[Any]:
    """The rows of a table, or of anything else what it lists."""
    rows = pairs.to_numpy().tolist() if hasattr(pairs, "to_numpy") else pairs
    if isinstance(rows, str) or not isinstance(rows, Iterable):
        raise UsageError(f"pairs are asked as [(a, b), ...]: not {pairs!r}", "pairs")
    return rows


def _pair(said: Any) -> tuple[str, str]:
    """A pair of ids; UsageError for anything else."""
    if isinstance(said, str) or not isinstance(said, Sequence | np.ndarray) or len(said) != 2:
        raise UsageError(f"each pair has two ids: not {said!r}", "pairs")
    return one_text(said[0], "pairs"), one_text(said[1], "pairs")


@question_to
def _said(view: View, found: Lacking, pairs: Sequence[tuple[str, str]]) -> Float64:
    """For each pair the probabilities that it has no tie, and that it has one."""
    nodes = np.array([[found.node(end) for end in pair] for pair in pairs], np.int64).reshape(-1, 2)
    low, high = np.sort(nodes, axis=1).T
    told = (low >= 0) & (low != high) & ~np.isin(low * found.network.n + high, found.tied) & (not found.learnt.silent)
    said = np.full(len(nodes), np.nan)
    if told.any():
        said[told] = found.probability(Pairs.of(found.network, low[told], high[told]))
    return np.stack([1 - said, said], axis=1)
