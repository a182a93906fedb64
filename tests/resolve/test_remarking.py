"""Records are re-marked by their own agency only, at every revision."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.analytics.cases import EVERYBODY, eid, load, person, store_of, thing, tie
from workbench.access.viewer import Viewer
from workbench.errors import AccessDenied, InputError, NotFound, StoreError, UsageError
from workbench.model.marking import parse_marking
from workbench.model.record import Record
from workbench.resolve import remark
from workbench.view import store as store_module
from workbench.view.store import GraphStore

pytestmark = pytest.mark.each_store(reason="each store marks anew in its own way")

AAA = Viewer(name="a", agencies=frozenset({"AAA"}), level="SECRET")
BBB = Viewer(name="b", agencies=frozenset({"BBB"}), level="SECRET")
OWN = "SECRET//REL AAA"
FIRST = thing("Person", "p", "AAA", marking=OWN, name="Paula")
SECOND = thing("Person", "p", "AAA", marking=OWN, name="Paula Q")
OPEN = person("q", "AAA")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GraphStore]:
    found = store_of(tmp_path, [FIRST, OPEN, person("b", "BBB")])
    load(found, "AAA", [SECOND], "2026-02-01")
    yield found
    found.close()


def test_a_record_is_shown_to_others_by_its_agency(store: GraphStore) -> None:
    with pytest.raises(NotFound):
        store.view(BBB).entity(eid("p"))
    assert remark(store, store.view(AAA), [SECOND.key()], "CONFIDENTIAL//REL AAA,BBB") == 2
    assert store.view(BBB).entity(eid("p")).caption == "Paula Q"
    assert remark(store, store.view(AAA), [SECOND.key()], "CONFIDENTIAL//REL AAA,BBB") == 0


def test_an_agency_does_not_lock_itself_out(store: GraphStore) -> None:
    before = store.view(AAA).digest()
    with pytest.raises(UsageError, match="never see or correct it: write REL AAA,AAB") as refused:
        remark(store, store.view(AAA), ["AAA/files"], "SECRET//REL AAB")
    assert refused.value.field == "marking"
    assert store.view(AAA).digest() == before


def test_all_of_a_dataset_is_marked_at_every_revision(store: GraphStore) -> None:
    old = store.view(AAA).history()[0][0]
    assert store.view(AAA, revision=old).entity(eid("p")).caption == "Paula"
    assert remark(store, store.view(AAA), ["AAA/files"], "SECRET//REL AAA,CCC") == 3
    for token, _ in store.view(EVERYBODY).history():
        seen = {str(each.record.marking) for each in store.view(EVERYBODY, revision=token).records(_keys())}
        assert seen == {"SECRET//REL AAA,CCC"}


def test_what_a_dataset_said_and_says_no_more_is_marked_with_it_and_its_relationships_too(store: GraphStore) -> None:
    family = tie("Family", "AAA", person="p", relative="q")
    load(store, "AAA", [family, person("gone", "AAA")])
    said = store.view(EVERYBODY).revision
    with store.writer(agency="AAA", by="test") as writer:
        writer.put([SECOND, OPEN, family], writer.file("test.csv", "0" * 64, "test"), "2026-03-01")
        assert writer.withdraw_absent(OPEN.dataset, "", "2026-03-01") == 1
        writer.publish(dataset="files", adapter="test", files=[])
    assert remark(store, store.view(AAA), ["AAA/files"], "SECRET//REL AAA,CCC") == 5
    for key, revision in ((family.key(), None), (person("gone", "AAA").key(), said)):
        found = store.view(EVERYBODY, revision=revision).record(key)
        assert str(found.record.marking) == "SECRET//REL AAA,CCC"


@pytest.mark.parametrize("named", [FIRST, SECOND])
def test_what_was_said_before_and_since_is_marked_with_a_record(store: GraphStore, named: Record) -> None:
    old = store.view(AAA).history()[0][0]
    assert remark(store, store.view(AAA), [named.key()], "SECRET//REL AAA,CCC") == 2
    assert str(store.view(EVERYBODY, revision=old).record(FIRST.key()).record.marking) == "SECRET//REL AAA,CCC"
    assert str(store.view(EVERYBODY).record(SECOND.key()).record.marking) == "SECRET//REL AAA,CCC"


def test_what_one_does_not_see_one_does_not_loosen(store: GraphStore) -> None:
    """Nor is one told that there is more."""
    third = thing("Person", "p", "AAA", marking="SECRET//REL AAA//COMP X", name="Paula Q R")
    load(store, "AAA", [third], "2026-03-01")
    wide = "SECRET//REL AAA,BBB"
    assert remark(store, store.view(AAA), [FIRST.key()], wide) == 2
    chief = AAA.model_copy(update={"compartments": frozenset("X")})
    assert str(store.view(chief).record(third.key()).record.marking) == OWN + "//COMP X"
    assert remark(store, store.view(chief), [FIRST.key()], wide) == 1  # he knows of it, and decides
    assert store.view(BBB).entity(eid("p")).caption == "Paula Q R"


def test_a_dataset_of_ones_own_is_named_without_its_agency(store: GraphStore) -> None:
    assert remark(store, store.view(AAA), ["files"], "SECRET//REL AAA,CCC") == 3
    with pytest.raises(UsageError, match="AAA/files"):
        remark(store, store.view(EVERYBODY.model_copy(update={"agencies": {"AAA", "BBB", "CCC"}})), ["files"], "OPEN")


def _keys() -> list[str]:
    return [FIRST.key(), SECOND.key(), OPEN.key()]


def test_a_marking_without_agencies_is_for_the_owner(store: GraphStore) -> None:
    assert remark(store, store.view(AAA), [OPEN.key()], "restricted") == 1
    assert str(store.view(AAA).record(OPEN.key()).record.marking) == "RESTRICTED//REL AAA"


def test_others_may_not_and_what_is_hidden_is_not_there(store: GraphStore) -> None:
    with pytest.raises(AccessDenied, match="AAA"):
        remark(store, store.view(BBB), [OPEN.key()], "OPEN")
    with pytest.raises(AccessDenied):
        remark(store, store.view(BBB), ["AAA/files"], "OPEN")
    texts = set()
    for target in (SECOND.key(), "0" * 32):
        with pytest.raises(NotFound) as error:
            remark(store, store.view(BBB), [target], "OPEN")
        texts.add(str(error.value).replace(target, ""))
    assert len(texts) == 1
    with pytest.raises(NotFound):
        remark(store, store.view(AAA), ["AAA/nothing"], "OPEN")
    with pytest.raises(InputError):
        remark(store, store.view(AAA), ["AAA/files"], "BLUE")


def test_records_of_several_agencies_are_marked_as_one_change(
    store: GraphStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where those of one can't be, those of the other are not."""
    joint = Viewer(name="joint", agencies=frozenset({"AAA", "BBB"}), level="SECRET")
    before = store.view(EVERYBODY).digest()
    one_part = store_module.remark

    def failing(*given: Any) -> int:
        if given[-2] == parse_marking("SECRET", "BBB"):
            raise StoreError("the disk is full")
        return int(one_part(*given))

    monkeypatch.setattr(store_module, "remark", failing)
    with pytest.raises(StoreError, match="the disk is full"):
        remark(store, store.view(joint), ["AAA/files", "BBB/files"], "SECRET")
    assert store.view(EVERYBODY).digest() == before
    monkeypatch.undo()
    assert remark(store, store.view(joint), ["AAA/files", "BBB/files"], "SECRET") == 2
    assert store.view(EVERYBODY).digest() != before
