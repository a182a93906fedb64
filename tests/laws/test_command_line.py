"""By command line: an agency's answers are the same bytes whether another's hidden files were loaded, and when.

Both agencies have the passports, a phone and an account of the same persons, and each has a line in
quarantine, judgements and a listed value. A job scores who is who after each load: by what is hidden
two persons are one, and by what is seen they are proposed.

Everything is asked in this process, of stores in which the other agency loaded before, after, before
and after, and not at all. A process of its own costs a second to start: some of the installed commands
answer a question each, of a store without the others' files, of the same store after these were loaded,
and of one in which they came first. That shows what a process adds, the entry points, streams and exit
codes; all else is the same code.
"""

import json
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.laws.command_line import (
    CHANGING,
    MINE,
    NO_TOKEN,
    NOBODY,
    OF_A_COPY,
    OTHERS,
    VIEWERS,
    WHO,
    Answer,
    Run,
    Store,
    apart,
    held_by,
    here,
    reading_commands,
)
from tests.stores import KIND, NEO4J, SQLITE, leased, viewers_in
from workbench.analytics import ANALYSES
from workbench.export import formats
from workbench.model.ids import entity_id

pytestmark = [
    pytest.mark.each_store(reason="each store holds back what is hidden by filters of its own"),
    pytest.mark.night(reason="it prints what views answer, which the laws of views ask by day", kind=NEO4J),
]

ORDERS = ((OTHERS, MINE), (MINE, OTHERS), (OTHERS, MINE, OTHERS), (MINE,))
PERSONS = tuple(entity_id(MINE, "d", f"p{n}") for n in range(4))
SCORED = tuple(entity_id(MINE, "d", name) for name in ("a0", "a1", "b0", "b1"))
PHONE, THEIRS = entity_id(MINE, "d", "phone"), entity_id(OTHERS, "d", "p0")
KEPT = f"groups of {MINE}"
OUT = "{out}"  # where an export that can't go to stdout is written

Question = tuple[str, tuple[str, ...]]

# The installed ones answer the first question of each of these, and refuse what is hidden. What a process
# adds is the same whatever the store: on Neo4j one of each program is asked.
INSTALLED = ("workbench show", "ingest quarantine list")
if KIND == SQLITE:
    more = ("stats", "search", "clusters", "joint-value", "export", "neighbours")
    INSTALLED += tuple(f"workbench {name}" for name in more)

QUESTIONS: dict[str, Sequence[Sequence[str]]] = {
    "workbench stats": [["--json"], []],
    "workbench digest": [["--json"], []],
    "workbench revisions": [["--json"], []],
    "workbench search": [["Person", "--json"], *([text, "--json"] for text in ("P77712", "+316", OTHERS)), ["Person"]],
    "workbench show": [
        *([each, "--json"] for each in (*PERSONS, PHONE, *SCORED)),
        *([each] for each in (PERSONS[0], *SCORED)),
    ],
    "workbench neighbours": [[PERSONS[0], "--json"], *([each, "--hops", "3", "--json"] for each in PERSONS), [PHONE]],
    "workbench proposals": [["--json"], []],
    "workbench contradictions": [["--json"], []],
    "workbench clusters": [[], ["--json"]],
    "workbench clusters-to-check": [["--json"], []],
    "workbench judgements": [["--json"], []],
    "workbench common list": [["--json"], []],
    **{f"workbench {name}": [["--json"], [], ["--count-common", "--json"]] for name in ANALYSES},
    "workbench communities": [["--json"], [], ["--projection", "all", "--json"]],
    "workbench key-players": [["--json"], [], ["--count-common", "--measure", "degree", "--json"]],
    "workbench group": [[each, "--json"] for each in PERSONS] + [PERSONS[:1]],
    "workbench lead": [[*PERSONS[:2], "--json"], PERSONS[:2], [*PERSONS[2:], "--question", "hidden", "--json"]],
    "workbench paths": [[*PERSONS[:2], "--json"], PERSONS[:2], *([PERSONS[0], each, "--json"] for each in PERSONS[2:])],
    "workbench findings list": [["--json"], []],
    "workbench leads list": [["--json"], []],
    "workbench weight": [[*PERSONS[2:], "--json"], PERSONS[2:], [PERSONS[3], PERSONS[2], "--count-common", "--json"]],
    **{f"workbench findings {name}": [[KEPT, "--json"], [KEPT]] for name in ("show", "again")},
    "workbench findings compare": [[KEPT, "--json"], [KEPT], [KEPT, "--since", "3000-01-01", "--json"]],
    "workbench export": [
        *(["--format", form] for form in formats() if form != "csv"),
        ["--format", "csv", "--out", OUT, "--json"],
    ],
    **{f"ingest {name}": [["--json"]] for name in ("loads", "log")},
    "ingest quarantine list": [["--json"], []],
    "ingest quarantine show": [["nothing", "--json"]],
}

