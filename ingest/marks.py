"""The byte order marks of Unicode."""

import codecs

# The longest first: the mark of UTF-32 begins with that of UTF-16.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def mark_of(start: bytes) -> tuple[bytes, str]:
    """The mark at the start of a file, and its encoding; both empty if there is none."""
    return next(((mark, name) for mark, name in MARKS if start.startswith(mark)), (b"", ""))
