"""Saltmarsh, loaded as the demo loads it, and its truth."""

import json
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ingest import load
from tests.stores import leased
from workbench.access.viewer import Viewer, local_viewer
from workbench.model.ids import entity_id
from workbench.view.store import GraphStore, open_store
from workbench.view.view import View

SAMPLE = Path(__file__).parents[2] / "sample_data"
AGENCIES = ("KFIU", "NKP", "RJP", "TRC")


@dataclass(frozen=True)
class Saltmarsh:
    """The case in a store, with the truth that its generator wrote."""

    store: GraphStore
    truth: dict[str, Any]

    def view(self, *agencies: str) -> View:
        """The view of a viewer of some agencies, by default of all."""
        viewer = Viewer(name="test", agencies=frozenset(agencies or AGENCIES), level="SECRET")
        return self.store.view(viewer)

    def names(self, view: View) -> dict[str, str]:
        """The real entity for each canonical id of the view."""
        snapshot, found = view.snapshot(), {}
        for each in self.truth["entities"]:
            for source in each["sources"]:
                entity = entity_id(source["agency"], source["dataset"], source["source_id"])
                if snapshot.position(entity) >= 0:
                    found[snapshot.canonical(entity)] = each["entity"]
        return found

    def id_in(self, view: View) -> Callable[[str], str]:
        """The canonical id for a name in the truth: `key@AGENCY` for an entity that several files keep apart."""
        sources = {each["entity"]: each["sources"] for each in self.truth["entities"]}

        def named(name: str) -> str:
            key, _, agency = name.partition("@")
            source = next(each for each in sources[key] if agency in ("", each["agency"]))
            return view.canonical(entity_id(source["agency"], source["dataset"], source["source_id"]))

        return named

    def ids(self, view: View) -> dict[str, str]:
        """A canonical id for each real entity in the view."""
        return {name: entity for entity, name in self.names(view).items()}


Loads = list[dict[str, Any]]


def load_saltmarsh(url: str, order: Callable[[Loads], Loads] = list) -> Saltmarsh:
    """The four agencies' deliveries in an empty store, in their order or another."""
    store = open_store(url)
    for each in order(tomllib.loads((SAMPLE / "loads.toml").read_text("utf-8"))["loads"]):
        load(
            store,
            [SAMPLE / name for name in each["files"]],
            adapter=each["adapter"],
            manifest=SAMPLE / each["manifest"],
            agency=each["agency"],
            dataset=each["dataset"],
            delivered=str(each["delivered"]),
            viewer=local_viewer(()),
            by="test",
        )
    return Saltmarsh(store, json.loads((SAMPLE / "truth.json").read_text("utf-8")))


@pytest.fixture(scope="session")
def saltmarsh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Saltmarsh]:
    """The case, for reading only."""
    with leased(tmp_path_factory.mktemp("saltmarsh")) as url:
        found = load_saltmarsh(url)
        yield found
        found.store.close()
