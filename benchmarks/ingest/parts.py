"""Measure the parts of a load one by one: a plain library, reading and mapping, FollowTheMoney, the store.

    python -m benchmarks.ingest.parts --adapter NAME --file FILE [--manifest FILE] --data FOLDER

- `plain_s`: a plain library reads the file and does nothing with it.
- `read_s`: the adapter reads it and the mapping makes its records, cleaned.
- `ftm_s`: FollowTheMoney makes an entity of each record and cleans the same values.
- `store_s`: a new store on SQLite takes the records and publishes them.

All of it is done by one process, a batch after the other, so the parts meet the same noise.
"""

import argparse
import gc
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

from followthemoney import model

from benchmarks.ingest.formats import FORMS
from ingest.account import Account
from ingest.intake import Order
from ingest.mapping import read
from ingest.options import Options
from ingest.ordinals import Ordinals
from ingest.parts import parted
from ingest.pipeline import ordered
from ingest.shapes import Reject
from ingest.sources.opening import file_at
from ingest.units import units
from workbench.access.viewer import local_viewer
from workbench.model.record import Record
from workbench.settings import open_store
from workbench.store.loading import without_collecting
from workbench.store.writing import Writer

AGENCY, DATASET = "NKP", "case"
_BATCH = 10_000
_YOUNG = 1
_THING, _LINK = "Thing", "UnknownLink"


def main() -> None:
    """Measure the parts of one load, and print them as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--adapter", required=True)
    for name in ("--file", "--manifest", "--data"):
        parser.add_argument(name, type=Path)
    options = parser.parse_args()
    print(json.dumps(measured(options.adapter, options.file, options.manifest, options.data)))


def measured(adapter: str, file: Path, manifest: Path | None, folder: Path) -> dict[str, float]:
    """The seconds of each part, and how many units, records and rejects the file has."""
    plain, clock = FORMS[adapter].plain, _Clock()
    options = Options(
        viewer=local_viewer(()), by="measure", adapter=adapter, manifest=manifest, agency=AGENCY, dataset=DATASET
    )
    with without_collecting():
        if plain is not None:
            with clock.running("plain_s"):
                plain(file)
        with (
            closing(open_store(f"sqlite:///{folder / 'parts.db'}")) as store,
            store.lease(),
            store.writer(agency=AGENCY, by="measure") as writer,
        ):
            found = _taken(file, ordered(options), writer, clock)
            with clock.running("store_s"):
                writer.publish(dataset=DATASET, adapter=adapter, files=())
    return {**found, **clock.seconds}


def _taken(file: Path, order: Order, writer: Writer, clock: "_Clock") -> dict[str, float]:
    """Read, clean and store a file, a batch after the other."""
    read_units = records = rejects = 0
    number, ordinals = writer.file(str(file), "0", order.adapter_version), Ordinals()
    for batch in _batches(file, order, clock):
        made = [record for unit in batch if isinstance(unit, list) for record in unit]
        read_units, records = read_units + len(batch), records + len(made)
        rejects += sum(isinstance(unit, Reject) for unit in batch)
        with clock.running("ftm_s"):
            _cleaned(made)
        numbered = ordinals.numbered(made)
        with clock.running("store_s"):
            writer.put(numbered, number, order.delivered)
            writer.release(())
        gc.collect(_YOUNG)
    return {"units": read_units, "records": records, "rejects": rejects}


def _batches(file: Path, order: Order, clock: "_Clock") -> Iterator[list[object]]:
    for source in parted(order, [file_at(file)]):
        items = units(read(order.reader, source, order.manifest, Account()))
        while True:
            with clock.running("read_s"):
                batch: list[object] = list(islice(items, _BATCH))
            if not batch:
                break
            yield batch


def _cleaned(records: Sequence[Record]) -> None:
    """Have FollowTheMoney make an entity of each record, with its values cleaned, as they were delivered, and roles.

    Schemata that only the workbench has are taken for FollowTheMoney's most general ones.
    """
    for record in records:
        schema = model.get(record.schema) or model.get(_LINK if record.roles else _THING)
        entity = model.make_entity(schema or _THING)
        entity.id = record.source_id or "link"
        for name, values in record.properties.items():
            entity.add(name, [value.original for value in values], quiet=True)
        for role in record.roles:
            entity.add(role.name, role.ref, quiet=True)


class _Clock:
    """The seconds that passed while it ran, by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def running(self, name: str) -> Iterator[None]:
        """Count what passes until the end of the block."""
        began = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began


if __name__ == "__main__":
    main()
