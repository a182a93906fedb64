"""kill -9 in the midst of taking back a load: it is done or not done, and can be done again."""

import time
from contextlib import closing
from functools import partial
from pathlib import Path

import ingest
from tests.crash.processes import EVERYBODY, Load, digest, killed_after, load, start, wait
from tests.stores import KIND, SQLITE, fresh_url
from workbench.access.viewer import local_viewer
from workbench.store.base import open_store

UNITS = 3_000 if KIND == SQLITE else 1_000
POINTS = 8 if KIND == SQLITE else 3
LINE = '{{"id": "{n}", "schema": "Person", "properties": {{"name": ["{name} {n}"]}}}}\n'


def prepared(folder: Path, name: str) -> tuple[str, str]:
    """A store in which a second load superseded half of the first, and the second one's id."""
    first, second = folder / "first.json", folder / "second.json"
    first.write_text("".join(LINE.format(n=n, name="Ann") for n in range(UNITS)), "utf-8")
    second.write_text("".join(LINE.format(n=n, name="Eve") for n in range(UNITS // 2, 3 * UNITS // 2)), "utf-8")
    url = fresh_url(folder, name)
    load(url, Load((first,), "ftm", "LOCAL"))
    with closing(open_store(url)) as store:
        options = {"adapter": "ftm", "agency": "LOCAL", "dataset": "first.json", "delivered": "2026-02-01"}
        ingest.load(store, [second], viewer=local_viewer(()), by="crash", **options)
        return url, store.view(EVERYBODY).loads()[-1].id


def take_back(url: str, of: str) -> None:
    with closing(open_store(url)) as store:
        ingest.withdraw(store, store.view(local_viewer(store.agencies())), of, by="crash", why="mistaken")


def withdrawn(url: str, of: str) -> bool:
    with closing(open_store(url)) as store:
        return next(each for each in store.view(EVERYBODY).loads() if each.id == of).withdrawn is not None


def test_a_withdrawal_that_is_killed_is_done_or_not_done(tmp_path: Path) -> None:
    url, second = prepared(tmp_path, "undisturbed")
    before, started = digest(url), time.monotonic()
    assert wait(start(partial(take_back, url, second))) == 0
    duration, after = time.monotonic() - started, digest(url)
    assert before != after
    in_its_midst = 0
    for n in range(POINTS):
        url, second = prepared(tmp_path, f"kill-{n}")
        killed = killed_after(duration * (n + 0.5) / POINTS, partial(take_back, url, second))
        done = withdrawn(url, second)
        assert digest(url) == (after if done else before)
        if not done:
            in_its_midst += killed
            assert wait(start(partial(take_back, url, second))) == 0
        assert digest(url) == after
    assert in_its_midst
