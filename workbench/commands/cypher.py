"""The command that runs Cypher on a viewer's copy."""

import json
from typing import TYPE_CHECKING, Any

import click

from workbench.access.audit import Log
from workbench.commands.console import emit, json_option, store_option, table, warn
from workbench.errors import UsageError
from workbench.model.visible import count
from workbench.settings import cypher_log, login_for, store_url
from workbench.store.schemes import is_server

if TYPE_CHECKING:
    from workbench.store.neo4j.cypher import Table


def _parameters(given: tuple[str, ...]) -> dict[str, Any]:
    """Parse `name=value` arguments; UsageError for any other form."""
    parameters = dict[str, Any]()
    for pair in given:
        name, equals, value = pair.partition("=")
        if not name or not equals:
            raise UsageError(f"--param {pair} has no value: write --param name=value")
        parameters[name] = _value(value)
    return parameters


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


@click.command()
@click.argument("query")
@store_option
@click.option("--viewer", "--as", "viewer", metavar="VIEWER", help="The viewer. Default: the copy's.")
@click.option("--purpose", metavar="P", help="The purpose. Default: the copy's.")
@click.option("--param", "given", metavar="NAME=VALUE", multiple=True, help="The value of $NAME, as JSON or text.")
@click.option("--limit", default=1_000, show_default=True, type=click.IntRange(1, 100_000), help="Most rows to return.")
@click.option("--seconds", default=10.0, show_default=True, help="Time limit of the query.")
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
    """Run a read-only Cypher query on a copy that was made for you.

    `workbench copy --as VIEWER` makes such a copy. Other stores refuse. Every query is logged.
    """
    asked = {"viewer": viewer, "purpose": purpose, "limit": limit, "seconds": seconds}
    answer = _answer(store_url(url), query, _parameters(given), asked)
    if as_json:
        emit(answer)
        return
    table(count(len(answer.rows), "row"), answer.columns, [map(_cell, row) for row in answer.rows])
    if answer.truncated:
        warn(f"There are more than {limit} rows: narrow the query, or give --limit.")


def _cell(value: Any) -> str:
    """A value as text; lists, maps and truth values as JSON."""
    if isinstance(value, dict | list | bool):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def _answer(url: str, query: str, parameters: dict[str, Any], asked: dict[str, Any]) -> "Table":
    # imported here, so that other commands start without the driver
    from workbench.store.neo4j.connection import Database, address_of
    from workbench.store.neo4j.cypher import run_cypher

    if not is_server(url):
        raise UsageError("Cypher needs Neo4j: make a copy with `workbench copy --as VIEWER`, and give its neo4j:// URL")
    database = Database(address_of(url, login_for(url)))
    try:
        return run_cypher(database, query, parameters, audit=Log(cypher_log()), **asked)
    finally:
        database.close()
