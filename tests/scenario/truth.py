"""The truth file of Saltmarsh, and how its names are found in what the files show.

It imports nothing of the workbench.
"""

import json
from pathlib import Path

import networkx as nx

from tests.scenario.rows import Told
from tests.scenario.world import World

SAMPLE = Path(__file__).parent.parent.parent / "sample_data"
AGENCIES = ("KFIU", "NKP", "RJP", "TRC")
PRIVILEGED, PROVIDER_ONLY = "VERSCHONING", "ΔΕΣΜ"
TRUTH = json.loads((SAMPLE / "truth.json").read_text("utf-8"))
PLANTED = TRUTH["planted"]
SOURCES = {row["entity"]: [(each["agency"], each["source_id"]) for each in row["sources"]] for row in TRUTH["entities"]}


def seen_by(told: list[Told], agencies: tuple[str, ...] | list[str]) -> World:
    return World([row for row in told if row.agency in agencies and row.code != PRIVILEGED])


def broker_of(world: World) -> set[tuple[str, str]]:
    """Whom the truth calls broker, as this world has him: one if it joins him."""
    return {world.canonical[seen] for seen in SOURCES["broker"] if seen in world.canonical}


def keys(world: World, graph: nx.Graph, who: tuple[str, str]) -> set[str]:
    """Neighbours, by the truth's names."""
    names = {world.canonical[seen]: key for key, those in SOURCES.items() for seen in those if seen in world.canonical}
    return {names[other] for other in graph[who]} if who in graph else set()


def one(world: World, key: str) -> tuple[str, str]:
    (found,) = {world.canonical[seen] for seen in SOURCES[key] if seen in world.canonical}
    return found
