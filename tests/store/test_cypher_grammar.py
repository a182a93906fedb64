"""Which of people's Cypher queries are allowed, and which are refused."""

import json
import re
from typing import Any

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
_LISTS = ["RETURN [" + ",".join("1" * n) + "]" for n in (498, 501)]
_LABELS = ["MATCH (a:" + "&".join("A" * n) + ") RETURN a" for n in (20, 21)]


def _chained(begin: str, link: str, end: str = "") -> tuple[str, str, str]:
    """A query with as many links as allowed, one with more, and part of the reason for its refusal."""
    return f"RETURN {begin}{link * 55}{end}", f"RETURN {begin}{link * 61}{end}", "nested steps"


def _nested(begin: str, end: str, told: str, most: int) -> tuple[str, str, str]:
    """A query nested as deeply as allowed, one nested deeper, and part of the reason for its refusal."""
    some, more = ("RETURN " + begin * n + "1" + end * n for n in (most, most + 1))
    return some, more, told


@pytest.mark.parametrize(
    ("some", "more", "told"),
    [
        (*(f"MATCH (x) WHERE {each} RETURN x" for each in _XORS), "XOR take too long"),
        (*_NODES, "nodes take too long"),
        ("MATCH (a), (b) RETURN a", "MATCH " + ", ".join(["()"] * 17) + " RETURN 1", "nodes take too long"),
        ("MATCH (a) " * 16 + "RETURN 1", "MATCH (a) " * 17 + "RETURN 1", "nodes take too long"),
        (*_LISTS, "too long"),
        (*_LABELS, "labels, types and !"),
        ("MATCH (a:!A) RETURN a", f"MATCH (a:{'!' * 900}A) RETURN a", "labels, types and !"),
        ("RETURN NOT NOT true", f"RETURN {'NOT ' * 3_000}true", "too long"),
        _chained("1", " + 1"),
        _chained("'a'", " || 'a'"),
        _chained("", "NOT ", "true"),
        _chained("$p", ".a"),
        _chained("$p", "[0]"),
        _chained("2", " ^ 2"),
        _chained("true", " AND true"),
        _chained("1", " < 2"),
        ("RETURN " + "(1+" * 29 + "1" + ")" * 29, "RETURN " + "(" * 31 + "1" + "+1)" * 31, "nested steps"),
        _nested("EXISTS { RETURN ", " AS x }", "4 deep", 4),
        _nested("COUNT { RETURN ", " AS x }", "4 deep", 4),
        _nested("COLLECT { RETURN ", " AS x }", "4 deep", 4),
        (
            "RETURN " + ", ".join(["COUNT { RETURN 1 }"] * 16),
            "RETURN " + ", ".join(["COUNT { RETURN 1 }"] * 17),
            "16 sub",
        ),
    ],
)
def test_what_is_planned_for_long_is_refused(some: str, more: str, told: str) -> None:
    check(some)
    with pytest.raises(UsageError, match=told):
        check(more)


