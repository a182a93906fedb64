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

# The commands by module.
_MODULES = {
    "batch": ("batch",),
    "formats": ("mapping",),
    "load": ("load", "adapters"),
    "log": ("log", "loads", "withdraw"),
    "watch": ("watch",),
    "detection": ("detect",),
    "suggest": ("suggest",),
    "quarantine": ("quarantine",),
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
