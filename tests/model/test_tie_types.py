"""Types of ties in a property graph: a verb for every relationship, the role at its head for every other tie."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import InputError
from workbench.model.ontology import OWN_SCHEMATA, ontology
from workbench.model.tie_types import RESERVED_TIE_TYPES, check_tie_type, is_tie_type, type_of_name

RELATIONSHIPS = sorted(schema.name for schema in ontology() if schema.edge)
DECLARED = yaml.safe_load((OWN_SCHEMATA / "_tie_types.yaml").read_text("utf-8"))


def test_every_relationship_has_a_verb_of_its_own() -> None:
    assert sorted(DECLARED) == RELATIONSHIPS
    assert len(set(DECLARED.values())) == len(DECLARED)


@pytest.mark.parametrize("name", RELATIONSHIPS)
def test_a_relationship_runs_from_its_source_to_its_target(name: str) -> None:
    source, target = ontology().ends(name)
    assert ontology().arrow(name, source, target) == (DECLARED[name], True)
    assert ontology().arrow(name, target, source) == (DECLARED[name], False)


@pytest.mark.parametrize(
    ("schema", "a", "b", "arrow"),
    [
        ("Ownership", "owner", "asset", ("OWNS", True)),
        ("Payment", "payer", "beneficiary", ("PAID", True)),
        ("Transfer", "payerAccount", "beneficiaryAccount", ("TRANSFERRED_TO", True)),
        ("Transfer", "beneficiary", "payer", ("PAID", False)),  # as in the Payment that it is
        ("Transfer", "payerAccount", "payer", ("PAYER", True)),
        ("Transfer", "payer", "beneficiaryAccount", ("BENEFICIARY_ACCOUNT", True)),
        ("Ownership", "owner", "proof", ("PROOF", True)),  # nobody owns the proof
        ("Observation", "observed", "companion", ("COMPANION", True)),
        ("Passport", "", "holder", ("HOLDER", True)),
        ("Person", "", "addressEntity", ("ADDRESS_ENTITY", True)),
        ("Officer", "", "addressEntity", ("ADDRESS_ENTITY", True)),
        ("Call", "caller", "caller", ("CALLER", True)),  # a mention
    ],
)
def test_ties_read_along_their_arrow(schema: str, a: str, b: str, arrow: tuple[str, bool]) -> None:
    assert ontology().arrow(schema, a, b) == arrow


def test_types_of_the_ontology_are_valid_and_tell_verbs_from_roles() -> None:
    types = ontology().tie_types()
    assert list(types) == sorted(set(types))
    assert all(is_tie_type(name) for name in types)
    roles = {type_of_name(role) for schema in ontology() for role in ontology().roles(schema.name)}
    assert set(types) == roles | set(DECLARED.values())
    assert not roles & set(DECLARED.values())


@pytest.mark.parametrize("name", ["KNOWS", "KNOWS_SN", "A", "T2", "A" * 64])
def test_names_that_a_source_may_use(name: str) -> None:
    assert check_tie_type(name) == name


@pytest.mark.parametrize(
    "name",
    ["", "knows", "Knows", "_A", "2A", "A-B", "A B", "A`", "A\n", "A|B", "ÄRGER", "KNOWS\u0660", "A" * 65, "*"],
)
def test_names_that_are_none(name: str) -> None:
    assert not is_tie_type(name)
    with pytest.raises(InputError, match=r"is not a relationship type: write a capital A-Z, then up to 63"):
        check_tie_type(name)


@pytest.mark.parametrize("name", sorted(RESERVED_TIE_TYPES))
def test_names_of_the_store_are_refused(name: str) -> None:
    assert not is_tie_type(name)
    with pytest.raises(InputError, match=f"type '{name}' is the store's own"):
        check_tie_type(name)


@given(st.text(alphabet=st.sampled_from("AZ09_az`\n '\"é"), max_size=5))
def test_nothing_but_capitals_digits_and_underscores_is_a_name(text: str) -> None:
    plain = text != "" and text[0] in "AZ" and set(text) <= set("AZ09_")
    assert is_tie_type(text) == plain
