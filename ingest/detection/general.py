"""Signs of tables, JSON and XML of which nobody knows what they are about, and others that take a function."""

import re

from ingest.detection.signs import Seen
from ingest.detection.start import Start

_SHARE = 0.9
_ROWS = 3
# A line that can be a cell, and no sentence.
_ONE = re.compile(r"\S{1,100}(?: \S{1,100})?")
# The root of a page or document that tells of an error.
_PAGES = frozenset({"html", "error", "errors"})
_MARKUP = re.compile(r"\s*<[!?A-Za-z]")
_GRAPH = re.compile(r"[^:]*:(?:ID|START_ID|END_ID|LABEL|TYPE)(?:\([^)]*\))?(?:\{.*\})?")
_URL = re.compile(r"[a-z][a-z0-9]*(\+[a-z0-9_]+)?://\S+", re.ASCII)
# The tables of OFAC, by their number of columns.
_OF_OFAC = {12: "sdn", 6: "add", 5: "alt", 2: "sdn_comments"}
_REMARKS = 2
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def csv_table(start: Start) -> Seen | None:
    """A table of delimited text."""
    table, encoding = start.table, start.encoding.name if start.encoding else ""
    if start.json is not None or start.objects or _MARKUP.match(start.text):
        return None
    if table is None:
        is_one = len(start.lines) > 1 and all(_ONE.fullmatch(line.strip()) for line in start.lines[:-1])
        return Seen(f"a table of one column, {encoding}", "possible", is_general=True) if is_one else None
    what = f"a table of {table.columns} columns between {_NAMES[table.delimiter]}, {encoding}"
    if table.share < _SHARE:
        return Seen(what, "possible", is_general=True)
    return Seen(what, "sure" if len(table.rows) >= _ROWS else "likely", is_general=True)


def json_lines(start: Start) -> Seen | None:
    """JSON objects, one a line."""
    if not start.objects:
        return None
    return Seen("JSON objects, one a line", "sure" if len(start.objects) > 1 else "possible", is_general=True)


def json_document(start: Start) -> Seen | None:
    """A JSON document over several lines, or a list."""
    if start.json is None:
        return None
    is_one_line = isinstance(start.json, dict) and len(start.objects) == 1
    return Seen("a JSON document", "likely" if is_one_line else "sure", is_general=True)


def xml_document(start: Start) -> Seen | None:
    """An XML document that is no web page."""
    root = start.root
    if root is None or root.name.lower() in _PAGES:
        return None
    namespace = f" of {root.namespace}" if root.namespace else ""
    return Seen(f"an XML document {root.name}{namespace}", "sure", is_general=True)


def neo4j_header(start: Start) -> Seen | None:
    """A header of neo4j-admin."""
    kinds = {name.partition(":")[2][:8].split("(")[0] for name in start.header if _GRAPH.fullmatch(name)}
    if "ID" in kinds or {"START_ID", "END_ID"} <= kinds:
        return Seen("a property graph with a header of neo4j-admin")
    return None


def url_of_database(start: Start) -> Seen | None:
    """A file with the URL of a database and nothing else."""
    is_one = len(start.lines) == 1 and _URL.fullmatch(start.lines[0].strip())
    return Seen("the URL of a database", "likely") if is_one else None


def square_table(start: Start) -> Seen | None:
    """A matrix with the same labels in its first row and first column."""
    table = start.table
    if table is None or len(table.rows) < 3:
        return None
    labels = [cell.strip() for cell in table.rows[0][1:]]
    firsts = [row[0].strip() for row in table.rows[1:]]
    some = min(len(labels), len(firsts))
    is_square = some > 1 and labels[:some] == firsts[:some] and len(labels) >= len(firsts)
    return Seen(f"a matrix of {len(labels)} labels") if is_square else None


def ofac_table(start: Start) -> Seen | None:
    """A table of the US Office of Foreign Assets Control, which has no header, and -0- for nothing."""
    table = start.table
    if table is None or table.columns not in _OF_OFAC or table.delimiter != ",":
        return None
    rows = [row for row in table.rows if len(row) == table.columns]
    is_numbered = all(row[0].strip().isdecimal() for row in rows)
    marked = sum(any(cell.strip() == "-0-" for cell in row) for row in rows)
    if not is_numbered:
        return None
    what = f"a sanctions list of OFAC, {_OF_OFAC[table.columns]}.csv"
    return Seen(what) if marked * 3 > len(rows) else Seen(what, "possible") if table.columns == _REMARKS else None
