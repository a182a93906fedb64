"""How ids are computed: the only place where any is made."""

import hashlib
from secrets import token_hex


def _digest(size: int, text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=size).hexdigest()


def entity_id(agency: str, dataset: str, source_id: str) -> str:
    """The id of the entity with this source id in a dataset: 20 hex digits."""
    return _digest(10, f"entity {len(agency)} {len(dataset)} {agency} {dataset} {source_id}")


def record_key(agency: str, dataset: str, source_id: str, part: str, content: str) -> str:
    """The key of a record, 32 hex digits; see `record_digest`."""
    return record_digest(agency, dataset, source_id, part, content).hex()


def record_digest(agency: str, dataset: str, source_id: str, part: str, content: str) -> bytes:
    """The key of a record as 16 bytes; marking and locator do not enter into it.

    The first 8 bytes are equal for all records with the same dataset, source id and part.
    Without a source id all 16 are of dataset, part and `content` (which has the ordinal among equal units).
    """
    named = f"record {len(agency)} {len(dataset)} {len(source_id)} {len(part)} {agency} {dataset} {source_id} {part} "
    if not source_id:
        return hashlib.blake2b((named + content).encode(), digest_size=16).digest()
    digest = hashlib.blake2b(named.encode(), digest_size=8)
    source = digest.digest()
    digest.update(content.encode())
    return source + digest.digest()


def source_number(key: bytes) -> int:
    """The first 8 bytes of a record's key, which identify dataset, source id and part, as a signed 64-bit integer."""
    return int.from_bytes(key[:8], signed=True)


def judgement_id(*parts: str) -> str:
    """The id of a judgement: 16 hex digits."""
    return _digest(8, " ".join(["judgement", *(str(len(part)) for part in parts), *parts]))


def quarantine_id(agency: str, dataset: str, sha256: str, name: str, pattern: str, place: str) -> str:
    """The id, 16 hex digits, of a unit in quarantine, or of a whole file if `place` is "".

    A file is identified by hash, name (equal bytes can be two files) and the pattern that it was read under.
    Whoever knows these can compute the id, so it is never shown before a store has `sealed` it.
    """
    parts = (agency, dataset, sha256, name, pattern, place)
    return _digest(8, " ".join(["quarantine", *(str(len(part)) for part in parts), *parts]))


def sealed(secret: str, known: str) -> str:
    """A keyed hash of an id, 16 hex digits: without the secret nobody can compute it from the input."""
    return hashlib.blake2b(known.encode(), digest_size=8, key=bytes.fromhex(secret)).hexdigest()


def new_secret() -> str:
    """A random key for `sealed`: 64 hex digits."""
    return token_hex(32)


def new_file_id() -> str:
    """A random id for a file, 16 hex digits: it reveals nothing about the content."""
    return token_hex(8)
