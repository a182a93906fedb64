"""The `anx` adapter: entities and links of i2 charts, arrows, strengths, grades, dates, cards and references."""

import pytest

from ingest.adapters.anx_chart import SCHEMES
from ingest.shapes import Frame
from tests.ingest.graphs import Graph, Tie, graph, values
from tests.ingest.test_units_alone import read
from workbench.errors import FileRefused
from workbench.model.grade import parse_grade, scheme_names
from workbench.model.record import Basis

LISTS = """
<StrengthCollection><Strength Id="S1" Name="Confirmed" DotStyle="DotStyleSolid"/>
<Strength Id="S2" Name="Gerücht" DotStyle="DotStyleDotted"/><Strength Id="S3" Name="Fest" DotStyle="DotStyleSolid"/>
</StrengthCollection>
<EntityTypeCollection><EntityType Id="T1" Name="Person"/><EntityType Id="T2" Name="Vehicle"/></EntityTypeCollection>
<LinkTypeCollection><LinkType Id="L1" Name="Owner"/></LinkTypeCollection>
<AttributeClassCollection><AttributeClass Id="A1" Name="Phone Number" Type="AttText"/></AttributeClassCollection>
"""


def item(inner: str, *, said: str = "") -> str:
    return f"<ChartItem {said}>{inner}</ChartItem>"


def icon(number: str, kind: str = "Person", *, said: str = "", identity: str = "", more: str = "") -> str:
    named = f'Identity="{identity or f"id {number}"}"'
    shape = f'<Icon><IconStyle Type="{kind}"/></Icon>'
    entity = f'<End><Entity EntityId="{number}" {named}>{more}{shape}</Entity></End>'
    return item(entity, said=said or f'Id="I{number}" Label="label {number}"')


def link(style: str, *, ends: str = 'End1Id="1" End2Id="2"', said: str = "", more: str = "", beside: str = "") -> str:
    return item(f"<Link {ends}>{more}<LinkStyle {style}/></Link>{beside}", said=said)


def chart(*items: str, lists: str = LISTS) -> str:
    return f"<Chart>{lists}<ChartItemCollection>{''.join(items)}</ChartItemCollection></Chart>"


def links(*given: str, lists: str = LISTS) -> Graph:
    """The links of a chart of three persons and a vehicle."""
    return graph("anx", chart(icon("1"), icon("2"), icon("3"), icon("4", "Vehicle"), *given, lists=lists))


@pytest.mark.parametrize(
    ("arrow", "ties"),
    [
        ("ArrowOnHead", [("DirectedLink", "id 1", "id 2")]),
        ("ArrowOnTail", [("DirectedLink", "id 2", "id 1")]),
        ("ArrowOnBoth", [("DirectedLink", "id 1", "id 2"), ("DirectedLink", "id 2", "id 1")]),
        ("ArrowNone", [("UnknownLink", "id 1", "id 2")]),
        ("", [("UnknownLink", "id 1", "id 2")]),
    ],
)
def test_a_link_has_the_direction_of_its_arrow(arrow: str, ties: list[tuple[str, str, str]]) -> None:
    assert links(link(f'ArrowStyle="{arrow}"')).ties() == [Tie(*tie) for tie in ties]


def test_an_arrow_of_another_kind_is_no_direction() -> None:
    found = links(link('ArrowStyle="ArrowOnMiddle"'))
    assert found.ties() == [Tie("UnknownLink", "id 1", "id 2")]
    assert values(found.relationships[0])["description"] == ["arrow: ArrowOnMiddle"]


@pytest.mark.parametrize("kind", ['Type="Owner"', 'LinkTypeReference="L1"'])
@pytest.mark.parametrize("arrow", ["ArrowOnHead", "ArrowOnTail", "ArrowNone", "ArrowOnBoth"])
@pytest.mark.parametrize("ends", ['End1Id="1" End2Id="4"', 'End1Id="4" End2Id="1"'])
def test_of_a_person_and_a_vehicle_the_person_owns(kind: str, arrow: str, ends: str) -> None:
    found = links(link(f'{kind} ArrowStyle="{arrow}"', ends=ends))
    assert [(role.name, role.ref) for role in found.relationships[0].roles if role.name == "owner"] == [
        ("owner", "id 1")
    ]
    assert [each.schema for each in found.relationships] == ["Ownership"]


