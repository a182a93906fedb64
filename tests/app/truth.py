"""The truth of the sample case, from its generator, in ids of the joint view."""

import json
from typing import Any

from tests.app.browser import PROJECT
from workbench.access.viewer import Viewer
from workbench.model.ids import entity_id
from workbench.view.store import open_store

_JOINT = Viewer(name="joint", agencies=frozenset({"NKP", "TRC", "KFIU", "RJP"}), level="SECRET")


def real_name(name: str) -> str:
    """The real entity of a name in the truth file; `name@AGENCY` is what one agency knows of it."""
    return name.partition("@")[0]


class Truth:
    """The truth file; `id` gives the joint view's id of one of its entities."""

    def __init__(self, url: str) -> None:
        self._told = json.loads((PROJECT / "sample_data" / "truth.json").read_text("utf-8"))
        self._sources = {each["entity"]: each["sources"] for each in self._told["entities"]}
        self._real: dict[str, str] = {}
        self._store = open_store(url)
        self._view = self._store.view(_JOINT)

    def close(self) -> None:
        """Close the store."""
        self._store.close()

    def id(self, name: str) -> str:
        """The canonical id of an entity; `name@AGENCY` is what that agency alone knows of it."""
        entity, _, agency = name.partition("@")
        source = next(each for each in self._sources[entity] if agency in ("", each["agency"]))
        return self._view.canonical(entity_id(source["agency"], source["dataset"], source["source_id"]))

    def ids(self, names: list[str]) -> set[str]:
        """The canonical ids of several."""
        return {self.id(name) for name in names}

    def real(self, entity: str) -> str:
        """The real entity that a canonical id is about; several ids can be about one."""
        if not self._real:
            snapshot = self._view.snapshot()
            for name, sources in self._sources.items():
                for each in sources:
                    known = entity_id(each["agency"], each["dataset"], each["source_id"])
                    self._real[snapshot.canonical(known)] = name
        return self._real[entity]

    def caption(self, entity: str) -> str:
        """The caption of an entity in the joint view."""
        return self._view.summaries([entity])[0].caption

    def neighbours(self, entity: str) -> set[str]:
        """The ids of an entity and of its neighbours."""
        return set(self._view.neighbours(entity).entities)

    def everybody(self) -> set[str]:
        """The ids of all entities of the joint view."""
        return set(self._view.snapshot().ids)

    def question(self, number: int) -> dict[str, Any]:
        """The answer to one of the five questions."""
        found: dict[str, Any] = self._told["questions"][str(number)]
        return found

    @staticmethod
    def places(records: list[dict[str, Any]]) -> set[tuple[str, str]]:
        """(agency, file:line) of records."""
        return {(each["agency"], f"{each['file']}:{each['line']}") for each in records}
