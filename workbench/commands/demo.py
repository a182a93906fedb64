"""The demo: the case Saltmarsh in its own store, and a report of what it holds, joins and shows."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from typing import Any

from platformdirs import user_data_path

from workbench import session
from workbench.access.files import text_of, write_private
from workbench.access.viewer import EVERY_AGENCY, Viewer, hash_of
from workbench.analytics import ANALYSES
from workbench.commands.console import say, table
from workbench.demo import Demo, write_demo
from workbench.errors import InputError, UsageError
from workbench.model.ids import entity_id
from workbench.session import Session
from workbench.settings import APPLICATION, beside_store, open_store, viewers_place
from workbench.store.login import shown
from workbench.store.types import FileReport
from workbench.view.store import GraphStore

SAMPLE = Path(__file__).parents[2] / "sample_data"
QUESTION = "Who connects the recruiter and the landlord?"
_START, _END = "recruiter", "landlord"
_LOADER = "joint"  # the only viewer of the demo who may load
_VIEWERS = {
    "joint": ("NKP", "TRC", "KFIU", "RJP"),
    "noordkust": ("NKP",),
    "trakia": ("TRC",),
    "kition": ("KFIU",),
    "rif": ("RJP",),
}
_VIEWERS_FILE = "\n".join(
    f'[{name}]\nagencies = {json.dumps(list(agencies))}\nlevel = "SECRET"\npurposes = ["investigation"]\n'
    + (f"loads = {json.dumps(list(agencies))}\n" if name == _LOADER else "")
    for name, agencies in _VIEWERS.items()
)


def demo_url() -> str:
    """The default URL of the demo's store."""
    return f"sqlite:///{user_data_path(APPLICATION) / 'demo' / 'saltmarsh.db'}"


def build_demo(url: str) -> dict[str, Any]:
    """Load the sample case into the store at a URL, score who is who in it, and report what it holds.

    Building it again changes nothing. InputError if the sample case is not beside the code; UsageError if the
    store or the viewers file was not made by the demo.
    """
    viewers = _viewers_place(url)
    store = open_store(url)
    try:
        mark = _mark(store)
        write_private(viewers, _VIEWERS_FILE)
        agencies = frozenset(_VIEWERS[_LOADER])
        # For every agency: a demo of an older version is scored by the new model.
        joint = Viewer(name=_LOADER, agencies=agencies, level="SECRET", loads=frozenset({EVERY_AGENCY}))
        case = Session(store, lambda: joint, by="demo")
        loaded = list(_load(case))
        case.score(new=True)
        ends = _write_question(url, mark)
        return {"loaded": loaded, **_joined(case), **_found(case, *ends)}
    finally:
        store.close()


def open_demo(url: str | None = None) -> Session:
    """Build the sample case Saltmarsh in its own store (see `build_demo`), and open it as the viewer `joint`.

    Building it again changes nothing. The store's other viewers are `noordkust`, `trakia`, `kition` and `rif`.
    """
    where = url or demo_url()
    build_demo(where)
    return session.open(where, _LOADER)


def _load(case: Session) -> Iterator[dict[str, Any]]:
    batch = SAMPLE / "loads.toml"
    if not batch.is_file():
        raise InputError(f"the sample case is not at {SAMPLE}: run the demo from a checkout")
    for load, done, _ in case.load_batch(batch):
        if done is None or not done.clean:
            told = done.messages if done else ("a load failed",)
            raise InputError("the sample case did not load completely: " + "; ".join(told))
        yield from ({"agency": load.agency, **_counts(each)} for each in done.files)


def _counts(each: FileReport) -> dict[str, Any]:
    name = Path(each.path).relative_to(SAMPLE).as_posix()
    outcomes = {"accepted": each.accepted, "unchanged": each.unchanged, "late": each.late}
    return {"file": name, "read": each.read, **outcomes}


def _viewers_place(url: str) -> Path:
    """The path for the demo's viewers file; UsageError if it names other viewers."""
    path = _known(viewers_place(url))
    if text_of(path) not in (None, _VIEWERS_FILE):
        raise UsageError(f"{path} names other viewers: the demo needs its own store, name another one", "url")
    return path


def _mark(store: GraphStore) -> str:
    """The mark of the demo's store, put on an empty one; UsageError for a store that others filled."""
    with store.lease():  # nobody else fills or marks it between the check and the write
        mark = store.demo_mark()
        if mark:
            return mark
        if store.agencies():
            raise UsageError(f"{store.url} was filled by others: the demo needs its own store, name another one", "url")
        mark = token_hex(16)
        store.mark_as_demo(mark)
    return mark


def _write_question(url: str, mark: str) -> tuple[str, str]:
    """Write the question that the dashboard opens with; returns the two entities in it."""
    with (SAMPLE / "who.csv").open(encoding="utf-8", newline="") as lines:
        ids: dict[str, str] = {}
        for row in csv.DictReader(lines):
            ids.setdefault(row["entity"], entity_id(row["agency"], row["dataset"], row["source_id"]))
    question = Demo(QUESTION, ids[_START], ids[_END], _LOADER, store=mark, viewers=hash_of(_VIEWERS_FILE))
    write_demo(_known(beside_store(url, "demo.json")), question)
    return ids[_START], ids[_END]


def _known(path: Path | None) -> Path:
    if path is None:
        raise UsageError("the demo writes a viewers file: for a store on a server, name it in WORKBENCH_VIEWERS")
    return path


def _joined(case: Session) -> dict[str, Any]:
    stats, joined = case.stats(), case.resolve()
    return {
        "records": stats.records,
        "entities": sum(stats.entities.values()),
        "relationships": sum(stats.relationships.values()),
        "ties": stats.ties,
        "canonical": stats.canonical,
        "joins": len(joined.joins),
        "vetoes": len(joined.vetoes),
        "common": [{"kind": each.kind, "value": each.value, "n": each.n} for each in case.common_values()],
    }


def _found(case: Session, start: str, end: str) -> dict[str, Any]:
    """Short answers to questions 1, 2 and 4, which the dashboard and the command line answer in full."""
    path = case.paths(start, end, projection="persons", k=1).results
    players = case.key_players().results[:5]
    joint = Counter(each.what for each in case.joint_value().results)
    return {
        "question": QUESTION,
        "path": [each.caption for each in case.summaries(path[0].entities)] if path else [],
        "key_players": [{"rank": each.rank, "caption": each.caption, "id": each.id} for each in players],
        "only_jointly": dict(sorted(joint.items())),
    }


def tell(story: dict[str, Any], url: str) -> None:
    """Print what was loaded, joined and found."""
    table(
        "Loaded",
        ("agency", "file", "read", "accepted", "unchanged", "late"),
        [each.values() for each in story["loaded"]],
    )
    table(
        "Joined",
        ("what", "n"),
        [(n, story[n]) for n in ("records", "entities", "canonical", "joins", "vetoes", "ties")],
    )
    table("Set aside as common", ("kind", "value", "shared by"), [each.values() for each in story["common"]])
    say(f"{story['question']} {' - '.join(story['path']) or 'nobody in this view'}")
    table("Key players of the union", ("rank", "who", "id"), [each.values() for each in story["key_players"]])
    say(ANALYSES["key-players"].caution)
    table(ANALYSES["joint-value"].title, ("what", "n"), story["only_jointly"].items())
    where = shown(url)
    say(f"The store is {where}; set WORKBENCH_STORE={where} to use it in commands, as viewer `joint`.")
