"""Ask a function about a store, and get its answer as bytes."""

import io
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ingest.by_hand import DrawnByHand
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
from workbench.store.types import Judgement, Withdrawn

# These tell which revisions and loads there were, or act on what stood at any of them: what they answer
# themselves depends on what was superseded, and rightly.
OF_HISTORY = {
    *("GraphStore.view", "View.history", "View.loads", "View.markings_of", "view.resting.at_revision"),
    *("Session.history", "Session.loads", "Session.remark", "Session.withdraw"),
    *("export.marking.marking_of_records", "ingest.withdrawing.withdraw", "resolve.remarking.remark", "session.open"),
}


@dataclass(frozen=True)
class Told:
    """A function's answer or refusal as bytes; for one that writes, also the state afterwards."""

    text: bytes
    history: bytes  # of what is seen then
    names: Mapping[str, str]  # what is random in the store
    made: Mapping[str, str]  # what else is random: a folder, a judgement just made

    def named(self) -> bytes:
        """With names for what is random."""
        return _named(self.text + self.history, {**self.names, **self.made})

    def without_history(self) -> bytes:
        """The same, for a comparison with a store that has another history."""
        return _named(self.text, {**dict.fromkeys(self.names, "<one of them>"), **self.made})


def _named(text: bytes, names: Mapping[str, str]) -> bytes:
    if not names:
        return text
    by = {name.encode(): said.encode() for name, said in names.items()}
    return re.sub(b"|".join(sorted(map(re.escape, by), key=len, reverse=True)), lambda found: by[found[0]], text)


def ask(question: Question, stage: Stage, pools: Pools, picks: Sequence[int]) -> Told:
    """Ask a function; one that writes gets a copy of the store."""
    if not question.writes:
        return ask_here(question, stage, pools, picks)
    with stage.copied() as copy:
        told = ask_here(question, copy, pools, picks)
        return replace(told, text=told.text + _seen_then(copy), history=_history(copy))


def _seen_then(stage: Stage) -> bytes:
    view = stage.view()
    # Of several that are new, the ids are random, and so is their order.
    judged = sorted(
        view.judgements(), key=lambda each: (each.id if each.at == DAY else "", each.a, each.b, each.verdict)
    )
    told: list[object] = [view.digest(), view.stats(), view.clusters(), judged, view.listed_common()]
    return answer([*told, view.documents(KIND), view.quarantine()], {})


def _history(stage: Stage) -> bytes:
    return answer(stage.view().history(), {})


def ask_here(question: Question, stage: Stage, pools: Pools, picks: Sequence[int]) -> Told:
    """Ask a function of this store itself, even if it writes."""
    asked = [Asked(pools, pick, stage) for pick in picks]
    given = {p: fill(question, p)(each) for p, each in zip(question.parameters, asked, strict=False)}
    if any(each is Skip for each in given.values()):
        return Told(b"nothing to ask about", b"", {}, {})
    room = Path(tempfile.mkdtemp(dir=stage.folder.parent)) if any(each is Folder for each in given.values()) else None
    given |= {p: room / "out" for p, value in given.items() if room and value is Folder}
    try:
        with redirect_stdout(io.StringIO()) as shown:
            told = [_told(question, stage, given), *(each for each in given.values() if isinstance(each, Desk))]
            names, made = _names(stage, told) if question.writes else (stage.names, {})
            return Told(answer([told, shown.getvalue(), room], {}), b"", names, made)
    except WorkbenchError as error:
        return Told(answer([error, shown.getvalue()], {}), b"", stage.names, {str(room): "<room>"})
    finally:
        if room:
            shutil.rmtree(room)


def _told(question: Question, stage: Stage, given: Mapping[str, Any]) -> Any:
    if not question.drawn:
        return question.ask(stage, stage.view(), **given)
    return drawn(lambda: question.ask(stage, stage.view(), **given), stage.environment())


def _names(stage: Stage, told: Sequence[Any]) -> tuple[dict[str, str], dict[str, str]]:
    """Names of what is random in a copy that was just written into, and of what was made there."""
    view = stage.view()
    fresh = [each for each in (*told, *view.judgements()) if isinstance(each, Judgement) and each.at != DAY]
    tokens = [token for token, _ in view.history()]
    drawn = [each for each in told if isinstance(each, DrawnByHand)]
    reports = [each for each in told if isinstance(each, LoadReport | Withdrawn)]
    tokens += [each.revision for each in (*reports, *drawn) if each.revision]
    names = dict(stage.names)
    for n, token in enumerate(tokens):
        names.setdefault(token, f"<new revision {n}>")
    loads = {each.load: "<the new load>" for each in drawn if each.revision}
    return names, {each.id: "<the new judgement>" for each in fresh} | loads