# Of what the other agency has, and of what nobody has: refused alike.
REFUSED: tuple[tuple[str, Sequence[str], str], ...] = (
    *((f"workbench {name}", ["{}", "--json"], "id") for name in ("show", "neighbours")),
    ("workbench paths", [PERSONS[0], "{}", "--json"], "id"),
    ("workbench weight", [PERSONS[2], "{}", "--json"], "id"),
    ("workbench group", ["{}", "--json"], "id"),
    ("workbench lead", [PERSONS[0], "{}", "--json"], "id"),
    ("workbench same", [PERSONS[0], "{}", "--reason", "seen"], "id"),
    ("workbench different", ["{}", PERSONS[0], "--reason", "seen"], "id"),
    ("workbench unsure", ["{}", PERSONS[0], "--reason", "seen"], "id"),
    *(
        (f"workbench leads {verdict}", [PERSONS[0], "{}", "--reason", "seen"], "id")
        for verdict in ("accept", "reject", "park")
    ),
    ("workbench remark", ["{}", "--marking", "OPEN"], "dataset"),
    ("workbench undo", ["{}"], "judgement"),
    *((f"workbench findings {name}", ["{}"], "finding") for name in ("show", "again", "compare", "drop")),
    ("ingest withdraw", ["{}", "--reason", "x"], "load"),
    ("ingest quarantine show", ["{}"], "unit"),
    ("ingest quarantine replay", ["{}"], "unit"),
    ("ingest quarantine discard", ["{}", "--reason", "x"], "unit"),
    *((f"workbench {name}", ["--revision", "{}", "--json"], "revision") for name in ("stats", "digest")),
)


@dataclass(frozen=True)
class Room:
    """Where the agencies' files and the stores are."""

    folder: Path

    @contextmanager
    def store(self, order: Sequence[str]) -> Iterator[tuple[Store, dict[str, str]]]:
        """A store into which the agencies loaded in this order, and the names of the other one's random values."""
        folder = self.folder / f"in-order-{'-'.join(order)}"
        folder.mkdir()
        (folder / "viewers.toml").write_text(VIEWERS, "utf-8")
        with leased(folder) as url, viewers_in(folder):
            made = Store(folder, {}, url)
            hidden: dict[str, str] = {}
            for agency in order:
                hidden |= self.load(made, agency)
            yield made, hidden

    def load(self, store: Store, agency: str) -> dict[str, str]:
        file = self.folder / f"{agency}.ftm.json"
        file.write_bytes(held_by(agency))
        told = store.load(agency, file)
        return told if agency == OTHERS else {}

    def ask(self, store: Store, how: Run, question: Question) -> Answer:
        """The answer to the agency's viewer, with all files that the command writes."""
        name, arguments = question
        program, *words = name.split()
        out = store.folder / "out"
        given = [each.replace(OUT, str(out)) for each in arguments]
        code, told, failed = how(program, (*words, *given, "--store", store.url, "--as", WHO[MINE]))
        if OUT in arguments:
            told += b"".join(file.name.encode() + file.read_bytes() for file in sorted(out.iterdir()))
            shutil.rmtree(out)
        for each in (str(store.folder).encode(), store.place.encode()):
            told, failed = told.replace(each, b"<place>"), failed.replace(each, b"<place>")
        return code, told, failed


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def everything() -> Iterator[Question]:
    for name, variants in QUESTIONS.items():
        yield from ((name, tuple(each)) for each in variants)


