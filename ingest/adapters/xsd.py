"""Check a document against an XML schema that the user gives. Nothing is fetched from elsewhere."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ingest.shapes import Readable
from workbench.errors import FileRefused

if TYPE_CHECKING:
    from xmlschema import XMLSchema11

_MOST_SAID = 5


def check_valid(path: Readable, schema_file: str) -> None:
    """FileRefused if a document is not valid by a schema: it names the first places, and what is wrong there.

    The document is read as a stream. A schema may include others beside it.
    """
    from xmlschema import XMLResource  # large, and only files with a schema need it

    schema = _schema(schema_file)
    found: list[str] = []
    with path.open("rb") as stream:
        for error in schema.iter_errors(XMLResource(stream, lazy=True, defuse="always", allow="none")):
            if len(found) < _MOST_SAID:
                found.append(f"{error.path}: {_reason(error)}")
            else:
                break
    if found:
        more = " and more" if len(found) == _MOST_SAID else ""
        message = f"{path.name} is not valid by {schema_file}: {'; '.join(found)}{more}: have it sent again, corrected"
        raise FileRefused("not valid", message)


def _reason(error: Any) -> str:
    return " ".join(str(error.reason or "is wrong").split())[:200].rstrip(".")


@lru_cache(maxsize=4)
def _schema(schema_file: str) -> "XMLSchema11":
    from xmlschema import XMLSchema11, XMLSchemaException

    try:
        return XMLSchema11(schema_file, allow="sandbox", defuse="always")
    except (XMLSchemaException, OSError, ValueError, SyntaxError) as error:
        said = " ".join(str(getattr(error, "message", error)).split())[:200]
        message = f"{schema_file} can't be used as a schema: {said}: fetch it again from who gives it out"
        raise FileRefused("bad schema", message) from error


__all__ = ["check_valid"]
