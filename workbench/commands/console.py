"""What all commands share: options, opening a view, output, exit codes."""

import csv
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, is_dataclass
from functools import wraps
from itertools import islice
from typing import TYPE_CHECKING, Any, TextIO

import click

from workbench.endings import STOPPED, ending_of
from workbench.errors import OutputError, WorkbenchError
from workbench.model.visible import json_line, visible

if TYPE_CHECKING:
    from rich.text import Text

    from workbench.session import Session
    from workbench.view.asking import Answered

_AS_LONG_AS_IT_IS = 10_000
# Of a long answer, how much is made and written at a time.
_VALUES_AT_ONCE = 1_000
_LETTERS_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class Look:
    """What a command works with: a session, and the form of its output."""

    case: "Session"
    as_json: bool

    @contextmanager
    def one_question(self, what: str, asked: Mapping[str, Any]) -> Iterator["Answered"]:
        """Make everything that is asked within one question, with one trace; say how many results it had."""
        from workbench.view.asking import asking_of, sayable  # imported here: printing help needs no view

        view = self.case.view
        with asking_of(view).about(view.viewer.name, view.purpose, what, sayable(asked)) as answered:
            yield answered

    def show(self, answer: Any, text: Callable[[], None]) -> None:
        """Print an answer as one JSON object, or by calling `text`."""
        if self.as_json:
            emit(answer)
        else:
            text()


def say(text: str) -> None:
    """Print a line to stdout, with invisible characters as escapes."""
    with _written():
        click.echo(_line(text, sys.stdout))


def warn(text: str) -> None:
    """Print a line to stderr, with invisible characters as escapes."""
    click.echo(_line(text, sys.stderr), err=True)


def _line(text: str, stream: TextIO) -> str:
    """A text that is safe for a terminal, in its encoding; a stream in memory has no encoding."""
    encoding = stream.encoding or "utf-8"
    return visible(text).encode(encoding, "backslashreplace").decode(encoding)


@contextmanager
def _written() -> Iterator[None]:
    """OutputError if stdout can't be written to; a closed pipe is not an error."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"can't write to stdout ({error.strerror}); the command's work is kept") from error


def emit(answer: Any) -> None:
    """Print one JSON object to stdout.

    Where a value of it is an iterator of JSON values, these are made and written some at a time, as a list.
    """
    held = ""
    with _written():
        for part in _parts(answer):
            held += part
            if len(held) > _LETTERS_AT_ONCE:
                click.echo(held, nl=False)
                held = ""
        click.echo(held)


def _parts(answer: Any) -> Iterator[str]:
    """The JSON of an answer: in parts if a value of it is an iterator, else whole."""
    if not isinstance(answer, dict) or not any(isinstance(each, Iterator) for each in answer.values()):
        yield json_line(plain(answer))
        return
    before = "{"
    for key, value in answer.items():
        yield f"{before}{json_line(key)}: "
        yield from _listed(value) if isinstance(value, Iterator | list) else [json_line(plain(value))]
        before = ", "
    yield "}"


def _listed(values: Iterable[Any]) -> Iterator[str]:
    """The JSON of a list of JSON values, some at a time."""
    rest, before = iter(values), "["
    while some := list(islice(rest, _VALUES_AT_ONCE)):
        yield before + json_line(some)[1:-1]
        before = ", "
    yield "[]" if before == "[" else "]"


def plain(answer: Any) -> Any:
    """An answer as JSON values; dataclasses become objects."""
    if is_dataclass(answer) and not isinstance(answer, type):
        return plain(asdict(answer))
    if isinstance(answer, dict):
        return {str(key): plain(value) for key, value in answer.items()}
    if isinstance(answer, list | tuple):
        if {*map(type, answer)} <= {str}:  # keys of all the records that a finding rests on
            return list(answer)
        return [plain(each) for each in answer]
    return answer


def table(title: str, columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> None:
    """Print a table to stdout."""
    from rich.console import Console  # imported here, as in what follows: many commands draw no table
    from rich.table import Table

    drawn = Table(title=_cell(title), title_justify="left", header_style="bold")
    for column in columns:
        drawn.add_column(_cell(column), overflow="fold")
    for row in rows:
        drawn.add_row(*map(_cell, row))
    with _written():
        Console(width=None if sys.stdout.isatty() else 160).print(drawn)


def lines(columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> None:
    """Print rows to stdout, each on one line of any length."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        drawn.add_column(_cell(column), no_wrap=True)
    for row in rows:
        drawn.add_row(*(Text(_line(_text(each), sys.stdout)) for each in row))
    with _written():
        Console(width=_AS_LONG_AS_IT_IS, soft_wrap=True).print(drawn)


def csv_rows(rows: Iterable[Iterable[str]]) -> None:
    """Print rows to stdout as CSV, with invisible characters as escapes."""
    with _written():
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerows([_line(cell, sys.stdout) for cell in row] for row in rows)


