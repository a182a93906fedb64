"""The part of a session that draws entities and relationships by hand; see `ingest.by_hand`."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from workbench.view.store import GraphStore
from workbench.view.view import View

if TYPE_CHECKING:  # imported on first use, so that short commands start fast
    from ingest.by_hand import DrawnByHand

T = TypeVar("T")


class ByHand:
    """What a viewer draws by hand, in a store."""

    store: GraphStore

    @property
    def by(self) -> str:
        """Who loads, for provenance."""
        raise NotImplementedError

    def _whole(self) -> View:
        """The view to write on."""
        raise NotImplementedError

    def _renewed(self, done: T) -> T:
        """Return what was done; the next question gets a new view."""
        raise NotImplementedError

    def draw_entity(
        self,
        schema: str,
        values: Mapping[str, Sequence[str] | str],
        *,
        grade: str | None,
        why: str,
        marking: str | None = None,
        agency: str | None = None,
    ) -> "DrawnByHand":
        """Draw an entity by hand, as a load of one record with a grade (`admiralty B2`, or None) and a reason.

        AccessDenied if the viewer may not load for the agency; InputError or UsageError for a wrong schema, property,
        value, grade or marking. See `ingest.by_hand.draw_entity`.
        """
        from ingest.by_hand import draw_entity

        view, by = self._whole(), self.by
        drawn = draw_entity(
            self.store, view, schema, values, grade=grade, why=why, by=by, marking=marking, agency=agency
        )
        return self._renewed(drawn)

    def draw_relationship(
        self,
        schema: str,
        a: str,
        b: str,
        values: Mapping[str, Sequence[str] | str],
        *,
        grade: str | None,
        why: str,
        marking: str | None = None,
        agency: str | None = None,
    ) -> "DrawnByHand":
        """Draw a relationship by hand from `a` to `b`, entities of this view; else as `draw_entity`.

        NotFound for an entity that is not in this view; UsageError for one that does not fit, and for a marking that
        tells of an end to who may see nothing of it. See `ingest.by_hand.draw_relationship`.
        """
        from ingest.by_hand import draw_relationship

        view, by = self._whole(), self.by
        drawn = draw_relationship(
            self.store, view, schema, a, b, values, grade=grade, why=why, by=by, marking=marking, agency=agency
        )
        return self._renewed(drawn)