def test_what_the_ends_do_not_tell_the_arrow_does() -> None:
    assert links(link('Type="Call" ArrowStyle="ArrowOnTail"')).ties() == [Tie("Call", "id 2", "id 1")]
    found = links(link('Type="Call"'))
    assert found.ties() == [Tie("UnknownLink", "id 1", "id 2")]
    assert values(found.relationships[0])["role"] == ["Call"]


def test_a_type_whose_roles_its_ends_can_not_have_is_another_type() -> None:
    found = links(link('Type="Associate"'), link('Type="Associate"', ends='End1Id="1" End2Id="4"'))
    assert [tie.schema for tie in found.ties()] == ["Associate", "UnknownLink"]
    assert values(found.relationships[1])["role"] == ["Associate"]


def test_an_entry_without_an_id_names_nothing_else() -> None:
    lists = "<AttributeClassCollection><AttributeClass Name='weight'/></AttributeClassCollection>"
    (tie,) = links(link('ArrowStyle="ArrowOnHead"'), lists=lists).relationships
    assert (tie.tie_type, values(tie)) == ("", {})


def test_ends_are_entities_or_items() -> None:
    by_item = link("", ends='End1Reference="I2" End2Reference="I1"')
    mixed = link("", ends='End1Id="I3" End2Id="1"')
    assert [tie[1:] for tie in links(by_item, mixed).ties()] == [("id 2", "id 1"), ("id 3", "id 1")]
    assert links(link("", ends='End1Id="1" End2Id="9"')).reasons() == [("5", "no such entity")]


def test_entities_that_share_an_identity_have_their_numbers() -> None:
    items = [icon("1", identity="x"), icon("2", identity="x"), item('<End><Entity EntityId="3"/></End>')]
    found = graph("anx", chart(*items, icon("4", identity="3"), link("", ends='End1Id="2" End2Id="3"')))
    assert list(found.entities) == ["#1", "#2", "#3", "3"]
    assert [tie[1:] for tie in found.ties()] == [("#2", "#3")]


@pytest.mark.parametrize(
    ("strength", "basis"),
    [
        ('Strength="Confirmed"', Basis.FACT),
        ('Strength="Default"', Basis.FACT),
        ('Strength="Possible"', Basis.ASSESSMENT),
        ('Strength="Gerücht"', Basis.ASSESSMENT),
        ('StrengthReference="S2"', Basis.ASSESSMENT),
        ('Strength="Fest"', Basis.FACT),
        ("", Basis.FACT),
    ],
)
def test_what_is_not_confirmed_is_an_assessment(strength: str, basis: Basis) -> None:
    (record,) = links(link(strength)).relationships
    assert record.basis is basis
    kept = [text for text in values(record).get("description", []) if text.startswith("strength: ")]
    assert len(kept) == (strength not in ("", 'Strength="Default"'))


def grades(one: list[str], two: list[str], three: list[str] | None = None) -> str:
    """The lists of a chart."""
    lists = {"GradeOne": one, "GradeTwo": two, "GradeThree": three or []}
    found = ""
    for name, texts in lists.items():
        strings = "".join(f'<String Id="{name}{at}" Text="{text}"/>' for at, text in enumerate(texts))
        found += f"<{name}><StringCollection>{strings}</StringCollection></{name}>"
    return found


ADMIRALTY = grades(
    ["-", "A - Completely reliable", "B", "C", "D", "E", "F: Cannot be judged"], ["1", "2", "3", "4", "5", "6 unknown"]
)


def test_grades_are_texts_of_the_charts_lists() -> None:
    lists = grades(["Unknown", "Always reliable"], ["Confirmed"], ["-", "Restricted"])
    said = 'GradeOneIndex="1" GradeTwoIndex="0" GradeThreeIndex="0"'
    (record,) = links(link("", said=said), lists=lists).relationships
    assert values(record)["description"] == ["grade 1: Always reliable", "grade 2: Confirmed"]
    assert record.grade is None
    (record,) = links(link("", said='GradeOneIndex="7" GradeThreeReference="GradeThree1"'), lists=lists).relationships
    assert values(record)["description"] == ["grade 1: number 7", "grade 3: Restricted"]
    (record,) = links(link("", said='GradeOneIndex="0" GradeTwoIndex="3"'), lists="").relationships
    assert values(record)["description"] == ["grade 2: number 3"]


