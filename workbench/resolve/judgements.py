"""People's judgements: same, different or unsure, with a reason and evidence.

A judgement is about the entities named, never about canonical ids, and is visible to those who see all
of its evidence. Nothing is ever merged, and no judgement ends another person's: a `same` can override a
`different`, which counts again if the `same` is withdrawn or not visible.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType

from workbench.errors import NotFound, UsageError, naming
from workbench.model.asked import texts
from workbench.model.ids import judgement_id
from workbench.resolve.joining import joining, joining_each
from workbench.store.types import Judgement
from workbench.view.asking import question, writing
from workbench.view.store import GraphStore
from workbench.view.view import View
from workbench.view.who import Who, different_between, records_about, records_naming, records_of_each, who_is

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
    """Judge two entities, in the viewer's name, on the given evidence or on all records about both.

    "All records" are those about every referent of the two in this view, and those that join the referents.
    If `evidence` has no record about one of the two, the records about that one are added. UsageError for a
    `same` that a visible `different` contradicts; with `override`, a person who did not judge `different`
    may say it all the same, and it then overrides the `different`. A `same` that contradicts only a hidden
    judgement is accepted like any other.
    """
    with store.lease():  # nobody else judges between the check and the write
        now = store.view(view.viewer, purpose=view.purpose)
        made = _judged(now, a, b, verdict, why, by or view.viewer.name, override, evidence)
        store.add_judgement(made)
    return made


def _judged(
    now: View, a: str, b: str, verdict: str, why: str, who: str, override: bool, evidence: Sequence[str]
) -> Judgement:
    """The judgement to store; see `judge` for what is refused."""
    for mistake in mistakes_in(a, b, verdict, why):
        raise mistake
    with naming("a", known_as="entity"):
        now.canonical(a)
    with naming("b", known_as="entity"):
        now.canonical(b)
    against = contradicted(now, a, b) if verdict == "same" else []
    refuse_against(against, who, override)
    keys = basis(now, a, b, evidence)
    if against:  # add their evidence: whoever sees this override must be able to see what it overrides
        keys = tuple(sorted({*keys, *joining(now, [a, b]), *(key for each in against for key in each.evidence)}))
    overrides = tuple(sorted(each.id for each in against))
    at = judged_at()
    return Judgement(judgement_id(a, b, verdict, who, why, at), a, b, verdict, who, why, at, keys, overrides)


def judged_at() -> str:
    """The time of a judgement: now, in UTC, as ISO text to the microsecond."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


@writing
def undo(store: GraphStore, view: View, judgement: str, by: str | None = None) -> str:
    """Withdraw one's own judgement; returns the revision's token. Older revisions keep it.

    NotFound for a judgement that this viewer does not see; UsageError for somebody else's: answer that
    with a judgement of one's own, `different` or `same` with `override`.
    """
    with store.lease():
        now = store.view(view.viewer, purpose=view.purpose)
        own = {each.id: each for each in now.judgements()}.get(judgement)
        if own is None:
            raise NotFound("judgement", judgement, "judgement")
        if own.by != (by or view.viewer.name):
            raise UsageError(
                f"{own.by} made this judgement, and only {own.by} can withdraw it: judge them different,"
                " or the same with an override, and say why",
                "judgement",
            )
        return store.withdraw_judgement(judgement)


@question
def contradicted(view: View, a: str, b: str) -> list[Judgement]:
    """The judgements `different` in this view that contradict a and b being the same."""
    known = who_is(view, [a, b]).clusters
    return different_between(view, known[a], known[b])


@question
def grounds(view: View, entities: Sequence[str]) -> tuple[str, ...]:
    """The keys of this view's records about all referents of these entities, and of the records that join them.

    For a stub they are the records that mention it.
    """
    known = who_is(view, entities)
    return tuple(sorted(set[str]().union(*_behind(view, known).values())))


@question
def grounds_of_each(view: View, some: Sequence[str], others: Sequence[str]) -> list[tuple[str, ...]]:
    """The grounds for each of some entities with one of others, in order; the store is asked once for all of them."""
    known = who_is(view, sorted({*some, *others}))
    keys, first = _behind(view, known), {each: cluster[0] for each, cluster in known.clusters.items()}
    return [tuple(sorted(keys[first[a]] | keys[first[b]])) for a, b in zip(some, others, strict=True)]


def _behind(view: View, known: Who) -> Mapping[str, set[str]]:
    """The records behind each entity of an answer of `who_is`, by its canonical id."""
    of = {member: cluster[0] for cluster in known.clusters.values() for member in cluster}
    keys = {first: set[str]() for first in of.values()}
    for member, said in records_of_each(view, sorted(of)).items():
        keys[of[member]].update(said)
    for one, key in joining_each(view, known):
        keys[of[one]].add(key)
    return keys


@question
def basis(view: View, a: str, b: str, evidence: Sequence[str]) -> tuple[str, ...]:
    """The keys of the records that a judgement on two entities rests on: see `judge`. NotFound for no such record."""
    given = texts(evidence, "evidence")
    return _given(view, given, a, b) if given else grounds(view, [a, b])


def mistakes_in(a: str, b: str, verdict: str, why: str) -> Iterator[UsageError]:
    """The errors for an unknown verdict, a missing reason, and one entity against itself."""
    if verdict not in VERDICTS:
        yield UsageError(f"no verdict {verdict!r}: one of {', '.join(VERDICTS)}", "verdict")
    if not why.strip():
        yield UsageError("a judgement needs a reason: say why", "why")
    if a == b:
        yield UsageError(f"{a} can't be judged against itself: name two entities", "b")


def refuse_against(
    against: Sequence[Judgement], who: str, override: bool, places: Mapping[str, str] = MappingProxyType({})
) -> None:
    """UsageError for a `same` against these judgements `different`, unless `who` made none and overrides them.

    `places` has, by id, the places of those that are not made yet.
    """
    if not against:
        return
    told = "; ".join(f"{places.get(each.id, f'{each.id} by {each.by}')}: {each.why}" for each in against)
    if not override:
        raise UsageError(f"they have been judged different ({told}): a second person can override that", "override")
    if who in {each.by for each in against}:
        raise UsageError(
            f"{who} judged them different ({told}): another person must override that, or {who} undo it", "override"
        )


def _given(view: View, evidence: Sequence[str], *entities: str) -> tuple[str, ...]:
    """The given records, and all records about an entity that none of the given ones is about or mentions."""
    seen = {each.key for each in view.records(evidence)}
    for key in evidence:
        if key not in seen:
            raise NotFound("record", key, "evidence")
    keys = set(seen)
    for entity in entities:
        about, naming = records_about(view, entity), records_naming(view, entity)
        if seen.isdisjoint({*about, *naming}):
            keys.update(about or naming)
    return tuple(sorted(keys))
