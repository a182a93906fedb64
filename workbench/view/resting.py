"""Views of another moment, and the view that a document rests on."""

from collections.abc import Collection
from datetime import UTC, date, datetime

from workbench.errors import NotFound, UsageError
from workbench.model.asked import one_text
from workbench.store import registers
from workbench.store.types import Document, Scope
from workbench.view.access import Access, Cut
from workbench.view.asking import question
from workbench.view.view import View


@question
def at_revision(view: View, revision: str) -> View:
    """What the same viewer sees at another revision; NotFound for a token that is not shown to him."""
    token = one_text(revision, "revision")
    return View(view._backend, view._asking, view.viewer, view.purpose, token, view._cut)


@question
def without_records(view: View, records: Collection[str]) -> View:
    """This view as if some of its records had never been loaded, by key: its snapshot, and what is made from that.

    Identity is computed anew; judgements stay. Keys that are not in the view change nothing.
    """
    cut = View(view._backend, view._asking, view.viewer, view.purpose, None, view._cut)
    cut._whole, cut._number, cut._asked, cut.revision = view, view._number, view._asked, view.revision
    cut._latest = Access.to(view._latest.epochs, view._number, view._latest.moment)
    cut._gone = frozenset(view.snapshot().numbered(set(records)).values())
    cut.snapshot()  # from now on nothing asks the store about a part of it, where the records still are
    return cut


@question
def under(view: View, document: Document, revision: str) -> View:
    """The view that a document rests on, at a revision: of the classes that its author saw.

    Nothing in it is hidden from this view. NotFound for a document that rests on no view, or that this one does not
    see.
    """
    scope = Scope(tuple(view._allowed()), view._number)  # documents have classes that are made after a view is taken
    classes = registers.rests_on(view._backend, scope, document)
    if not classes:
        raise NotFound(document.kind, document.name, "name")
    cut = Cut(view._cut.agencies, classes)
    return View(view._backend, view._asking, view.viewer, view.purpose, one_text(revision, "revision"), cut)


@question
def published_before(view: View, when: str) -> str:
    """The newest revision of this view that was published before a day, or a time; UsageError if there is none.

    `when` is ISO text. A day begins at midnight UTC, and a time without a zone is UTC.
    """
    moment = _moment(when)
    before = [token for token, at in view.history() if datetime.fromisoformat(at) < moment]
    if not before:
        raise UsageError(f"this view had no revision before {when}: see `workbench revisions`", "since")
    return before[-1]


def _moment(when: str) -> datetime:
    text = one_text(when, "since")
    try:
        if len(text) == len("2026-03-01"):
            return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no day such as 2026-03-01, and no time", "since") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
