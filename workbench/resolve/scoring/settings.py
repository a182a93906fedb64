"""What is compared, and what each outcome says: the settings for Splink, as code.

A level's weight is log2(m / u), in bits: m is how often records of one entity come out so, u how often those of two do.
Both are fixed by hand: training by expectation maximisation leaves those of identifiers undefined.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from splink import SettingsCreator
from splink.comparison_level_library import CustomLevel, ElseLevel
from splink.comparison_library import CustomComparison
from splink.internals.comparison_level_creator import ComparisonLevelCreator

from workbench.store.scores import BEGIN_ALIKE, HUNDREDTHS, OTHER_GIVEN

# How rare a name is, in bits, and what it says that two have it, or one like it: less than so much, as namesakes are
# often kin, and a name is like many others. Measured on registers of 200,000 persons.
_SAYS_THE_SAME = {30: 20.0, 27: 19.5, 24: 18.5, 21: 17.5, 18: 16.0, 15: 14.5, 12: 11.4, 9: 9.5, 6: 8.0, 0: 1.0}
_SAYS_ALIKE = {30: 16.0, 27: 15.5, 24: 14.8, 21: 14.5, 18: 12.7, 15: 11.7, 12: 11.0, 9: 9.5, 6: 8.0, 0: 1.0}


class Level(NamedTuple):
    """An outcome of a comparison: a condition in SQL on the columns of both sides, and how often it comes out."""

    condition: str
    label: str
    m: float
    u: float


class Compared(NamedTuple):
    """A comparison: where it can't be made, its outcomes in order, and m and u of any other outcome."""

    name: str
    missing: str
    levels: tuple[Level, ...]
    otherwise: tuple[float, float]


def _any(column: str) -> str:
    return f"list_has_any({column}_l, {column}_r)"


def _none(*columns: str) -> str:
    return " OR ".join(f"len({column}_{side}) = 0" for column in columns for side in "lr")


def _both(column: str) -> str:
    return f"len(list_intersect({column}_l, {column}_r))"


def _where_rare(condition: str, label: str, m: float, says: Mapping[int, float]) -> Iterator[Level]:
    """A level for each class of rarity: the rarer the name is that both have, the more it says."""
    for rare, bits in says.items():
        yield Level(f"({condition}) AND least(rare_l, rare_r) >= {rare}", f"{label}, {rare} bits", m, m * 2**-bits)


def _beside(m: float, weight: int) -> float:
    """The u beside m that says so much, in hundredths of a bit."""
    return float(m * 2 ** (-weight / HUNDREDTHS))


# The outcomes of comparing the names of two facets, the best first. The engine finds them, and Splink gets them as the
# key of a pair.
SAME_WORDS, SAME_SOUNDS, NAMES_ALONE, ALIKE, PART, UNCLEAR, UNLIKE, KIN = map(str, range(8))


def _names_are(outcome: str) -> str:
    return f"match_key = '{outcome}'"


# A given name that both have; of a side that does not say which of its words is one, any word.
_GIVEN = (
    "CASE WHEN len(given_l) > 0 AND len(given_r) > 0 THEN list_has_any(given_l, given_r)"
    " ELSE list_has_any(given_l, skeletons_r) OR list_has_any(given_r, skeletons_l) END"
)

NAME = Compared(
    "name",
    _none("names"),
    (
        *_where_rare(_names_are(SAME_WORDS), "the same words", 0.42, _SAYS_THE_SAME),
        *_where_rare(_names_are(SAME_SOUNDS), "the same sounds, and nothing beside", 0.16, _SAYS_ALIKE),
        Level(_names_are(NAMES_ALONE), "nothing beside the names", 0.01, 0.9),
        *_where_rare(_names_are(ALIKE), "alike", 0.2, _SAYS_ALIKE),
        Level(_names_are(KIN), "of two generations", 0.001, 0.5),
        Level(_names_are(PART), "one is a part of the other", 0.1, 4e-4),
        Level(f"{_GIVEN} AND {_both('skeletons')} >= 2", "the same given name, and another word", 0.05, 2e-4),
        Level(f"{_names_are(UNCLEAR)} AND {_GIVEN}", "the same given name, and others begin alike", 0.05, 2e-4),
        Level(
            f"{_names_are(UNCLEAR)} AND {_any('skeletons')}",
            "a word in common, and others begin alike",
            0.05,
            _beside(0.05, BEGIN_ALIKE),
        ),
        Level(_names_are(UNCLEAR), "they begin alike", 0.05, 4e-3),
        Level(_GIVEN, "the same given name", 0.03, 6e-3),
        Level(f"NOT {_any('skeletons')} AND {_both('starts')} >= 2", "the same first sounds", 0.03, 0.02),
        Level(_any("skeletons"), "another given name, and a word in common", 0.01, _beside(0.01, OTHER_GIVEN)),
    ),
    (0.02, 0.9),
)

