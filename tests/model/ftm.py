"""FollowTheMoney's own model with our schemata: it reads exports, and our ontology is compared with it."""

from functools import cache

from followthemoney.model import Model
from followthemoney.property import Property
from followthemoney.schema import Schema

from workbench.model.schemata import read_specs


class StandardModel(Model):
    """FollowTheMoney's model, which checks all schemata as it is made."""

    def __init__(self) -> None:
        self.path = ""
        self.schemata: dict[str, Schema] = {}
        self.properties: set[Property] = set()
        self.qnames: dict[str, Property] = {}
        for name, spec in read_specs().items():
            self.schemata[name] = Schema(self, name, spec)
        self.generate()


@cache
def standard_model() -> StandardModel:
    """The one of this process."""
    return StandardModel()
