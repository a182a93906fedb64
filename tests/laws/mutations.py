"""Filters to remove: those in statements are found in the source of the stores, those in Python are listed."""

import pkgutil
import re
from collections.abc import Iterator, Mapping
from functools import cache
from types import ModuleType

import workbench.store.memory
import workbench.store.neo4j
import workbench.store.sqlite
from tests.laws.cuts import COLUMNS, Cut, Mutation, parts_of, source_of
from tests.laws.mutations_of_parts import JUDGED, LATER, LOOKUPS, OF_LOOKUPS_THERE, OF_PARTS, PARTS, RULES, one

LAWS = "tests/laws/test_laws.py"

# -- statements, found --------------------------------------------------------------------

_FILTERS = {
    "marking": r"(\w+\.)?vis IN \(SELECT value FROM json_each\(\?\)\)",
    "owner": r"(\w+\.)?agency IN \(SELECT value FROM json_each\(\?\)\)",
    "later": r"(\w+\.)?rev_from <= \?",
    "superseded": r"(\w+\.)?rev_to > \?",
}
_CHANGES = re.compile(r"\b(UPDATE|DELETE|INSERT)\b")
_OF_A_REVISION = f"{LAWS}::test_a_store_gives_the_records_of_a_revision_alone"
_SCORES = "tests/conformance/test_scores.py"
_OVERRIDDEN = "tests/conformance/test_registers.py::test_a_judgement_names_of_those_that_it_overrides_what_is_seen"
_OF_LATER = (
    *("_PRESENT", "_CLAIMS_OF", "_CLAIMING", "_BETWEEN_A", "_BETWEEN_B"),
    *("_SOME_A", "_SOME_B", "_TIES_A_OF", "_TIES_B_OF", "_TIES_A", "_TIES_B", "_ABOUT"),
)
_SIMILAR = "tests/conformance/test_search.py::test_only_names_that_a_view_sees_are_similar"
_FENCES = {
    "search._BY_KEYS": _SIMILAR,
    **dict.fromkeys(("lookups._JUDGEMENTS", "lookups._OUTWEIGHED"), JUDGED),
    "reader.bodies": _SCORES,
    "reader.keys_of": f"{LAWS}::test_a_store_tells_the_keys_of_what_is_seen_alone",
    "later: reader._BY_ABOUT": _OF_A_REVISION,
    "later: columns._KEYS": _OF_A_REVISION,
    "superseded: columns._KEYS": _OF_A_REVISION,
    **{f"{kind}: lookups.{part}": LATER for kind in ("later", "superseded") for part in _OF_LATER},
    **{f"marking: lookups.{part}": f"{RULES}::test_what_is_hidden_counts_in_no_part" for part in _OF_LATER},
    "superseded: reader._KINDS": PARTS,
}
_FENCES_OF_MODULES = {"lookups": PARTS, "scores": _SCORES}
# Saves work, and filters nothing: whoever ended before is in no older columns.
_NO_FILTER = "superseded: columns._ENDED"
# Columns drop the rows of records that are not among their keys: these filters are behind that of the keys.
_BEHIND_THE_KEYS = ("columns._ABOUT", "columns._TIES", "columns._CLAIMS")


def _cut_together(where: str) -> tuple[str, ...]:
    """The parts of a module to cut at once to remove a filter that stands in one of them."""
    part = where.partition(".")[2]
    return (part, "_KEYS") if where in _BEHIND_THE_KEYS else (part,)


def of_statements() -> Iterator[Mutation]:
    """Every filter in a reading SQL statement: of markings, of agencies, and both halves of the revision's."""
    package = workbench.store.sqlite
    for each in sorted(pkgutil.iter_modules(package.__path__), key=lambda each: each.name):
        module = f"{package.__name__}.{each.name}"
        text = source_of(module)
        for part, (start, end) in parts_of(text).items():
            segment = "".join(text.splitlines(keepends=True)[start:end])
            if _CHANGES.search(segment):
                continue
            where = f"{each.name}.{part}"
            for kind, pattern in _FILTERS.items():
                name = f"{kind}: {where}"
                if re.search(pattern, segment) and name != _NO_FILTER:
                    cuts = tuple(Cut(module, each, pattern, "? IS NOT NULL") for each in _cut_together(where))
                    fence = _FENCES.get(name) or _FENCES.get(where) or _FENCES_OF_MODULES.get(each.name, "")
                    yield Mutation(name, cuts, fence=fence)


