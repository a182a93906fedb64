"""Identity by trying every pair, following design §5 and §7 word by word."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations

from workbench.model.claims import claims_of
from workbench.model.ontology import ontology
from workbench.model.text import code
from workbench.store.types import CommonEntry, Judgement, SourcedRecord

NEVER_JOINS = {"birth", "sex"}
NAMES_A_THING = {"phone", "iban", "plate", "vin", "imei", "email"}
ISSUED_TO_ONE = {"passport", "id", "social-security", "tax"}

Join = tuple[int, str, str, str, str]  # strength, rule, value, a, b


def roles_of(each: SourcedRecord) -> list[tuple[str, str]]:
    """(role, entity id) of a record."""
    return [(role.name, each.record.referent(role.ref)) for role in each.record.roles]


def is_relationship(each: SourcedRecord) -> bool:
    return ontology().schemata[each.record.schema].edge


def present(records: Iterable[SourcedRecord]) -> set[str]:
    """Ids of entities that a record is about or gives a role."""
    found = set()
    for each in records:
        found.update(entity for _, entity in roles_of(each))
        if not is_relationship(each):
            found.add(each.record.entity)
    return found


class People:
    """The claims, records and judgements about the entities of one view."""

    def __init__(self, records: Sequence[SourcedRecord], commons: Sequence[CommonEntry] = ()) -> None:
        self.entities = present(records)
        self.commons = commons
        self.records = records
        self.agency: dict[str, str] = {}
        self.file: dict[str, str] = {}
        self.claims: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
        self.kinds: dict[str, set[str]] = defaultdict(set)
        for each in records:
            for entity in present([each]):
                self.agency[entity] = each.record.dataset.agency
                self.file[entity] = str(each.record.dataset)
            if not is_relationship(each):
                self.claims[each.record.entity].update(tuple(claim) for claim in claims_of(each.record))
                for kind in ("Person", "Organization"):
                    if kind in ontology().schemata[each.record.schema].names:
                        self.kinds[each.record.entity].add(kind)

    # -- joins -------------------------------------------------------------------------

    def joins(self, judgements: Sequence[Judgement]) -> list[Join]:
        found = {
            (0, "judgement", j.id, *sorted((j.a, j.b)))
            for j in judgements
            if j.verdict == "same" and {j.a, j.b} <= self.entities
        }
        for kind, value, holders in self._numbers():
            if kind in NAMES_A_THING or len(holders) <= 3:
                found.update((1, kind, value, a, b) for a, b in combinations(sorted(holders), 2))
        found.update(self._same_account())
        return sorted(found)

    def set_aside(self) -> set[tuple[str, str, frozenset[str]]]:
        """Numbers with too many holders."""
        return {(k, v, frozenset(h)) for k, v, h in self._numbers() if k not in NAMES_A_THING and len(h) > 3}

    def _numbers(self) -> Iterator[tuple[str, str, set[str]]]:
        """The (kind, value, entities) of each number, by issuer."""
        holders: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for entity, claims in self.claims.items():
            for kind, value, issuer in claims:
                if kind not in NEVER_JOINS:
                    holders[kind, value][issuer].add(entity)
        for (kind, value), by_issuer in holders.items():
            issuers = [issuer for issuer in by_issuer if issuer]
            if len(issuers) < 2:
                yield kind, value, set().union(*by_issuer.values())
            else:
                yield from ((kind, value, by_issuer[issuer]) for issuer in issuers)

    def _same_account(self) -> Iterator[Join]:
        """Joins by one IBAN of two persons of two agencies, each the only holder that his agency's files name."""
        by_iban: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for each in self.records:
            roles = dict(roles_of(each))
            for who, what in (("holder", "held"), ("owner", "asset")):
                if each.record.schema in ("Holding", "Ownership") and {who, what} <= roles.keys():
                    for kind, value, _ in self.claims[roles[what]]:
                        if kind == "iban" and roles[who] != roles[what]:
                            by_iban[value][self.agency[roles[who]]].add(roles[who])
        for iban, by_agency in by_iban.items():
            if any(len(holders) > 1 for holders in by_agency.values()):
                continue
            persons = [h for holders in by_agency.values() for h in holders if "Person" in self.kinds[h]]
            if len(persons) > 12 or any(self._lists(entry, iban) for entry in self.commons):
                continue
            yield from ((1, "iban-holder", iban, a, b) for a, b in combinations(sorted(persons), 2))

    def _lists(self, entry: CommonEntry, iban: str) -> bool:
        """Whether an account is listed as common, by its IBAN or by the id of an entity that has it."""
        if entry.value in self.entities:
            return entry.kind == "account" and iban in self._said(entry.value, "iban")
        return entry.kind == "account" and code(entry.value) == iban

    # -- vetoes ------------------------------------------------------------------------

    def forbidden(self, a: str, b: str) -> bool:
        if self.kinds[a] and self.kinds[b] and not self.kinds[a] & self.kinds[b]:
            return True
        return self._other_sex(a, b) or self._other_age(a, b) or self._other_document(a, b)

    def _said(self, entity: str, wanted: str) -> set[str]:
        return {value for kind, value, _ in self.claims[entity] if kind == wanted}

    def _other_sex(self, a: str, b: str) -> bool:
        mine, theirs = self._said(a, "sex"), self._said(b, "sex")
        return bool(mine) and bool(theirs) and not mine & theirs

    def _other_age(self, a: str, b: str) -> bool:
        pairs = [(days(x), days(y)) for x in self._said(a, "birth") for y in self._said(b, "birth")]
        return bool(pairs) and all(_apart(x, y) > 731 for x, y in pairs)

    def _other_document(self, a: str, b: str) -> bool:
        if self.agency[a] != self.agency[b]:
            return False
        documents: list[dict[tuple[str, str], set[str]]] = []
        for entity in (a, b):
            held: dict[tuple[str, str], set[str]] = defaultdict(set)
            for kind, value, issuer in self.claims[entity]:
                if kind in ISSUED_TO_ONE:
                    held[kind, issuer].add(value)
            documents.append(held)
        mine, theirs = documents
        return any(not mine[one] & theirs[one] for one in mine.keys() & theirs.keys())


def days(text: str) -> tuple[date, date]:
    """First and last day that a date can mean."""
    parts = [int(part) for part in text[:10].split("-")]
    year, month, day = (*parts, 0, 0)[:3]
    if day:
        return date(year, month, day), date(year, month, day)
    if month:
        following = date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)
        return date(year, month, 1), following - timedelta(1)
    return date(year, 1, 1), date(year, 12, 31)


def _apart(x: tuple[date, date], y: tuple[date, date]) -> int:
    return max((x[0] - y[1]).days, (y[0] - x[1]).days)


def clusters(
    records: Sequence[SourcedRecord], judgements: Sequence[Judgement], commons: Sequence[CommonEntry] = ()
) -> dict[str, frozenset[str]]:
    """The cluster of each entity: joins in order of strength, without those that a veto forbids."""
    people = People(records, commons)
    outweighed = {each for j in judgements for each in j.overrides}
    apart = {frozenset((j.a, j.b)) for j in judgements if j.verdict == "different" and j.id not in outweighed}
    cluster = {entity: frozenset({entity}) for entity in people.entities}
    for _, _, _, a, b in people.joins(judgements):
        left, right = cluster[a], cluster[b]
        if left != right and not any(frozenset((x, y)) in apart or people.forbidden(x, y) for x in left for y in right):
            cluster.update((member, left | right) for member in left | right)
    return cluster
