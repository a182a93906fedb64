"""Columns with the values that a manifest makes of them beside them."""

from collections.abc import Callable, Mapping, Sequence

from ingest.mapping.cells import can_be, known, made_of
from ingest.mapping.cleaning import Once
from ingest.mapping.columns import Cells, Columns, Rest, Text, Texts
from ingest.mapping.steps import is_one, stepped
from ingest.shapes import BadUnit, Fields
from ingest.specs.values import Origin


class WithMade:
    """Columns, and beside them values that are made of columns."""

    def __init__(self, columns: Columns, values: Mapping[str, Origin]) -> None:
        self._columns, self._values = columns, values

    def cells(self, fields: Fields) -> Cells:
        """See `Columns`."""
        return self._columns.cells(fields)

    def has(self, name: str) -> bool:
        """See `Columns`."""
        spec = self._values.get(name)
        return self._columns.has(name) if spec is None else can_be(spec, self._columns)

    def nests(self, name: str) -> bool:
        """See `Columns`."""
        return name not in self._values and self._columns.nests(name)

    def one(self, name: str) -> Text:
        """See `Columns`."""
        spec = self._values.get(name)
        if spec is None:
            return self._columns.one(name)
        if spec.column is not None and stepped(spec) is None and self._columns.several(spec.column) is None:
            return self._columns.one(spec.column)
        texts = self._made(name)

        def text(row: Cells) -> str:
            found = texts(row)
            if len(found) > 1:
                message = f"value {name} has {len(found)} texts, and the manifest wants one: say `item`"
                raise BadUnit(f"several values: {name}", message)
            return found[0] if found else ""

        return text

    def several(self, name: str) -> Texts | None:
        """See `Columns`."""
        spec = self._values.get(name)
        if spec is None:
            return self._columns.several(name)
        if is_one(spec) and (spec.column is None or self._columns.several(spec.column) is None):
            return None
        return self._made(name)

    def timezone(self, name: str) -> str | None:
        """See `Columns`."""
        spec = self._values.get(name)
        return self._columns.timezone(name if spec is None else spec.column or "")

    def rest(self, read: frozenset[str]) -> Rest:
        """See `Columns`."""
        return self._columns.rest(read)

    def _made(self, name: str) -> Callable[[Cells], Sequence[str]]:
        spec = self._values[name]
        if spec.value is not None:
            constant = [spec.value]
            return lambda row: constant
        if spec.column is None and spec.template is None and spec.first is None:
            return lambda row: ()
        steps = stepped(spec)
        worked = Once[Sequence[str]](lambda text: [text] if steps is None else known(name, steps(text)))
        several = self._columns.several(spec.column) if spec.column else None
        if several is not None:
            return lambda row: [made for text in several(row) if text.strip() for made in worked[text]]
        one = self._columns.one(spec.column) if spec.column else made_of(spec, self._columns)
        return lambda row: worked[text] if (text := one(row)).strip() else ()
