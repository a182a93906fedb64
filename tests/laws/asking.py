"""Asking a function about a store, and its answer in bytes."""

import io
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from ingest.report import LoadReport
from tests.laws.answers import answer
from tests.laws.cases import DAY
from tests.laws.catalogue import Asked, Folder, Pools, Skip, fill
from tests.laws.page import drawn
from tests.laws.stages import Stage
from tests.laws.walk import Question
from workbench.app.charts import KIND
from workbench.app.desk import Desk
from workbench.errors import WorkbenchError
from workbench.store.types import Judgement

# These tell which revisions and loads there were, or act on what stood at any of them: what they answer
# themselves depends on what was superseded, and rightly.
OF_HISTORY = {
    *("GraphStore.view", "View.history", "View.loads", "View.markings_of"),
    *("export.marking.marking_of_records", "resolve.remarking.remark", "session.open"),
}


def ask(question: Question, stage: Stage, pools: Pools, picks: Sequence[int]) -> bytes:
    """What a function answers, or how it refuses, in bytes; of one that writes, also what is seen then."""
    if not question.writes:
        return _ask(question, stage, pools, picks)
    with stage.copied() as copy:
        return _ask(question, copy, pools, picks) + _seen_then(copy)


def _seen_then(stage: Stage) -> bytes:
    view = stage.store.view(stage.viewer, purpose=stage.purpose)
    told: list[object] = [view.digest(), view.stats(), view.clusters(), view.judgements(), view.listed_common()]
    told += [view.documents(KIND), view.quarantine()]
    return answer([*told, [] if stage.timeless else view.history()], _names(stage))


def _ask(question: Question, stage: Stage, pools: Pools, picks: Sequence[int]) -> bytes:
    if stage.timeless and question.name in OF_HISTORY:
        return b"nothing to compare"
    view = stage.view()
    filled = zip(question.parameters, picks, strict=False)
    given = {p: fill(question, p)(Asked(pools, pick, stage, view)) for p, pick in filled}
    if any(each is Skip for each in given.values()):
        return b"nothing to ask about"
    room = Path(tempfile.mkdtemp(dir=stage.folder.parent)) if any(each is Folder for each in given.values()) else None
    given |= {p: room / "out" for p, value in given.items() if room and value is Folder}
    try:
        with redirect_stdout(io.StringIO()) as shown:
            told = [_told(question, stage, given), *(each for each in given.values() if isinstance(each, Desk))]
            names = _names(stage, told) if question.writes else stage.names
            return answer([told, shown.getvalue(), room], names)
    except WorkbenchError as error:
        return answer([error, shown.getvalue()], {**stage.names, str(room): "<room>"})
    finally:
        if room:
            shutil.rmtree(room)


def _told(question: Question, stage: Stage, given: Mapping[str, Any]) -> Any:
    if not question.drawn:
        return question.ask(stage, stage.view(), **given)
    return drawn(lambda: question.ask(stage, stage.view(), **given), stage.environment())


def _names(stage: Stage, told: Sequence[Any] = ()) -> dict[str, str]:
    """Names of what is random in this store, of what was just made in a copy too."""
    names = dict(stage.names)
    view = stage.store.view(stage.viewer, purpose=stage.purpose)
    fresh = [each for each in (*told, *view.judgements()) if isinstance(each, Judgement) and each.at != DAY]
    names.update((each.id, "<the new judgement>") for each in fresh)
    made = [each.revision for each in told if isinstance(each, LoadReport) and each.revision]
    for n, token in enumerate((*(token for token, _ in view.history()), *made)):
        names.setdefault(token, "<one of them>" if stage.timeless else f"<new revision {n}>")
    return names
