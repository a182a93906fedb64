"""Who is who by names, birth dates and addresses: what joins, what is proposed, and what stays apart."""

from collections.abc import Iterable
from math import log2
from pathlib import Path
from random import Random

import pytest

from tests.analytics.cases import AGENCIES, EVERYBODY, eid, filled, load, person, store_of
from tests.stores import fresh_url
from workbench.access.policy import may_read
from workbench.access.viewer import Viewer
from workbench.model.normal.names import Kind
from workbench.model.record import Record
from workbench.resolve.scoring import publishing, score
from workbench.resolve.scoring.forms import Said, Words, forms_of
from workbench.resolve.scoring.gathering import kinds_of
from workbench.resolve.scoring.model import Model
from workbench.resolve.scoring.settings import COMPARED
from workbench.store import facet_values
from workbench.store.scores import HUNDREDTHS
from workbench.view import checking
from workbench.view import scored as scored_in_views
from workbench.view.checking import clusters_to_check
from workbench.view.proposing import may_also_be, proposals
from workbench.view.store import GraphStore, open_store
from workbench.view.view import View
from workbench.view.who import members_of

ALONE = Viewer(name="alone", agencies=frozenset(["AAA"]), level="SECRET")
BORN = "1971-03-14"
MOHAMED = "Mohamed Alaoui"


def people(*said: dict[str, str]) -> list[Record]:
    """A record of each, called 0, 1, 2 …, of the agencies in turn."""
    return [person(str(n), AGENCIES[n % len(AGENCIES)], **each) for n, each in enumerate(said)]


def scored(folder: Path, records: Iterable[Record]) -> View:
    """What everybody sees of new records after they were scored."""
    store = store_of(folder, records)
    score(store, store.view(EVERYBODY))
    return store.view(EVERYBODY)


def joined(view: View) -> list[list[str]]:
    """The clusters of two or more, by source ids."""
    clusters: dict[str, list[str]] = {}
    for canonical, _, source in view.clusters():
        clusters.setdefault(canonical, []).append(source)
    return sorted(sorted(each) for each in clusters.values() if len(each) > 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "Владимир Петров", "birthDate": BORN}, {"name": "Vladimir Petrov", "birthDate": BORN}),
        ({"name": "Wladimir Petrow", "birthDate": BORN}, {"name": "Владимир Петров", "birthDate": BORN}),
        ({"name": "محمد العلوي", "birthDate": BORN}, {"name": MOHAMED, "birthDate": BORN}),
        ({"name": "Νίκος Αναστασιάδης", "birthDate": BORN}, {"name": "Nikos Anastasiadis", "birthDate": BORN}),
        (
            {"name": "Joost Elzenrade", "address": "Schanskampstraat 177, Grachtdijk"},
            {"name": "Йост Элзенраде", "address": "Шанскампстрат 177, Храхтдейк"},
        ),
        (
            {"name": "Fenmina Noorvenrade", "birthDate": BORN},
            {"name": "Fenmina Noorvenrade", "birthDate": "1971-03-15"},
        ),
        ({"name": "Fenmina Noorvenrade", "birthDate": BORN}, {"name": "Fenmina Noorvenrade", "birthDate": "1971"}),
        (
            {"name": "Fenmina Noorvenrade", "birthDate": BORN, "phone": "+31612345678"},
            {"name": "Tjitske Huizmans", "birthDate": BORN, "phone": "+31612345678"},
        ),
    ],
)
def test_a_name_and_something_beside_it_join(tmp_path: Path, one: dict[str, str], other: dict[str, str]) -> None:
    assert joined(scored(tmp_path, people(one, other))) == [["0", "1"]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "Fenmina Noorvenrade"}, {"name": "Fenmina Noorvenrade"}),  # a name alone
        ({"name": MOHAMED, "birthDate": "1991-11-22"}, {"name": MOHAMED, "birthDate": "1991-11-25"}),
        ({"name": MOHAMED, "birthDate": "1991"}, {"name": MOHAMED, "birthDate": "1991-11-25"}),
        ({"name": "Ivan Petrov", "birthDate": BORN}, {"name": "Boris Petrov", "birthDate": BORN}),
        ({"name": "Fenmina Noorvenrade", "birthDate": BORN}, {"name": "Fenulfje Noorvenrade", "birthDate": BORN}),
        (
            {"name": "Tjitske Noorvenrade", "birthDate": BORN, "phone": "+31612345678"},
            {"name": "Fenmina Noorvenrade", "birthDate": BORN, "phone": "+31612345678"},
        ),
        ({"name": "Morris I Klein", "birthDate": BORN}, {"name": "Morris II Klein", "birthDate": BORN}),
        (
            {"name": "Saira Boucherad", "address": "Furthauserstraße 138, Flussau", "birthDate": BORN},
            {"name": "Malik Boucherad", "address": "Furthauserstraße 138, Flussau", "birthDate": "1975-01-07"},
        ),
        ({"name": "Nina Vos", "address": "Grachtdijk"}, {"name": "Anton Vos", "address": "Grachtdijk"}),
        ({"name": "", "birthDate": BORN, "phone": "+31612345678"}, {"name": "", "birthDate": BORN}),
        ({"name": "王伟", "address": "北京"}, {"name": "王伟", "address": "北京"}),
        (
            {"name": "Maria Garcia Lopez", "birthDate": "1980"},
            {"name": "Maria Garcia Lopez", "birthDate": "1980-05-06"},
        ),
        (
            {"name": "Иванов Иван Иванович", "birthDate": "1980"},
            {"name": "Иванов Иван Иванович", "birthDate": "1980-05-06"},
        ),
        (
            {"name": "Ivan Petrov", "birthDate": BORN, "address": "Havenstraat 1, Rotterdam", "gender": "male"},
            {"name": "Ivana Petrov", "birthDate": BORN, "address": "Havenstraat 1, Rotterdam", "gender": "female"},
        ),
    ],
)
def test_too_little_joins_nobody(tmp_path: Path, one: dict[str, str], other: dict[str, str]) -> None:
    assert joined(scored(tmp_path, people(one, other))) == []


