"""Units of XML with what stands around them, also behind them; elements that are units if none is in them."""

import io
from collections.abc import Iterator
from contextlib import nullcontext
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.adapters import xml_units as module
from ingest.adapters.xml_units import Found, Kind, xml_units
from ingest.recount import count_elements
from ingest.specs import Written
from tests.ingest.test_adapters import InPieces, Memory
from workbench.errors import FileRefused

KIND = Kind("a test", ("D",), [("E", "T")], alone=[("S",), ("E",)], held=[("E",)])

leaf = st.sampled_from(["a", "b"]).map(lambda name: f"<{name}>x</{name}>")
unit = st.sampled_from(["<T/>", "<T> </T>", "<T><v>1</v></T>", "<T a='2'>y</T>", "<T>\n<v/>\n</T>"])
entry = st.lists(st.one_of(leaf, unit), max_size=5).map(lambda parts: f"<E>{''.join(parts)}</E>")
inner = st.lists(st.one_of(leaf, unit), max_size=4).map(lambda parts: f"<N>{''.join(parts)}</N>")
deep = st.lists(st.one_of(leaf, inner, unit), max_size=4).map(lambda parts: f"<E n='1'>{''.join(parts)}</E>")
statement = st.lists(st.one_of(leaf, entry, deep), max_size=4).map(lambda parts: f"<S>{''.join(parts)}</S>")
document = st.lists(st.one_of(leaf, statement), max_size=3).map(lambda parts: f"<D>{''.join(parts)}</D>")


def read(content: bytes) -> list[Found]:
    return list(xml_units(Memory("d.xml", content), KIND))


def oracle(element: ET.Element, way: tuple[str, ...] = ()) -> Iterator[tuple[str, dict[str, int]]]:
    """The units of an element in their order: the name of each, and how many leaves are around it by name."""
    path = (*way, element.tag)
    if path[-2:] == ("E", "T"):
        yield "T", {}
        return
    found = [each for child in element for each in oracle(child, path)]
    if not found and element.tag in ("S", "E"):
        yield element.tag, {}
        return
    leaves = sum(child.tag in ("a", "b") for child in element)
    for name, around in found:
        yield name, {**around, element.tag: leaves}


def leaves_of(found: Found) -> dict[str, int]:
    def several(branch: object) -> int:
        return len(branch) if isinstance(branch, list) else 1

    return {
        name[1:]: sum(several(tree[each]) for each in ("a", "b") if each in tree)
        for name, tree in found.parents.items()
        if isinstance(tree, dict)
    }


@pytest.mark.parametrize("most", [0, 1, 1_000])
@given(text=document)
def test_units_and_what_is_around_them(most: int, text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_MOST_HELD", most)
        found = read(text.encode())
        expected = list(oracle(ET.fromstring(text)))  # noqa: S314 - made here
        assert [(each.name, leaves_of(each)) for each in found] == expected
        assert [each.number for each in found] == list(range(1, len(found) + 1))
        for each in found:
            ET.fromstring(each.raw)  # noqa: S314 - made here
    counted = count_elements("E/T", alone=["S", "E"])(io.BytesIO(text.encode()), Written())
    assert counted.units == len(found)


@given(text=document, sizes=st.lists(st.integers(1, 7), min_size=1, max_size=3))
def test_pieces_make_no_difference(text: str, sizes: list[int]) -> None:
    content = text.encode("utf-16")
    assert list(xml_units(InPieces("d.xml", content, sizes), KIND)) == read(content)


@given(text=document)
def test_a_unit_in_its_frame_is_read_as_before(text: str) -> None:
    for each in read(text.encode()):
        (again,) = read(each.frame.before + each.raw + each.frame.after)
        assert (again.name, again.tree, again.parents, again.raw) == (each.name, each.tree, each.parents, each.raw)


@pytest.mark.parametrize("most", [1, 1_000])
def test_how_many_units_an_element_has_is_told(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_HELD", most)
    text = b"<D><S><E><T/><N><T/></N><T/><late>x</late></E><E><late>y</late></E></S></D>"
    text = text.replace(b"<N><T/></N>", b"<T/>")
    found = read(text)
    assert [each.parents.get("^E", each.tree) for each in found] == [
        *[{"late": "x", "@units": "3"}] * 3,
        {"late": "y", "@units": "0"},
    ]
    assert found[0].frame.after == b"<late>x</late></E></S></D>"
    assert found[3].raw == b"<E><late>y</late></E>"


def test_what_stands_behind_units_stands_behind_them_in_the_frame() -> None:
    (found,) = read(b"<D><S><a>1</a><E><a>2</a><T/><b>3</b></E><b>4</b></S></D>")
    assert found.frame.before.endswith(b'<D><S><a>1</a><E units="1"><a>2</a>')
    assert found.frame.after == b"<b>3</b></E><b>4</b></S></D>"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<all><p at='%s'/></all>" % (b"a" * (5 << 20)), "tag too long"),
        (b"<all><!--%s--><p/></all>" % (b"a" * (5 << 20)), "tag too long"),
        (b"<all><p at='%s" % (b"a" * (5 << 20)), "tag too long"),
        (b"<all><p>%s</p></all>" % (b"a" * (5 << 20)), ""),
        (b"<all>%s<p/></all>" % (b"\n" * (5 << 20)), ""),
        (b"<all><p at='%s'/></all>" % (b"a" * (3 << 20)), ""),
    ],
    ids=["attribute", "comment", "never closed", "text", "white space", "a long one that is read"],
)
def test_a_tag_without_end_is_refused_before_it_fills_memory(content: bytes, reason: str) -> None:
    with pytest.raises(FileRefused) if reason else nullcontext() as told:
        assert [each.name for each in xml_units(Memory("t.xml", content), Kind("a test", (), [("p",)]))] == ["p"]
    assert (told.value.reason if told else "") == reason
