"""Claims: identifier values that join entities, or forbid joining them.

A phone number identifies a phone, an IBAN an account, a plate a vehicle, an IMEI a device, and a
document or tax number the person or company it was issued to (design §7). A birth date and a sex
identify nobody: they are claims because they can forbid a join. A value that could not be cleaned
makes no claim.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from icu import ICU_VERSION

from workbench.model.ontology import ontology
from workbench.model.record import Record
from workbench.model.text import code, fold

# Raise this when claims, or the keys of names, are computed differently.
_OURS = 3
_MAJOR, _MINOR = (int(each) for each in [*ICU_VERSION.split("."), "0"][:2])
# What makes claims, and the keys of names: our rules, and ICU, which romanises. `workbench resolve` recomputes those of
# a store that another one made.
NORMALISER = (_OURS * 1_000 + _MAJOR) * 100 + _MINOR

# Kinds of documents that a country issues to somebody. Two different numbers of one kind, country
# and agency forbid a join.
DOCUMENTS = frozenset({"passport", "id", "social-security", "tax"})

# Kinds that never join entities, but can forbid a join.
FORBIDDING = frozenset({"birth", "sex"})

_SHORTEST_NUMBER = 5


def of_normaliser(number: int) -> str:
    """What a normaliser's number says.

    >>> of_normaliser(307_701)
    'rules 3, ICU 77.1'
    """
    rules, icu = divmod(number, 100_000)
    return f"rules {rules}, ICU {icu // 100}.{icu % 100}" if rules else f"rules {number}"


class Claim(NamedTuple):
    """An identifier of an entity; `scope` is the country or register that issued it, "" if it is global."""

    kind: str
    value: str
    scope: str = ""


# (kind, properties that give the scope); None if the value is unique in the world
_Rule = tuple[str, tuple[str, ...] | None]

# (schema, its rules); a rule is (property, kind, properties that give the scope)
_RULES: tuple[tuple[str, tuple[tuple[str, str, tuple[str, ...] | None], ...]], ...] = (
    ("Phone", (("number", "phone", None),)),
    ("BankAccount", (("iban", "iban", None),)),
    ("Vehicle", (("registrationNumber", "plate", ("country",)), ("vin", "vin", None))),
    ("Device", (("imei", "imei", None),)),
    ("EmailAddress", (("mailbox", "email", None),)),
    (
        "Person",
        (
            ("passportNumber", "passport", ("passportCountry",)),
            ("socialSecurityNumber", "social-security", ("nationality", "country")),
        ),
    ),
    (
        "LegalEntity",
        (
            ("idNumber", "id", ("country", "nationality", "jurisdiction")),
            ("taxNumber", "tax", ("country", "nationality", "jurisdiction")),
            ("innCode", "inn", None),
            ("vatCode", "vat", None),
            ("leiCode", "lei", None),
        ),
    ),
    ("Organization", (("registrationNumber", "registration", ("jurisdiction", "country")),)),
)

# The kinds of all claims, those that an older normaliser made included.
KINDS = FORBIDDING | {kind for _, rules in _RULES for _, kind, _ in rules}

# Kinds that keep an empty scope if the record names no issuer: they join unless two issuers
# contradict each other.
_SCOPE_OPTIONAL = frozenset({"passport", "plate"})


def claims_of(record: Record) -> Iterator[Claim]:
    """The claims of an entity's record, sorted and without duplicates."""
    rules = _rules_of(record.schema)
    if not rules:
        return iter(())
    values = record.values()
    claims = set(_by_rules(rules, values, record))
    if _is_person(record.schema):
        claims.update(Claim("birth", value) for value in values.get("birthDate", ()))
        claims.update(Claim("sex", value) for value in values.get("gender", ()) if value in ("male", "female"))
    return iter(sorted(claims))


@cache
def _rules_of(schema: str) -> dict[str, _Rule]:
    names = ontology().schemata[schema].names
    return {prop: (kind, scopes) for ruled, rules in _RULES if ruled in names for prop, kind, scopes in rules}


@cache
def _is_person(schema: str) -> bool:
    return ontology().is_a(schema, "Person")


def _by_rules(rules: Mapping[str, _Rule], values: dict[str, list[str]], record: Record) -> Iterator[Claim]:
    for prop in rules.keys() & values.keys():
        kind, scopes = rules[prop]
        for value in values[prop]:
            normal = fold(value) if kind == "email" else code(value)
            if len(normal) < _SHORTEST_NUMBER:
                continue
            yield Claim(kind, normal, "" if scopes is None else _scope(scopes, values, kind, record))


def _scope(scopes: tuple[str, ...], values: dict[str, list[str]], kind: str, record: Record) -> str:
    """Who issued a number: the country, if the record names exactly one; else the dataset, or "" for some kinds."""
    for prop in scopes:
        countries = set(values.get(prop, ()))
        if len(countries) == 1:
            return countries.pop()
    return "" if kind in _SCOPE_OPTIONAL else str(record.dataset)
