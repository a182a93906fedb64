"""The filters of a chart: what is not shown, by sign, and the span of time."""

from collections.abc import Collection
from dataclasses import dataclass, replace


def sign(kind: str, value: str) -> str:
    """The sign by which a chart's legend and filters name a kind of thing: `type:Person`, `agency:NKP`, `tie:Call`.

    Other kinds are `certainty` and `colour`.
    """
    return f"{kind}:{value}"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a chart does not show; an empty one filters nothing.

    - `without`: signs of what is left out. An entity that several agencies know is left out when all of them are.
    - `since`, `until`: ISO days, inclusive. A record is shown if its date may lie between them, or if it has none.
    - `dated`: records without a date are left out.
    - `loose`: entities that the filters left without any tie are shown all the same.
    - `accepted`: accepted leads are shown.
    """

    without: frozenset[str] = frozenset()
    since: str = ""
    until: str = ""
    dated: bool = False
    loose: bool = False
    accepted: bool = False

    def __bool__(self) -> bool:
        return self != Filters()

    @property
    def narrow(self) -> bool:
        """Whether anything is left out."""
        return bool(self.without or self.since or self.until or self.dated)

    def keeps_entity(self, schema: str, agencies: Collection[str], colour: str = "") -> bool:
        """Whether an entity with this schema and colour, known to these agencies, is shown."""
        return (
            sign("type", schema) not in self.without
            and sign("colour", colour) not in self.without
            and not (agencies and all(sign("agency", each) in self.without for each in agencies))
        )

    def keeps_record(self, schema: str, agency: str, day: str, certainty: str = "") -> bool:
        """Whether a relationship record with this day ("" if unknown) is shown."""
        signs = {sign("tie", schema), sign("agency", agency), sign("certainty", certainty)}
        if not day:
            return self.without.isdisjoint(signs) and not self.dated
        within = day >= self.since[: len(day)] and (not self.until or day[:10] <= self.until)
        return self.without.isdisjoint(signs) and within

    def toggled(self, each: str) -> "Filters":
        """The filters with a sign left out, or shown again."""
        return replace(self, without=self.without ^ {each})

    def between(self, since: str, until: str) -> "Filters":
        """The filters with another span of time; "" for no limit."""
        return replace(self, since=since, until=until)
