"""The profile says which judgements about an entity can't all be right, to who sees all of them."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.app.case import fill, load
from tests.app.test_may_be import NUR, RIFI, SEEN, dashboard, select
from tests.app.test_pages import run
from workbench import settings
from workbench.app.text import plain
from workbench.resolve import judge
from workbench.view.store import open_store

AGAINST = plain("These can't all be right")


@pytest.mark.parametrize("verdicts", [("same", "different"), ("same", "unsure")])
def test_a_profile_says_which_judgements_contradict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verdicts: tuple[str, str]
) -> None:
    url = fill(tmp_path)
    with closing(open_store(url)) as store:
        for each in SEEN:
            load(store, each.dataset.agency, [each])
        for name, verdict in zip(("joint", "noordkust"), verdicts, strict=True):
            viewer = settings.viewer_for(store, url, "joint")
            judge(store, store.view(viewer.model_copy(update={"name": name})), RIFI, NUR, verdict, f"{name} *saw* him")
    app = run(dashboard(url, monkeypatch))
    select(app, RIFI)
    told = [each.value for each in app.warning if AGAINST in each.value]
    assert len(told) == ("different" in verdicts)
    for each in told:
        assert plain("different, says noordkust: noordkust *saw* him - but ") in each
        assert plain("same, says joint: joint *saw* him") in each
