"""Findings that are kept: documents of a view, reopened as they were, computed again, and compared.

A finding rests on everything that its view showed, and is told only to those who may see all of that: what is absent
from a view shapes an answer like what is in it. Its rows are a document of their own, which lists do not read.
"""

import json
from base64 import b85decode, b85encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from inspect import signature
from typing import Any, NamedTuple

from workbench.analytics.catalogue import ANALYSES
from workbench.analytics.compared import Comparison, compared, named_by
from workbench.analytics.finding import Finding, in_words
from workbench.errors import NotFound, UsageError, naming
from workbench.model.asked import one_text
from workbench.model.marking import strictest
from workbench.store.types import Document
from workbench.view.asking import question, writing
from workbench.view.present import remembered
from workbench.view.resting import at_revision, published_before, under
from workbench.view.store import GraphStore
from workbench.view.view import View
from workbench.view.who import members_of

KIND, ROWS = "finding", "rows of a finding"
_NOBODY = "LOCAL"
_LONGEST = 200  # letters in a name
_KEY = 16  # bytes in the key of a record

Found = Finding[Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept finding in a list: what was asked, by whom it was kept, when, and how much it has."""

    name: str
    analysis: str
    asked: Mapping[str, Any]
    seed: int
    by: str
    at: str
    revision: str
    results: int
    records: int
    handling: tuple[str, ...]

    @property
    def question(self) -> str:
        """What was asked, in words."""
        return "; ".join(in_words(self.asked))


class Reopened(NamedTuple):
    """A kept finding as it was, with the view that it rests on."""

    kept: Kept
    finding: Found
    view: View


@writing
def keep(store: GraphStore, view: View, finding: Found, name: str) -> Kept:
    """Keep a finding of this view, or of an older revision of it, under a name; one of one's own is replaced.

    UsageError for a name without a letter, or a finding that does not come out of the view: if it was not just
    computed there, it is computed again. StoreBusy while a load runs.
    """
    called = _called(name)
    if not isinstance(finding, Finding):
        raise UsageError(f"what is kept must be a finding: not {finding!r}", "finding")
    with store.lease():  # nobody re-marks a record of it meanwhile
        here = view if finding.revision == view.revision else at_revision(view, finding.revision)
        if remembered(here) is not finding and _written(_computed(here, finding)) != _written(finding):
            raise UsageError("this finding does not come out of this view: compute it again, and keep that", "finding")
        written = _written(finding)
        rows = Document(ROWS, _digest(written), 0, view.viewer.name, _now(), json.loads(written))
        head = Document(KIND, called, 0, view.viewer.name, rows.at, _head(finding, rows.name))
        agency = min(view.viewer.agencies, default=_NOBODY)
        store.save_on_view(here, [rows, head], agency, strictest(here.markings(), view.viewer.agencies))
    return _kept(head)


@question
def findings(view: View) -> tuple[Kept, ...]:
    """The kept findings whose every input this view sees, newest first; those that were dropped are left out."""
    found = [_kept(each) for each in view.documents(KIND) if each.body]
    return tuple(sorted(found, key=lambda each: (each.at, each.name, each.by), reverse=True))


@question
def kept_finding(view: View, name: str, by: str | None = None) -> Found:
    """A kept finding exactly as it was; see `reopened`."""
    return _content(view, _document(view, name, by))


@question
def reopened(view: View, name: str, by: str | None = None) -> Reopened:
    """A kept finding as it was, with the view that it rests on.

    One's own comes before others' of that name. NotFound if this view has none; UsageError if there are several, and
    `by` does not say whose.
    """
    document = _document(view, name, by)
    return Reopened(_kept(document), _content(view, document), under(view, document, document.body["revision"]))


@question
def again(view: View, name: str, by: str | None = None) -> Found:
    """A kept finding, computed again from its question, seed and revision; the same bit for bit.

    UsageError if it does not come out the same: it is no longer reproducible, and no more is said. Access is decided
    by today's markings and rights.
    """
    document = _document(view, name, by)
    lost = UsageError(f"finding {document.name!r} is no longer reproducible", "name")
    try:
        found = _computed(under(view, document, document.body["revision"]), _content(view, document))
    except UsageError as error:
        raise lost from error
    if _digest(_written(found)) != document.body["rows"]:
        raise lost
    return found


@question
def compare(
    view: View, name: str, other: str | None = None, since: str | None = None, by: str | None = None
) -> Comparison:
    """What changed from a kept finding to another one of the same analysis: by default to the same question now.

    With `since`, a day or a time, from its question at the last revision before that to its question now. Rows are
    matched by what they are about, as this view joins it now. UsageError for findings of different analyses. `by` says
    who kept the first.
    """
    if other is not None and since is not None:
        raise UsageError("compare with another finding, or since a day: not both", "since")
    before = kept_finding(view, name, by)
    if other is None:
        after = _computed(view, before)
    else:
        with naming("other", "name"):
            after = kept_finding(view, other)
    if since is not None:
        before = _computed(at_revision(view, published_before(view, since)), before)
    if before.kind != after.kind:
        raise UsageError(f"one is of {before.kind}, the other of {after.kind}: compare two of one analysis", "other")
    today = members_of(view, sorted(named_by(before, after)))
    return compared(before, after, {entity: members[0] for entity, members in today.items()})


@question
def captions(view: View, found: Comparison) -> dict[str, str]:
    """The names of the entities of a comparison, by id; those that are not in the view any more are left out."""
    ids = list(members_of(view, list(found.entities)))
    return {entity: each.caption for entity, each in zip(ids, view.summaries(ids), strict=True)}


@writing
def drop(store: GraphStore, view: View, name: str) -> None:
    """Drop one's own finding from the lists of all; NotFound if there is none. Its versions stay in the store."""
    document = _document(view, name, view.viewer.name)
    store.drop_document(KIND, document.name, document.by)


# -- computing ---------------------------------------------------------------------------------


def _computed(view: View, like: Found) -> Found:
    """The answer of a view to the question of a finding; UsageError if no analysis takes that question any more."""
    analysis = ANALYSES.get(like.kind)
    taken = signature(analysis.function).parameters if analysis else {}
    if analysis is None or not like.asked.keys() <= taken.keys():
        raise UsageError(f"there is no analysis that takes the question of a {like.kind}", "finding")
    seed = {"seed": like.seed} if "seed" in taken else {}
    found: Found = analysis.function(view, **like.asked, **seed)
    return found


# -- documents -----------------------------------------------------------------------------------


def _document(view: View, name: str, by: str | None) -> Document:
    called = _called(name)
    every = [each for each in view.documents(KIND, called) if each.body]
    known = [each for each in every if by in (None, each.by)]
    mine = [each for each in known if each.by == view.viewer.name] or known
    if not mine:
        raise NotFound("finding", called, "by" if every else "name")
    if len(mine) > 1:
        raise UsageError(f"several are called {called!r}, by {', '.join(each.by for each in mine)}: say whose", "by")
    return mine[0]


def _content(view: View, document: Document) -> Found:
    for rows in view.documents(ROWS, document.body["rows"]):
        if rows.by == document.by:
            return Finding.from_dict(_unpacked(rows.body))
    raise NotFound("finding", document.name, "name")  # it is being re-marked


def _head(finding: Found, rows: str) -> dict[str, Any]:
    said = finding.told()
    return {
        "analysis": finding.kind,
        **{field: said[field] for field in ("asked", "seed", "revision", "handling")},
        "results": len(finding.results),
        "records": len(finding.records),
        "rows": rows,
    }


def _kept(document: Document) -> Kept:
    said = {field: value for field, value in document.body.items() if field != "rows"}
    said["handling"] = tuple(said["handling"])
    return Kept(name=document.name, by=document.by, at=document.at, **said)


def _called(name: str) -> str:
    called = " ".join(one_text(name, "name").split())
    if not called or len(called) > _LONGEST:
        raise UsageError(f"a name has from 1 to {_LONGEST} letters: not {len(called)}", "name")
    return called


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


# -- the form in a store: every key of a record stands once, and rows name it by its place ---------


def _written(finding: Found) -> str:
    """A finding as text, the same for equal findings."""
    return json.dumps(_packed(finding), ensure_ascii=False, sort_keys=True)


def _digest(written: str) -> str:
    return sha256(written.encode("utf-8", "surrogatepass")).hexdigest()


def _packed(finding: Found) -> dict[str, Any]:
    said = finding.to_dict()
    said.pop("caution")
    place = {key: n for n, key in enumerate(finding.records)}
    for row in said["results"]:
        if "records" in row and place.keys() >= set(row["records"]):
            row["records"] = [place[key] for key in row["records"]]
    return said | {"records": b85encode(b"".join(map(bytes.fromhex, finding.records))).decode()}


def _unpacked(said: Mapping[str, Any]) -> dict[str, Any]:
    packed = b85decode(said["records"])
    keys = [packed[start : start + _KEY].hex() for start in range(0, len(packed), _KEY)]
    return {**said, "records": keys, "results": [_row(row, keys) for row in said["results"]]}


def _row(row: Mapping[str, Any], keys: list[str]) -> Mapping[str, Any]:
    records = row.get("records", ())
    named = [keys[each] if isinstance(each, int) else each for each in records]
    return {**row, "records": named} if records else row
