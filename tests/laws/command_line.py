"""The stores for the law on the command line, an agency's questions to them, and how answers are compared."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from tests.programs import PROGRAMS, commands_of
from workbench.commands.console import run
from workbench.model.ids import entity_id

Entities = list[dict[str, Any]]
Answer = tuple[int, bytes, bytes]  # exit code, stdout, stderr

VIEWERS = """
[anna]
agencies = ["NKP"]
level = "SECRET"
loads = ["NKP"]

[bram]
agencies = ["KFIU"]
level = "SECRET"
loads = ["KFIU"]

[kees]
agencies = ["NKP"]
level = "SECRET"
compartments = ["X"]
loads = ["NKP"]

[job]
agencies = ["NKP", "KFIU"]
level = "SECRET"
compartments = ["X"]
"""
MINE, OTHERS = "NKP", "KFIU"
WHO = {MINE: "anna", OTHERS: "bram"}
NOBODY, NO_TOKEN = "0" * 20, "0" * 16

# They make a copy for one viewer, and ask it: what it holds is asked in tests/store/test_viewers_copy.py.
OF_A_COPY = {"workbench copy", "workbench cypher"}

# They change the store, so that nothing could be asked of it twice: the laws ask what they run.
CHANGING = {
    *("workbench same", "workbench different", "workbench unsure", "workbench undo", "workbench remark"),
    *("workbench resolve", "workbench judge"),
    *("workbench common add", "workbench common remove"),
    "workbench findings drop",
    *("workbench leads accept", "workbench leads park", "workbench leads reject"),
    *("ingest quarantine replay", "ingest quarantine discard", "ingest withdraw"),
}


# Who are one by their names and the day of their birth, and namesakes born on two days.
_ONE = ("Владимир Петров", "Vladimir Petrov")
_NAMESAKE, _DAYS = "Mohamed Alaoui", ("1991-11-22", "1991-11-25")


def entity(source_id: str, schema: str, **properties: str) -> dict[str, Any]:
    """An entity or a relationship in a file."""
    return {"id": source_id, "schema": schema, "properties": {key: [value] for key, value in properties.items()}}


def held_by(agency: str) -> bytes:
    """An agency's file: its own persons, under passports, a phone and an account that both have; and a bad line.

    Scores join two more persons, and propose two.
    """
    found: Entities = [
        *(entity(f"p{n}", "Person", name=f"{agency} Person {n}", passportNumber=f"P77712{n}") for n in range(4)),
        *(entity(f"a{n}", "Person", name=name, birthDate="1971-03-14") for n, name in enumerate(_ONE)),
        *(entity(f"b{n}", "Person", name=_NAMESAKE, birthDate=day) for n, day in enumerate(_DAYS)),
        entity("phone", "Phone", number="+31612345678"),
        entity("account", "BankAccount", iban="NL91ABNA0417164300"),
        entity("other", "Phone", number="+31687654321"),
        entity("h1", "Holding", holder="p0", held="phone"),
        entity("h2", "Holding", holder="p1" if agency == MINE else "p2", held="account"),
        entity("h3", "Holding", holder="p1", held="other"),
        entity("c1", "Call", caller="phone", receiver="other", date="2026-01-02"),
        entity("f1", "Family", person="p2", relative="p3"),
    ]
    return "\n".join([*map(json.dumps, found), f"no entity of {agency}"]).encode()


def held_back() -> bytes:
    """A file of the same agency that its viewer may not see: the two who are proposed are one by it."""
    return json.dumps(entity("b0", "Person", name=_NAMESAKE, birthDate=_DAYS[1])).encode()


@dataclass(frozen=True)
class Store:
    """A store in a folder with its viewers file; `names` maps random values in it to names."""

    folder: Path
    names: dict[str, str]
    url: str

    @property
    def place(self) -> str:
        """The texts by which an answer may name the store: its folder, or its server's host and port."""
        return urlsplit(self.url).netloc.rpartition("@")[2] or str(self.folder)

    def load(self, agency: str, file: Path) -> dict[str, str]:
        """Load an agency's file, score all, and judge and list something in its name.

        With the other agency's comes a hidden one. Returns the names of the file's random values.
        """
        told = self._load(agency, file, "--as", WHO[agency], code=1)  # one line can't be read
        token = str(json.loads(told)["revision"] or NO_TOKEN)
        if agency == OTHERS:
            hidden = file.with_name("hidden.ftm.json")
            hidden.write_bytes(held_back())
            self._load(MINE, hidden, "--marking", "SECRET//REL NKP//COMP X", "--as", "kees")
        self._do("workbench", "resolve", "--as", "job")
        a, other = (entity_id(agency, "d", name) for name in ("p0", "p3"))
        looking = ("--as", WHO[agency], "--json")
        judged = self._do("workbench", "same", a, other, "--reason", "seen", *looking)
        self._do("workbench", "common", "add", "phone", "+31687654321", "--reason", agency, *looking, code=None)
        self._do("workbench", "communities", "--keep", f"groups of {agency}", *looking)
        if agency == MINE:
            self._name()
        (unit,) = json.loads(self._do("ingest", "quarantine", "list", *looking))["quarantine"]
        if agency == MINE:
            self.names[unit["id"]] = "<unit>"
        called = {
            "finding": f"groups of {agency}",
            "id": a,
            "dataset": f"{agency}/d",
            "judgement": json.loads(judged)["id"],
        }
        loaded = json.loads(self._do("ingest", "loads", *looking))["loads"][-1]["id"]
        return {**called, "unit": unit["id"], "load": loaded, "revision": token}

    def _load(self, agency: str, file: Path, *more: str, code: int = 0) -> bytes:
        options = ["--adapter", "ftm", "--agency", agency, "--dataset", "d", "--delivered", "2026-01-01"]
        return self._do("ingest", "load", str(file), *options, *more, "--json", code=code)

    def _do(self, program: str, *arguments: str, code: int | None = 0) -> bytes:
        done, told, failed = here(program, (*arguments, "--store", self.url))
        assert code in (None, done), failed
        return told

    def _name(self) -> None:
        """Give what is random names: revisions, judgements and when they were made."""
        looking = ("--as", WHO[MINE], "--json")
        for n, each in enumerate(json.loads(self._do("workbench", "revisions", *looking))["revisions"]):
            self.names.update({each["revision"]: f"<revision {n}>", each["at"]: "<then>"})
        for n, each in enumerate(json.loads(self._do("ingest", "loads", *looking))["loads"]):
            self.names.update({each["id"]: f"<load {n}>", each["at"]: "<then>"})
        for each in json.loads(self._do("workbench", "findings", "list", *looking))["findings"]:
            self.names[each["at"]] = "<then>"
        for each in json.loads(self._do("workbench", "judgements", *looking))["judgements"]:
            self.names.update({each["id"]: "<judged>", each["at"]: "<then>", each["at"][:16]: "<minute>"})

    def told(self, answer: Answer) -> Answer:
        """An answer with what is random by its name."""
        code, *texts = answer
        for token, name in sorted(self.names.items(), key=lambda pair: -len(pair[0])):
            texts = [text.replace(token.encode(), name.encode()) for text in texts]
        return code, texts[0], texts[1]


def here(program: str, arguments: Sequence[str]) -> Answer:
    """A command's answer, run in this process."""
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        code = run(PROGRAMS[program], list(arguments))
    return code, out.getvalue().encode(), err.getvalue().encode()


def apart(program: str, arguments: Sequence[str]) -> Answer:
    """The installed command's answer, in a separate process."""
    command = [str(Path(sys.executable).with_name(program)), *arguments]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WORKBENCH_")}
    environment |= {name: os.environ[name] for name in ("WORKBENCH_VIEWERS",) if name in os.environ}
    done = subprocess.run(command, capture_output=True, check=False, env=environment, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout, done.stderr


def reading_commands() -> set[str]:
    """Every command that reads a view, by its words: those with --purpose and an answer."""
    return {name for program, group in PROGRAMS.items() for name in _reading(program, group)}


def _reading(name: str, command: click.Command) -> Iterable[str]:
    if isinstance(command, click.Group):
        for part, inside in commands_of(command).items():
            yield from _reading(f"{name} {part}", inside)
    elif {"purpose", "as_json"} <= {option.name for option in command.params}:
        yield name


Run = Callable[[str, Sequence[str]], Answer]
