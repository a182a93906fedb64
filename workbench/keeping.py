"""The part of a session that keeps findings, and what people judged of leads; see `analytics.kept`, `.judged_leads`."""

from typing import TYPE_CHECKING, Any

from workbench.errors import UsageError
from workbench.view.asking import asking_of
from workbench.view.store import GraphStore
from workbench.view.view import View

if TYPE_CHECKING:  # imported on first use, so that short commands start fast
    from workbench.analytics import Finding
    from workbench.analytics.compared import Comparison
    from workbench.analytics.judged_leads import JudgedLead
    from workbench.analytics.kept import Kept


class Keeping:
    """Findings of a view, and verdicts on leads, kept in its store."""

    store: GraphStore
    _is_cut: bool  # whether it is within some agencies

    @property
    def view(self) -> View:
        """The viewer's view."""
        raise NotImplementedError

    def _whole(self) -> View:
        """The view to write on."""
        raise NotImplementedError

    def keep(self, finding: "Finding[Any]", name: str) -> "Kept":
        """Keep a finding under a name, for all who may see everything that this view shows.

        One's own finding of that name is replaced. UsageError for a finding that does not come out of this view, and in
        a session within some agencies: nobody would know which.
        """
        from workbench.analytics import kept

        with asking_of(self.store).refusals(self.view.viewer.name, self.view.purpose, "keep", {}):
            if self._is_cut:
                raise UsageError("a session within some agencies is for reading: keep it in the whole one", "agencies")
        return kept.keep(self.store, self.view, finding, name)

    def findings(self) -> "tuple[Kept, ...]":
        """The kept findings that the viewer may see, newest first."""
        from workbench.analytics import kept

        return kept.findings(self.view)

    def finding(self, name: str, by: str | None = None) -> "Finding[Any]":
        """A kept finding exactly as it was; `by` says whose, if several kept one under that name."""
        from workbench.analytics import kept

        return kept.kept_finding(self.view, name, by)

    def again(self, name: str, by: str | None = None) -> "Finding[Any]":
        """A kept finding, computed again: identical, or UsageError because it is no longer reproducible."""
        from workbench.analytics import kept

        return kept.again(self.view, name, by)

    def compare(
        self, name: str, other: str | None = None, since: str | None = None, by: str | None = None
    ) -> "Comparison":
        """What changed from a kept finding to the answer now, to another kept one, or since a day; see `kept.compare`.

        `case.compare("brokers", since="2026-03-01")` asks the question of "brokers" before that day, and now.
        """
        from workbench.analytics import kept

        return kept.compare(self.view, name, other, since, by)

    def drop_finding(self, name: str) -> None:
        """Drop one's own finding from all lists; its versions stay in the store."""
        from workbench.analytics import kept

        kept.drop(self.store, self.view, name)

    def judge_lead(
        self,
        a: str,
        b: str,
        verdict: str,
        why: str,
        projection: str = "persons",
        question: str = "missing",
        count_common: bool = False,
        missing: float = 0.1,
        seed: int = 0,
    ) -> "JudgedLead":
        """Accept, reject or park a lead (`accepted`, `rejected`, `parked`) with a reason.

        The other arguments are those of `predict`, which gave the lead. An accepted one is an assessment: a record with
        the viewer as its author, which no analysis reads. See `analytics.judged_leads.judge_lead`.
        """
        from workbench.analytics import judged_leads

        asked = (projection, question, count_common, missing, seed)
        return judged_leads.judge_lead(self.store, self._whole(), a, b, verdict, why, *asked)

    def judged_leads(self) -> "tuple[JudgedLead, ...]":
        """The newest verdict of each person on each lead whose records the viewer sees, newest first."""
        from workbench.analytics import judged_leads

        return judged_leads.judged_leads(self.view)
