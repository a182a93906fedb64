"""What of people's Cypher is let through, and what is refused."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.store.cypher_queries import ALLOWED, PIECES, REFUSALS, mutants
from workbench.errors import UsageError
from workbench.store.neo4j.cypher import check
from workbench.store.neo4j.cypher.words import FUNCTIONS, REFUSED


@pytest.mark.parametrize("query", ALLOWED)
def test_what_reads_is_let_through(query: str) -> None:
    check(query)


@pytest.mark.parametrize("query", REFUSALS)
def test_what_is_not_on_the_list_is_refused(query: str) -> None:
    with pytest.raises(UsageError, match=REFUSALS[query]):
        check(query)


_XORS = [" XOR ".join(f"x.a{i} = 1" for i in range(n)) for n in (9, 10)]
_NODES = ["MATCH (a)" + "--()" * n + " RETURN a" for n in (15, 16)]
_SUMS = ["RETURN " + "+".join("1" * n) for n in (499, 501)]


@pytest.mark.parametrize(
    ("some", "more", "told"),
    [
        (*(f"MATCH (x) WHERE {each} RETURN x" for each in _XORS), "XOR take too long"),
        (*_NODES, "nodes take too long"),
        ("MATCH (a), (b) RETURN a", "MATCH " + ", ".join(["()"] * 17) + " RETURN 1", "nodes take too long"),
        ("MATCH (a) " * 16 + "RETURN 1", "MATCH (a) " * 17 + "RETURN 1", "nodes take too long"),
        (*_SUMS, "too long"),
        ("RETURN NOT NOT true", f"RETURN {'NOT ' * 3_000}true", "too long"),
    ],
)
def test_what_is_planned_for_long_is_refused(some: str, more: str, told: str) -> None:
    check(some)
    with pytest.raises(UsageError, match=told):
        check(more)


_PLACES = [(query, at) for query in ALLOWED for at in [0, *(found.end() for found in re.finditer(r"[ (),]", query))]]
_PLAIN = [each for each in _PLACES if not re.search(r"['\"`]|/[/*]", each[0])]


def _any_case(word: str) -> st.SearchStrategy[str]:
    return st.tuples(*(st.sampled_from((each.lower(), each.upper())) for each in word)).map("".join)


@given(place=st.sampled_from(_PLAIN), word=st.sampled_from(sorted(REFUSED)).flatmap(_any_case))
def test_a_refused_word_is_refused_wherever_it_stands(place: tuple[str, int], word: str) -> None:
    query, at = place
    with pytest.raises(UsageError, match=f"{word} is not allowed"):
        check(f"{query[:at]} {word} {query[at:]}")


@given(place=st.sampled_from(_PLAIN), word=st.sampled_from(sorted(REFUSED)).flatmap(_any_case))
def test_a_refused_word_is_nothing_in_texts_comments_and_backticks(place: tuple[str, int], word: str) -> None:
    query, at = place
    check(f"{query[:at]} /* {word} (n) */ {query[at:]}")
    check(f"{query[:at]} // {word} (n)\n {query[at:]}")
    check(f"MATCH (`{word}`:`{word}`) WHERE `{word}`.`{word}` = '{word} (n)' RETURN \"{word}\" AS `{word}`")


@given(name=st.from_regex(r"\A[a-z]{1,6}(\.[a-z]{1,6}){0,2}\Z"))
@example("apoc.cypher.doit")
def test_a_function_is_called_only_if_it_is_on_the_list(name: str) -> None:
    if name in FUNCTIONS:
        check(f"RETURN {name}(1)")
    elif name not in ("not", "exists", "case"):
        with pytest.raises(UsageError):
            check(f"RETURN {name} /**/ (1)")


@given(query=st.text() | mutants() | st.lists(st.sampled_from(PIECES)).map(" ".join))
def test_any_text_is_let_through_or_refused(query: str) -> None:
    try:
        check(query)
    except UsageError as error:
        assert str(error).startswith("this query is refused, at character ")  # noqa: PT017 - both are right
