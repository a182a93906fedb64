"""The only place where an id is born."""

import hashlib


def _digest(size: int, text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=size).hexdigest()


def entity_id(agency: str, dataset: str, source_id: str) -> str:
    """The id of what a dataset calls by this source id: 20 hex digits."""
    return _digest(10, f"entity {len(agency)} {len(dataset)} {agency} {dataset} {source_id}")


def record_key(agency: str, dataset: str, source_id: str, part: str, content: str) -> str:
    """The key of a record, 32 hex digits; its marking and its place are not in it.

    `content` holds the ordinal among equal units where the source gives no id.
    """
    lengths = f"{len(agency)} {len(dataset)} {len(source_id)} {len(part)}"
    return _digest(16, f"record {lengths} {agency} {dataset} {source_id} {part} {content}")


def judgement_id(*parts: str) -> str:
    """The id of a judgement: 16 hex digits."""
    return _digest(8, " ".join(["judgement", *(str(len(part)) for part in parts), *parts]))
