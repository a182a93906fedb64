"""Judgements: stored about entities, refused against a visible `different`, withdrawn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.analytics.cases import EVERYBODY, eid, person, store_of, thing, tie
from workbench.access.viewer import Viewer
from workbench.errors import NotFound, UsageError
from workbench.resolve import explain, judge, report, undo
from workbench.view.store import GraphStore
from workbench.view.who import different_between

ANNA = EVERYBODY.model_copy(update={"name": "anna"})
BORIS = EVERYBODY.model_copy(update={"name": "boris"})
CARLA = EVERYBODY.model_copy(update={"name": "carla"})
ONLY_BBB = Viewer(name="berta", agencies=frozenset({"BBB"}), level="SECRET")
ONLY_ABC = Viewer(name="abc", agencies=frozenset({"AAA", "BBB", "CCC"}), level="SECRET")
HIDDEN = "SECRET//REL DDD"
A, B, C = eid("a", "AAA"), eid("b", "BBB"), eid("c", "CCC")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GraphStore]:
    records = [person("a", "AAA"), person("b", "BBB"), person("c", "CCC"), thing("Phone", "t")]
    records += [tie("Holding", "AAA", holder="stub", held="t"), tie("Family", "BBB", person="b", relative="hidden")]
    records += [thing("Person", "d", "DDD", marking=HIDDEN, name="Dora")]
    found = store_of(tmp_path, records)
    yield found
    found.close()


def one(store: GraphStore, a: str, b: str, viewer: Viewer = EVERYBODY) -> bool:
    """Whether two entities are joined now."""
    view = store.view(viewer)
    return view.canonical(a) == view.canonical(b)


def test_same_joins_and_undo_parts_again_and_stays_in_older_revisions(store: GraphStore) -> None:
    made = judge(store, store.view(ANNA), A, B, "same", "one passport photo")
    assert (made.by, made.verdict, made.a, made.b) == ("anna", "same", A, B)
    assert one(store, A, B)
    joined = store.view(ANNA).revision
    token = undo(store, store.view(ANNA), made.id)
    assert store.view(ANNA).revision == token
    assert not one(store, A, B)
    assert store.view(ANNA, revision=joined).canonical(A) == store.view(ANNA, revision=joined).canonical(B)
    with pytest.raises(NotFound):
        undo(store, store.view(ANNA, revision=joined), made.id)


def test_evidence_is_what_is_said_about_both_or_what_names_a_stub(store: GraphStore) -> None:
    made = judge(store, store.view(ANNA), A, B, "unsure", "alike")
    assert made.evidence == tuple(sorted([person("a", "AAA").key(), person("b", "BBB").key()]))
    stub = judge(store, store.view(ANNA), eid("stub", "AAA"), B, "unsure", "alike")
    holding = tie("Holding", "AAA", holder="stub", held="t").key()
    assert stub.evidence == tuple(sorted([holding, person("b", "BBB").key()]))
    given = judge(store, store.view(ANNA), A, C, "unsure", "alike", evidence=[holding])
    assert given.evidence == tuple(sorted([holding, person("a", "AAA").key(), person("c", "CCC").key()])), (
        "whoever sees the judgement sees both"
    )
    named = judge(store, store.view(ANNA), A, C, "unsure", "alike", evidence=[holding, person("a", "AAA").key()])
    assert named.evidence == given.evidence
    with pytest.raises(NotFound):
        judge(store, store.view(ONLY_BBB), B, eid("hidden", "BBB"), "same", "w", evidence=["0" * 32])


def test_a_judgement_is_about_the_entities_named_not_their_canonical_ids(store: GraphStore) -> None:
    judge(store, store.view(ANNA), A, B, "same", "one photo")
    made = judge(store, store.view(ANNA), C, max(A, B), "same", "one photo")
    assert (made.a, made.b) == (C, max(A, B))
    assert one(store, C, min(A, B))


def test_a_same_against_a_different_is_refused_until_a_second_person_overrides(store: GraphStore) -> None:
    apart = judge(store, store.view(ANNA), A, B, "different", "father and son")
    with pytest.raises(UsageError, match="father and son"):
        judge(store, store.view(BORIS), A, B, "same", "one man")
    with pytest.raises(UsageError, match="another person"):
        judge(store, store.view(ANNA), A, B, "same", "one man", override=True)
    assert apart in store.view(ANNA).judgements()
    before = store.view(ANNA).digest()
    made = judge(store, store.view(BORIS), A, B, "same", "one man", override=True)
    assert made.overrides == (apart.id,)
    assert one(store, A, B)
    assert set(store.view(ANNA).judgements()) == {apart, made}
    assert different_between(store.view(ANNA), [A], [B]) == []
    undo(store, store.view(BORIS), made.id)
    assert not one(store, A, B)
    assert store.view(ANNA).judgements() == (apart,)
    assert different_between(store.view(ANNA), [B], [A]) == [apart]
    assert store.view(ANNA).digest() == before


@pytest.mark.parametrize("first", [(A, B), (B, A)])
@pytest.mark.parametrize("then", [(A, B), (B, A)])
def test_a_different_holds_whichever_of_the_two_is_named_first(
    store: GraphStore, first: tuple[str, str], then: tuple[str, str]
) -> None:
    apart = judge(store, store.view(ANNA), *first, "different", "father and son")
    with pytest.raises(UsageError, match=f"{apart.id} by anna: father and son"):
        judge(store, store.view(BORIS), *then, "same", "one man")
    assert judge(store, store.view(BORIS), *then, "same", "one man", override=True).overrides == (apart.id,)


def test_nobody_overrides_who_is_among_several_that_said_different(store: GraphStore) -> None:
    told = [judge(store, store.view(who), *ends, "different", who.name) for who, ends in _SEVERAL]
    with pytest.raises(UsageError, match="second person"):
        judge(store, store.view(CARLA), A, B, "same", "one man")
    for who in (ANNA, BORIS):
        with pytest.raises(UsageError, match=f"{who.name} judged them different .*another person"):
            judge(store, store.view(who), A, B, "same", "one man", override=True)
    with pytest.raises(UsageError, match="boris judged them different"):
        judge(store, store.view(CARLA), A, B, "same", "one man", by="boris", override=True)
    assert not one(store, A, B)
    made = judge(store, store.view(CARLA), A, B, "same", "one man", override=True)
    assert made.overrides == tuple(sorted(each.id for each in told))
    assert one(store, A, B)


_SEVERAL = [(ANNA, (A, B)), (BORIS, (B, A)), (ANNA, (B, A))]


def test_who_took_his_different_back_may_override_those_of_others(store: GraphStore) -> None:
    mine = judge(store, store.view(ANNA), A, B, "different", "father and son")
    other = judge(store, store.view(BORIS), A, B, "different", "two photos")
    undo(store, store.view(ANNA), mine.id)
    made = judge(store, store.view(ANNA), A, B, "same", "one man", override=True)
    assert made.overrides == (other.id,)


def test_a_different_after_an_override_is_overridden_anew(store: GraphStore) -> None:
    judge(store, store.view(ANNA), A, B, "different", "father and son")
    first = judge(store, store.view(BORIS), A, B, "same", "one man", override=True)
    again = judge(store, store.view(BORIS), A, B, "different", "two men after all")
    undo(store, store.view(BORIS), first.id)
    with pytest.raises(UsageError, match="second person"):
        judge(store, store.view(CARLA), A, B, "same", "one man")
    made = judge(store, store.view(CARLA), A, B, "same", "one man", override=True)
    assert again.id in made.overrides
    assert len(made.overrides) == 2
    assert one(store, A, B)


def test_an_override_where_nothing_is_against_it_is_a_plain_same(store: GraphStore) -> None:
    judge(store, store.view(ANNA), A, C, "different", "father and son")
    judge(store, store.view(ANNA), A, B, "unsure", "alike")
    assert judge(store, store.view(ANNA), A, B, "same", "one man", override=True).overrides == ()


def test_an_override_that_is_hidden_changes_nothing(store: GraphStore) -> None:
    apart = judge(store, store.view(ANNA), A, B, "different", "father and son")
    narrow = Viewer(name="cc", agencies=frozenset({"AAA", "BBB"}), level="SECRET")
    before = _told(store, narrow)
    judge(store, store.view(BORIS), A, B, "same", "one man", override=True, evidence=[_hidden_key()])
    assert one(store, A, B, BORIS)
    assert _told(store, narrow) == before
    assert store.view(narrow).judgements() == (apart,)


def test_an_override_rests_on_what_it_overrides_and_on_why_that_concerned_it(store: GraphStore) -> None:
    """Otherwise a hidden judgement would change what an override overrides."""
    judge(store, store.view(ANNA), A, C, "same", "an informant", evidence=[_hidden_key()])
    judge(store, store.view(ANNA), C, B, "different", "father and son")
    own = [person("a", "AAA").key(), person("b", "BBB").key()]
    made = judge(store, store.view(BORIS), A, B, "same", "one man", override=True, evidence=own)
    assert {*own, _hidden_key(), person("c", "CCC").key()} <= set(made.evidence)
    assert made.id not in {each.id for each in store.view(ONLY_ABC).judgements()}


def test_an_override_rests_on_all_that_it_overrides_rested_on(store: GraphStore) -> None:
    """Whoever sees that he is overridden can see what was overridden."""
    apart = judge(store, store.view(ANNA), A, B, "different", "an informant", evidence=[_hidden_key()])
    made = judge(store, store.view(BORIS), A, B, "same", "one man", override=True)
    assert set(apart.evidence) <= set(made.evidence)
    assert _hidden_key() in made.evidence


def test_an_override_rests_on_why_two_others_are_concerned(store: GraphStore) -> None:
    """Only some see that A is C, and C was judged different: an override for A includes that evidence."""
    judge(store, store.view(ANNA), A, C, "same", "an informant", evidence=[_hidden_key()])
    plain = [person("b", "BBB").key(), person("c", "CCC").key()]
    judge(store, store.view(ANNA), C, B, "different", "father and son", evidence=plain)
    own = [person("a", "AAA").key(), person("b", "BBB").key()]
    made = judge(store, store.view(BORIS), A, B, "same", "one man", override=True, evidence=own)
    assert _hidden_key() in made.evidence


def test_what_is_outweighed_is_overridden_no_second_time(store: GraphStore) -> None:
    judge(store, store.view(ANNA), A, B, "different", "father and son")
    judge(store, store.view(BORIS), A, B, "same", "one man", override=True)
    assert judge(store, store.view(CARLA), B, A, "same", "I think so too").overrides == ()


def test_who_judges_on_an_old_view_is_told_what_was_said_since(store: GraphStore) -> None:
    old = store.view(BORIS)
    judge(store, store.view(ANNA), A, B, "different", "father and son")
    with pytest.raises(UsageError, match="second person"):
        judge(store, old, A, B, "same", "one man")


def test_who_judges_in_anothers_name_takes_it_back_in_that_name(store: GraphStore) -> None:
    made = judge(store, store.view(ANNA), A, B, "same", "one photo", by="the night shift")
    assert made.by == "the night shift"
    with pytest.raises(UsageError, match="only the night shift can withdraw it"):
        undo(store, store.view(ANNA), made.id)
    undo(store, store.view(ANNA), made.id, by="the night shift")
    assert not one(store, A, B)


def _told(store: GraphStore, viewer: Viewer) -> object:
    view = store.view(viewer)
    return view.revision, view.digest(), view.judgements(), view.clusters(), view.history()


def test_nobody_takes_back_what_another_judged(store: GraphStore) -> None:
    made = judge(store, store.view(ANNA), A, B, "different", "father and son")
    with pytest.raises(UsageError, match="only anna can withdraw it"):
        undo(store, store.view(BORIS), made.id)
    assert store.view(ANNA).judgements() == (made,)


def test_a_judgement_rests_on_all_that_was_shown_of_both(store: GraphStore) -> None:
    hidden = eid("d", "DDD")
    judge(store, store.view(ANNA), A, hidden, "same", "DDD knows him as A")
    made = judge(store, store.view(ANNA), A, B, "same", "as DDD says")
    assert _hidden_key() in made.evidence
    narrow = Viewer(name="cc", agencies=frozenset({"AAA", "BBB"}), level="SECRET")
    assert store.view(narrow).judgements() == ()


def test_a_judgement_rests_on_why_its_entities_are_what_they_are(store: GraphStore) -> None:
    """A record about neither joins A and C: whoever sees the judgement on A and B must see that record too."""
    judge(store, store.view(ANNA), A, C, "same", "an informant", evidence=[_hidden_key()])
    assert _hidden_key() in judge(store, store.view(ANNA), A, B, "same", "one photo").evidence


def test_what_is_given_for_a_stub_is_joined_by_what_names_it(store: GraphStore) -> None:
    """Else somebody would be told of a stub which he does not see."""
    made = judge(store, store.view(ANNA), eid("stub", "AAA"), B, "unsure", "alike", evidence=[person("b", "BBB").key()])
    assert tie("Holding", "AAA", holder="stub", held="t").key() in made.evidence


def test_a_same_that_would_join_two_kept_apart_by_way_of_a_third_is_refused(store: GraphStore) -> None:
    judge(store, store.view(ANNA), A, B, "different", "father and son")
    judge(store, store.view(ANNA), B, C, "same", "one photo")
    with pytest.raises(UsageError, match="second person"):
        judge(store, store.view(BORIS), A, C, "same", "one photo")


def test_a_same_against_a_hidden_different_goes_in_in_silence_and_those_who_see_both_are_told(
    store: GraphStore,
) -> None:
    hidden = person("d", "DDD")
    viewer = Viewer(name="dd", agencies=frozenset({"AAA", "BBB", "DDD"}), level="SECRET")
    key = thing("Person", "d", "DDD", marking=HIDDEN, name="Dora").key()
    assert hidden.key() != key
    judge(store, store.view(viewer), A, B, "different", "DDD knows", evidence=[key])
    narrow = Viewer(name="cc", agencies=frozenset({"AAA", "BBB"}), level="SECRET")
    made = judge(store, store.view(narrow), A, B, "same", "one photo")
    assert one(store, A, B, narrow)
    assert not one(store, A, B, viewer)
    (reason,) = report(store.view(viewer)).vetoes
    assert reason.verdict == "different"
    assert made.id in reason.value


def test_what_can_not_be_judged_is_refused(store: GraphStore) -> None:
    view = store.view(ANNA)
    with pytest.raises(UsageError, match="one of different, same, unsure"):
        judge(store, view, A, B, "equal", "why")
    with pytest.raises(UsageError, match="reason"):
        judge(store, view, A, B, "same", " ")
    with pytest.raises(UsageError, match="two entities"):
        judge(store, view, A, A, "same", "why")
    for unknown in ("0" * 20, eid("d", "DDD")):
        with pytest.raises(NotFound, match="no entity"):
            judge(store, store.view(ONLY_BBB), unknown, B, "same", "why")
        for a, b, named in ((unknown, B, "a"), (B, unknown, "b")):
            with pytest.raises(NotFound) as raised:
                judge(store, store.view(ONLY_BBB), a, b, "unsure", "why")
            assert (raised.value.field, raised.value.name) == (named, unknown)


def test_a_judgement_whose_evidence_is_hidden_can_not_be_undone(store: GraphStore) -> None:
    made = judge(store, store.view(ANNA), A, B, "same", "photo", evidence=[_hidden_key()])
    with pytest.raises(NotFound, match="no judgement"):
        undo(store, store.view(ONLY_BBB), made.id)
    assert _hidden_key() in explain(store.view(ANNA), A, B)[0].records


def _hidden_key() -> str:
    return thing("Person", "d", "DDD", marking=HIDDEN, name="Dora").key()
