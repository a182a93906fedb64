"""Check that a file is text at all."""

from ingest.shapes import Readable
from workbench.errors import FileRefused

# Documents in which people may look for data, by the bytes with which they begin, and what they are.
DOCUMENTS = {
    b"\xd0\xcf\x11\xe0": "it is an old workbook (.xls), or a document with a password: save it as .xlsx, without one",
    b"%PDF-": "it is a PDF: ask for the data that it was made of",
}
_ARCHIVE = (
    *DOCUMENTS,
    *(b"PK\x03\x04", b"\x1f\x8b", b"7z\xbc\xaf", b"BZh91AY", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd"),
    *(b"Rar!\x1a\x07", b"\x1f\x9d", b"\x04\x22\x4d\x18", b"MSCF"),
)


def check_text(path: Readable, start: bytes) -> None:
    """FileRefused if a file begins like a compressed file, an archive or a document."""
    if start.startswith(_ARCHIVE):
        message = f"{path.name} is compressed, an archive or a document, not text: unpack or export it first"
        raise FileRefused("not text", message, 1)


def begins_list(path: Readable) -> bool:
    """Whether the first character of a file that is no white space begins a list in JSON."""
    with path.open("rb") as stream:
        return stream.read(256).replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n").startswith(b"[")