_YEAR_ALONE = "(length({0}) = 4 OR substr({0}, 6) = '01-01')"
_DAY = "length(x) = 10 AND length(y) = 10"
_SWAPPED = (
    "substr(x, 1, 4) = substr(y, 1, 4) AND substr(x, 6, 2) = substr(y, 9, 2) AND substr(x, 9, 2) = substr(y, 6, 2)"
)


def _some_births(condition: str) -> str:
    return f"list_bool_or(flatten(list_transform(births_l, x -> list_transform(births_r, y -> {condition}))))"


BIRTH = Compared(
    "birth",
    _none("births"),
    (
        Level(_some_births("x = y AND length(x) = 10 AND substr(x, 6) <> '01-01'"), "the same day", 0.7, 5e-5),
        Level(
            _some_births(f"{_DAY} AND (damerau_levenshtein(x, y) <= 1 OR ({_SWAPPED}))"),
            "one digit, or day and month swapped",
            0.14,
            1.5e-3,
        ),
        Level(
            _some_births("substr(x, 1, 7) = substr(y, 1, 7) AND least(length(x), length(y)) = 7"),
            "the same month",
            0.02,
            1.2e-3,
        ),
        Level(
            _some_births(
                f"substr(x, 1, 4) = substr(y, 1, 4) AND ({_YEAR_ALONE.format('x')} OR {_YEAR_ALONE.format('y')})"
            ),
            "the same year, of one the year alone",
            0.7,
            1.4e-2,
        ),
        # A little more than nothing: a weight of 0 says that the comparison could not be made.
        Level(_some_births("substr(x, 1, 4) = substr(y, 1, 4)"), "the same year", 0.0141, 1.4e-2),
        Level(
            _some_births("abs(CAST(substr(x, 1, 4) AS INT) - CAST(substr(y, 1, 4) AS INT)) <= 1"),
            "a year apart",
            0.01,
            3e-2,
        ),
    ),
    (0.0075, 0.95),
)


def _held(name: str, column: str, m: float, u: float) -> Compared:
    return Compared(name, _none(column), (Level(_any(column), "the same", m, u),), (1 - m, 1.0))


# One letter or digit differs, or two neighbours are exchanged; but numbers that follow one another were issued so.
_NUMBER = "TRY_CAST(regexp_replace({}, '[^0-9]', '', 'g') AS BIGINT)"
_FOLLOWING = f"coalesce(abs({_NUMBER.format('x')} - {_NUMBER.format('y')}) < 10, false)"
_A_SLIP = (
    "list_bool_or(flatten(list_transform(documents_l, x -> list_transform(documents_r,"
    f" y -> length(x) > 8 AND damerau_levenshtein(x, y) = 1 AND NOT {_FOLLOWING}))))"
)

DOCUMENT = Compared(
    "document",
    f"NOT {_any('document_kinds')}",
    (
        Level(_any("documents"), "the same", 0.8, 1e-7),
        Level(_A_SLIP, "one slip of the pen", 0.05, 3e-5),
    ),
    (0.2, 1.0),
)
PHONE = _held("phone", "phones", 0.5, 2e-5)
EMAIL = _held("email", "emails", 0.5, 2e-5)
ADDRESS = Compared(
    "address",
    f"({_none('addresses')}) AND ({_none('places')})",
    (
        Level(_any("addresses"), "the same", 0.4, 1.5e-3),
        Level(
            f"{_both('address_words')} >= 3"
            f" AND {_both('address_words')} >= 0.7 * least(len(address_words_l), len(address_words_r))",
            "nearly the same",
            0.25,
            2e-3,
        ),
        Level(_any("houses"), "the same number in a street that sounds alike", 0.25, 2e-3),
        Level(_any("places"), "the same place", 0.1, 1e-2),
    ),
    (0.25, 0.99),
)

COMPARED = (NAME, BIRTH, DOCUMENT, PHONE, EMAIL, ADDRESS)


def settings() -> SettingsCreator:
    """The settings, for persons and for organisations; the table has the column `facet` and those of `forms.Forms`."""
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="facet",
        comparisons=[_comparison(each) for each in COMPARED],
        probability_two_random_records_match=0.5,  # the threshold is in bits of weight, without a prior
        retain_intermediate_calculation_columns=True,
        retain_matching_columns=False,
    )


def _comparison(compared: Compared) -> CustomComparison:
    levels = [_level(each.condition, each.label, each.m, each.u) for each in compared.levels]
    missing = CustomLevel(compared.missing, "missing").configure(is_null_level=True)
    m, u = compared.otherwise
    otherwise = ElseLevel().configure(m_probability=m, u_probability=u)
    return CustomComparison(output_column_name=compared.name, comparison_levels=[missing, *levels, otherwise])


def _level(condition: str, label: str, m: float, u: float) -> ComparisonLevelCreator:
    return CustomLevel(condition, label).configure(m_probability=m, u_probability=u)
