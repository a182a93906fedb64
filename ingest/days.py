"""The day on which an agency delivered something: today where nobody says it, and never in the future."""

from datetime import UTC, date, datetime, timedelta

from workbench.errors import UsageError

# Where the day begins first it is tomorrow already, seen from UTC.
_AHEAD = timedelta(days=1)


def delivery_day(text: str | None) -> str:
    """A day as people write it; today in UTC without one. UsageError for what is none, or is written otherwise."""
    if text is None:
        return _today().isoformat()
    try:
        return parse_day(text).isoformat()
    except ValueError as error:
        raise UsageError(str(error), "delivered") from error


def parse_day(text: str) -> date:
    """The day that a text is, written as 2026-03-31 and in no other way; ValueError for another text."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise ValueError(f"{text!r} is no day: write it as 2026-03-31")
    return day


def moment_after(date_: str) -> str:
    """This moment in UTC, as a date that sorts after today's; or just after one that the clock has not come to."""
    now = datetime.now(UTC)
    last = datetime.fromisoformat(date_)
    after = last.replace(tzinfo=UTC) + timedelta(microseconds=1)
    return max(now, after).isoformat(timespec="microseconds")


def future(day: date) -> str | None:
    """Why a day can't be that of a delivery: later than tomorrow in UTC; None where it can.

    A newer delivery overtakes all that comes after it under older dates, until its own date is past.
    """
    last = _today() + _AHEAD
    if day <= last:
        return None
    return f"{day} is in the future (later than {last}): write the day on which it was delivered"


def refuse_future(day: str) -> None:
    """UsageError for a day of delivery that is in the future."""
    why = future(date.fromisoformat(day))
    if why is not None:
        raise UsageError(f"{why}; nothing was read", "delivered")


def _today() -> date:
    return datetime.now(UTC).date()
