"""How a command ends: an exit code and a message for every exception that reaches the top."""

import errno
import re
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

import click

from workbench.errors import OutputError, StoreError, UsageError, WorkbenchError
from workbench.store.login import without_passwords

WRONG_USE = 2
FAILED = 3
STOPPED = 130  # the shell's code for a command that was interrupted
CUT_OFF = 141  # the shell's code for a command whose output pipe was closed

# Where a message that names several mistakes has the next one: each stands on a line of its own.
_MISTAKE = re.compile(r"\n(?=- )")
_LOOK = "check whether it was done before you run it again"


@dataclass(frozen=True, slots=True)
class Ending:
    """An exit code, the `message` for JSON, and the `lines` for stderr; no text where the output pipe is closed."""

    code: int
    kind: str = ""
    message: str = ""
    lines: tuple[str, ...] = ()


def ending_of(error: BaseException, arguments: Sequence[str] = (), options: Mapping[str, str] | None = None) -> Ending:
    """How a command with these arguments ends on this exception; `options` maps error fields to option names."""
    if _nobody_reads(error):
        return Ending(CUT_OFF)
    if isinstance(error, click.exceptions.Abort | KeyboardInterrupt):
        return Ending(STOPPED, "Stopped", "stopped", ("stopped",))
    if isinstance(error, click.ClickException):
        return _misused(error)
    return _said(_as_ours(error, arguments), options or {})


def fault(error: BaseException) -> str:
    """The message for a bug of ours: its type and place in the code, never the data it concerned."""
    where = traceback.extract_tb(error.__traceback__)
    place = f" at {where[-1].filename.rpartition('/')[2]}, line {where[-1].lineno}" if where else ""
    return f"the workbench failed ({type(error).__name__}{place}): {_LOOK}, and report this line"


def _nobody_reads(error: BaseException) -> bool:
    """Whether the output pipe was closed; rich turns that into a SystemExit."""
    cause = error.__context__ if isinstance(error, SystemExit) else error
    return isinstance(cause, OSError) and cause.errno == errno.EPIPE


def _misused(error: click.ClickException) -> Ending:
    told = StringIO()
    error.show(told)
    lines = without_passwords(told.getvalue()).splitlines()
    return Ending(WRONG_USE, "UsageError", without_passwords(error.format_message()), tuple(lines))


def _said(error: WorkbenchError | tuple[str, str], options: Mapping[str, str]) -> Ending:
    if isinstance(error, WorkbenchError):
        code = FAILED if isinstance(error, StoreError | OutputError) else WRONG_USE
        kind, message = type(error).__name__, without_passwords(error.worded(options.get(error.field, "")))
    else:
        code, (kind, message) = FAILED, error
    return Ending(code, kind, message, tuple(_MISTAKE.split(f"error: {message}")))


def _as_ours(error: BaseException, arguments: Sequence[str]) -> WorkbenchError | tuple[str, str]:
    """The error as one of ours, or the type and message to show for any other."""
    if isinstance(error, WorkbenchError):
        return error
    kind = type(error).__name__
    if isinstance(error, UnicodeEncodeError):
        odd = next((repr(each) for each in arguments if not _is_text(each)), None)
        if odd is not None:
            return UsageError(f"{odd} is not UTF-8 text: it can't be stored or searched for")
    if isinstance(error, MemoryError):
        return kind, f"there is not enough memory for this: {_LOOK}"
    if isinstance(error, SystemExit):
        return kind, f"a library ended the command with code {error.code}: its output above says why"
    if isinstance(error, OSError):
        named = f"{error.filename}: " if error.filename else ""
        return kind, f"{named}{error.strerror or kind}: correct that; {_LOOK}"
    return kind, fault(error)


def _is_text(argument: str) -> bool:
    """Whether an argument is text; Python turns bytes that are not into lone surrogates."""
    return not any("\ud800" <= sign <= "\udfff" for sign in argument)


__all__ = ["CUT_OFF", "FAILED", "STOPPED", "WRONG_USE", "Ending", "ending_of", "fault"]
