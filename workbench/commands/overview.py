"""The commands that describe a view's content."""

from dataclasses import asdict
from typing import Any

import click

from workbench.commands.console import Look, emit, json_option, reading, say, table
from workbench.model.ontology import ontology


@click.command()
@reading
def stats(look: Look) -> None:
    """Count records, entities, relationships, ties, stubs and canonical entities."""
    counts = asdict(look.case.stats())

    def text() -> None:
        for name in ("revision", "records", "ties", "stubs", "canonical"):
            say(f"{name}: {counts[name]}")
        for name in ("entities", "relationships", "agencies", "datasets"):
            table(name, (name, "n"), counts[name].items())

    look.show(counts, text)


@click.command()
@reading
def digest(look: Look) -> None:
    """Print a hash of the view's content, which is equal for equal content, whatever its history."""
    digest_ = look.case.digest()
    look.show({"digest": digest_, "revision": look.case.view.revision}, lambda: say(digest_))


@click.command()
@reading
def revisions(look: Look) -> None:
    """List the revisions that changed what this viewer sees, oldest first."""
    rows = [{"revision": token, "at": at} for token, at in look.case.history()]
    look.show({"revisions": rows}, lambda: table("revisions", ("revision", "at"), [row.values() for row in rows]))


@click.command()
@click.argument("name", required=False)
@json_option
def schemata(name: str | None, as_json: bool) -> None:
    """List the schemata, or the properties and roles of one."""
    known = ontology()
    if name is None:
        types = {s.name: known.arrow(s.name, *known.ends(s.name)).type for s in known.concrete() if s.edge}
        rows = [
            {"schema": s.name, "relationship": s.edge, "type": types.get(s.name, ""), "label": s.label}
            for s in known.concrete()
        ]
        answer: dict[str, Any] = {"schemata": rows}
    else:
        props = sorted(known.require(name).properties.values(), key=lambda p: p.name)
        rows = [{"property": p.name, "type": p.type, "label": p.label} for p in props]
        answer = {"schema": name, "relationship": known.is_relationship(name), "properties": rows}
    if as_json:
        emit(answer)
    else:
        table(name or "schemata", tuple(rows[0]), [tuple(row.values()) for row in rows])
