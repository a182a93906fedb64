"""The command line of the workbench; `ingest` has its own.

Exit codes: 0 done; 1 done, but something was quarantined, refused or not in the manifest; 2 wrong use; 3 failed
and nothing changed. With --json the only output on stdout is one JSON object.
"""

import sys

try:
    import click

    from workbench.commands.console import run
    from workbench.commands.lazy import LazyGroup, places
except KeyboardInterrupt:  # later `run` does this
    sys.exit(130)

# The commands by module; each is a function with its name, with _ for -. The table of analyses adds theirs.
_MODULES = {
    "overview": ("stats", "digest", "revisions", "schemata"),
    "entities": ("search", "show", "neighbours"),
    "identity": (
        *("resolve", "proposals", "clusters", "clusters-to-check", "contradictions"),
        *("same", "different", "unsure", "judge", "undo", "judgements"),
    ),
    "common": ("common",),
    "kept": ("findings",),
    "judged_leads": ("leads",),
    "weight": ("weight",),
    "marking": ("remark",),
    "export": ("export",),
    "scenario": ("scenario",),
    "dashboard": ("demo", "serve"),
    "copy": ("copy",),
    "cypher": ("cypher",),
    "doctor": ("doctor",),
}

cli = LazyGroup(
    "workbench",
    places(_MODULES),
    more="workbench.commands.analyses:COMMANDS",
    help="Joint Intelligence Workbench: one graph of what several agencies hold.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
cli = click.version_option(package_name="joint-workbench")(cli)


def main() -> None:
    """Run the command line and exit with its code."""
    sys.exit(run(cli))


if __name__ == "__main__":
    main()
