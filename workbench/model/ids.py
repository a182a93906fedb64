"""The only place where an id is born."""

import hashlib


def _digest(size: int, text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=size).hexdigest()


def entity_id(agency: str, dataset: str, source_id: str) -> str:
    """The id of what a dataset calls by this source id: 20 hex digits."""
    return _digest(10, f"entity {len(agency)} {len(dataset)} {agency} {dataset} {source_id}")


def record_key(agency: str, dataset: str, source_id: str, part: str, content: str) -> str:
    """The key of a record, 32 hex digits; its marking and its place are not in it.

    Its first half is the same for all that a dataset says under one source id and part.
    Where the source gives no id, `content` (with its ordinal among equal units) is all.
    """
    named = f"{len(agency)} {len(dataset)} {len(source_id)} {len(part)} {agency} {dataset} {source_id} {part}"
    if not source_id:
        return _digest(16, f"record {named} {content}")
    return _digest(8, f"source {named}") + _digest(8, f"record {named} {content}")


def source_prefix(key: str) -> str:
    """The part of a record's key that dataset, source id and part decide."""
    return key[:16]


def judgement_id(*parts: str) -> str:
    """The id of a judgement: 16 hex digits."""
    return _digest(8, " ".join(["judgement", *(str(len(part)) for part in parts), *parts]))


def quarantine_id(agency: str, dataset: str, sha256: str, name: str, pattern: str, place: str) -> str:
    """The id of a unit in quarantine, 16 hex digits: its file and its place in it; of the file, with no place.

    A file is its hash, its name (equal bytes can be two files) and the pattern that it was read under.
    """
    parts = (agency, dataset, sha256, name, pattern, place)
    return _digest(8, " ".join(["quarantine", *(str(len(part)) for part in parts), *parts]))
