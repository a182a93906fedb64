"""Resolve registers with the workbench itself, beside plain Splink, the ceiling and the truth."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.resolution import registers
from benchmarks.resolution.apart import run_apart
from benchmarks.resolution.ceiling import ceiling
from benchmarks.resolution.pairs import scripts_of
from benchmarks.resolution.resolving import load_jobs, resolved
from benchmarks.resolution.scoring import Score, by_group, cluster_score, errors
from workbench.scenario.registers.agencies import COMPANIES, PERSONS, agencies

# What is to be closed of the gap that plain Splink leaves to 1, up to so many records of persons and above.
_LARGE, _REACH, _REACH_IF_LARGE = 500_000, 0.7, 0.6
PRECISION = 0.995


def measured(folder: Path) -> dict[str, Any]:
    """What resolution makes of registers; as JSON values."""
    clusters, told = _resolved(folder)
    raw = run_apart("raw", "--data", folder.resolve(), "--json").answer
    persons, scripts = _of_kind(clusters, folder, PERSONS), _scripts(folder)
    told |= {"persons": persons.told(), "companies": _of_kind(clusters, folder, COMPANIES).told(), "raw": raw}
    told["ceiling"] = ceiling(folder).told()
    closes = (persons.f1 - raw["f1"]) / (1 - raw["f1"]) if raw["f1"] < 1 else 1.0
    reach = _REACH if len(scripts) < _LARGE else _REACH_IF_LARGE
    told |= {"closes": round(closes, 3), "reach": reach, "reached": closes >= reach}
    truth = registers.truth(folder)
    return told | errors(by_group({record: clusters[record] for record in truth}, truth, scripts))


def _resolved(folder: Path) -> tuple[dict[str, str], dict[str, Any]]:
    """The cluster of each record, by agency/source id, and what it took."""
    codes = [each.code for each in agencies()]
    made = resolved(codes, lambda store, viewer: load_jobs(store, folder, viewer), train=True)
    return {"/".join(key): canonical for key, canonical in made.clusters.items()}, made.told


def _of_kind(clusters: Mapping[str, str], folder: Path, kind: str) -> Score:
    truth = registers.truth(folder, kind)
    return cluster_score({record: clusters[record] for record in truth}, truth)


def _scripts(folder: Path) -> dict[str, str]:
    """The scripts of each record's name."""
    return {row["record"]: scripts_of(f"{row['given']} {row['family']}") for row in registers.rows(folder)}
