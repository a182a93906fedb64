"""Single methods, and a plain stack of them, to compare with."""

from collections.abc import Mapping

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from workbench.analytics.engines import Network
from workbench.analytics.engines.network import Float64
from workbench.analytics.links.features import FEATURES, Pairs, features, used
from workbench.analytics.links.hiding import without_ties
from workbench.analytics.links.untied import codes_of

_INNER, _SHARE = 5, 0.15


def single(pairs: Pairs) -> Mapping[str, Float64]:
    """What each feature says by itself, by its name."""
    names = used(tuple(FEATURES), pairs.network)
    return dict(zip(names, features(pairs, names).T, strict=True))


def all_untied(network: Network) -> Pairs:
    """All pairs without a tie."""
    a, b = (ends.astype(np.int64) for ends in np.triu_indices(network.n, 1))
    free = ~np.isin(codes_of(network, a, b), codes_of(network, network.a, network.b))
    return Pairs.of(network, a[free], b[free])


def plain_stack(pairs: Pairs, rng: np.random.Generator) -> Float64:
    """What logistic regression by scikit-learn says, fitted to five hold-outs of 15 % with the features as they are."""
    network, found, hidden = pairs.network, [], []
    for _ in range(_INNER):
        left, gone = without_ties(network, _SHARE, rng)
        some = all_untied(left)
        found.append(_logged(some))
        secret = codes_of(network, network.a[gone], network.b[gone])
        hidden.append(np.isin(codes_of(left, some.a, some.b), secret))
    if not np.concatenate(hidden).any():  # each tie is somebody's only one: nothing can be hidden
        return np.zeros(len(pairs.a))
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=1_000))
    model.fit(np.concatenate(found), np.concatenate(hidden))
    return np.asarray(model.predict_proba(_logged(pairs))[:, 1])


def _logged(pairs: Pairs) -> Float64:
    return np.log(features(pairs, used(tuple(FEATURES), pairs.network)) + 1e-6)
