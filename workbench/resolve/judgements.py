"""What people judge: same, different or unsure, with a reason and the records it rests on.

Judgements are kept about the entities named, never about canonical ids, and are seen by those
who see all of their evidence. Nothing is ever merged, and nobody's judgement is ended by another:
an overriding `same` outweighs a `different`, which counts again where it is taken back or hidden.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from workbench.errors import NotFound, UsageError
from workbench.model.ids import judgement_id
from workbench.model.numbers import EntityNumber, RecordNumber
from workbench.resolve.joining import joining
from workbench.store.types import Judgement
from workbench.view.asking import question, writing
from workbench.view.snapshot import Snapshot
from workbench.view.store import GraphStore
from workbench.view.view import View

VERDICTS = ("different", "same", "unsure")


@writing
def judge(
    store: GraphStore,
    view: View,
    a: str,
    b: str,
    verdict: str,
    why: str,
    by: str | None = None,
    override: bool = False,
    evidence: Sequence[str] = (),
) -> Judgement:
    """Judge two entities, in the viewer's name, on given records or on all that he was shown of both.

    What he was shown is all records about every referent of the two in his view, and those by which
    they are referents; beside given ones, those about one of the two of which none of them tells. A `same` that a
    `different` contradicts, which this viewer sees, is refused (UsageError), until somebody else
    than who said `different` gives `override`: his `same` then outweighs it. One that contradicts
    a judgement which is hidden from him goes in like any other.
    """
    with store.lease():  # nobody judges otherwise between the look and the word
        now = store.view(view.viewer, purpose=view.purpose)
        made = _judged(now, a, b, verdict, why, by or view.viewer.name, override, evidence)
        store.add_judgement(made)
    return made


def _judged(
    now: View, a: str, b: str, verdict: str, why: str, who: str, override: bool, evidence: Sequence[str]
) -> Judgement:
    """A judgement as it is to be kept; see `judge` for what is refused."""
    _check(now, a, b, verdict, why)
    against = contradicted(now, a, b) if verdict == "same" else []
    _refuse(against, who, override)
    keys = _given(now, evidence, a, b) if evidence else grounds(now, [a, b])
    if against:  # whoever sees that they are overridden sees what was said, and why it concerned these two
        keys = tuple(sorted({*keys, *_joins(now, a, b), *(key for each in against for key in each.evidence)}))
    overrides = tuple(sorted(each.id for each in against))
    at = datetime.now(UTC).isoformat(timespec="microseconds")
    return Judgement(judgement_id(a, b, verdict, who, why, at), a, b, verdict, who, why, at, keys, overrides)


@writing
def undo(store: GraphStore, view: View, judgement: str, by: str | None = None) -> str:
    """Take back a judgement of one's own that stands; the revision's token. It stays in older revisions.

    NotFound for one that this viewer does not see; UsageError for somebody else's, which a
    judgement of one's own answers: `different`, or `same` with `override`.
    """
    with store.lease():
        now = store.view(view.viewer, purpose=view.purpose)
        found = {each.id: each for each in now.judgements()}.get(judgement)
        if found is None:
            raise NotFound("judgement", judgement)
        if found.by != (by or view.viewer.name):
            raise UsageError(
                f"{found.by} judged so, and only {found.by} takes it back: judge them different,"
                " or the same with an override, and say why"
            )
        return store.withdraw_judgement(judgement)


@question
def contradicted(view: View, a: str, b: str) -> list[Judgement]:
    """The `different` judgements of this view against a and b being the same."""
    snapshot, outweighed = view.snapshot(), view.outweighed()
    ours, theirs = (set(snapshot.members(entity)) for entity in (a, b))
    found = []
    for each in view.judgements():
        x, y = snapshot.find(each.a), snapshot.find(each.b)
        if (
            each.verdict == "different"
            and each.id not in outweighed
            and ((x in ours and y in theirs) or (x in theirs and y in ours))
        ):
            found.append(each)
    return found


@question
def grounds(view: View, entities: Sequence[str]) -> tuple[str, ...]:
    """Keys of this view's records about all referents of these entities, and of why they are referents.

    Of a stub they are those that name it.
    """
    snapshot = view.snapshot()
    numbers: set[RecordNumber] = set()
    for number in {each for entity in entities for each in snapshot.members(entity)}:
        about, naming = _telling(snapshot, number)
        numbers.update(about or naming)
    return tuple(sorted({*snapshot.keys_of(sorted(numbers)).values(), *_joins(view, *entities)}))


def _telling(snapshot: Snapshot, number: EntityNumber) -> tuple[list[RecordNumber], list[RecordNumber]]:
    """Numbers of the records about an entity, and of those that name it."""
    mask = snapshot.mask([number])
    return snapshot.records_about(mask).tolist(), snapshot.records_naming(mask).tolist()


def _joins(view: View, *entities: str) -> set[str]:
    """Keys of the records by which these entities are one with others."""
    snapshot = view.snapshot()
    for entity in entities:
        snapshot.number(entity)  # NotFound for what is not seen
    return set(joining(view, snapshot.mask_of(entities)))


def _check(view: View, a: str, b: str, verdict: str, why: str) -> None:
    if verdict not in VERDICTS:
        raise UsageError(f"no verdict {verdict!r}: one of {', '.join(VERDICTS)}", "verdict")
    if not why.strip():
        raise UsageError("a judgement needs a reason: say why", "why")
    if a == b:
        raise UsageError(f"{a} can't be judged against itself: name two entities")
    for entity in (a, b):
        view.canonical(entity)


def _refuse(against: Sequence[Judgement], who: str, override: bool) -> None:
    if not against:
        return
    told = "; ".join(f"{each.id} by {each.by}: {each.why}" for each in against)
    if not override:
        raise UsageError(f"judged different before ({told}): a second person can override that", "override")
    if who in {each.by for each in against}:
        raise UsageError(f"{who} judged them different ({told}): another person must override that, or undo it")


def _given(view: View, evidence: Sequence[str], *entities: str) -> tuple[str, ...]:
    """The records named, and those about an entity of which none of them tells and that none names."""
    seen = {each.key for each in view.records(evidence)}
    for key in evidence:
        if key not in seen:
            raise NotFound("record", key, "evidence")
    snapshot = view.snapshot()
    found = set(seen)
    for entity in entities:
        about, naming = _telling(snapshot, snapshot.number(entity))
        if seen.isdisjoint(snapshot.keys_of(sorted({*about, *naming})).values()):
            found.update(snapshot.keys_of(sorted(about or naming)).values())
    return tuple(sorted(found))
