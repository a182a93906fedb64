"""The only place where an id is born."""

import hashlib


def _digest(size: int, text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=size).hexdigest()


def entity_id(agency: str, dataset: str, source_id: str) -> str:
    """The id of what a dataset calls by this source id: 20 hex digits."""
    return _digest(10, f"entity {len(agency)} {len(dataset)} {agency} {dataset} {source_id}")


def record_key(agency: str, dataset: str, source_id: str, part: str, content: str) -> str:
    """The key of a record, 32 hex digits; see `record_digest`."""
    return record_digest(agency, dataset, source_id, part, content).hex()


def record_digest(agency: str, dataset: str, source_id: str, part: str, content: str) -> bytes:
    """The key of a record as 16 bytes; its marking and its place are not in it.

    Its first half is the same for all that a dataset says under one source id and part.
    Where the source gives no id, `content` (with its ordinal among equal units) is all.
    """
    named = f"record {len(agency)} {len(dataset)} {len(source_id)} {len(part)} {agency} {dataset} {source_id} {part} "
    if not source_id:
        return hashlib.blake2b((named + content).encode(), digest_size=16).digest()
    digest = hashlib.blake2b(named.encode(), digest_size=8)
    source = digest.digest()
    digest.update(content.encode())
    return source + digest.digest()


def source_number(key: bytes) -> int:
    """The half of a record's key that dataset, source id and part decide, as a number of 64 bits with a sign."""
    return int.from_bytes(key[:8], signed=True)


def judgement_id(*parts: str) -> str:
    """The id of a judgement: 16 hex digits."""
    return _digest(8, " ".join(["judgement", *(str(len(part)) for part in parts), *parts]))


def quarantine_id(agency: str, dataset: str, sha256: str, name: str, pattern: str, place: str) -> str:
    """The id of a unit in quarantine, 16 hex digits: its file and its place in it; of the file, with no place.

    A file is its hash, its name (equal bytes can be two files) and the pattern that it was read under.
    """
    parts = (agency, dataset, sha256, name, pattern, place)
    return _digest(8, " ".join(["quarantine", *(str(len(part)) for part in parts), *parts]))
