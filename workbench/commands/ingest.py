"""The command line of ingest.

Exit codes: 0 done; 1 done, but something was quarantined, refused or not in the manifest; 2 wrong use;
3 failed and nothing changed.
"""

import sys

try:
    import click

    from workbench.commands.console import run
    from workbench.commands.lazy import LazyGroup, places
except KeyboardInterrupt:  # later `run` does this
    sys.exit(130)

# What the commands do, by module, in the first sentence of their help. Each is a function with its name, with _ for -.
_MODULES = {
    "batch": {
        "batch": "Run the loads in a TOML file in order: one `[[loads]]` table for each; see docs/batch.md.",
    },
    "formats": {
        "mapping": "Print the mapping of an adapter as a manifest, to copy and change.",
    },
    "load": {
        "load": (
            "Load files, archives, folders or quoted patterns such as 'in/*.csv'; each of their units is counted once."
        ),
        "adapters": "List the formats that can be read.",
    },
    "log": {
        "log": "List the loads of your agencies, oldest first, with their ids and withdrawals.",
        "loads": "",  # hidden
        "withdraw": "Withdraw a load by its id (see `ingest log`), as if it had never been.",
    },
    "watch": {
        "watch": (
            "Load each file that is delivered into a folder, then move it to done/ or rejected/ in it, with its report."
        ),
    },
    "detection": {
        "detect": "Name the format of files by their content, and how sure that is.",
    },
    "suggest": {
        "suggest": "Write a first manifest for a table: CSV, Excel, Parquet, SQLite, JSON or JSON lines.",
    },
    "quarantine": {
        "quarantine": "Units that could not be read, kept with their bytes.",
    },
}

cli = LazyGroup(
    "ingest",
    places(_MODULES),
    help="Load files of agencies into the workbench; see docs/manifest.md.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
cli = click.version_option(package_name="joint-workbench")(cli)


def main() -> None:
    """Run the command line and exit with its code."""
    sys.exit(run(cli))


if __name__ == "__main__":
    main()
