"""Score what a viewer sees, and publish it in one revision."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from workbench.access.policy import refuse_training
from workbench.access.viewer import Viewer
from workbench.model.normal.names import Kind, name_forms
from workbench.resolve.scoring.adding import beside, not_compared
from workbench.resolve.scoring.engine import Weighed, weighed
from workbench.resolve.scoring.forms import FormsOfName, Said, Words, forms_of
from workbench.resolve.scoring.gathering import KINDS, gathered, kinds_of, present
from workbench.resolve.scoring.model import Model
from workbench.resolve.scoring.training import are_mistaken, counted, may_be_twins
from workbench.store.scoring import Made, ScoredPair, put_scores
from workbench.store.transaction import Transaction
from workbench.view.asking import writing
from workbench.view.spoken import Before, Facet, model_before, scored_before
from workbench.view.store import GraphStore
from workbench.view.view import View


@dataclass(frozen=True, slots=True)
class Scoring:
    """What was scored: facets compared with all others, pairs that may be proposed, and the revision, if any."""

    compared: int
    pairs: int
    revision: str


@writing
def score(store: GraphStore, view: View, new: bool = False, train: bool = False) -> Scoring:
    """Score all pairs of facets that a view's viewer sees, and publish the scores in one revision.

    With `new`, only facets that are new or have changed are compared with all others: views show the same as after a
    whole run. With `train`, a new model is made from what the viewer sees, and everything that was scored by the one
    before ends; AccessDenied if the viewer may not load for every agency. Instead of a trained model of an older
    version, a new one is trained. Nothing is published, and `revision` is "", if all scores are so already.
    """
    if train:
        refuse_training(view.viewer)
    with store.lease():
        now = store.view(view.viewer, purpose=view.purpose)
        made = _made(now, new, train)
        return Scoring(len(made.facets), len(made.pairs), store.publish_scores(now, made))


class WithLoad:
    """Scores what is new to a viewer, as a part of the publication of a load: see `Writer.publish`.

    It does what `score` with `new` would do after the load. `refuse` says before it that the viewer may not do that.
    """

    def __init__(self, store: GraphStore, viewer: Viewer, purpose: str | None) -> None:
        self._store, self._viewer, self._purpose = store, viewer, purpose
        self._done = Scoring(0, 0, "")
        self._is_news = False

    def refuse(self) -> None:
        """UsageError if the viewer must name a purpose; AccessDenied if a new model is wanted that he may not make."""
        kept = model_before(self._store.view(self._viewer, purpose=self._purpose))
        if kept and (model := Model.read(kept)).is_older:
            _trained(model, self._viewer)

    def __call__(self, tx: Transaction, revision: int) -> set[int]:
        """Score in a transaction what it leaves; returns the classes of what changed."""
        store = self._store.inside(tx)
        now = store.view(self._viewer.of(store.agencies()), purpose=self._purpose)
        made = _made(now, new=True, train=False)
        changed = put_scores(tx, revision, made)
        self._done, self._is_news = Scoring(len(made.facets), len(made.pairs), ""), bool(changed)
        return changed

    def told(self, token: str | None) -> Scoring:
        """What was scored, once the load was published under this token."""
        return replace(self._done, revision=token) if token and self._is_news else self._done


def _made(now: View, new: bool, train: bool) -> Made:
    """What a run makes of a view."""
    before = scored_before(now)
    model = Model.read(before.model) if before.model else None
    if train or model is None or model.is_older:
        return _from_scratch(now, before, train or _trained(model, now.viewer))
    return _by(now, before, whole=not new)


def _trained(older: Model | None, viewer: Viewer) -> bool:
    """Whether a model of an older version was trained, so that the new one is too; AccessDenied to who may not train.

    A new model ends what was scored by the older one, trained or not, for everybody.
    """
    if older is None:
        return False
    refuse_training(viewer)
    return older.facets > 0


def _from_scratch(now: View, before: Before, train: bool) -> Made:
    """Score everything by a new model: a trained one, or the one that is shipped."""
    kinds = kinds_of(now)
    model, forms = _counted_and_formed(now, kinds, before.secret, train)
    run = _Run(kinds, forms, set(kinds))
    if train:
        found = run.scored(Kind.PERSON)
        model = replace(model, slips=are_mistaken(found), twins=may_be_twins(found))
    return _found(before, run, True, model)


def _counted_and_formed(
    now: View, kinds: Mapping[Facet, Kind], secret: str, train: bool
) -> tuple[Model, dict[Facet, str]]:
    """A new model that has counted words, if it is trained, and the forms of all facets by it."""
    said, of_name = dict(gathered(now, kinds)), cache(name_forms)  # names are asked twice, and may be a million
    rarity, rarest = counted(said.values(), secret, of_name) if train else ({}, None)
    model = Model(rarity=rarity, rarest=rarest)
    return model, _formed(said, model, secret, of_name)


def _by(now: View, before: Before, whole: bool) -> Made:
    """Score by the standing model: everything, or what has not been compared with all."""
    every = present(now)
    fresh = (every if whole else every.take(not_compared(before, every))).kinds()
    forms = _formed(dict(gathered(now, fresh)), Model.read(before.model), before.secret)
    kinds, near = ({}, {}) if whole else beside(now, before, list(forms.values()))
    return _found(before, _Run(kinds | fresh, near | forms, set(fresh)), whole, None)


def _found(before: Before, run: "_Run", whole: bool, model: Model | None) -> Made:
    pairs = [pair for kind in Kind for pair in run.pairs(kind)]
    compared: dict[tuple[int, int], tuple[int, str]] = {
        facet: (KINDS[run.kinds[facet]], run.forms[facet]) for facet in run.fresh if facet in run.forms
    }
    return Made(tuple(before.allowed), compared, pairs, whole, model.kept() if model else None)


def _formed(
    said: Mapping[Facet, Said], model: Model, secret: str, of_name: FormsOfName = name_forms
) -> dict[Facet, str]:
    """The forms of facets, as they are kept."""
    words = Words(cache(lambda skeleton: model.rarity_of(skeleton, secret)), model.facets)
    made = ((facet, forms_of(each, words, of_name)) for facet, each in said.items())
    return {facet: each.kept() for facet, each in made if each}


class _Run:
    """Facets to score: the kind and the forms of each, and those that are compared with all others."""

    def __init__(self, kinds: Mapping[Facet, Kind], forms: Mapping[Facet, str], fresh: set[Facet]) -> None:
        self.kinds, self.forms, self.fresh = kinds, forms, fresh
        self._facets = {kind: sorted(each for each in forms if kinds[each] is kind) for kind in Kind}
        self._scored: dict[Kind, Weighed] = {}

    def scored(self, kind: Kind) -> Weighed:
        """The scores of a kind, once there is anything to compare."""
        if kind not in self._scored:
            facets = self._facets[kind]
            forms, is_fresh = [self.forms[each] for each in facets], [each in self.fresh for each in facets]
            self._scored[kind] = weighed(forms, [each.entity for each in facets], is_fresh, kind)
        return self._scored[kind]

    def pairs(self, kind: Kind) -> Iterator[ScoredPair]:
        """The pairs of a kind, of which one is fresh."""
        facets, found = self._facets[kind], self.scored(kind)
        weights = found.weights.astype("<i2")
        for a, b, row, blocked in zip(found.a.tolist(), found.b.tolist(), weights, found.blocked.tolist(), strict=True):
            yield ScoredPair(facets[a], facets[b], KINDS[kind], row.tobytes(), blocked)
