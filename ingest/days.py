"""Days of delivery: today by default, and never in the future."""

from datetime import UTC, date, datetime, timedelta

from workbench.errors import UsageError

# In the earliest time zones it can already be tomorrow by UTC.
_AHEAD = timedelta(days=1)


def delivery_day(said: date | str | None) -> str:
    """A day, or a text such as 2026-03-31, as text; None is today in UTC. UsageError for any other text."""
    if said is None:
        return _today().isoformat()
    if isinstance(said, date):
        return said.isoformat()
    try:
        return parse_day(said).isoformat()
    except ValueError as error:
        raise UsageError(str(error), "delivered") from error


def parse_day(text: str) -> date:
    """Parse a day written as 2026-03-31; ValueError for any other text."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise ValueError(f"{text!r} is not a day: write it as 2026-03-31")
    return day


def moment_after(date_: str) -> str:
    """The moment now in UTC, as a text that sorts after today's date; if `date_` is later, the moment just after it."""
    now = datetime.now(UTC)
    last = datetime.fromisoformat(date_)
    after = last.replace(tzinfo=UTC) + timedelta(microseconds=1)
    return max(now, after).isoformat(timespec="microseconds")


def future(day: date) -> str | None:
    """Why a day can't be a day of delivery: it is later than tomorrow in UTC. None if it can.

    A delivery dated in the future would overtake all deliveries with older dates until its own date has come.
    """
    last = _today() + _AHEAD
    if day <= last:
        return None
    return f"{day} is in the future (later than {last}): write the day on which it was delivered"


def refuse_future(day: str) -> None:
    """UsageError if a day of delivery is in the future."""
    why = future(date.fromisoformat(day))
    if why is not None:
        raise UsageError(f"{why}; nothing was read", "delivered")


def _today() -> date:
    return datetime.now(UTC).date()
