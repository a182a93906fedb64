"""Claims: the identifier values by which entities can be the same, and what forbids it.

What identifies whom (design §7): a number phones, an IBAN accounts, a plate vehicles, an
IMEI devices, a document or tax number the persons or companies it was issued to. A birth
date and a sex identify nobody; they are claims because they can forbid. A value that could
not be cleaned is no claim.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from workbench.model.ontology import ontology
from workbench.model.record import Record
from workbench.model.text import code, fold

# Raised whenever claims are computed in another way; `workbench resolve` then recomputes.
NORMALISER = 1

# Kinds that say a document was issued to somebody, by a country: a second, different one
# of the same kind, country and agency forbids being the same.
DOCUMENTS = frozenset({"passport", "id", "social-security", "tax"})

# Kinds that never join and only forbid.
FORBIDDING = frozenset({"birth", "sex"})

_SHORTEST_NUMBER = 5


class Claim(NamedTuple):
    """An identifier of an entity; `scope` is the country or register that issued it."""

    kind: str
    value: str
    scope: str = ""


# kind, and properties that give the scope (None: it is global)
_Rule = tuple[str, tuple[str, ...] | None]

# schema that rules are for -> property, kind, scope
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

# Kinds whose number is unique in the world or says its country itself, or whose issuer may
# be left unsaid (then it joins where no two issuers contradict each other).
_SCOPE_OPTIONAL = frozenset({"passport", "plate"})


def claims_of(record: Record) -> Iterator[Claim]:
    """The claims of an entity's record, each once."""
    rules = _rules_of(record.schema)
    if not rules:
        return iter(())
    values = record.values()
    found = set(_by_rules(rules, values, record))
    if _is_person(record.schema):
        found.update(Claim("birth", value) for value in values.get("birthDate", ()))
        found.update(Claim("sex", value) for value in values.get("gender", ()) if value in ("male", "female"))
    return iter(sorted(found))


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
    """Who issued a number: its country, else (a register's own number) its dataset."""
    for prop in scopes:
        countries = set(values.get(prop, ()))
        if len(countries) == 1:
            return countries.pop()
    return "" if kind in _SCOPE_OPTIONAL else str(record.dataset)
