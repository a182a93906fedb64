"""The sink of the audit ledger, which stands in every view from the first day.

Every read says who looked at what, for which purpose. The ledger itself is a file of its
own; until one is configured the sink below forgets.
"""

from typing import Protocol


class AuditSink(Protocol):
    """Where reads are recorded."""

    def consulted(self, viewer: str, purpose: str, what: str, subject: str) -> None:
        """Record that a viewer read `what` (a function of the view) about `subject`."""


class NoLedger:
    """A sink that keeps nothing."""

    def consulted(self, viewer: str, purpose: str, what: str, subject: str) -> None:
        """Forget."""