def _cell(value: Any) -> "Text":
    """A value as text, never as markup or as a control sequence."""
    from rich.text import Text

    return Text("\n".join(_line(each, sys.stdout) for each in _text(value).split("\n")))


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else "" if value is None else str(value)


store_option = click.option(
    "--store", "url", metavar="URL", help="The store: sqlite:///path or neo4j://HOST. Default: WORKBENCH_STORE."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
_REVISION = click.option("--revision", metavar="TOKEN", help="The content as of this revision.")
loader_option = click.option("--as", "viewer", metavar="VIEWER", help="The viewer who loads; he needs `loads`.")
_READING = (
    store_option,
    click.option("--as", "viewer", metavar="VIEWER", help="The viewer."),
    click.option("--purpose", metavar="P", help="The purpose."),
    _REVISION,
    json_option,
)


def reading(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a read; its first argument is a `Look`."""
    return _with(_READING, command)


def writing(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a read without --revision: writes apply to the present."""
    return _with([option for option in _READING if option is not _REVISION], command)


def _with(options: Sequence[Callable[..., Any]], command: Callable[..., None]) -> Callable[..., None]:
    @wraps(command)
    def looking(
        url: str | None,
        viewer: str | None,
        purpose: str | None,
        as_json: bool,
        revision: str | None = None,
        **rest: Any,
    ) -> None:
        from workbench import session  # imported here: printing help needs no store

        with session.open(url, viewer, purpose, revision) as case:
            command(Look(case, as_json), **rest)

    decorated: Callable[..., None] = looking
    for option in reversed(options):
        decorated = option(decorated)
    return decorated


def run(group: click.Group, arguments: Sequence[str] | None = None) -> int:
    """Run a command line; returns the exit code.

    An error is one message on stderr, and with --json also an object on stdout.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    _open_what_is_closed()
    try:
        code = _invoked(group, given)
        with _written():
            sys.stdout.flush()
    except BaseException as error:  # noqa: BLE001 - the top: what nobody foresaw is told as well, not thrown at the user
        return _end(group, given, error)
    return code


def _open_what_is_closed() -> None:
    """Open stdout and stderr if they were closed, so that no other file gets their descriptors.

    Writing to that stdout fails as on a full disk; writes to that stderr are lost.
    """
    missing = [name for name, stream in (("stdout", sys.stdout), ("stderr", sys.stderr)) if stream is None]
    if sys.stdin is None or missing:
        while os.open(os.devnull, os.O_RDONLY) < 2:  # open returns the lowest free descriptor
            pass
    if "stdout" in missing:
        sys.stdout = os.fdopen(1, "w", closefd=False)
    if "stderr" in missing:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        sys.stderr = os.fdopen(2, "w", closefd=False)


def _invoked(group: click.Group, given: Sequence[str]) -> int:
    """Run a command line with click, but not by its `main`, which would end the process if a pipe is closed."""
    try:
        with group.make_context(group.name, list(given)) as context:
            group.invoke(context)
    except click.exceptions.Exit as asked:
        return asked.exit_code
    return 0


def _end(group: click.Group, given: Sequence[str], error: BaseException) -> int:
    """Report how a command ended, as far as its outputs still work; returns the exit code."""
    named = isinstance(error, WorkbenchError) and error.field
    ending = ending_of(error, given, _options_of(_command_of(group, given)) if named else None)
    with suppress(OSError):
        for line in ending.lines:
            warn(line)
        if ending.code != STOPPED and _tracebacks():
            for line in "".join(traceback.format_exception(error)).splitlines():
                warn(line)
    with suppress(OSError, OutputError):
        if "--json" in given and ending.message:
            emit({"error": {"kind": ending.kind, "message": ending.message}})
    _drop_unwritten()
    return ending.code


def _command_of(group: click.Group, given: Sequence[str]) -> click.Command:
    """The command that these arguments name, in a group or its subgroups."""
    command: click.Command = group
    for word in given:
        inside = command.get_command(click.Context(command), word) if isinstance(command, click.Group) else None
        if inside is None:
            break
        command = inside
    return command


def _options_of(command: click.Command) -> dict[str, str]:
    """The options of a command by parameter name, which is how errors name a field."""
    return {each.name: each.opts[0] for each in command.params if isinstance(each, click.Option) and each.name}


def _tracebacks() -> bool:
    from workbench.settings import tracebacks

    return tracebacks()


def _drop_unwritten() -> None:
    """Drop unwritten output, which would only fail again at the end of the process."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def told_of(error: BaseException) -> dict[str, str]:
    """An error as JSON values, for a command that goes on."""
    ending = ending_of(error, options=_options_of(click.get_current_context().command))
    return {"kind": ending.kind, "message": ending.message}
