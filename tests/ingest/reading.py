"""Map a text by a manifest, without a store."""

import json
import tomllib

from ingest.account import Account
from ingest.formats import ADAPTERS
from ingest.manifest import ManifestSpec, settle
from ingest.mapping import read
from ingest.shapes import Left, Reject
from tests.ingest.test_adapters import Memory
from workbench.model.record import Record

Outcome = Record | Reject | Left


def read_text(adapter: str, text: str, said: str, account: Account | None = None) -> list[Outcome]:
    """The outcomes of a text by the [[files]] entry of a manifest."""
    spec = ManifestSpec.model_validate(tomllib.loads(f'dataset = "d"\n[[files]]\npattern = "*"\n{said}'))
    manifest = settle(spec, "m.toml", defaults=ADAPTERS[adapter].defaults)
    return list(read(ADAPTERS[adapter], Memory("t", text.encode()), manifest, account))


def read_object(value: object, said: str) -> list[Outcome]:
    """The outcomes of a JSON object."""
    return read_text("jsonl", json.dumps(value), said)


def records(found: list[Outcome]) -> list[Record]:
    """The records, where there is nothing else."""
    assert all(isinstance(each, Record) for each in found), found
    return [each for each in found if isinstance(each, Record)]


def values(record: Record) -> dict[str, list[str]]:
    """The cleaned values of a record."""
    return {name: [v.value for v in found if v.value is not None] for name, found in record.properties.items()}