def test_an_index_that_is_no_number_is_no_grade() -> None:
    for index in ("-1", "x", "9" * 5000, "²", ""):
        assert values(links(link("", said=f'GradeOneIndex="{index}"'), lists=ADMIRALTY).relationships[0]) == {}


def test_lists_of_a_known_scheme_give_a_grade() -> None:
    found = graph("anx", chart(icon("1", said='Id="I1" GradeOneIndex="2" GradeTwoIndex="1"'), lists=ADMIRALTY))
    assert str(found.entities["id 1"].grade) == "B2 (admiralty)"
    (record,) = links(link("", said='GradeOneIndex="1" GradeTwoIndex="5"'), lists=ADMIRALTY).relationships
    assert (str(record.grade), values(record)["description"]) == (
        "A6 (admiralty)",
        ["grade 1: A - Completely reliable", "grade 2: 6 unknown"],
    )
    (record,) = links(link("", said='GradeOneIndex="0" GradeTwoIndex="5"'), lists=ADMIRALTY).relationships
    assert record.grade is None
    european = grades(["A", "B", "C", "X"], ["1", "2", "3", "4"])
    (record,) = links(link("", said='GradeOneIndex="3" GradeTwoIndex="3"'), lists=european).relationships
    assert str(record.grade) == "X4 (4x4)"
    police = grades(["1", "2", "3"], ["A", "B", "C", "D", "E"], ["P", "C"])
    said = 'GradeOneIndex="0" GradeTwoIndex="4" GradeThreeIndex="1"'
    (record,) = links(link("", said=said), lists=police).relationships
    assert str(record.grade) == "1EC (3x5x2)"


def test_the_codes_of_schemes_are_those_of_the_model() -> None:
    assert sorted(SCHEMES) == list(scheme_names())
    for scheme, (source, information, handling) in SCHEMES.items():
        for a in source:
            for b in information:
                assert parse_grade(scheme, a + b + (handling[:1] if scheme == "3x5x2" else ""))


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ('DateSet="true" TimeSet="true" DateTime="2026-02-14T09:30:00.000"', {"date": ["2026-02-14T09:30:00"]}),
        ('DateSet="true" DateTime="2026-02-14T00:00:00.000"', {"date": ["2026-02-14"]}),
        ('DateSet="true" TimeSet="false" DateTime="2026-02-14T09:30:00"', {"date": ["2026-02-14"]}),
        ('TimeSet="true" DateTime="2026-02-14T09:30:00"', {"description": ["time: 09:30:00"]}),
        ('DateTime="2026-02-14T09:30:00"', {}),
        ('DateSet="true" DateTime="14.2.26"', {"description": ["date as written: 14.2.26"]}),
        ('DateTimeDescription="about noon"', {"description": ["date description: about noon"]}),
    ],
)
def test_a_date_is_as_exact_as_the_item_says(said: str, kept: dict[str, list[str]]) -> None:
    found = links(link("", said=said))
    assert (values(found.relationships[0]), found.rejects) == (kept, [])


def test_attributes_cards_and_sources_are_kept() -> None:
    cards = (
        '<CardCollection><Card Summary="Seen" Text="at the port" DateSet="true" DateTime="2026-01-02T00:00:00" '
        'SourceType="Witness" SourceReference="R-1" GradeOneIndex="2"/><Card Text="Only"/><Card/></CardCollection>'
    )
    attributes = (
        '<AttributeCollection><Attribute AttributeClassReference="A1" Value="0123"/><Attribute AttributeClass="Tall" '
        'Value="true"/></AttributeCollection><TimeZone UniqueID="17" Name="Central Europe"/>'
    )
    entity = (
        f'<End><Entity EntityId="1" Identity="ann" LabelIsIdentity="false">{cards}<Box><BoxStyle EntityTypeReference'
    )
    entity += f'="T1"/></Box></Entity></End>{attributes}'
    said = 'Id="I1" Label="Ann" Description="a person" SourceType="Record" SourceReference="R-2"'
    (record,) = graph("anx", chart(item(entity, said=said), lists=ADMIRALTY + LISTS)).entities.values()
    assert record.schema == "Person"
    assert values(record) == {
        "name": ["Ann"],
        "phone": ["0123"],
        "notes": ["Seen: at the port (2026-01-02; source: Witness, R-1; grade 1: B)", "Only"],
        "description": [
            *("a person", "time zone: Central Europe", "source type: Record", "source reference: R-2"),
            *("Tall: true", "identity: ann"),
        ],
    }
    card = '<CardCollection><Card Text="heard"/></CardCollection>'
    database = '<DatabaseProxy><DatabasePropertyCollection><DatabaseProperty DatabasePropertyType="ref" Value="7"/>'
    database += "</DatabasePropertyCollection></DatabaseProxy>"
    found = links(link('MlStyle="MultiplicitySingle"', said='Label="4 calls"', more=card + database))
    assert values(found.relationships[0]) == {
        "summary": ["4 calls"],
        "description": ["ref: 7", "card: heard", "multiplicity: MultiplicitySingle"],
    }


