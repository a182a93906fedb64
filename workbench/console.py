"""What the command lines share: options, opening a view, output, exit codes."""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from functools import wraps
from io import StringIO
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from workbench.access.viewer import Viewer
from workbench.errors import StoreError, UsageError, WorkbenchError
from workbench.settings import existing_store, store_url, viewer_for
from workbench.store.base import GraphStore
from workbench.store.login import without_passwords
from workbench.store.view import View

# Control characters but for the line feed: what an agency's file says must not move the cursor.
_CONTROLS = {code: "\N{REPLACEMENT CHARACTER}" for code in (*range(32), *range(127, 160)) if code != 10}
_AS_LONG_AS_IT_IS = 10_000

WRONG_USE = 2
FAILED = 3


@dataclass(frozen=True, slots=True)
class Look:
    """An open store, who looks at it, and what he sees."""

    store: GraphStore
    viewer: Viewer
    view: View
    as_json: bool

    def show(self, answer: Any, text: Callable[[], None]) -> None:
        """Print an answer: as one JSON object, or as `text` prints it."""
        if self.as_json:
            emit(answer)
        else:
            text()


def emit(answer: Any) -> None:
    """Print one JSON object to stdout."""
    click.echo(json.dumps(plain(answer), ensure_ascii=False))


def plain(answer: Any) -> Any:
    """An answer in JSON's types; dataclasses become objects."""
    if is_dataclass(answer) and not isinstance(answer, type):
        return plain(asdict(answer))
    if isinstance(answer, dict):
        return {str(key): plain(value) for key, value in answer.items()}
    if isinstance(answer, list | tuple):
        return [plain(each) for each in answer]
    return answer


def table(title: str, columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> None:
    """Print a table to stdout."""
    drawn = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        drawn.add_column(column, overflow="fold")
    for row in rows:
        drawn.add_row(*(_cell(each) for each in row))
    Console(width=None if sys.stdout.isatty() else 160).print(drawn)


def lines(columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> None:
    """Print rows to stdout, each on one line however long it is."""
    drawn = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        drawn.add_column(column, no_wrap=True)
    for row in rows:
        drawn.add_row(*(_cell(each) for each in row))
    Console(width=_AS_LONG_AS_IT_IS, soft_wrap=True).print(drawn)


def _cell(value: Any) -> Text:
    """A value as text: never markup, and never a command to the terminal."""
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else "" if value is None else str(value)
    return Text(text.translate(_CONTROLS))


store_option = click.option(
    "--store", metavar="URL", help="The store: sqlite:///path or neo4j://HOST. Default: WORKBENCH_STORE."
)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, nothing else.")
_REVISION = click.option("--revision", metavar="TOKEN", help="The content up to this revision.")
loader_option = click.option("--as", "viewer_name", metavar="VIEWER", help="Who loads; `loads` says for whom he may.")
_READING = (
    store_option,
    click.option("--as", "viewer_name", metavar="VIEWER", help="Who is looking."),
    click.option("--purpose", metavar="P", help="What for."),
    _REVISION,
    json_option,
)


def reading(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a read; it is called with a `Look` first."""
    return _with(_READING, command)


def writing(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a read but for --revision: what people say is said of the present."""
    return _with([option for option in _READING if option is not _REVISION], command)


def _with(options: Sequence[Callable[..., Any]], command: Callable[..., None]) -> Callable[..., None]:
    @wraps(command)
    def looking(
        store: str | None,
        viewer_name: str | None,
        purpose: str | None,
        as_json: bool,
        revision: str | None = None,
        **rest: Any,
    ) -> None:
        url = store_url(store)
        opened = existing_store(url)
        try:
            viewer = viewer_for(opened, url, viewer_name)
            view = opened.view(viewer, purpose=purpose, revision=revision)
            command(Look(opened, viewer, view, as_json), **rest)
        finally:
            opened.close()

    decorated: Callable[..., None] = looking
    for option in reversed(options):
        decorated = option(decorated)
    return decorated


def run(group: click.Group, arguments: Sequence[str] | None = None) -> int:
    """Run a command line; its exit code.

    Errors of ours are one line on stderr; with --json they are an object on stdout too.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = group.main(args=given, standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("stopped", err=True)
        return _failed(given, {"kind": "Stopped", "message": "stopped"}, FAILED)
    except click.ClickException as error:
        told = StringIO()
        error.show(told)
        click.echo(without_passwords(told.getvalue()), nl=False, err=True)
        return _failed(given, {"kind": "UsageError", "message": error.format_message()}, WRONG_USE)
    except WorkbenchError as error:
        return _refused(given, error)
    except UnicodeEncodeError:
        odd = next((repr(each) for each in given if not _is_text(each)), None)
        if odd is None:
            raise
        return _refused(given, UsageError(f"{odd} is no text in UTF-8: it can't be kept or looked for"))
    return code if isinstance(code, int) else 0


def told_of(error: WorkbenchError) -> dict[str, str]:
    """An error as JSON tells it."""
    return {"kind": type(error).__name__, "message": without_passwords(str(error))}


def _is_text(argument: str) -> bool:
    """Whether the bytes of an argument are text; what is not came through as halves of surrogate pairs."""
    return not any("\ud800" <= sign <= "\udfff" for sign in argument)


def _refused(arguments: Sequence[str], error: WorkbenchError) -> int:
    click.echo(f"error: {without_passwords(str(error))}", err=True)
    return _failed(arguments, told_of(error), FAILED if isinstance(error, StoreError) else WRONG_USE)


def _failed(arguments: Sequence[str], told: dict[str, str], code: int) -> int:
    if "--json" in arguments:
        emit({"error": told})
    return code
