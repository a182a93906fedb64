"""The only place where an id is born."""

import hashlib
from secrets import token_hex


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
    """What a unit in quarantine is known by, 16 hex digits: its file and its place in it; of the file, with no place.

    A file is its hash, its name (equal bytes can be two files) and the pattern that it was read under. Who knows all
    of these can compute it, so it is shown to nobody until a store has `sealed` it.
    """
    parts = (agency, dataset, sha256, name, pattern, place)
    return _digest(8, " ".join(["quarantine", *(str(len(part)) for part in parts), *parts]))


def sealed(secret: str, known: str) -> str:
    """A keyed hash, 16 hex digits: without the secret, nobody can tell of what."""
    return hashlib.blake2b(known.encode(), digest_size=8, key=bytes.fromhex(secret)).hexdigest()


def new_secret() -> str:
    """A key for `sealed`, random, 64 hex digits."""
    return token_hex(32)


def new_file_id() -> str:
    """The id of a file, random, 16 hex digits: it tells nothing of what is in it."""
    return token_hex(8)
