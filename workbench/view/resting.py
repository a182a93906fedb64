"""Views of another moment, and the view that a document rests on."""

from collections.abc import Collection
from datetime import UTC, date, datetime

import numpy as np

from workbench.errors import NotFound, UsageError
from workbench.model.asked import one_text
from workbench.model.numbers import RecordNumber
from workbench.store import registers
from workbench.store.types import Document, Scope
from workbench.view.access import Access, Cut
from workbench.view.asking import question
from workbench.view.scored import FacetOf
from workbench.view.view import View


@question
def at_revision(view: View, revision: str) -> View:
    """What the same viewer sees at another revision; NotFound for a token that is not shown to him."""
    token = one_text(revision, "revision")
    return View(view._backend, view._asking, view.viewer, view.purpose, token, view._cut)


@question
def without_records(view: View, records: Collection[str]) -> View:
    """This view as if some of its records had never been loaded, by key: its snapshot, and what is made from that.

    Identity is computed anew; judgements stay. A score to which one of them contributed is left out as a whole, as it
    cannot be taken out of it. Keys that are not in the view change nothing.
    """
    cut = View(view._backend, view._asking, view.viewer, view.purpose, None, view._cut)
    cut._whole, cut._number, cut._asked, cut.revision = view, view._number, view._asked, view.revision
    cut._latest = Access.to(view._latest.epochs, view._number, view._latest.moment, cut._mates)
    cut._gone = frozenset(view.snapshot().numbered(set(records)).values())
    cut._unscored = _facets_of(view, cut._gone)
    cut.snapshot()  # from now on nothing asks the store about a part of it, where the records still are
    return cut


def _facets_of(view: View, records: Collection[RecordNumber]) -> frozenset[FacetOf]:
    """The facets to which some records may contribute: of whom they are about or tie, and of who is tied to these."""
    columns, numbers = view._numbered()
    gone, about, ties = np.array(sorted(records), np.int64), columns.about, columns.ties
    said, tied = np.isin(about.record, gone), np.isin(ties.record, gone)
    entity = np.concatenate([about.entity[said], ties.a[tied], ties.b[tied]])
    vis = np.concatenate([about.vis[said], ties.vis[tied], ties.vis[tied]])
    found = set(zip(entity.tolist(), vis.tolist(), strict=True))
    for here, there in ((ties.a, ties.b), (ties.b, ties.a)):
        near = np.isin(here, entity)
        found |= set(zip(there[near].tolist(), ties.vis[near].tolist(), strict=True))
    return frozenset((int(numbers.entities[one]), int(numbers.classes[of])) for one, of in found)


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
