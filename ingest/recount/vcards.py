"""Count the cards of an address book a second time."""

from typing import IO

from ingest.recount.counted import Counted, Told


def count_cards(stream: IO[bytes], told: Told) -> Counted:
    """Count the cards that are in no other, and the pieces of text outside cards."""
    found, depth, last, is_outside = 0, 0, b"", False
    for line in stream:
        text = line.removeprefix(b"\xef\xbb\xbf").strip().upper()
        is_inner = depth > 0 and last.rpartition(b".")[2].startswith(b"AGENT") and last.endswith(b":")
        if text == b"BEGIN:VCARD":
            depth = depth + 1 if is_inner else 1
            found += not is_inner
            is_outside = False
        elif text == b"END:VCARD" and depth:
            depth -= 1
        elif not depth:
            found += bool(text) and not is_outside
            is_outside = bool(text)
        last = text or last
    return Counted(found)