_GROWN = "WITH 'a' AS s "
_COLLECTED = "MATCH (n) WITH collect(n.x) AS l, collect({a: n.x}) AS k UNWIND [[l]] AS m "


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (_GROWN + "WITH s + s AS s " * 7 + "RETURN s", "more than 64 others"),
        (_GROWN + "WITH s || s AS s " * 7 + "RETURN s", "more than 64 others"),
        (_GROWN + "WITH [toUpper(s) + left(s, 9)][0] AS s " * 7 + "RETURN s", "more than 64 others"),
        (_GROWN + "WITH {s: s + s}.s AS s " * 7 + "RETURN s", "more than 64 others"),
        (_GROWN + "WITH CASE WHEN true THEN s + s END AS s " * 7 + "RETURN s", "more than 64 others"),
        (_GROWN + "UNWIND [x IN [`s`] | x + x] AS t WITH t AS s " * 7 + "RETURN s", "more than 8 others"),
        (
            _GROWN + "WITH COLLECT { WITH s + s AS t RETURN * } AS l UNWIND l AS s " * 7 + "RETURN s",
            "more than 64 others",
        ),
        (_GROWN + "WITH collect(s + s) AS l WITH head(l) AS s " * 7 + "RETURN s", "more than 64 others"),
        (_GROWN + "WITH s + s + s + s + s AS s RETURN s CONTAINS left(s, 5)", "can't be searched"),
        (_GROWN + "WITH s + s + s + s + s AS s RETURN split(s, s)", "can't be searched"),
        ("RETURN 'a' CONTAINS " + " + ".join(["$p"] * 17), "can't be searched"),
        ("RETURN [x IN [" + " + ".join(["$p"] * 5) + "] WHERE x ENDS WITH x]", "can't be searched"),
        ("RETURN '" + "a" * 1_000 + "'", "pass it as a parameter"),
        ("WITH [1] AS l " + "WITH [l, l] AS l " * 10 + "RETURN l", "more than 1000 others"),
        ("WITH [1] AS l " + "WITH {a: l, b: l} AS l " * 10 + "RETURN l", "more than 1000 others"),
        ("WITH {a: 1} AS m " + "WITH m {.a, b: m, m} AS m " * 10 + "RETURN m", "more than 1000 others"),
        ("WITH [1] AS l " + "WITH [x IN [1, 2] | l] AS l " * 10 + "RETURN l", "more than 1000 others"),
        ("WITH [1] AS l " + "WITH l + l AS l " * 10 + "RETURN l", "more than 64 others"),
        (_COLLECTED + "RETURN [x IN l WHERE x IN l[..5]]", "use UNWIND"),
        (_COLLECTED + "RETURN [x IN l WHERE x IN l + [x]]", "use UNWIND"),
        (_COLLECTED + "RETURN [x IN l WHERE [x] = l]", "use UNWIND"),
        (_COLLECTED + "RETURN [x IN k WHERE x IN k]", "use UNWIND"),
        (_COLLECTED + "WITH l AS `$l` RETURN [x IN $p WHERE x IN [`$l`]]", "use UNWIND"),
        (_COLLECTED + "RETURN any(x IN m[0] WHERE x IN m[0])", "use UNWIND"),
        (_COLLECTED + "RETURN [x IN $p | x] AS p, [x IN k | `l`]", "use UNWIND"),
        ("WITH [x IN $p | [x]] AS l RETURN [x IN $p WHERE l = x]", "use UNWIND"),
        ("MATCH (n) RETURN [x IN collect(n.x) WHERE x IN collect(n.x)]", "collect before the loop"),
    ],
)
def test_what_could_grow_for_ever_is_refused(query: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        check(query)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("x" * 1_001, "1000 characters"),
        (["a", {"b": "x" * 1_001}], "1000 characters"),
        (list(range(20_001)), "20000 values"),
        (json.loads("[" * 21 + "]" * 21), "nests more than"),
    ],
)
def test_parameters_have_bounds(value: Any, told: str) -> None:
    check("RETURN 1", {"x": ["x" * 1_000], "y": list(range(9_000)), "z": object(), "m": {1: None}})
    with pytest.raises(UsageError, match=told):
        check("RETURN 1", {"x": value})


def test_a_long_parameter_is_not_gone_through_for_each_item() -> None:
    given = {"short": [1, 2], "long": list(range(101)), "maps": [{"a": 1}]}
    check("MATCH (n) WHERE n.x IN $long RETURN [x IN $long WHERE x IN $long AND NOT x IN $short | [x, $short]]", given)
    check("UNWIND $maps AS row MATCH (n) WHERE n.x IN row.a RETURN [x IN $maps | x.a]", given)
    for each in ("[$long]", "$long = [x]", "x IN $maps", "x IN $long + [1]", "[$`long`]"):
        with pytest.raises(UsageError, match="use UNWIND"):
            check(f"RETURN [x IN $long | {each}]", given)


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
