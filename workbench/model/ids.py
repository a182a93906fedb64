"""The only place where an id is born."""

import hashlib

_SEPARATOR = "\x1f"


def _digest(size: int, parts: tuple[str, ...]) -> str:
    text = _SEPARATOR.join(f"{len(part)}:{part}" for part in parts)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()


def entity_id(agency: str, dataset: str, source_id: str) -> str:
    """The id of what a dataset calls by this source id: 20 hex digits."""
    return _digest(10, ("entity", agency, dataset, source_id))


def record_key(agency: str, dataset: str, source_id: str, part: str, content: str) -> str:
    """The key of a record, 32 hex digits; its marking and its place are not in it.

    `content` holds the ordinal among equal units where the source gives no id.
    """
    return _digest(16, ("record", agency, dataset, source_id, part, content))


def judgement_id(*parts: str) -> str:
    """The id of a judgement: 16 hex digits."""
    return _digest(8, ("judgement", *parts))
