"""What scores find beside identifiers in a case with its truth, for everybody together and for each agency alone.

    python -m benchmarks.resolution.case --data FOLDER [--json]

FOLDER has loads.toml and who.csv, as `sample_data` and what `workbench scenario` makes. A viewer of one agency sees its
own records and what others release to it. `taken by a conjunction` counts the true pairs that a viewer is shown joined,
and would not be if a join were shown only to who sees all that anybody says about both.
"""

import argparse
import csv
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.resolution.resolving import joint, load_jobs
from workbench.access.viewer import Viewer
from workbench.resolve.scoring import score
from workbench.view.proposing import proposals
from workbench.view.store import GraphStore, open_store
from workbench.view.view import View

JOINT, _ALL = "joint", 1_000_000
# "AGENCY/dataset source id" of an entity.
Key = str
Pair = tuple[Key, Key]


def measured(folder: Path) -> dict[str, dict[str, int]]:
    """The counts of pairs by viewer.

    - `true`: of one by the truth; `by identifiers` and `with scores`: of these, found.
    - `wrong`: found, and not true.
    - `missed`: true, and not found; `of these proposed`: proposed to the viewer.
    - `taken by a conjunction`: joins that a conjunction over all evidence would take from the viewer.
    """
    truth = _truth(folder)
    viewers = _viewers({key.partition("/")[0] for key in truth})
    with TemporaryDirectory() as work:
        store = open_store(f"sqlite:///{work}/case.db")
        load_jobs(store, folder, viewers[JOINT])
        before = {name: _joined(store.view(viewer)) for name, viewer in viewers.items()}
        score(store, store.view(viewers[JOINT]))
        told = dict(_told(store, viewers, before, truth))
        store.close()
    return told


def _told(
    store: GraphStore, viewers: Mapping[str, Viewer], before: Mapping[str, set[Pair]], truth: Mapping[Key, str]
) -> Iterator[tuple[str, dict[str, int]]]:
    said = _said(store.view(viewers[JOINT]))
    for name, viewer in viewers.items():
        view = store.view(viewer)
        seen, joined = _said(view), _joined(view)
        true = set(_pairs(truth, [_key(dataset, source) for _, dataset, source in view.clusters()]))
        found = joined & true
        partly = [pair for pair in found if any(seen[key] < said[key] for key in pair)]
        yield (
            name,
            {
                "true": len(true),
                "by identifiers": len(before[name] & true),
                "with scores": len(found),
                "wrong": len({pair for pair in joined - true if all(key in truth for key in pair)}),
                "missed": len(true - joined),
                "of these proposed": len((true - joined) & _proposed(view)),
                "taken by a conjunction": len(partly),
            },
        )


def _viewers(agencies: Collection[str]) -> dict[str, Viewer]:
    alone = {each: Viewer(name=each.lower(), level="SECRET", agencies=frozenset([each])) for each in sorted(agencies)}
    return {JOINT: joint(agencies)} | alone


def _truth(folder: Path) -> dict[Key, str]:
    with (folder / "who.csv").open(encoding="utf-8", newline="") as lines:
        return {
            _key(f"{row['agency']}/{row['dataset']}", row["source_id"]): f"{row['kind']} {row['entity']}"
            for row in csv.DictReader(lines)
        }


def _key(dataset: str, source: str) -> Key:
    return f"{dataset} {source}"


def _joined(view: View) -> set[Pair]:
    clusters = {_key(dataset, source): canonical for canonical, dataset, source in view.clusters()}
    return set(_pairs(clusters, clusters))


def _proposed(view: View) -> set[Pair]:
    """All pairs of entities of which the proposals say that they may be one."""
    members = defaultdict[str, list[Key]](list)
    for name, dataset, source in view.clusters():
        members[name].append(_key(dataset, source))
    two = [(each.one.id, each.other.id) for each in proposals(view, _ALL)]
    return {(min(a, b), max(a, b)) for one, other in two for a in members[one] for b in members[other]}


def _pairs(clusters: Mapping[Key, str], keys: Iterable[Key]) -> Iterator[Pair]:
    """The pairs of those keys that are in one cluster."""
    members = defaultdict[str, list[Key]](list)
    for key in sorted(keys):
        if key in clusters:
            members[clusters[key]].append(key)
    return (pair for some in members.values() for pair in combinations(some, 2))


def _said(view: View) -> Counter[Key]:
    """How many visible records are about each entity, or name it as an end."""
    said = Counter[Key]()
    for sourced in view.records(view.keys()):
        record = sourced.record
        said.update({_key(str(record.dataset), each) for each in (record.source_id, *(r.ref for r in record.roles))})
    return said


def main() -> None:
    """Measure the case in a folder, and print it."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.resolution.case", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    told: dict[str, Any] = measured(options.data)
    if options.json:
        print(json.dumps(told))
    else:
        for name, counts in told.items():
            print(f"{name:8} " + ", ".join(f"{what} {n}" for what, n in counts.items()))


if __name__ == "__main__":
    main()
