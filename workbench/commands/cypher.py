"""The command that asks a viewer's copy by Cypher."""

import json
from typing import TYPE_CHECKING, Any

import click

from workbench.access.audit import Log
from workbench.app.text import count
from workbench.commands.console import emit, json_option, store_option, table, warn
from workbench.errors import UsageError
from workbench.settings import cypher_log, login_for, store_url
from workbench.store.schemes import is_server

if TYPE_CHECKING:
    from workbench.store.neo4j.cypher import Table


def _parameters(given: tuple[str, ...]) -> dict[str, Any]:
    """`name=value` by name; UsageError for what is not of that form."""
    found = dict[str, Any]()
    for each in given:
        name, equals, value = each.partition("=")
        if not name or not equals:
            raise UsageError(f"--param {each} gives nothing a value: write --param name=value")
        found[name] = _value(value)
    return found


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


@click.command()
@click.argument("query")
@store_option
@click.option("--viewer", "--as", "viewer", metavar="VIEWER", help="Who is looking. Default: whose copy it is.")
@click.option("--purpose", metavar="P", help="What for. Default: what the copy was made for.")
@click.option("--param", "given", metavar="NAME=VALUE", multiple=True, help="The value of $NAME: JSON, or else a text.")
@click.option("--limit", default=1_000, show_default=True, type=click.IntRange(1, 100_000), help="Most rows.")
@click.option("--seconds", default=10.0, show_default=True, help="Most time that the query may take.")
@json_option
def cypher(
    query: str,
    url: str | None,
    viewer: str | None,
    purpose: str | None,
    given: tuple[str, ...],
    limit: int,
    seconds: float,
    as_json: bool,
) -> None:
    """Ask a copy that was made for you, by Cypher that only reads.

    `workbench copy --as VIEWER` makes such a copy. No other store answers. Every query is logged.
    """
    asked = {"viewer": viewer, "purpose": purpose, "limit": limit, "seconds": seconds}
    found = _answer(store_url(url), query, _parameters(given), asked)
    if as_json:
        emit(found)
        return
    table(count(len(found.rows), "row"), found.columns, [map(_cell, row) for row in found.rows])
    if found.truncated:
        warn(f"There are more than {limit} rows: narrow the query, or give --limit.")


def _cell(value: Any) -> str:
    """A value as text: what has parts as JSON."""
    if isinstance(value, dict | list | bool):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def _answer(url: str, query: str, parameters: dict[str, Any], asked: dict[str, Any]) -> "Table":
    # the driver is no part of the other commands' start
    from workbench.store.neo4j.connection import Database, address_of
    from workbench.store.neo4j.cypher import run_cypher

    if not is_server(url):
        raise UsageError("Cypher is for Neo4j: make a copy by `workbench copy --as VIEWER` and give its neo4j:// URL")
    database = Database(address_of(url, login_for(url)))
    try:
        return run_cypher(database, query, parameters, audit=Log(cypher_log()), **asked)
    finally:
        database.close()