def test_namesakes_are_proposed_with_what_agrees(tmp_path: Path) -> None:
    born = ("1991-11-22", "1991-11-25")
    view = scored(tmp_path, people(*({"name": MOHAMED, "birthDate": day} for day in born)))
    (found,) = proposals(view)
    assert {found.a, found.b} == {eid("0"), eid("1", "BBB")}
    assert found.why == f"{found.bits:.1f} bits: name +9.5, birth date +6.5"
    assert may_also_be(view, eid("0")) == (found,)
    assert {each.signs for each in (found.one, found.other)} == {
        (f"born {day}", agency, "1 record") for day, agency in zip(born, AGENCIES, strict=False)
    }
    shown = found.to_row()
    assert shown["one"] == f"{MOHAMED}\nPerson · {' · '.join(found.one.signs)}"
    assert shown["other"] == f"{MOHAMED}\nPerson · {' · '.join(found.other.signs)}"


def test_each_of_two_stands_beside_its_own_referent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a referent is most alike whose canonical entity comes second, too."""
    for each in ("LIMIT", "DOCUMENT_LIMIT"):
        monkeypatch.setattr(facet_values, each, 100)  # nothing is common
    view = scored(tmp_path, drawn(3))
    (found,) = proposals(view)
    members = members_of(view, [found.one.id, found.other.id])
    assert found.a > found.b
    assert found.a in members[found.one.id]
    assert found.b in members[found.other.id]


def test_nobody_is_proposed_of_whom_any_member_is_kept_apart(tmp_path: Path) -> None:
    """0 and 1 have one passport; 1 is a man, and 2 is a woman of the name and birth date of 0."""
    named = {"name": "Fenmina Noorvenrade", "birthDate": BORN}
    passport = {"passportNumber": "NX1234567", "passportCountry": "nl"}
    view = scored(
        tmp_path, people({**named, **passport}, {**passport, "gender": "male"}, {**named, "gender": "female"})
    )
    assert joined(view) == [["0", "1"]]
    assert proposals(view) == may_also_be(view, eid("2", "CCC")) == ()


def test_a_word_that_nobody_knows_is_rare_whatever_stands_beside_it() -> None:
    rare = {
        name: forms_of(Said(Kind.PERSON, (name,))) for name in ("Xarbulon Qwistle", "Xarbulon Petrov", "Ivan Petrov")
    }
    bits = {name: each.rare for name, each in rare.items() if each}
    assert bits["Xarbulon Qwistle"] > bits["Xarbulon Petrov"] > bits["Ivan Petrov"]
    assert [name for name, each in rare.items() if each and each.rare_skeletons] == list(rare)[:2]


def test_words_that_are_rare_together_are_looked_up_together() -> None:
    """From more than 16 bits on of both, with as many as the facets have doubled since they were few."""
    said = Said(Kind.PERSON, ("Xarbulon Qwistle",))
    without = forms_of(said)
    assert without is not None
    one, other = without.skeletons
    for of_one, of_other, doublings, pairs in (
        *((8.1, 8.0, 0, 1), (8.0, 8.0, 0, 0), (1.0, 15.1, 0, 1), (15.1, 1.0, 0, 1)),
        *((8.1, 8.1, 2, 0), (9.1, 9.0, 2, 1)),
    ):
        forms = forms_of(said, Words({one: of_one, other: of_other}.get, 262_144 * 2**doublings))
        assert forms is not None
        assert forms.pairs == (f"{one} {other}",) * pairs


# -- many, drawn ------------------------------------------------------------------------------------

GIVEN = ("Владимир", "Vladimir", "Wladimir", "Mohamed", "محمد", "Anna", "Anja", "Nikos", "Νίκος", "Fenmina")
FAMILY = ("Петров", "Petrov", "Petrow", "Alaoui", "العلوي", "Elzenrade", "Anastasiadis", "Αναστασιάδης")
MARKINGS = ("OPEN//REL AAA,BBB,CCC,DDD", "SECRET//REL AAA", "SECRET//REL BBB,CCC")


def drawn(seed: int, many: int = 60) -> list[Record]:
    """Records of people who may be one, under several markings; some say more about the same."""
    chance = Random(seed)  # noqa: S311 - draws examples
    found = []
    for n in range(many):
        said = {"name": f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}", "marking": chance.choice(MARKINGS)}
        if chance.random() < 0.8:
            said["birthDate"] = chance.choice(("1971-03-14", "1971-03-15", "1971", "1984-12-01"))
        if chance.random() < 0.4:
            number = chance.choice(("NX1234561", "NX1234562", "NX1934561", "NX7654321"))
            said["passportNumber"], said["passportCountry"] = number, "nl"
        if chance.random() < 0.5:
            said["address"] = chance.choice(("Havenstraat 1, Rotterdam", "Havenstrat 1, Rotterdam", "Dorpsweg 7, 3011"))
        if chance.random() < 0.3:
            said["phone"] = chance.choice(("+31612345678", "+31687654321"))
        found.append(person(str(n // 4), AGENCIES[n % 2], **said))
    return found


def model_of(*, slips: bool, twins: bool) -> type[Model]:
    """A class of models that start as if one of these had been trained."""
    return type("Model", (Model,), {"__new__": lambda *_, **said: Model(**{**said, "slips": slips, "twins": twins})})


def shown(store: GraphStore, viewer: Viewer) -> tuple[object, ...]:
    """What a viewer is shown of who is who."""
    view = store.view(viewer)
    proposed = [(each.a, each.b, each.bits, each.why) for each in proposals(view)]
    return sorted(view.clusters()), proposed, clusters_to_check(view)


@pytest.fixture(params=[facet_values.LIMIT, 6])
def limit(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many may hold a value that is not common: the usual number, or so few that some are."""
    monkeypatch.setattr(facet_values, "LIMIT", request.param)
    return int(request.param)