@pytest.mark.parametrize(
    ("shape", "schema"),
    [
        ('<Theme><ThemeStyle Type="Person"/></Theme>', "Person"),
        ('<Event><EventStyle Type="Meeting"/></Event>', "Event"),
        ('<TextBlock><TextBlockStyle Width="1"/></TextBlock>', "Note"),
        ('<OleItem><OleItemStyle EntityTypeReference="T2"/></OleItem>', "Vehicle"),
        ('<Icon><IconStyle Type="Unicorn"/></Icon>', "Item"),
        ("<Icon/>", "Item"),
        ("", "Item"),
    ],
)
def test_all_shapes_of_entities_are_read(shape: str, schema: str) -> None:
    (record,) = graph("anx", chart(item(f'<End><Entity EntityId="1">{shape}</Entity></End>'))).entities.values()
    assert record.schema == schema


def test_items_that_are_neither_entity_nor_link() -> None:
    found = graph("anx", chart(item("<Line/>"), item("<CIStyle/>"), item("<Text/>", said='Id="I1" Label="Read me"')))
    assert found.left == ["g:1", "g:2"]
    assert found.skipped == {
        "chart item without entity or link: Line": 1,
        "chart item without entity or link: empty": 1,
    }
    assert [(each, record.schema, values(record)) for each, record in found.entities.items()] == [
        ("item I1", "Note", {"name": ["Read me"]})
    ]
    assert graph("anx", chart(item("", said='Label="x"'))).reasons() == [("1", "no id")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_several_collections_in_any_order_and_encoding(encoding: str) -> None:
    owner = link('Type="Owner"', ends='End1Id="1" End2Id="4"')
    things = icon("1") + icon("4", "Vehicle", said='Id="I4" Label="é"')
    first, second = (f"<ChartItemCollection>{items}</ChartItemCollection>" for items in (owner, things))
    content = f'<?xml version="1.0" encoding="{encoding}"?><Chart>{first}{second}{LISTS.replace("ü", "u")}</Chart>'
    found = graph("anx", content.encode(encoding))
    assert found.names() == {"id 1": ["label 1"], "id 4": ["é"]}
    assert found.ties() == [Tie("Ownership", "id 1", "id 4")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_item_alone_is_the_same_item(encoding: str) -> None:
    """Its frame says what its chart calls its entities."""
    items = [icon("1", identity="x"), icon("2", identity="x"), icon("3", "Vehicle"), link('Type="Owner"')]
    content = f'<?xml version="1.0" encoding="{encoding}"?>' + chart(*items, link('Strength="Gerücht"'), lists=LISTS)
    frame, count = Frame(b"", b""), 0
    for found in read("anx", "g", content.encode(encoding)):
        if isinstance(found, Frame):
            frame = found
            continue
        count += 1
        raw = found.raw  # type: ignore[union-attr]
        (alone,) = [each for each in read("anx", "g", frame.before + raw + frame.after) if not isinstance(each, Frame)]
        assert alone._replace(locator="") == found._replace(locator="")  # type: ignore[union-attr]
    assert count == 5


@pytest.mark.parametrize(
    ("content", "reason"), [("<chart/>", "not this format"), ("<Chart>", "not XML"), ("", "empty file")]
)
def test_what_is_refused(content: str, reason: str) -> None:
    with pytest.raises(FileRefused) as caught:
        graph("anx", content)
    assert caught.value.reason == reason
