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

# What the commands do, by module, in the first sentence of their help. Each is a function with its name, with _ for -.
_MODULES = {
    "overview": {
        "stats": "Count records, entities, relationships, ties, stubs and canonical entities.",
        "digest": "Print a hash of the view's content, which is equal for equal content, whatever its history.",
        "revisions": "List the revisions that changed what this viewer sees, oldest first.",
        "schemata": "List the schemata, or the properties and roles of one.",
    },
    "entities": {
        "search": "Find entities by a name, number or other text, in any script; similar names come last.",
        "show": (
            "Show an entity: every value with its source, grade, marking and locator; and what people judged about it."
        ),
        "neighbours": "Show the entities within some hops of an entity, and the ties that lead to them.",
    },
    "analyses": {
        "joint-value": "Report what only the union of agencies shows, and which of them suffice.",
        "key-players": (
            "Rank positions by betweenness, degree, closeness, PageRank or brokerage, with the intervals of ranks."
        ),
        "disruption": "Simulate what taking out some entities does to the network, at once and after it recovers.",
        "articulation-points": "Find whose removal takes the network apart.",
        "communities": "Find communities by modularity, and say whether the data support them.",
        "group": "Describe the community that an entity is in: members, agencies, what they share.",
        "paths": "Find the shortest paths between two entities, with the records of each step.",
        "predict": "Predict which relationships are missing, hidden or to come, if this network tells.",
        "lead": "Explain a predicted relationship: contacts, records, and what it would be without them.",
    },
    "identity": {
        "resolve": (
            "Score who is who among all that the viewer sees, publish it, and report joins, vetoes and "
            "values set aside."
        ),
        "proposals": "List pairs that may be one entity, the likeliest first: for people to judge.",
        "clusters": "Write canonical_id, dataset, source_id of every entity as CSV, including single ones.",
        "clusters-to-check": (
            "List persons and organisations of so many referents, or so loosely joined, that they may not be one."
        ),
        "contradictions": (
            "List the judgements that contradict one another: a `same` that would unite two judged different."
        ),
        "same": "Judge that two entities are the same, with a reason; `undo` withdraws it.",
        "different": "Judge that two entities are different, with a reason; `undo` withdraws it.",
        "unsure": "Record that two entities were compared without a decision: it neither joins nor separates them.",
        "judge": "Judge the pairs in a CSV file, all of them or none.",
        "undo": "Withdraw a judgement of your own; older revisions keep it.",
        "judgements": "List the judgements that this viewer sees.",
    },
    "common": {
        "common": "Common values: so widely shared that they join nobody and carry no tie.",
    },
    "kept": {
        "findings": "Kept findings: list them, show one, compute it again, or compare.",
    },
    "judged_leads": {
        "leads": "Verdicts on leads: list them, or accept, reject or park a lead.",
    },
    "weight": {
        "weight": "Say what the tie between A and B weighs: by which records, of which sources, on which grades.",
    },
    "marking": {
        "remark": "Re-mark records of your agency, at every revision.",
    },
    "export": {
        "export": "Write the view in another format, with its marking.",
    },
    "scenario": {
        "scenario": (
            "Generate an invented cross-border case with its truth, of any size; or registers to resolve persons in."
        ),
    },
    "dashboard": {
        "demo": "Build the sample case Saltmarsh, report what it holds, and open the dashboard on it.",
        "serve": "Serve the dashboard on 127.0.0.1.",
    },
    "copy": {
        "copy": "Copy a store into an empty one: all of it with its history, or with --as what one viewer sees now.",
    },
    "cypher": {
        "cypher": "Run a read-only Cypher query on a copy that was made for you.",
    },
    "doctor": {
        "doctor": "Check whether the store can be reached, is intact and has room; exit code 3 if not.",
    },
}

cli = LazyGroup(
    "workbench",
    places(_MODULES),
    help="Joint Intelligence Workbench: one graph of what several agencies hold.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
cli = click.version_option(package_name="joint-workbench")(cli)


def main() -> None:
    """Run the command line and exit with its code."""
    sys.exit(run(cli))


if __name__ == "__main__":
    main()