@pytest.mark.fewer_cases(reason="scores two stores each time")
@pytest.mark.parametrize(("slips", "twins"), [(False, True), (False, False), (True, True)])
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.usefixtures("limit")
def test_scores_show_a_viewer_the_same_whatever_is_hidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, *, slips: bool, twins: bool
) -> None:
    monkeypatch.setattr(publishing, "Model", model_of(slips=slips, twins=twins))
    monkeypatch.setattr(checking, "SEVERAL", 2)
    monkeypatch.setattr(checking, "LARGE", 1)
    whole = store_of(tmp_path / "whole", drawn(seed))
    score(whole, whole.view(EVERYBODY))
    visible = [each for each in drawn(seed) if may_read(ALONE, ALONE.purpose(None), each.marking)]
    part = filled(fresh_url(tmp_path / "part", "part"), visible)
    score(part, part.view(EVERYBODY))
    assert shown(whole, ALONE) == shown(part, ALONE)
    assert shown(part, ALONE)[1] or joined(part.view(ALONE))


SEEN, HIDDEN = "OPEN//REL AAA,BBB,CCC,DDD", "SECRET//REL AAA,BBB//COMP X"
SECRETS = Viewer(name="secrets", agencies=frozenset(["AAA", "BBB"]), level="SECRET", compartments=frozenset(["X"]))


