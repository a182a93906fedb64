"""Look at what default mappings make of small invented files."""

from collections.abc import Sequence

from ingest.shapes import Reject
from tests.ingest.reading import Outcome, read_text
from workbench.model.record import Record


class Said:
    """What an adapter's own mapping says about a text."""

    def __init__(self, adapter: str, text: str, said: str = "") -> None:
        self.all: list[Outcome] = read_text(adapter, text, said)
        self.records = [each for each in self.all if isinstance(each, Record)]
        self.rejects = [each for each in self.all if isinstance(each, Reject)]

    def of(self, name: str) -> list[Record]:
        """The records with this name in the mapping."""
        return [each for each in self.records if each.part.rpartition(":")[2] == name]

    def one(self, name: str) -> Record:
        """The only record with this name in the mapping."""
        (found,) = self.of(name)
        return found

    def values(self, name: str, prop: str) -> list[str]:
        """The cleaned values of a property in the records of a name."""
        return [v.value for each in self.of(name) for v in each.properties.get(prop, ()) if v.value is not None]

    def kept(self, name: str, prop: str) -> list[str]:
        """The texts of a property that are kept as they were written, and are no values."""
        return [v.original for each in self.of(name) for v in each.properties.get(prop, ()) if v.value is None]

    def ends(self, name: str) -> list[dict[str, str]]:
        """Who fills the roles, in the records of a name."""
        return [{role.name: role.ref for role in each.roles} for each in self.of(name)]


def ids(records: Sequence[Record]) -> list[str]:
    """The source ids of records."""
    return [each.source_id for each in records]