def refused(called: dict[str, str]) -> Iterator[Question]:
    for name, arguments, kind in REFUSED:
        yield name, tuple(each.format(called[kind]) for each in arguments)


def of_nobody() -> dict[str, str]:
    """An id that does not exist."""
    return {
        "id": NOBODY,
        "dataset": "XXX/d",
        "finding": "groups of nobody",
        "judgement": NO_TOKEN,
        "unit": "f" * 32,
        "load": NO_TOKEN,
        "revision": NO_TOKEN,
    }


def test_every_command_is_asked() -> None:
    assert set(QUESTIONS) == reading_commands() - CHANGING - OF_A_COPY
    assert reading_commands() >= CHANGING - {"workbench common add"} | {name for name, *_ in REFUSED}


def referents(store: Store, entity: str, viewer: str) -> int:
    """How many referents a viewer is shown of an entity."""
    _, told, _ = here("workbench", ("show", entity, "--store", store.url, "--as", viewer, "--json"))
    return len(json.loads(told)["referents"])


def test_hidden_files_change_no_answer_by_a_byte(room: Room) -> None:
    hidden: dict[str, str] = {}  # of the first store: in the others nothing is called so
    told: dict[tuple[str, ...], dict[Question, Answer]] = {}
    for order in ORDERS:
        with room.store(order) as (store, theirs):
            hidden = hidden or {**of_nobody(), **theirs}
            questions = [*everything(), *refused(hidden), *refused(of_nobody())]
            told[order] = {question: store.told(room.ask(store, here, question)) for question in questions}
    alone = told.pop((MINE,))
    assert json.loads(alone["workbench proposals", ("--json",)][1])["proposals"]
    for question, mine in alone.items():
        assert mine[0] == (0 if question in set(everything()) and "nothing" not in question[1] else 2), mine
        for order, answers in told.items():
            assert answers[question] == mine, (question, order)


def test_hidden_files_change_no_answer_in_the_same_store(room: Room) -> None:
    with room.store([MINE]) as (store, _):
        before = {question: room.ask(store, here, question) for question in (*everything(), *refused(of_nobody()))}
        hidden = {**of_nobody(), **room.load(store, OTHERS)}
        assert referents(store, SCORED[-1], "job") == 4  # two of each agency
        for question, told in before.items():
            assert room.ask(store, here, question) == told, question
        for unknown, known in zip(refused(of_nobody()), refused(hidden), strict=True):
            code, out, err = room.ask(store, here, known)
            for kind, name in hidden.items():
                out, err = (text.replace(name.encode(), of_nobody()[kind].encode()) for text in (out, err))
            assert (code, out, err) == before[unknown], known


def test_the_installed_commands_answer_alike(room: Room) -> None:
    with ThreadPoolExecutor(2) as pool:

        def told(of: Store) -> list[Answer]:
            return list(pool.map(lambda question: room.ask(of, apart, question), chosen))

        chosen = [(name, tuple(QUESTIONS[name][0])) for name in INSTALLED]
        with room.store([OTHERS, MINE]) as (first, hidden):
            chosen += [question for question in refused({**of_nobody(), **hidden}) if question[0] in INSTALLED]
            beside = [first.told(each) for each in told(first)]
        with room.store([MINE]) as (store, _):
            before = told(store)
            room.load(store, OTHERS)
            for question, one, other, third in zip(chosen, before, told(store), beside, strict=True):
                assert other == one, question
                assert third == store.told(one), question
