"""Copy a whole store into an empty one: an interrupted copy resumes, and is readable only when both ends agree.

This is an operator's job: it moves everything and prints no content.
"""

import hashlib
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass

from workbench.errors import StoreError, UsageError
from workbench.model.numbers import RevisionNumber
from workbench.store.backend import Backend
from workbench.store.digest import content_digest
from workbench.store.dump_rows import PARTS, WITH_HISTORY, Batch
from workbench.store.leasing import PATIENCE
from workbench.store.moving import NOTHING, Incoming, Outgoing, Progress, Stamp, chained
from workbench.store.types import Scope

# Reports progress: the part, the position in it, and its end (0: unknown).
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Copied:
    """Report of a copy: rows by part, and for both ends the digests of all rows and of the newest revision."""

    parts: Mapping[str, int]
    revision: str
    resumed: bool
    digest: Mapping[str, str]
    newest: Mapping[str, str]


def copy_store(source: Backend, target: Backend, tell: Tell, patience: float = PATIENCE) -> Copied:
    """Copy a store into an empty one; see `workbench.view.copies.copy_store`."""
    if source.url == target.url:
        raise UsageError(f"{source.url} would be copied into itself: name two stores", "target")
    now = whole(source)
    with target.incoming(patience) as incoming:
        progress = _begun(source, target, incoming, now)
        resumed = any(progress.counts.values())
        progress = _moved(source, incoming, progress, tell)
        incoming.land()
        newest = _same_at_both_ends(source, target, incoming, progress, tell)
        incoming.finish(progress.stamp)
    digest = _digest_of(progress.digests)
    both = {"from": digest, "to": digest}
    return Copied(progress.counts, progress.stamp.token, resumed, both, {"from": newest, "to": newest})


def ordinary(source: Backend) -> None:
    """UsageError for a store that is an unfinished copy or a copy for a viewer."""
    kept, viewer = source.outgoing().status()
    if kept or viewer:
        what = f"a copy made for {viewer}" if viewer else "an unfinished copy"
        raise UsageError(f"{source.url} is {what}: copy from the store that it was made from")


def whole(source: Backend) -> Stamp:
    """The stamp of a store that can be copied whole; UsageError for a copy or an empty store."""
    ordinary(source)
    now = source.outgoing().stamp()
    if not (now.published or now.loads or now.documents):
        raise UsageError(f"there is nothing in {source.url} to copy: are the two stores the wrong way round?", "source")
    return now


def _begun(source: Backend, target: Backend, incoming: Incoming, now: Stamp) -> Progress:
    """Where to resume, or the start of a new copy; UsageError if the target can't take one."""
    kept, _ = target.outgoing().status()
    if not kept:
        if not incoming.is_empty():
            raise UsageError(f"{target.url} is not empty: name an empty or a new store", "target")
        return Progress.at_start(source.url, now)
    progress = Progress.read(kept)
    if not progress.spoilt and progress.stamp.origin != now.origin:
        raise UsageError(f"{target.url} is an unfinished copy of {progress.source}: finish that, or name another store")
    if progress.spoilt or not _agrees(source.outgoing(), progress.stamp, progress.part):
        spoil(incoming, progress)
        incoming.clear()
        return Progress.at_start(source.url, now)
    return progress


def spoil(incoming: Incoming, progress: Progress) -> None:
    """Mark the copy in the target as one that must start over."""
    incoming.put(next(iter(PARTS)), (), progress.as_spoilt().written())


def _agrees(outgoing: Outgoing, stamp: Stamp, part: str) -> bool:
    return stamp.agrees(outgoing.stamp(stamp.published if part in WITH_HISTORY else None), part)


def _moved(source: Backend, incoming: Incoming, progress: Progress, tell: Tell) -> Progress:
    """Move the remaining rows."""
    ends = progress.stamp._asdict()
    with closing(_read(source, progress)) as batches, ThreadPoolExecutor(1, "reading") as reader:
        ahead = reader.submit(next, batches, None)
        while (read := ahead.result()) is not None:
            ahead = reader.submit(next, batches, None)  # read the next batch while this one is written
            part, (rows, after) = read
            if rows:
                progress = progress.with_batch(part, rows, after)
                incoming.put(part, rows, progress.written())
            tell(part, after, ends.get(part, 0))
    return progress


def _read(source: Backend, progress: Progress) -> Generator[tuple[str, Batch], None, None]:
    """The remaining batches of the source, as they were at the stamp; StoreError if it changed."""
    outgoing = source.outgoing()
    for part, after in progress.left():
        for batch in outgoing.batches(part, after, progress.stamp):
            _unchanged(source, outgoing, progress.stamp, part)
            yield part, batch
        _unchanged(source, outgoing, progress.stamp, part)


def _unchanged(source: Backend, outgoing: Outgoing, stamp: Stamp, part: str) -> None:
    if not _agrees(outgoing, stamp, part):
        raise StoreError(
            f"{source.url} was changed while it was copied (records re-marked, or a load that came as the copy began):"
            " the copy can't be read; run it again, which starts over"
        )


def _same_at_both_ends(source: Backend, target: Backend, incoming: Incoming, progress: Progress, tell: Tell) -> str:
    """The digest of the newest content; StoreError if the target differs from what was read of the source."""
    outgoing = target.outgoing()
    differing = list[str]()
    for part in PARTS:
        digest = NOTHING
        for rows, after in outgoing.batches(part, 0, progress.stamp):
            digest = chained(digest, rows)
            tell(f"check {part}", after, progress.stamp._asdict().get(part, 0))
        if digest != progress.digests[part]:
            differing.append(part)
    newest = [_newest(store, progress.stamp.published) for store in (source, target)]
    _unchanged(source, source.outgoing(), progress.stamp, next(iter(WITH_HISTORY)))
    if newest[0] != newest[1]:
        differing.append("digest of the newest content")
    if differing:
        spoil(incoming, progress)
        raise StoreError(
            f"{target.url} differs from {source.url} in: {', '.join(differing)}; it can't be read; run the copy again,"
            " which starts over"
        )
    return newest[0]


def _newest(store: Backend, published: int) -> str:
    """The digest of a revision, over all classes."""
    return content_digest(store, Scope(tuple(each.vis for each in store.classes()), RevisionNumber(published)))


def _digest_of(digests: Mapping[str, str]) -> str:
    return hashlib.sha256("".join(f"{part} {digests[part]}\n" for part in PARTS).encode()).hexdigest()