def two(marking: str, one: dict[str, str], other: dict[str, str]) -> list[Record]:
    """What records of a marking say about entity 0 of AAA and entity 1 of BBB."""
    return [person("0", "AAA", marking=marking, **one), person("1", "BBB", marking=marking, **other)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (  # a slip in a date and in a document, beside names that are not alike
            {"name": "Xarbulon Qwistle", "birthDate": "1980-05-01", "passportNumber": "NX1234567"},
            {"name": "Xarbulon Grombaz", "birthDate": "1980-05-02", "passportNumber": "NX1234967"},
        ),
        (  # below the floor, but for what an address says more beside a birth date
            {"name": "Sanne Wickham", "birthDate": "1980", "address": "Havenstraat 1, Rotterdam"},
            {"name": "Bert Wickham", "birthDate": "1980-05-01", "address": "Havenstraat 1, Rotterdam"},
        ),
    ],
)
def test_what_is_hidden_lifts_no_pair_that_is_seen(tmp_path: Path, one: dict[str, str], other: dict[str, str]) -> None:
    seen = two(SEEN, one, other)
    same = {"name": "Fenmina Noorvenrade", "birthDate": "1980-05-01", "passportNumber": "XY1234567"}
    whole = store_of(tmp_path / "whole", [*seen, *two(HIDDEN, same, same)])
    score(whole, whole.view(SECRETS))
    part = filled(fresh_url(tmp_path / "part", "part"), seen)
    score(part, part.view(SECRETS))
    assert joined(whole.view(SECRETS)) == [["0", "1"]]
    assert shown(whole, ALONE) == shown(part, ALONE)


def test_a_run_of_who_sees_less_takes_no_join_from_others(tmp_path: Path) -> None:
    born = ({"name": "Bert Wickham", "birthDate": BORN}, {"name": "Sanne Qwistle", "birthDate": BORN})
    named = {"name": "Fenmina Noorvenrade"}
    store = store_of(tmp_path, [*two(SEEN, *born), *two(HIDDEN, named, named)])
    score(store, store.view(SECRETS))
    before = shown(store, SECRETS)
    assert joined(store.view(SECRETS)) == [["0", "1"]]
    score(store, store.view(ALONE))
    assert shown(store, SECRETS) == before
    assert shown(store, ALONE)[1] == []


def test_the_threshold_counts_the_facets_that_a_viewer_sees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scored_in_views, "_FACETS", 4)
    store = store_of(tmp_path, drawn(0, many=80))
    score(store, store.view(EVERYBODY))
    few, many = (store.view(viewer)._scored().thresholds[0] for viewer in (ALONE, EVERYBODY))
    seen = {(facet.entity, facet.vis) for facet in kinds_of(store.view(ALONE))}
    assert few == scored_in_views.threshold(len(seen)) < many


@pytest.mark.usefixtures("limit")
@pytest.mark.parametrize(("seed", "agencies"), [(0, "AAA BBB CCC"), (1, "CCC BBB AAA"), (2, "BBB AAA CCC")])
def test_only_what_is_new_is_compared_with_the_same_result(tmp_path: Path, seed: int, agencies: str) -> None:
    records = drawn(seed)
    at_once = store_of(tmp_path / "once", records)
    score(at_once, at_once.view(EVERYBODY))
    url = fresh_url(tmp_path / "parts", "parts")
    for agency in agencies.split():
        opened = open_store(url)  # a new process would open it again
        load(opened, agency, [each for each in records if each.dataset.agency == agency])
        score(opened, opened.view(EVERYBODY), new=True)
        opened.close()
    in_parts = open_store(url)
    assert shown(in_parts, EVERYBODY) == shown(at_once, EVERYBODY)
    assert shown(in_parts, ALONE) == shown(at_once, ALONE)
    assert score(in_parts, in_parts.view(EVERYBODY), new=True).compared == 0
    assert score(in_parts, in_parts.view(EVERYBODY)).revision == ""


def test_no_outcome_of_a_comparison_weighs_as_if_none_could_be_made() -> None:
    outcomes = [(each.m, each.u) for compared in COMPARED for each in compared.levels]
    outcomes += [compared.otherwise for compared in COMPARED]
    assert min(abs(round(HUNDREDTHS * log2(m / u))) for m, u in outcomes) > 0


def test_a_name_of_very_many_words_has_no_more_keys_than_a_name_may_have() -> None:
    many = " ".join(f"{a}{b}rnov{c}" for a in "bdgklmnprst" for b in "aeiou" for c in "dklmst")
    forms = forms_of(Said(Kind.PERSON, (many,)))
    assert forms is not None
    assert max(len(forms.pairs), len(forms.beginnings)) <= 24 * 23 / 2
