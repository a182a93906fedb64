"""Stores for a case: complete, without hidden content, and with other hidden content."""

import json
import shutil
import tempfile
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.conformance.oracle.operations import perform, root_of
from tests.laws.sight import Case, Step, standing, stands, visible
from tests.stores import copy_store, leased, used
from workbench.access.viewer import PRIVILEGE_REVIEW as REVIEW
from workbench.access.viewer import Viewer
from workbench.store import registers
from workbench.store.types import LoadEntry
from workbench.view.store import GraphStore, open_store
from workbench.view.view import View


@dataclass
class Stage:
    """A store, its viewer, and the names of random values."""

    folder: Path
    url: str
    leases: ExitStack  # what gives the store back
    viewer: Viewer
    purpose: str
    tokens: dict[str, str]  # token of each step that published
    names: dict[str, str] = field(default_factory=dict)
    upto: str | None = None
    opened: GraphStore | None = None

    @property
    def store(self) -> GraphStore:
        used(self.url)
        if self.opened is None:
            self.opened = open_store(self.url)
        return self.opened

    def leave(self) -> None:
        """Close the store; it opens again when it is asked."""
        if self.opened is not None:
            self.opened.close()
            self.opened = None

    def throw_away(self) -> None:
        self.leave()
        self.leases.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def view(self) -> View:
        revision = None if self.upto is None else self.tokens[self.upto]
        return self.store.view(self.viewer, purpose=self.purpose, revision=revision)

    def environment(self) -> dict[str, str]:
        """What tells a page who looks at this store, and what for."""
        path = self.folder / f"{self.viewer.name}-{self.purpose}.toml"
        if not path.exists():
            rights = self.viewer.model_dump(mode="json", exclude={"name"})
            said = "\n".join(f"{name} = {json.dumps(value)}" for name, value in rights.items())
            path.write_text(f"[{self.viewer.name}]\n{said}\n", "utf-8")
        told = {"WORKBENCH_STORE": self.url, "WORKBENCH_VIEWERS": str(path), "WORKBENCH_PURPOSE": self.purpose}
        return {**told, "WORKBENCH_VIEWER": self.viewer.name}

    def seen_by(self, viewer: Viewer, purpose: str) -> "Stage":
        """The same store, looked at by somebody else."""
        return replace(self, viewer=viewer, purpose=purpose)

    def at(self, step: str) -> "Stage":
        """The same store, at the revision that a step published."""
        return replace(self, upto=step)

    def without_history(self) -> "Stage":
        """The same store, for a comparison with one that has another history."""
        return replace(self, names=dict.fromkeys(self.names, "<one of them>"))

    @contextmanager
    def copied(self) -> Iterator["Stage"]:
        """A copy of the store, to write into."""
        with tempfile.TemporaryDirectory(dir=_room()) as room, leased(Path(room)) as url:
            copy_store(self.url, url)
            copy = replace(self, folder=Path(room), url=url, opened=None)
            try:
                yield copy
            finally:
                copy.store.close()


def play(steps: Sequence[Step], viewer: Viewer, purpose: str) -> Stage:
    """A new store in which these steps were done."""
    folder, leases = Path(tempfile.mkdtemp(dir=_room())), ExitStack()
    stage = Stage(folder, leases.enter_context(leased(folder)), leases, viewer, purpose, {})
    with_loads: list[str] = []
    for step in steps:
        before = len(_log(stage.store))
        token = perform(stage.store, step.operation)
        if token:
            stage.tokens[step.name] = token
        if len(_log(stage.store)) > before:
            with_loads.append(step.name)
    stage.names = {token: f"<{name}>" for name, token in stage.tokens.items()}
    for name, entry in zip(with_loads, _log(stage.store), strict=True):
        stage.names[entry.id] = f"<load of {name}>"
    return stage


def _log(store: GraphStore) -> Sequence[LoadEntry]:
    """All of the log of loads."""
    return registers.loads(store.backend, "ABCZ", [each.vis for each in store.backend.classes()])


@contextmanager
def played(steps: Sequence[Step], viewer: Viewer, purpose: str) -> Iterator[Stage]:
    """A new store in which these steps were done, until the context ends."""
    stage = play(steps, viewer, purpose)
    try:
        yield stage
    finally:
        stage.throw_away()


Stages = dict[str, Stage]  # by name


def scenes(case: Case) -> Iterator[Stages]:
    """The stores that the laws compare, one after another; of each, the stages that look at it.

    - `bare`: without hidden content, seen by a viewer who sees everything.
    - `whole`: complete; `older`: the same at an older revision.
    - `then`: the bare store up to that revision.
    - `other`: with other hidden content.
    - `present`: like `bare`, without anything superseded or withdrawn.
    """
    root = root_of(case.viewer)
    bare = play(visible(case), root, REVIEW)
    shown = list(bare.tokens)
    upto = shown[(len(shown) - 1) // 2] if len(shown) > 1 else None
    yield {"bare": bare}
    whole = play(case.steps, case.viewer, case.purpose)
    yield {"whole": whole, "older": whole.at(upto)} if upto else {"whole": whole}
    yield {"other": play(with_more(case), case.viewer, case.purpose)}
    if upto:
        yield {"then": play(visible(case, upto), root, REVIEW).at(upto)}
    yield from _present(case, bare)


def _present(case: Case, bare: Stage) -> Iterator[Stages]:
    """A store of what stands in another; none where nothing was superseded, or its end was known from what was."""
    steps = visible(case)
    fewer = standing(steps, bare.tokens)
    if fewer == steps:
        return
    made = play(fewer, bare.viewer, bare.purpose)
    if stands(fewer, made.tokens) == stands(steps, bare.tokens):
        yield {"present": made}
    else:
        made.throw_away()


_kept: OrderedDict[str, Stages] = OrderedDict()
_most_kept = 8


def stages_of(case: Case) -> Stages:
    """All stages of a case; the last few cases are cached, because shrinking asks for them repeatedly."""
    text = repr(case)
    if text not in _kept:
        _kept[text] = {name: stage for scene in scenes(case) for name, stage in scene.items()}
        while len(_kept) > _most_kept:
            _throw_away(_kept.popitem(last=False)[1])
    return _kept[text]


def _throw_away(stages: Stages) -> None:
    for each in stages.values():
        each.throw_away()


def with_more(case: Case) -> list[Step]:
    """The steps that the viewer sees, with other hidden operations in between."""
    seen = {step.name: step for step in visible(case)}
    steps: list[Step] = []
    for n, each in enumerate((*case.steps, None)):
        steps += [step for place, step in case.more if place == n]
        if each is not None and each.name in seen:
            steps.append(seen[each.name])
    return steps


def close_all() -> None:
    """Throw all stores away."""
    for each in _kept.values():
        _throw_away(each)
    forget()


def forget() -> None:
    """Play every case again, and leave the earlier stores to their maker."""
    _kept.clear()


def keep(cases: int) -> None:
    """Keep the stores of as many cases from now on."""
    global _most_kept
    _most_kept = cases


def close_connections() -> None:
    """Close all stores, so that this process can be forked."""
    for each in _kept.values():
        for stage in each.values():
            stage.leave()


def _room() -> str | None:
    """A folder in memory, where there is one: hundreds of small stores are made."""
    shared = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    return str(shared) if shared.is_dir() else None
