"""One record for each element: of nested lists, of a cell's texts, of groups of columns."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.shapes import Reject
from tests.ingest.reading import read_object, read_text, records, values
from workbench.model.record import Role

FIRM = '[[files.records]]\nname = "firm"\nschema = "Company"\nid = "f:{id}"\n'
PHONE = '[[files.records]]\nname = "phone"\nschema = "Phone"\n'
HOLDING = '[[files.records]]\nname = "holding"\nschema = "Holding"\n'

NESTED = f"""
{FIRM}
[[files.records]]
name = "office"
schema = "Address"
each = "offices"
id = "a:{{id}}:{{.no}}"
properties = {{ city = ".city" }}
{PHONE}
each = "offices.phones"
id = "t:{{.|phone}}"
properties = {{ number = ".", notes = {{ template = "{{id}}/{{offices.no}}/{{.#}}" }} }}
{HOLDING}
each = "offices.phones"
roles = {{ holder = "firm", held = "phone", proof = "office" }}
"""


def test_a_record_for_each_element_knows_what_is_around_it() -> None:
    said = {
        "id": "1",
        "offices": [
            {"no": "x", "city": "Ruse", "phones": ["+359888123456", "+359888123457"]},
            {"no": "y", "city": "Varna", "phones": "+359888123458"},
            {"no": "z", "city": "Sofia"},
        ],
    }
    found = records(read_object(said, NESTED))
    assert [each.source_id for each in found if each.schema == "Address"] == ["a:1:x", "a:1:y", "a:1:z"]
    phones = [each for each in found if each.schema == "Phone"]
    assert [values(each)["notes"] for each in phones] == [["1/x/1"], ["1/x/2"], ["1/y/3"]]
    holdings = [dict(each.roles) for each in found if each.schema == "Holding"]
    assert holdings == [
        {"held": "t:+359888123456", "holder": "f:1", "proof": "a:1:x"},
        {"held": "t:+359888123457", "holder": "f:1", "proof": "a:1:x"},
        {"held": "t:+359888123458", "holder": "f:1", "proof": "a:1:y"},
    ]


def test_a_record_around_elements_can_name_all_of_them() -> None:
    how = f"""
    {FIRM}
    {PHONE}
    each = "phones"
    id = "t:{{.no}}"
    [[files.records]]
    name = "report"
    schema = "Report"
    id = "r:{{id}}"
    roles = {{ mentions = ["firm", "phone"] }}
    """
    *_, report = records(read_object({"id": "1", "phones": [{"no": "1"}, {"no": "2"}]}, how))
    assert report.roles == (Role("mentions", "f:1"), Role("mentions", "t:1"), Role("mentions", "t:2"))


def test_the_texts_of_a_cell_and_groups_of_columns() -> None:
    how = f"""
    {FIRM}
    {PHONE}
    each = {{ column = "tel", split = ";" }}
    id = "t:{{tel}}"
    properties = {{ notes = {{ template = "{{id}}-{{.#}}" }} }}
    {HOLDING}
    each = {{ column = "tel", split = ";" }}
    roles = {{ holder = "firm", held = "phone" }}
    [[files.records]]
    name = "other"
    schema = "Phone"
    each = {{ groups = {{ tel = ["tel1", "tel2"], kind = ["kind1", "kind2"] }} }}
    when = ".tel"
    id = "t:{{.tel}}"
    properties = {{ phoneType = ".kind", notes = {{ template = "{{id}}-{{.#}}" }} }}
    """
    table = "id,tel,tel1,kind1,tel2,kind2\n1,11;12; ,13,home,14,work\n2,,,lost,15,\n"
    found = records(read_text("csv", table, how))
    phones = [(each.source_id, values(each)) for each in found if each.schema == "Phone"]
    assert phones == [
        ("t:11", {"notes": ["1-1"]}),
        ("t:12", {"notes": ["1-2"]}),
        ("t:13", {"phoneType": ["home"], "notes": ["1-1"]}),
        ("t:14", {"phoneType": ["work"], "notes": ["1-2"]}),
        ("t:15", {"notes": ["2-2"]}),
    ]
    assert [dict(each.roles) for each in found if each.schema == "Holding"] == [
        {"holder": "f:1", "held": "t:11"},
        {"holder": "f:1", "held": "t:12"},
    ]


def test_what_nothing_maps_is_kept_by_the_record_whose_it_is() -> None:
    how = f"""
    {FIRM}
    rest = "notes"
    {PHONE}
    each = "phones"
    id = "t:{{.no}}"
    rest = "notes"
    """
    said = {"id": "1", "name": "Acme", "x": {"y": ["2", "3"]}, "phones": [{"no": "4", "kind": "home"}, {"no": "5"}]}
    firm, one, two = records(read_object(said, how))
    assert values(firm)["notes"] == ["name: Acme", "x.y: 2", "x.y: 3"]
    assert values(one)["notes"] == ["phones.kind: home"]
    assert values(two) == {}


def test_what_only_a_condition_asks_for_is_kept() -> None:
    how = f"""
    {FIRM}
    when = {{ any = ["name", {{ column = "kind", equals = "x" }}] }}
    rest = "notes"
    """
    (firm,) = records(read_object({"id": "1", "name": "Acme", "kind": "x"}, how))
    assert values(firm)["notes"] == ["name: Acme"]


def test_the_own_text_of_an_element_with_attributes_is_its_text() -> None:
    how = f"""
    units = ["firm"]
    {FIRM}
    {PHONE}
    each = "tel"
    id = "t:{{.}}"
    properties = {{ notes = {{ template = "{{.}}, {{.@kind}}, {{tel.@kind}}" }} }}
    """
    text = '<a><firm><id>1</id><tel kind="home">5</tel><tel>6</tel></firm></a>'
    _, one, two = records(read_text("xml", text, how))
    assert (one.source_id, values(one)) == ("t:5", {"notes": ["5, home, home"]})
    assert (two.source_id, values(two)) == ("t:6", {"notes": ["6"]})


def test_an_element_without_an_id_is_a_reject_of_its_whole_unit() -> None:
    (found,) = read_object(
        {"id": "1", "phones": [{"no": "4"}, {"kind": "x"}]},
        f'{PHONE}each = "phones"\nid = "t:{{.no}}"\nignore = []\n'.replace("ignore = []\n", "") + 'rest = "notes"\n',
    )
    assert isinstance(found, Reject)
    assert found.reason == "empty id: phone"


def test_a_unit_without_elements_has_no_such_record() -> None:
    for said in ({"id": "1"}, {"id": "1", "phones": []}, {"id": "1", "phones": None}, {"id": "1", "phones": ""}):
        assert [
            each.schema for each in records(read_object(said, f'{FIRM}{PHONE}each = "phones"\nid = "t:{{.}}"'))
        ] == ["Company"]


def test_what_stands_around_a_unit_is_read_and_need_not_be() -> None:
    text = '{"batch": "b7", "more": {"of": "x"}, "firms": [{"id": "1"}, {"id": "2"}], "late": "z"}'
    how = 'units = ["firms"]\n' + FIRM + 'properties = { notes = { template = "{^root.batch}/{^root.late}" } }'
    assert [values(each) for each in records(read_text("json", text, how))] == [{"notes": ["b7/z"]}] * 2
    xml = '<all batch="b7"><firm no="1"><id>1</id></firm><group><n>g</n><firm><id>2</id></firm></group></all>'
    how = 'units = ["firm"]\nignore = ["@no"]\n' + FIRM + 'properties = { notes = ["^all.@batch", "^group.n", "^"] }'
    assert [values(each)["notes"] for each in records(read_text("xml", xml, how))] == [
        ["b7", "firm"],
        ["b7", "g", "firm"],
    ]


_LEAF = st.text("ab", min_size=1, max_size=2)
_ELEMENTS = st.lists(st.fixed_dictionaries({"no": _LEAF, "in": st.lists(_LEAF, max_size=3)}), max_size=3)


@given(_ELEMENTS)
def test_elements_are_those_that_loops_find(elements: list[dict[str, object]]) -> None:
    how = f'{FIRM}{PHONE}each = "e.in"\nid = "t:{{e.no}}/{{.}}/{{.#}}"\n'
    found = records(read_object({"id": "1", "e": elements}, how))[1:]
    pairs = [(str(each["no"]), text) for each in elements for text in each["in"]]  # type: ignore[attr-defined]
    assert [each.source_id for each in found] == [f"t:{no}/{text}/{at}" for at, (no, text) in enumerate(pairs, 1)]
