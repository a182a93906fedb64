"""The command that checks a store, for operators."""

import click

from workbench.commands.console import emit, json_option, store_option, table
from workbench.endings import FAILED
from workbench.settings import login_for, store_url
from workbench.store.doctor import examine
from workbench.store.doctor import repair as make_again
from workbench.store.login import shown


@click.command()
@store_option
@click.option("--repair", is_flag=True, help="First recreate what was dropped, and delete wrong scores.")
@click.option("--contents", is_flag=True, help="Also read every record, and check that it is what was loaded.")
@json_option
def doctor(url: str | None, repair: bool, contents: bool, as_json: bool) -> None:
    """Check whether the store can be reached, is intact and has room; exit code 3 if not.

    Prints nothing of the store's content, and changes nothing without --repair.
    """
    where = store_url(url)
    if repair:
        make_again(where, login_for(where))
    checks = examine(where, login_for(where), contents)
    failed = any(each.state == "failed" for each in checks)
    if as_json:
        emit({"store": shown(where), "ok": not failed, "checks": checks})
    else:
        rows = [(each.name, each.state, each.found, each.todo) for each in checks]
        table(shown(where), ("what", "state", "found", "to do"), rows)
    if failed:
        click.get_current_context().exit(FAILED)
