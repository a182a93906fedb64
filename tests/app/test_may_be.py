"""The profile says who an entity may also be, and opens it; it says nothing of what its viewer does not see."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.case import fill, id_of, load, record
from tests.app.test_pages import desk, run, texts
from tests.resolve.test_checking import chain
from workbench import settings
from workbench.access.audit import Trace
from workbench.app import profile
from workbench.app.text import plain
from workbench.model.record import Record
from workbench.resolve.scoring import score
from workbench.view.store import open_store

PROJECT = Path(__file__).parents[2]
HEADING = "**May also be**"
RIFI, NUR, NOUR = id_of("NKP", "rifi"), id_of("RJP", "nur"), id_of("KFIU", "nour")
SEEN = [
    record("NKP", "Person", "rifi", name="Noureddine Rifi"),
    record("RJP", "Person", "nur", name="Nuruddin Al-Rifi"),
]
HIDDEN = [record("KFIU", "Person", "nour", marking="SECRET//REL KFIU", name="Nureddin Rifi", birthDate="1971")]


def scored(folder: Path, records: Sequence[Record]) -> str:
    """The URL of the small case with more records, after somebody who sees everything scored it."""
    url = fill(folder)
    with closing(open_store(url)) as store:
        for each in records:
            load(store, each.dataset.agency, [each])
        score(store, store.view(settings.viewer_for(store, url, "joint")))
    return url


def dashboard(url: str, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The dashboard of a store, before its first run."""
    monkeypatch.setenv("WORKBENCH_STORE", url)
    return AppTest.from_file(PROJECT / "streamlit_app.py", default_timeout=60)


def select(app: AppTest, entity: str) -> str:
    """Open an entity, which shows its profile; all that the page says then."""
    desk(app).open(app.session_state["case"].view, entity)
    return texts(run(app))


def offered(app: AppTest) -> set[str]:
    """The ids of those that the entity in the profile may also be."""
    return {str(each.key).removeprefix("may-be-") for each in app.button if str(each.key).startswith("may-be-")}


def test_a_profile_says_who_else_it_may_be_and_opens_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = run(dashboard(scored(tmp_path, [*SEEN, *HIDDEN]), monkeypatch))
    said = select(app, RIFI)
    assert HEADING in said
    assert offered(app) == {NUR, NOUR}
    assert plain("bits: name +") in said
    assert plain(f"Person · born 1971 · KFIU · 1 record · id {NOUR}") in said
    assert "neither a probability nor a fact" in said
    assert "`workbench same`" in said
    app.button(key=f"may-be-{NUR}").click()
    said = texts(run(app))
    assert f"Id {NUR}" in said
    assert desk(app).selected == (NUR,)
    assert NUR in desk(app).chart.entities
    assert offered(app) == {RIFI, NOUR}
    assert HEADING not in select(app, id_of("NKP", "mo")), "nobody else has his name"


def test_what_a_viewer_does_not_see_is_not_proposed_to_him(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = run(dashboard(scored(tmp_path, [SEEN[0], *HIDDEN]), monkeypatch))
    assert HEADING in select(app, RIFI)
    app.selectbox(key="viewer-switch").set_value("noordkust")
    run(app)
    said = select(app, RIFI)
    assert f"Id {RIFI}" in said
    assert HEADING not in said
    assert "bits" not in said


def test_a_profile_is_the_same_whatever_is_hidden(tmp_path: Path) -> None:
    told = []
    for name, hidden in ("with", HIDDEN), ("without", []):
        (tmp_path / name).mkdir()
        url = scored(tmp_path / name, [*SEEN, *hidden])
        with closing(open_store(url)) as store:
            view = store.view(settings.viewer_for(store, url, "noordkust"))
            told.append([profile.show(view, each) for each in (RIFI, NUR)])
    assert told[0] == told[1]
    assert [[each.other.id for each in shown.may_be] for shown in told[0]] == [[NUR], [RIFI]]


def test_a_profile_says_that_a_loose_cluster_should_be_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the companies in a chain KFIU alone sees the one between."""
    app = run(dashboard(scored(tmp_path, chain()), monkeypatch))
    why = "loosely joined (7 referents, 6 of their 21 pairs joined)"
    for entity, viewer, told in (("c5", "joint", [why]), ("mo", "joint", []), ("c5", "noordkust", [])):
        app.selectbox(key="viewer-switch").set_value(viewer)
        run(app)
        select(app, id_of("NKP", entity))
        warned = [each.value for each in app.warning if "Check" in each.value]
        assert warned == [plain(f"Check whether this is one: {each}") for each in told]


def test_three_are_shown_until_more_are_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [record("RJP", "Person", f"salma{n}", name="Salma Ouazzani ![x](http://a)") for n in range(8)]
    app = run(dashboard(scored(tmp_path, people), monkeypatch))
    select(app, id_of("RJP", "salma0"))
    assert len(offered(app)) == 3
    assert not any("![x]" in each.label for each in app.button)
    for shown in 6, 7:
        app.button(key="more-others").click()
        assert len(offered(run(app))) == shown
    assert all(each.key != "more-others" for each in app.button)
    select(app, id_of("RJP", "salma1"))
    assert len(offered(app)) == 3, "each profile begins anew"


@dataclass
class Ledger:
    """Keeps all traces."""

    kept: list[Trace] = field(default_factory=list)

    def keep(self, trace: Trace) -> None:
        self.kept.append(trace)


def test_a_profile_is_one_question(tmp_path: Path) -> None:
    url, ledger = scored(tmp_path, SEEN), Ledger()
    with closing(open_store(url)) as store:
        view = store.with_audit(ledger).view(settings.viewer_for(store, url, "joint"))
        profile.show(view, RIFI)
        profile.show(view, id_of("NKP", "mo"))
    told = [(each.what, each.asked, each.answered) for each in ledger.kept]
    assert told == [("show", {"entity": RIFI}, 2), ("show", {"entity": id_of("NKP", "mo")}, 1)]
