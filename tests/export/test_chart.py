"""The offline chart makes no requests, shows text as text, and has its marking."""

import re
from pathlib import Path

import pytest

from tests.analytics.cases import EVERYBODY, eid, load, person, seen, store_of, thing, tie
from workbench.errors import NotFound, UsageError
from workbench.export import chart_html, export_view
from workbench.export.appearance import relationship_label
from workbench.model.marking import parse_marking
from workbench.model.record import Record

RECORDS = [
    person("a", name="</script><script>alert(1)</script>"),
    person("b", name="Петров"),
    thing("Phone", "t", marking="SECRET//REL AAA//HC H1", number="+31612345678"),
    person("c", name="far away"),
    tie("Family", person="a", relative="b"),
    tie("Family", person="b", relative="a"),
    tie("Holding", holder="b", held="t"),
]
ASKING = re.compile(r"<(?:link|script|img|iframe)\b[^>]*\b(?:src|href)\s*=", re.IGNORECASE)


def test_nothing_is_fetched_from_anywhere() -> None:
    with seen(RECORDS) as view:
        page = chart_html(view, [eid("a"), eid("b"), eid("t")])
        assert ASKING.search(page) is None
        assert "vis-network" in page or "vis.Network" in page


def test_it_draws_the_entities_asked_for_and_the_ties_among_them_where_they_lie() -> None:
    with seen(RECORDS) as view:
        page = chart_html(view, [eid("a"), eid("b")], {eid("a"): (12.5, -7.0), eid("b"): (100.0, 0.0)})
        assert all(each in page for each in (eid("a"), eid("b")))
        assert eid("t") not in page
        assert '"x": 12.5, "y": -7.0' in page
        assert page.count('"label": "Family') == 2
        assert "\\u041f" in page or "Петров" in page


def test_captions_are_text_and_never_markup() -> None:
    with seen(RECORDS) as view:
        page = chart_html(view, [eid("a")], title="<b>mine</b>")
        assert "<script>alert" not in page
        assert "<title>&lt;b&gt;mine&lt;/b&gt;</title>" in page
        assert "<h1></h1>" in page.replace(" ", "").replace("\n", "") or "<h1>" not in page


def test_the_banner_is_the_marking_of_what_is_drawn_and_no_more() -> None:
    with seen(RECORDS) as view:
        open_only = chart_html(view, [eid("a"), eid("b")])
        assert open_only.count('<div class="marking">OPEN//REL AAA,BBB,CCC,DDD</div>') == 2
        assert '<div class="marking">SECRET//REL AAA//HC H1</div>' in chart_html(view, [eid("b"), eid("t")])


def test_the_banner_is_the_marking_also_of_what_was_superseded(tmp_path: Path) -> None:
    before = thing("Person", "a", marking="SECRET//REL AAA//HC H1", name="said in secret")
    store = store_of(tmp_path, [before])
    then = store.view(EVERYBODY)
    load(store, "AAA", [person("a", name="said in public"), person("late")], "2026-02-01")
    now, outsider = store.view(EVERYBODY), store.view(EVERYBODY.model_copy(update={"level": "OPEN"}))
    rests_on = [before.key(), person("a", name="said in public").key()]
    assert '"marking">SECRET//REL AAA//HC H1<' in chart_html(now, [eid("a")], records=rests_on)
    assert list(now.markings_of([*rests_on, "0" * 32, "no such"])) == sorted(rests_on)
    assert list(then.markings_of(rests_on)) == rests_on[:1], "nothing of what came later"
    assert list(outsider.markings_of(rests_on)) == rests_on[1:], "nothing of what is hidden"
    with pytest.raises(UsageError, match="no longer in your view"):
        chart_html(outsider, [eid("a")], records=rests_on)
    store.remark([before.key()], parse_marking("RESTRICTED//REL AAA"))
    assert '"marking">RESTRICTED//REL AAA<' in chart_html(store.view(EVERYBODY), [eid("a")], records=rests_on)
    store.close()


def test_what_is_not_in_the_view_is_not_drawn_and_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with seen(RECORDS) as view:
        with pytest.raises(NotFound):
            chart_html(view, ["0" * 20])
        assert export_view(view, "html", tmp_path / "chart.html") == 4
        assert "far away" in (tmp_path / "chart.html").read_text("utf-8")
        monkeypatch.setattr("workbench.export.chart.MOST_DRAWN", 3)
        with pytest.raises(UsageError, match="too many"):
            export_view(view, "html", tmp_path / "chart.html")


def test_an_empty_chart_is_a_page_too() -> None:
    with seen(RECORDS) as view:
        assert "NO RECORDS" in chart_html(view, [])


@pytest.mark.parametrize(
    ("ties", "called"),
    [
        ([tie("UnknownLink", subject="a", object="b", role="KNOWS")], "Knows"),
        ([tie("UnknownLink", subject="a", object="b")], "Other link"),
        ([tie("DirectedLink", subject="a", object="b", role="pays")], "pays"),
        ([tie("DirectedLink", subject="a", object="b")], "Directed link"),
        ([tie("Involvement", involved="a", event="b", capacity="suspect")] * 2, "Involvement: suspect"),
        (
            [
                tie("Involvement", involved="a", event="b", capacity="suspect"),
                tie("Involvement", involved="a", event="b", capacity="witness"),
            ],
            "Involvement",
        ),
        (
            [tie("UnknownLink", subject="a", object="b", role="KNOWS"), tie("UnknownLink", subject="a", object="b")],
            "Other link",
        ),
        ([tie("Family", person="a", relative="b", relationship="x" * 90)], f"Family: {'x' * 39}…"),
        ([tie("Transfer", payer="a", beneficiary="b", amount="10")], "Transfer"),
    ],
)
def test_a_relationship_is_called_what_all_of_its_records_call_it(ties: list[Record], called: str) -> None:
    assert relationship_label(ties[0].schema, ties) == called


@pytest.mark.parametrize(("ties", "more"), [(20, False), (23, True)])
def test_a_line_says_how_many_records_it_does_not_name(ties: int, more: bool) -> None:
    calls = [tie("Family", person="a", relative="b", relationship=f"cousin {n}") for n in range(ties)]
    with seen([person("a"), person("b"), *calls]) as view:
        page = chart_html(view, [eid("a"), eid("b")])
    assert ("and 3 more" in page) == more
