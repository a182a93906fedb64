"""The estimator says of pairs what `predict` says, in scikit-learn's form."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from tests.analytics.cases import eid, person, seen, tie
from tests.analytics.friends import friends, pairs_of_friends
from workbench.analytics import predict
from workbench.analytics.predictor import LinkPredictor
from workbench.errors import NotFound, UsageError

FRIENDS = friends()


def test_its_probabilities_are_those_of_predict() -> None:
    with seen(FRIENDS) as view:
        rows = predict(view, limit=10).results
        fitted = LinkPredictor().fit(view)
        said = fitted.predict_proba([(row.b, row.a) for row in rows])
        assert said[:, 1].tolist() == [row.probability for row in rows]
        assert said.sum(axis=1) == pytest.approx(1)
        assert fitted.silent_ == ""
        assert fitted.measured_["auc"][0] > 0.8
        assert "blocks" in fitted.feature_names_in_


def test_it_says_nothing_of_who_is_tied_or_one_or_alone() -> None:
    with seen([*FRIENDS, person("alone")]) as view:
        fitted = LinkPredictor().fit(view)
        a, b = (eid(f"f{n}") for n in pairs_of_friends()[0])
        said = fitted.predict_proba([(a, b), (a, a), (a, eid("alone"))])
        assert np.isnan(said).all()
        assert fitted.predict_proba([]).shape == (0, 2)
        with pytest.raises(NotFound):
            fitted.predict_proba([(a, "nobody")])


@pytest.mark.parametrize("wrong", [[("a", "b", "c")], [("a",)], ["ab"], [("a", None)], 5, "ab", [5]])
def test_what_is_no_pair_is_refused(wrong: object) -> None:
    with seen(FRIENDS) as view:
        fitted = LinkPredictor().fit(view)
        with pytest.raises(UsageError) as refused:
            fitted.predict_proba(wrong)  # type: ignore[arg-type]
        assert refused.value.field == "pairs"


def test_pairs_may_be_rows_of_a_table() -> None:
    with seen(FRIENDS) as view:
        pairs = [(row.a, row.b) for row in predict(view, limit=3).results]
        fitted = LinkPredictor().fit(view)
        as_table, as_array = pd.DataFrame(pairs, columns=["one", "other"]), np.array(pairs)
        for each in (as_table, as_array, iter(pairs)):
            assert fitted.predict_proba(each).tolist() == fitted.predict_proba(pairs).tolist()


def test_it_says_nothing_where_the_network_tells_nothing() -> None:
    with seen([*(person(each) for each in "abc"), tie("Family", person="a", relative="b")]) as view:
        fitted = LinkPredictor().fit(view)
        assert "too few ties" in fitted.silent_
        assert np.isnan(fitted.predict_proba([(eid("a"), eid("c"))])).all()
        assert len(fitted.feature_names_in_) == 0


def test_its_parameters_are_read_set_and_cloned() -> None:
    made = LinkPredictor(question="future", seed=3)
    assert made.get_params() == {
        "projection": "persons",
        "question": "future",
        "count_common": False,
        "missing": 0.1,
        "seed": 3,
    }
    assert clone(made).set_params(missing=0.2).get_params()["missing"] == 0.2
    with pytest.raises(NotFittedError):
        made.predict_proba([])
    with seen([person("a")]) as view, pytest.raises(UsageError, match="no question 'past'"):
        made.set_params(question="past").fit(view)
