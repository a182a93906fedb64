"""What training learns from pairs that are scored, who may train, and what becomes of a model of an older version."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

import ingest
from tests.analytics.cases import EVERYBODY, store_of
from tests.resolve.test_scoring import drawn
from workbench.access.viewer import Viewer
from workbench.errors import AccessDenied
from workbench.model.claims import NORMALISER
from workbench.resolve.scoring import publishing, score
from workbench.resolve.scoring.engine import Weighed
from workbench.resolve.scoring.model import VERSION, Model
from workbench.resolve.scoring.training import are_mistaken, counted, may_be_twins
from workbench.store.scores import BEGIN_ALIKE, OTHER_GIVEN
from workbench.view.spoken import scored_before
from workbench.view.store import GraphStore

SAME, UNLIKE = 1600, -550  # of names
DAY, OTHER_DAY = 1377, -698
DOCUMENT, PHONE, ADDRESS = 2293, 1461, 806

Pattern = tuple[int, int, int, int, int, int]  # the weights of a pair, in the order of comparisons


def pairs(*some: tuple[int, Pattern]) -> Weighed:
    """So many pairs of each pattern."""
    rows: Sequence[Pattern] = [pattern for times, pattern in some for _ in range(times)]
    numbers = np.arange(len(rows))
    return Weighed(numbers, numbers + len(rows), np.array(rows, dtype=np.int16), np.ones(len(rows), dtype=bool))


def named(name: int, *, document: int = 0, phone: int = 0, address: int = 0, birth: int = DAY) -> Pattern:
    """The weights of a pair with such names and one birth date."""
    return (name, birth, document, phone, 0, address)


@pytest.mark.parametrize(("document", "phone"), [(DOCUMENT, PHONE), (2000, 1400)], ids=["surely", "just enough"])
@pytest.mark.parametrize(("begin_alike", "other_given", "twins"), [(50, 40, False), (60, 40, True), (50, 60, True)])
def test_there_may_be_twins_if_mistakes_explain_too_few(
    begin_alike: int, other_given: int, document: int, phone: int, *, twins: bool
) -> None:
    """Of 100 with one document 5 begin alike and 4 have another given name; so of 1,000 about 50, and of 1,000, 40."""
    sure = (
        (91, named(SAME, document=document)),
        (5, named(BEGIN_ALIKE, document=document)),
        (4, named(OTHER_GIVEN, document=document)),
    )
    asked = (
        (910, named(SAME)),
        (begin_alike, named(BEGIN_ALIKE)),
        (910, named(SAME, phone=phone)),
        (50, named(BEGIN_ALIKE, phone=phone)),
        (other_given, named(OTHER_GIVEN, phone=phone)),
        (1000, named(BEGIN_ALIKE, address=650)),  # who has one address, too, is not asked about
    )
    assert may_be_twins(pairs(*sure, *asked)) is twins


def test_without_enough_to_tell_there_may_be_twins() -> None:
    assert may_be_twins(pairs((1000, named(SAME)), (1000, named(BEGIN_ALIKE))))
    assert may_be_twins(pairs((19, named(SAME, document=DOCUMENT)), (1000, named(SAME, phone=PHONE))))
    assert may_be_twins(pairs((1, named(SAME))))


@pytest.mark.parametrize(("share", "siblings", "expected"), [(3, 0, True), (3, 60, False), (0, 60, False)])
def test_names_and_dates_are_mistaken_if_that_explains_those_that_differ(
    share: int, siblings: int, *, expected: bool
) -> None:
    """Of 100 with one document, so many of ten have another name, and as many another birth date."""
    right = 10 - share
    found = pairs(
        (right * right, named(SAME, document=DOCUMENT, address=ADDRESS)),
        (right * share, named(UNLIKE, document=DOCUMENT, address=ADDRESS)),
        (right * share, named(SAME, document=DOCUMENT, address=ADDRESS, birth=OTHER_DAY)),
        (share * share, named(UNLIKE, document=DOCUMENT, address=ADDRESS, birth=OTHER_DAY)),
        (siblings, named(UNLIKE, address=ADDRESS)),
        (siblings, named(SAME, address=ADDRESS, birth=OTHER_DAY)),
    )
    assert are_mistaken(found) is expected


def test_words_are_counted_under_a_key_that_tells_none_of_them(tmp_path: Path) -> None:
    said = dict(publishing.gathered(view := store_of(tmp_path, drawn(0)).view(EVERYBODY), publishing.kinds_of(view)))
    rarity, rarest = counted(said.values(), "key")
    model, other = Model(rarity=rarity, rarest=rarest), counted(said.values(), "another key")[0]
    assert rarity
    assert not rarity.keys() & other.keys()
    assert sorted(rarity.values()) == sorted(other.values())
    assert model.rarity_of("nobody's", "key") == rarest > max(rarity.values())
    assert model.facets == len(said)
    assert Model.read(model.kept()) == model
    assert "ptrv" not in model.kept()


def test_only_who_may_load_for_every_agency_trains(tmp_path: Path) -> None:
    store = store_of(tmp_path, drawn(0))
    for loads in (frozenset[str](), frozenset(["AAA", "BBB", "CCC", "DDD"])):
        viewer = EVERYBODY.model_copy(update={"loads": loads})
        with pytest.raises(AccessDenied, match="may not train a model"):
            score(store, store.view(viewer), train=True)
        assert not scored_before(store.view(viewer)).model
    trainer = EVERYBODY.model_copy(update={"loads": frozenset("*")})
    assert score(store, store.view(trainer), train=True).revision
    assert Model.read(scored_before(store.view(trainer)).model).facets


def test_a_new_model_scores_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    published = list[bool]()
    monkeypatch.setattr(GraphStore, "publish_scores", lambda _, view, made: published.append(made.is_whole) or "")
    store = store_of(tmp_path, drawn(0))
    score(store, store.view(EVERYBODY.model_copy(update={"loads": frozenset("*")})), train=True)
    assert published == [True]


@pytest.mark.parametrize(
    ("older", "trained"),
    [({"version": VERSION - 1}, False), ({"version": VERSION - 1}, True), ({"normaliser": NORMALISER - 1}, False)],
    ids=["version", "version-trained", "normaliser"],
)
def test_an_older_model_is_made_again_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, older: dict[str, int], trained: bool
) -> None:
    store, trainer = store_of(tmp_path, drawn(0)), EVERYBODY.model_copy(update={"loads": frozenset("*")})
    with monkeypatch.context() as then:
        then.setattr(publishing, "Model", lambda **said: Model(**said, **older))
        publishing.score(store, store.view(trainer), train=trained)
    assert Model.read(scored_before(store.view(trainer)).model).is_older
    if trained:
        with pytest.raises(AccessDenied):
            score(store, store.view(EVERYBODY.model_copy(update={"loads": frozenset()})))
        one = EVERYBODY.model_copy(update={"loads": frozenset(["AAA"])})
        with pytest.raises(AccessDenied, match="may not train a model"):
            ingest.load(store, "no file", adapter="ftm", agency="AAA", viewer=one, by="test", resolve=True)
    made = score(store, store.view(trainer), new=True)
    now = Model.read(scored_before(store.view(trainer)).model)
    assert made.revision
    assert made.compared > 0
    assert (now.is_older, bool(now.facets)) == (False, trained)


def test_a_new_version_of_the_shipped_model_is_brought_by_who_may_train_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it ends everybody's scores; else somebody who sees nothing could end them."""
    store = store_of(tmp_path, drawn(0))
    with monkeypatch.context() as then:
        then.setattr(publishing, "Model", lambda **said: Model(**said, version=VERSION - 1))
        score(store, store.view(EVERYBODY))
    for viewer in (
        EVERYBODY,
        Viewer(name="nobody", agencies=frozenset(["ZZZ"]), level="OPEN"),
    ):
        with pytest.raises(AccessDenied, match="may not train a model"):
            score(store, store.view(viewer), new=True)
    made = score(store, store.view(EVERYBODY.model_copy(update={"loads": frozenset("*")})), new=True)
    assert made.compared
    assert not Model.read(scored_before(store.view(EVERYBODY)).model).facets