_OF_CYPHER = {
    "marking": r"(\w+\.)?vis IN \$allowed",
    "owner": r"\w+\.agency IN \$agencies",
    "later": r"\w+\.rev_from <= \$revision",
    "superseded": r"\w+\.rev_to > \$revision",
}
_FENCES_OF_CYPHER = {
    "search._SIMILAR": _SIMILAR,
    **dict.fromkeys(
        (
            *("columns._KEYS", "columns._ABOUT", "columns._TIES"),
            *("reader._BY_KEY", "reader._BY_ABOUT", "reader._MARKINGS", "reader._KEYS"),
        ),
        _OF_A_REVISION,
    ),
    "reader._KEYS_OF": _FENCES["reader.keys_of"],
    "reader._BODIES": _SCORES,
    **{f"scores.{part}": _SCORES for part in ("_PAIRS_AT", "_TALLY", "_MODEL", "_STANDING", "_SCORED")},
    **dict.fromkeys(
        ("around._STEPS", "around._SAID_OF"),
        f"{LAWS}::test_a_store_walks_by_what_is_seen_alone",
    ),
    **dict.fromkeys(
        (
            f"lookups.{part}"
            for part in ("_PRESENT", "_ABOUT", "_CLAIMS_OF", "_CLAIMING", "_TIES", "_JUDGEMENTS", "_OUTWEIGHED")
        ),
        LOOKUPS,
    ),
}


def of_cypher() -> dict[str, Mutation]:
    """The same for Cypher statements: there all laws are the fence, run on a copy of the program."""
    found = _found_in(workbench.store.neo4j, _OF_CYPHER, "true", LAWS, _FENCES_OF_CYPHER)
    return found | {each.name: each for each in OF_LOOKUPS_THERE}


_OF_MEMORY = {
    "marking": r"row\.vis in allowed|not set\(allowed\)\.isdisjoint\(row\.classes\)",
    "later": r"row\.rev_from <= (now|revision)",
    "superseded": r"row\.rev_to > (now|revision)",
}


_OF_SCORES = {"scores.scores_at": _SCORES}


def of_memory() -> dict[str, Mutation]:
    """The same for the store in memory: there the fence is the oracle of what views answer."""
    return _found_in(workbench.store.memory, _OF_MEMORY, "True", "tests/conformance/test_against_oracle.py", _OF_SCORES)


def _found_in(
    package: ModuleType, filters: Mapping[str, str], instead: str, fence: str, fences: Mapping[str, str]
) -> dict[str, Mutation]:
    """Every filter in a package, by the name of its mutation; `fences` names the tests of some parts."""
    found = {}
    for each in sorted(pkgutil.iter_modules(package.__path__), key=lambda each: each.name):
        module = f"{package.__name__}.{each.name}"
        for part, (start, end) in parts_of(source_of(module)).items():
            segment = "".join(source_of(module).splitlines(keepends=True)[start:end])
            where = f"{each.name}.{part}"
            for kind, pattern in filters.items():
                if re.search(pattern, segment):
                    name = f"{kind}: {where}"
                    cuts = tuple(Cut(module, each, pattern, instead) for each in _cut_together(where))
                    found[name] = Mutation(name, cuts, fence=fences.get(where, fence))
    return found


# -- what is filtered in Python, named -------------------------------------------------------


_RULE, _MASK, _VIEW = "access.policy", "view.masking", "view.view"
_SIGHT, _MARKS = "view.access", "store.remarking"


_READER, _SEARCH = "workbench.store.sqlite.reader", "workbench.store.sqlite.search"
_REGISTERS = "workbench.store.registers"
_READING = {
    "record": (
        COLUMNS,
        *(f"{_READER}:{name}" for name in ("records_by_key", "markings_by_key", "records_about", "keys")),
    ),
    "claim": (COLUMNS,),
    "tie": (COLUMNS,),
    "text": (f"{_SEARCH}:candidates", f"{_SEARCH}:similar"),
    "judgement": (f"{_REGISTERS}:judgements",),
    "document": (f"{_REGISTERS}:documents",),
}


