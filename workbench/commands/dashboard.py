"""The commands that serve the dashboard, and the demo."""

import click

from workbench.commands.console import emit, json_option, store_option
from workbench.settings import store_url


@click.command()
@click.option("--store", "url", metavar="URL", help="Where to build it. Default: its own file, not WORKBENCH_STORE.")
@click.option("--no-serve", is_flag=True, help="Build and report, without the dashboard.")
@click.option("--port", default=8501, show_default=True, type=click.IntRange(1, 65535))
@json_option
def demo(url: str | None, no_serve: bool, port: int, as_json: bool) -> None:
    """Build the sample case Saltmarsh, report what it holds, and open the dashboard on it."""
    from workbench.app.serve import serve as serve_dashboard
    from workbench.commands.demo import build_demo, demo_url, tell

    where = url or demo_url()
    story = build_demo(where)
    if as_json:
        emit(story)
    else:
        tell(story, where)
    if not no_serve:
        serve_dashboard(where, port=port)


@click.command()
@store_option
@click.option("--as", "viewer", metavar="VIEWER", help="The viewer of every session.")
@click.option("--purpose", metavar="P", help="The purpose.")
@click.option("--port", default=8501, show_default=True, type=click.IntRange(1, 65535))
def serve(url: str | None, viewer: str | None, purpose: str | None, port: int) -> None:
    """Serve the dashboard on 127.0.0.1. If there is no store, it makes an empty one, which the page Load can fill."""
    from workbench.app.serve import serve as serve_dashboard
    from workbench.commands.loading import to_load

    where = store_url(url)
    to_load(where).close()
    serve_dashboard(where, viewer, purpose, port=port)
