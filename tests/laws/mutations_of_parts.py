"""Rules of parts of a view, and ways of lookups, to remove one at a time."""

from typing import Any

from tests.laws.cuts import Cut, Mutation

PARTS = "tests/conformance/test_parts.py"
RULES = "tests/conformance/test_rules_of_parts.py"
JUDGED = f"{RULES}::test_a_part_has_the_judgements_about_its_own_and_what_overrides_them_elsewhere"
LATER = f"{RULES}::test_what_comes_later_counts_in_no_part"
LOOKUPS = "tests/conformance/test_lookups.py"


def one(name: str, module: str, part: str, pattern: str, instead: str, **more: Any) -> Mutation:
    return Mutation(name, (Cut(f"workbench.{module}", part, pattern, instead),), **more)


def _apart(
    name: str, part: str, pattern: str, instead: str, module: str = "view.parts", fence: str = PARTS
) -> Mutation:
    """Who is who, computed around some entities without a part of what decides it."""
    return one(f"identity: {name}", module, part, pattern, instead, fence=fence)


def _there(name: str, part: str, pattern: str, instead: str) -> Mutation:
    """A way to records that lookups on Neo4j do not go."""
    return one(f"lookups: {name}", "store.neo4j.lookups", part, pattern, instead, fence=LOOKUPS)


OF_LOOKUPS_THERE = (
    _there("a record's first identifier", "_CLAIMING", r"\{found_by: n\}", "{found_by: -n}"),
    _there("a record's further identifiers", "_CLAIMING", r"\{number: n\}", "{number: -n}"),
    _there("the identifier itself", "Neo4jLookups.claiming", r" if each\[:2\] in wanted\)", ")"),
    _there("ties that are drawn", "_TIES", r"\{eid: eid\}", "{eid: -eid}"),
    _there("who is tied to nobody", "_TIES", r"\{number: eid\}", "{number: -eid}"),
    _there("ties that ended", "Neo4jLookups._types", r'drawn \| \{"PAST"\}', "drawn"),
    _there("schemata", "_TIES", r"r\.schema IN \$asked\.schemata", "true"),
    _there("both ends", "Neo4jLookups.ties_between", r"return ties\.take\(.*\)", "return ties"),
    _there("ties of others in a record", "Neo4jLookups.ties", r"every\[:, .*\]", "every"),
    _there("who is described", "_PRESENT", r"\{about: eid\}", "{about: -eid}"),
    _there("who is tied", "_PRESENT", r"\{eid: eid\}", "{eid: -eid}"),
    _there("who is mentioned", "_PRESENT", r"\{number: eid\}", "{number: -eid}"),
    *(
        _there(
            f"who is {how} by what is hidden",
            *("_PRESENT", rf"(rid: {of}\.rid\}}\) USING INDEX SEEK r:Record\(rid\)\n +WHERE) r\.vis IN \$allowed"),
            r"\1 true",
        )
        for how, of in (("tied", "t"), ("mentioned", "f"))
    ),
    _there("judgements, by the first entity", "_JUDGEMENTS", r"\{a: id\}", "{a: ''}"),
    _there("judgements, by the second entity", "_JUDGEMENTS", r"\{b: id\}", "{b: ''}"),
    _there("judgements that override", "_OUTWEIGHED", r"\{overriding: true\}", "{overriding: false}"),
    _there("the number of drawn ties", "_TIED", r"COUNT \{ \(e\)--\(\) \}", "0"),
    one(
        "lookups: a database at rest",
        *("store.neo4j.connection", "Database.row_at_rest", r"if ended and ended <= before:", "if ended:"),
        fence="tests/store/test_finding.py::test_what_is_read_at_rest_is_asked_again_until_nothing_is_written_beside_it",
    ),
)

OF_PARTS = (
    _apart(
        "what forbids a join",
        "_Gathered.look",
        r"own\.take\(forbidding\)",
        "own.take(forbidding & False)",
        fence=LATER,
    ),
    _apart("who else has an identifier", "_Gathered.look", r"own\.take\(~forbidding\)", "own.take(forbidding)"),
    _apart("holdings", "_Gathered.look", r"self\._hold\(entities, most\)", "None"),
    _apart("what a judgement ties", "_Gathered.look", r", self\._judge\(entities\),", ", self._judge(entities)[:0],"),
    _apart("what a score ties", "_Gathered.look", r", self\._score\(entities\)\]", ", self._score(entities)[:0]]"),
    _apart(
        "the model, where no pair was scored",
        "_Gathered._scored",
        r"if self\._parts\.model else",
        "if len(pairs) else",
        fence="tests/conformance/test_scored_parts.py",
    ),
    *(
        _apart(f"judgements, {name}", part, pattern, instead, module, JUDGED)
        for name, part, pattern, instead, module in (
            ("all of them", "_Gathered._judge", r"self\._judged \|= fresh", "None", "view.parts"),
            ("overridden elsewhere", "_Gathered._judge", r"aside = .*", "aside = frozenset[str]()", "view.parts"),
            ("by the first entity", "_JUDGEMENTS", r"y\.a = j\.value", "y.a = ''", "store.sqlite.lookups"),
            ("by the second entity", "_JUDGEMENTS", r"y\.b = j\.value", "y.b = ''", "store.sqlite.lookups"),
        )
    ),
    _apart("all claims of an account", "_Gathered._hold", r"self\._claiming\(fresh, most\)", "None"),
    _apart("all accounts of a number", "_Gathered._hold", r"accounts = .*", "accounts = held.astype(np.int64)"),
    _apart("what holders are", "_Gathered._hold", r"self\._describe\(np.*", "None"),
    _apart("who is in the view", "_Gathered._describe", r"self\._ask\.present\(others\)", "others"),
    _apart("until nothing is added", "Parts._around", r"if not len\(fresh\):", "if True:"),
    _apart("order of keys", "_Gathered._in_order", r'keys\.get\(number, ""\)', "-number"),
    _apart(
        *("who is in the view, for a walk", "InParts.find", r"seen = .*", "seen = theirs >= 0", "view.walk_sources"),
        fence=f"{RULES}::test_who_is_hidden_is_in_no_walk",
    ),
    _apart("schemata of ties", "InParts.relationships", r"\[steps\.tie\]", "[steps.tie - 1]", "view.walk_sources"),
    _apart("records that only name", "_LookedUp.naming", r"\.record", ".record[:0]", "view.behind"),
    _apart(
        "records that tie",
        "_LookedUp.among",
        r"found = .*",
        "found = self.parts.lookups.ties(self._theirs(members), None)",
        "view.behind",
    ),
    _apart("kinds of records", "Backend.kinds", r" if vis in scope\.allowed", "", "store.backend"),
    _apart("holders of a common value", "_differing", r"\) > limit\]", ") > limit + 1]", "view.common_near"),
    _apart(
        "all ties of a common value", "_shared", r"places\(with_more\)", "places(with_more[:0])", "view.common_near"
    ),
    _apart("a common value's schema", "ways_among", r" and each\.fits\(.*\)\]", "]", "view.common_near"),
)
