"""The commands for units in quarantine."""

from base64 import b64encode
from pathlib import Path
from typing import Any, BinaryIO

import click

from workbench.commands.console import Look, reading, say, table, warn, writing
from workbench.commands.reports import show
from workbench.store.types import Quarantined


@click.group()
def quarantine() -> None:
    """Units that could not be read, kept with their bytes."""


@quarantine.command("list")
@reading
def quarantine_list(look: Look) -> None:
    """List the units in quarantine of your agencies, and why they are there."""
    rows = [_in_short(each) for each in look.case.quarantine()]
    columns = tuple(rows[0]) if rows else ("nothing in quarantine",)
    look.show({"quarantine": rows}, lambda: table("quarantine", columns, [tuple(row.values()) for row in rows]))


@quarantine.command("show")
@click.argument("unit", metavar="ID")
@reading
def quarantine_show(look: Look, unit: str) -> None:
    """Show a unit in quarantine with its bytes."""
    (found,) = look.case.quarantine([unit])
    answer = {
        **_in_short(found),
        "raw": found.raw.decode("utf-8", "replace"),
        "raw_base64": b64encode(found.raw).decode("ascii"),
        "marking": str(found.marking),
        "delivered": found.context["delivered"],
    }
    if "original" in found.context:
        answer["original_base64"] = found.context["original"]
    shown = [(name, value) for name, value in answer.items() if not name.endswith("_base64")]
    look.show(answer, lambda: table(unit, ("what", "value"), shown))


@quarantine.command("replay")
@click.argument("units", nargs=-1, metavar="[ID...]")
@click.option("--adapter", metavar="NAME", help="The format. Default: as it was loaded.")
@click.option("--manifest", metavar="FILE", type=click.Path(path_type=Path), help="The corrected manifest.")
@click.option("--agency", metavar="A", help="Units of this agency only. Default: the manifest's.")
@click.option("--dataset", metavar="D", help="Units of this dataset only. Default: the manifest's.")
@click.option("--raw", metavar="FILE", type=click.File("rb"), help="Repaired bytes, for a single unit.")
@click.option("--marking", metavar="M", help="The weakest marking to accept. Default: each unit's own.")
@writing
def quarantine_replay(
    look: Look,
    units: tuple[str, ...],
    adapter: str | None,
    manifest: Path | None,
    agency: str | None,
    dataset: str | None,
    marking: str | None,
    raw: BinaryIO | None,
) -> None:
    """Read units again; those that can be read leave quarantine.

    Without an ID: all units of the manifest's agency and dataset, or all of one agency without a manifest.
    """
    report = look.case.replay(
        units,
        adapter=adapter,
        manifest=manifest,
        agency=agency,
        dataset=dataset,
        marking=marking,
        raw=raw.read() if raw else None,
    )
    show(report, look.as_json)


@quarantine.command("discard")
@click.argument("units", nargs=-1, required=True, metavar="ID...")
@click.option("--reason", "why", metavar="R", required=True, help="The reason, for the log of loads.")
@writing
def quarantine_discard(look: Look, units: tuple[str, ...], why: str) -> None:
    """Delete units from quarantine without reading them."""
    gone = look.case.discard(units, why)
    answer = {"discarded": [_in_short(each) for each in gone], "reason": why}
    look.show(answer, lambda: say(f"{len(gone)} discarded: {why}"))
    left = len(set(units)) - len(gone)
    if left:
        warn(f"not discarded, because they were replayed, discarded or loaded again meanwhile: {left}")


def _in_short(unit: Quarantined) -> dict[str, Any]:
    names = ("id", "agency", "dataset", "adapter", "path", "locator", "reason", "message")
    return {name: getattr(unit, name) for name in names}
