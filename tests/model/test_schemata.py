"""The schemata that we read from FollowTheMoney's files equal those of its own model."""

from pathlib import Path

import pytest
from followthemoney.schema import Schema as Theirs
from followthemoney.settings import MODEL_PATH

from tests.model.ftm import standard_model
from workbench.model import schemata
from workbench.model.ontology import ontology
from workbench.model.schemata import Property, Schema


def _ours_of(theirs: Theirs) -> Schema:
    """Their schema in our form, without reverse properties, which no record has."""
    return Schema(
        name=theirs.name,
        label=theirs.label,
        abstract=theirs.abstract,
        names=frozenset(theirs.names),
        properties={
            name: Property(prop.name, prop.label, prop.type.name, prop.format, prop.range.name if prop.range else "")
            for name, prop in theirs.properties.items()
            if not prop.stub
        },
        caption=tuple(theirs.caption),
        featured=tuple(theirs.featured),
        edge_source=theirs.edge_source or "",
        edge_target=theirs.edge_target or "",
        edge_directed=theirs.edge_directed,
        edge_caption=tuple(theirs.edge_caption),
    )


@pytest.mark.parametrize("name", sorted({*ontology().schemata, *standard_model().schemata}))
def test_a_schema_is_as_follow_the_money_makes_it(name: str) -> None:
    theirs = standard_model().schemata[name]
    assert ontology().schemata[name] == _ours_of(theirs)
    assert ontology().is_relationship(name) == theirs.edge


def test_the_files_are_those_of_the_library() -> None:
    assert schemata._their_schemata() == Path(MODEL_PATH)
    assert {path.stem for path in Path(MODEL_PATH).glob("*.yaml")} <= set(ontology().schemata)
