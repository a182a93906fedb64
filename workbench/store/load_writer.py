"""The part of a load that is the same for all stores: decisions, and the evidence of its entry in the log."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from secrets import token_hex

from workbench.model.ids import sealed
from workbench.model.marking import Marking, parse_marking
from workbench.model.record import Dataset
from workbench.store.accounts import Brought, Delivered, Judged, unit_as_brought
from workbench.store.dump_rows import RevisionRow
from workbench.store.evidence import Evidence, as_evidence
from workbench.store.judging import end_judgements, put_judgements
from workbench.store.loading import Decisions
from workbench.store.records_known import Complete
from workbench.store.scores import SCORING, WITH_SCORES, end_touched
from workbench.store.transaction import Change, Transaction
from workbench.store.types import FileReport, Judgement, Quarantined
from workbench.store.writing import Writer


class LoadWriter(Decisions, Writer):
    """A writer that decides what becomes of records; `_kind` is the kind of its revision."""

    _agency: str
    _at: str
    _kind = "load"

    def __init__(self, rev: int, first: int, complete: Complete, secret: str) -> None:
        super().__init__(rev, first, complete)
        self.load = self._load = token_hex(8)
        self._secret = secret
        self._released = 0  # units taken out of quarantine
        self._deliveries: list[Delivered] = []
        self._judgements: list[Judgement] = []
        self._unsaid: set[str] = set()  # judgements that end, as the load that made them is withdrawn
        self._judged: set[int] = set()  # classes of judgements that begin or end

    def note_delivery(self, dataset: Dataset, delivered: str, content: str) -> None:
        """Note a delivery; see `Writer`."""
        self._deliveries.append(Delivered(self._dataset_number(dataset), delivered, content))
        self._account.note(self._deliveries[-1])

    def judge(self, judgements: Sequence[Judgement]) -> None:
        """Judge what the load's records name; see `Writer`."""
        self._judgements += judgements
        self._account.note(Judged([each.id for each in judgements]))

    @property
    def _is_news(self) -> bool:
        """Whether the load will change content, told before it is published."""
        return bool(self._touched() or self._judgements or self._unsaid)

    def _touched(self) -> list[int]:
        """The classes whose content this load changed; those of judgements once they are written."""
        return sorted({*super()._touched(), *self._judged})

    def sealed(self, known: str) -> str:
        """A hash by the store's secret; see `Writer`."""
        return sealed(self._secret, known)

    def _note_units(self, units: Sequence[Quarantined]) -> None:
        """Note the units that the load leaves in quarantine."""
        for unit in units:
            self._note_unit(unit.agency, unit.marking)
        if units:
            self._account.note(Brought([[*unit_as_brought(unit)] for unit in units]))

    def _note_unit(self, agency: str, marking: Marking) -> None:
        """Add a unit in quarantine to the evidence of the load's entry; see `may_repair`."""
        own = replace(marking, releasable=frozenset({agency}))
        self._about.add((None, self._class_number(agency, own)))

    def _evidence(self, files: Sequence[FileReport]) -> Evidence:
        """The evidence of the load's entry in the log; see `Writer.publish`."""
        pairs = {(self._dataset_number(dataset) if dataset else 0, vis) for dataset, vis in self._about}
        if not pairs or any(each.refused or not each.read for each in files):
            pairs.add((0, self._class_number(self._agency, parse_marking("SECRET", self._agency))))
        return as_evidence(pairs)

    @abstractmethod
    def _apply_marks(self, tx: Transaction) -> None:
        """Give records the classes that are pending."""

    def _let_stand(self, tx: Transaction, token: str) -> None:
        """Let stand what the load changed."""
        self._judged = put_judgements(tx, self._judgements, self._rev) | end_judgements(tx, self._unsaid, self._rev)
        touched = self._touched()
        if touched or self._noted:
            tx.publish(RevisionRow(self._rev, token, self._kind, self._at, tuple(touched)))
        end_touched(tx, self._rev)
        self._apply_marks(tx)

    def _change_too(self, tx: Transaction, token: str, also: Change | None) -> str | None:
        """Make the change that is published with the load; returns the token, None if nothing changed."""
        touched, scored = self._touched(), also(tx, self._rev) if also else set[int]()
        if scored:
            # Marks may have changed which classes the load touched.
            classes = scored.union(*(row.classes for row in tx.rows(RevisionRow) if row.rev == self._rev))
            kind = WITH_SCORES if touched else SCORING
            tx.publish(RevisionRow(self._rev, token, kind, self._at, tuple(sorted(classes))))
        return token if touched or scored else None
