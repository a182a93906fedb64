"""The part of a session that gives its view to networkx, pandas and scikit-learn."""

from typing import TYPE_CHECKING

from workbench.view.view import View

if TYPE_CHECKING:  # imported on first use, so that short commands start fast
    import networkx as nx
    import pandas as pd

    from workbench.analytics.predictor import LinkPredictor


class Libraries:
    """A view in the forms of other libraries."""

    @property
    def view(self) -> View:
        """The viewer's view."""
        raise NotImplementedError

    def graph(self, projection: str = "persons", count_common: bool = False) -> "nx.Graph[str] | nx.MultiDiGraph[str]":
        """A projection as a networkx graph, without outsiders; see `analytics.networkx_graph`.

        From then on plain networkx calls on large graphs are answered by our engines: `docs/engines.md`.
        """
        from workbench.analytics import networkx_graph
        from workbench.analytics.engines.switch import switch_on

        switch_on()
        return networkx_graph(self.view, projection, count_common)

    def frame(self, schema: str | None = None) -> "pd.DataFrame":
        """A DataFrame of all entities, or of the entities or relationships of a schema.

        Entities are canonical, by id; several values of a property are joined by "; ". Relationships are by record key,
        with canonical ids for roles. InputError for an unknown schema; StoreError if markings changed meanwhile.
        """
        from workbench.analytics.frames import frame

        return frame(self.view, schema)

    def predictor(
        self,
        projection: str = "persons",
        question: str = "missing",
        count_common: bool = False,
        missing: float = 0.1,
        seed: int = 0,
    ) -> "LinkPredictor":
        """How likely pairs of entities have a tie that nobody recorded: an estimator in the form of scikit-learn.

        It is fitted to this session's view, and asked of pairs of ids: `predictor().predict_proba([(a, b)])`. See
        `analytics.predictor.LinkPredictor`, and `predict` for the arguments.
        """
        from workbench.analytics.predictor import predictor

        return predictor(self.view, projection, question, count_common, missing, seed)