def _renewed(table: str) -> Mutation:
    """A change of marking that does not come to a table."""
    name, writes = f"marking: renewed, {table}", _READING[table]
    if table in ("judgement", "document"):
        return one(name, _MARKS, "_follow_evidence", rf"{table}\._replace\(.*?vis=vis\)", table, writes=writes)
    old, kept = rf"\b{table} SET vis = \?", f"{table} SET vis = coalesce(vis, ?)"
    return one(name, "store.sqlite.transaction", "SqliteTransaction.move", old, kept, writes=writes)


def _ended(table: str) -> Mutation:
    """The end of a record that does not come to a table."""
    old, kept = rf"\b{table} SET rev_to = \?", f"{table} SET rev_to = coalesce(rev_to, ?)"
    cuts = [Cut("workbench.store.sqlite.history", "close_records", old, kept)]
    if table in ("claim", "tie"):
        cuts.append(Cut("workbench.store.sqlite.columns", "_KEYS", _FILTERS["superseded"], "? IS NOT NULL"))
    return Mutation(f"superseded: ended, {table}", tuple(cuts), writes=_READING[table])


def _unmasked(part: str) -> Mutation:
    """A view that does not mask a part of its columns; one within it masks them still."""
    masking = r"masked\(base\.columns, scope\.allowed\)"
    more = "" if part == "present" else "present=all.present, "
    instead = f"(lambda all: replace(masked(all, scope.allowed), {more}{part}=all.{part}))"
    return one(f"marking: {part}", _VIEW, "View._masked", masking, f"{instead}(base.columns)")


_ROWS = "store.registers"
_OF_REGISTERS = (
    one("marking: registers", _ROWS, "_standing", r"row\.vis in allowed", "True"),
    one("later: registers", _ROWS, "_standing", r"row\.rev_from <= revision", "True"),
    one("superseded: registers", _ROWS, "_standing", r"row\.rev_to > revision", "True"),
    one(
        "marking: registers.judgements, overridden",
        _ROWS,
        "judgements",
        r" if each in shown",
        "",
        fence=_OVERRIDDEN,
    ),
    one(
        "marking: lookups.judgements, overridden",
        *("store.sqlite.lookups", "_JUDGEMENTS", r"o\.vis IN \(SELECT value FROM json_each\(\?\)\)", "? IS NOT NULL"),
        fence=_OVERRIDDEN,
    ),
    one("marking: registers.documents", _ROWS, "_visible", r"row\.vis in allowed", "True"),
    one("marking: registers.loads", _ROWS, "loads", r"seen\.issuperset\(row\.classes\)", "True"),
    one(
        "owner: registers.loads",
        _ROWS,
        "loads",
        r"row\.agency in agencies",
        "True",
        fence="tests/conformance/test_registers.py::test_a_load_is_told_to_its_own_agency_whoever_sees_all_of_it",
    ),
    one(
        "owner: registers.quarantined",
        _ROWS,
        "quarantined",
        r"row\.agency in agencies",
        "True",
        fence=f"{LAWS}::test_a_store_gives_the_quarantine_of_those_agencies_alone",
    ),
)


NAMED = (
    one("marking: everywhere", _RULE, "may_read", r"return \(", "return True or ("),
    one("marking: level", _RULE, "may_read", r"viewer\.clearance >= marking\.level", "True"),
    one("marking: agencies", _RULE, "may_read", r"not viewer\.agencies\.isdisjoint\(marking\.releasable\)", "True"),
    one("marking: compartments", _RULE, "may_read", r"viewer\.compartments >= marking\.compartments", "True"),
    one("marking: privilege", _RULE, "may_read", r"not marking\.privileged", "True"),
    one(
        "marking: within agencies",
        _SIGHT,
        "Cut.keeps",
        r"self\.agencies is None or",
        "True or",
        fence="tests/laws/test_laws.py::test_a_view_within_agencies_is_one_of_their_records_alone",
    ),
    one("marking: evidence", _SIGHT, "allowed_classes", r"bool\(visibility\.members\) and .*", "True"),
    *(_unmasked(part) for part in ("about", "ties", "claims", "present")),
    one(
        "marking: scores",
        *("view.scored", "scores_in", r"every\.pairs\.take\(np\.isin\(.*?\)\)", "every.pairs"),
        fence="tests/resolve/test_scoring.py::test_scores_show_a_viewer_the_same_whatever_is_hidden",
    ),
    one(
        "marking: scores, how many facets",
        *("store.scores", "facets_seen", r"n \* \(vis in classes\)", "n"),
        fence="tests/resolve/test_scoring.py::test_the_threshold_counts_the_facets_that_a_viewer_sees",
    ),
    one(
        "marking: scores, who holds a common value",
        *("view.common_in_scores", "_held_by_many", r"shared\.take\(np\.isin\(.*?\)\)", "shared"),
        fence="tests/resolve/test_common_in_scores.py::test_the_holders_are_those_that_a_viewer_sees",
    ),
    one("marking: units in quarantine", _VIEW, "View.quarantine", r" if may_repair\(.*\)\)", ")"),
    one(
        "owner: units in quarantine within agencies",
        *(
            _VIEW,
            "View.quarantine",
            r"self\._cut\.within\(self\.viewer\.agencies\)\.agencies or \(\)",
            "self.viewer.agencies",
        ),
        fence="tests/laws/test_laws.py::test_a_view_within_agencies_is_one_of_their_records_alone",
    ),
    *(_renewed(table) for table in ("record", "claim", "text", "tie", "judgement", "document")),
    one(
        "marking: renewed, revisions",
        *(_MARKS, "_refresh_revisions", r"sorted\(touched\[rev\]\)", "sorted(touched[rev].union(each.classes))"),
        writes=(f"{_READER}:publications",),
    ),
    one(
        "marking: evidence, all of it",
        *(_MARKS, "conjunction", r"\*known\.values\(\)\)", "*([*known.values()][1:] or known.values()))"),
        writes=(*_READING["judgement"], *_READING["document"]),
    ),
    one("trace: ids, names, datasets, texts", _MASK, "numbered", r"pruned\(columns\)", "columns"),
    one(
        "trace: letters of texts",
        "store.texts",
        "SortedTexts.at",
        r"SortedTexts\.packed\(octets.*offsets\)",
        "SortedTexts(self.octets, self.begin[numbers], self.end[numbers])",
    ),
    one("trace: numbers of records", _MASK, "numbered", r"used_of\(n, .*\)\)", "np.ones(n, dtype=bool))"),
    one("trace: numbers of classes", _MASK, "numbered", r" if used\[vis\]", ""),
    one(
        "trace: order of rows about",
        *("store.assembly", "about_in_order", r"kept\.at\(.*\)$", "kept"),
        fence="tests/store/test_column_changes.py",
    ),
    one("trace: order of ties", "store.assembly", "ties_in_order", r"ties\.at\(every\)", "ties"),
    one(
        "trace: order of texts",
        "store.assembly",
        "_in_alphabet",
        r"place\[codes\], SortedTexts\.of\(.*\)",
        "codes, SortedTexts.of(texts)",
    ),
    *_OF_REGISTERS,
    *OF_PARTS,
    one(
        "later: View.loads",
        *(_VIEW, "View.loads", r"each if .* else replace\(.*\) for", "each for"),
        fence="tests/conformance/test_registers.py::test_an_older_view_tells_a_later_load_without_its_revision",
    ),
    one("later: View.history", _VIEW, "View.history", r" if number <= self\._number", ""),
    one("later: View.within", _VIEW, "View.within", r" if number <= self\._number", ""),
    *(_ended(table) for table in ("record", "claim", "text", "tie")),
)


@cache
def mutations() -> dict[str, Mutation]:
    """All mutations by name; a filter of revisions also removed everywhere at once."""
    found = [*NAMED, *of_statements()]
    for kind in ("later", "superseded"):
        cuts = [c for each in found if each.name.startswith(f"{kind}:") and not each.writes for c in each.cuts]
        found.append(Mutation(f"{kind}: everywhere", tuple(dict.fromkeys(cuts))))
    return {each.name: each for each in sorted(found, key=lambda each: each.name)}
