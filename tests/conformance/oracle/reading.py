"""The correct answers of a view, from a plain list of the records that it sees."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from itertools import combinations

from tests.conformance.oracle.identity import clusters, is_relationship, present, roles_of
from tests.conformance.oracle.world import Sight
from workbench.model.normal.similar import distance, said
from workbench.model.ontology import ontology
from workbench.model.record import Dataset, Value
from workbench.model.text import fold, romanise, words
from workbench.store.types import SourcedRecord
from workbench.view.answers import Entity, Hit, Hits, Referent, Summary, Tie, ValueLine
from workbench.view.overview import Stats
from workbench.view.search import WHOLE_WORDS

_COUNTRIES = {"country", "mainCountry", "jurisdiction", "nationality", "citizenship"}


class Reading:
    """Answers of a view; each method has the name of the view's."""

    def __init__(self, sight: Sight, revision: str) -> None:
        self.sight = sight
        self.revision = revision
        self.records = sight.records
        self.cluster = clusters(sight.records, sight.judgements, sight.commons)
        self.origin: dict[str, tuple[Dataset, str]] = {}
        for each in sight.records:
            record = each.record
            self.origin.update((record.referent(role.ref), (record.dataset, role.ref)) for role in record.roles)
            if not is_relationship(each):
                self.origin[record.entity] = (record.dataset, record.source_id)

    # -- entities ----------------------------------------------------------------------

    def canonical(self, entity: str) -> str:
        return min(self.cluster[entity])

    def clusters(self) -> tuple[tuple[str, str, str], ...]:
        rows = ((self.canonical(e), str(self.origin[e][0]), self.origin[e][1]) for e in self.cluster)
        return tuple(sorted(rows))

    def about(self, members: Iterable[str]) -> list[SourcedRecord]:
        wanted = set(members)
        return [each for each in self.records if not is_relationship(each) and each.record.entity in wanted]

    def summary(self, entity: str) -> Summary:
        members = self.cluster[entity]
        schema, caption = self._describe(members)
        datasets = tuple(sorted({str(self.origin[m][0]) for m in members}))
        return Summary(min(members), schema, caption, datasets, not self.about(members))

    def entity(self, entity: str) -> Entity:
        """The entity without `joined_by`, which is checked by its properties instead."""
        members = sorted(self.cluster[entity])
        schema, caption = self._describe(members)
        origins = [(m, *self.origin[m]) for m in members]
        referents = tuple(Referent(m, dataset.agency, dataset.name, source_id) for m, dataset, source_id in origins)
        lines = [line for each in self.about(members) for line in _lines(each)]
        lines.sort(key=lambda x: (x.property, x.value or "", x.original, x.dataset, x.record))
        return Entity(members[0], schema, caption, referents, (), tuple(lines), not self.about(members))

    def _describe(self, members: Iterable[str]) -> tuple[str, str]:
        records, known = self.about(members), ontology()
        names = {each.record.schema for each in records}
        schema = min(names, key=lambda n: (-len(known.schemata[n].names), n)) if names else "Thing"
        for prop in known.schemata[schema].caption:
            said = Counter(
                value.original if value.value is None else value.value
                for each in records
                for value in set(each.record.properties.get(prop, ()))
            )
            if said:
                return schema, min(said, key=lambda text: (-said[text], text)) or self._source_id(members)
        return schema, self._source_id(members)

    def _source_id(self, members: Iterable[str]) -> str:
        return min(self.origin[m][1] for m in members)

    # -- ties --------------------------------------------------------------------------

    def ties(self) -> list[tuple[SourcedRecord, str, str, str, str]]:
        """(record, a, b, role of a, role of b) before resolution."""
        found = []
        for each in self.records:
            roles = sorted(set(roles_of(each)))
            if not is_relationship(each):
                pairs = [("", each.record.entity, role, entity) for role, entity in roles]
            else:
                source, target = ontology().ends(each.record.schema)
                place = {source: 0, target: 2}
                roles.sort(key=lambda r: (place.get(r[0], 1), r[0], self.origin[r[1]][1]))
                pairs = [(*x, *y) for x, y in combinations(roles, 2) if x[0] != y[0]]
            found += [(each, a, b, ra, rb) for ra, a, rb, b in pairs if a != b]
        return found

    def neighbours(self, entity: str, hops: int) -> tuple[tuple[str, ...], tuple[Tie, ...]]:
        reached: set[str] = {self.canonical(entity)}
        walked: list[Tie] = []
        for _ in range(hops):
            walked = [t for t in self._canonical_ties() if t.a in reached or t.b in reached]
            reached.update(end for t in walked for end in (t.a, t.b))
        return tuple(sorted(reached)), tuple(sorted(walked, key=_tie_order))

    def _canonical_ties(self) -> list[Tie]:
        rows = []
        for each, a, b, ra, rb in self.ties():
            x, y = self.canonical(a), self.canonical(b)
            if x != y:
                rows.append(Tie(each.key, each.record.schema, x, y, ra, rb, first_day(each)))
        return rows

    # -- counts ------------------------------------------------------------------------

    def stats(self) -> Stats:
        relationships = [each for each in self.records if is_relationship(each)]
        described = {each.record.entity for each in self.records if not is_relationship(each)}
        schemata = {entity: self._schema_alone(entity) for entity in described}
        return Stats(
            revision=self.revision,
            records=len(self.records),
            entities=_count(schemata.values()),
            relationships=_count(each.record.schema for each in relationships),
            ties=len(self.ties()),
            stubs=len(present(self.records) - described),
            canonical=len(set(self.cluster.values())),
            agencies=_count(each.record.dataset.agency for each in self.records),
            datasets=_count(str(each.record.dataset) for each in self.records),
        )

    def _schema_alone(self, entity: str) -> str:
        return self._describe([entity])[0]

    # -- search ------------------------------------------------------------------------

    def search(self, text: str, limit: int, types: Sequence[str] = (), agencies: Sequence[str] = ()) -> Hits:
        forms = [form for form in dict.fromkeys((fold(text), romanise(text), without_spacing(romanise(text)))) if form]
        best: dict[str, tuple[int, int]] = {}
        for each in self.records:
            for found in () if is_relationship(each) else _texts(each):
                if any(_is_found(form, found) for form in forms):
                    entity = each.record.entity
                    best[entity] = min(best.get(entity, (9_999, 0)), _rank(forms, found))
            for name in () if is_relationship(each) else _texts(each, {"name"}):
                apart = distance(said(text), name)
                if apart is not None:
                    similar = 5 + round(apart * 1_000), len(name)
                    best[each.record.entity] = min(best.get(each.record.entity, (9_999, 0)), similar)
        order = sorted(best, key=lambda entity: (*best[entity], entity))
        similar = {self.canonical(entity): best[entity][0] >= 5 for entity in reversed(order)}
        found = [self.hit(each, similar[each]) for each in dict.fromkeys(self.canonical(entity) for entity in order)]
        of_types = [each for each in found if not types or each.schema in types]
        of_agencies = [each for each in found if not agencies or set(each.agencies) & set(agencies)]
        kept = [each for each in of_types if each in of_agencies]
        advice = WHOLE_WORDS if 0 < len(fold(text)) < 3 and not _is_ideographic(fold(text)) else ""
        return Hits(
            tuple(kept[:limit]),
            len(kept),
            sum(each.similar for each in kept),
            _most_first(each.schema for each in of_agencies),
            _most_first(agency for each in of_types for agency in each.agencies),
            advice,
        )

    def hit(self, entity: str, similar: bool) -> Hit:
        members = self.cluster[entity]
        said = [(each.record.schema, *pair) for each in self.about(members) for pair in each.record.properties.items()]
        return Hit(
            *astuple(self.summary(entity)),
            similar=similar,
            births=_commonest(values for _, prop, values in said if prop == "birthDate"),
            numbers=_commonest(values for schema, prop, values in said if _is_number(schema, prop)),
            countries=_commonest(values for _, prop, values in said if prop in _COUNTRIES),
            agencies=tuple(sorted({self.origin[m][0].agency for m in members})),
            records=len(self.about(members)),
        )


def first_day(each: SourcedRecord) -> str:
    for prop in ("date", "startDate", "endDate", "modifiedAt"):
        values = sorted(v.value for v in each.record.properties.get(prop, ()) if v.value is not None)
        if values:
            return (values[0] + "-01-01")[:10] if len(values[0]) == 4 else (values[0] + "-01")[:10]
    return ""


def _is_number(schema: str, prop: str) -> bool:
    """Whether a property is a number by which a thing is told apart."""
    known = ontology().schemata[schema]
    kind = known.properties[prop].type if prop in known.properties else ""
    return kind == "identifier" or (kind == "phone" and not {"Person", "LegalEntity"} & set(known.names))


def _commonest(said: Iterable[Iterable[Value]]) -> tuple[str, ...]:
    counts = Counter(each.original if each.value is None else each.value for values in said for each in set(values))
    return tuple(sorted(counts, key=lambda text: (-counts[text], text)))


def _most_first(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0])))


def _texts(each: SourcedRecord, kinds: Iterable[str] = ("name", "identifier", "phone", "email", "address")) -> set[str]:
    schema = ontology().schemata[each.record.schema]
    wanted = {p.name for p in schema.properties.values() if p.type in kinds}
    wanted |= {"lastName"} if kinds == {"name"} else {"bodyText", *schema.caption}
    values = [value for prop, found in each.record.properties.items() if prop in wanted for value in found]
    return {fold(text) for value in values for text in (value.value, value.original) if text and fold(text)}


def _is_found(form: str, text: str) -> bool:
    """Whether a form is in a text or its romanised form; a short form must be a word, except in Han or Hangul."""
    both = (text, romanise(text))
    if len(form) > 2:
        return any(form in each or _has_words(form, each) for each in both)
    return any(form == word or (form in word and _is_ideographic(word)) for each in both for word in words(each))


def _has_words(form: str, text: str) -> bool:
    """Whether a text has all words of a form, of which there are several and one has three letters."""
    several = set(words(form))
    return len(several) > 1 and any(len(each) > 2 for each in several) and not several - set(words(text))


def _is_ideographic(word: str) -> bool:
    return any("\u2e80" <= x <= "\u9fff" or "\uac00" <= x <= "\ud7af" or x >= "\U00020000" for x in word)


def without_spacing(text: str) -> str:
    """A number without spaces and signs; "" for what is not mostly digits, or has fewer than five."""
    bare = "".join(each for each in text if not each.isspace() and each not in "().,/-")
    digits = [each for each in bare if each.isdigit()]
    return bare if len(digits) >= 5 and len(digits) >= len(bare) - len(digits) else ""


def _rank(forms: Sequence[str], text: str) -> tuple[int, int]:
    ranks = [(4, len(text))]
    for form in forms:
        for each in (text, romanise(text)):
            if form not in each:
                continue
            whole = set(words(form)) <= set(words(each))
            ranks.append((0 if each == form else 1 if each.startswith(form) else 2 if whole else 3, len(each)))
    return min(ranks)


def _lines(each: SourcedRecord) -> list[ValueLine]:
    record = each.record
    place = (str(record.dataset), record.dataset.agency, str(record.grade or ""), str(record.marking))
    return [
        ValueLine(prop, value.value, value.original, *place, record.locator, each.key)
        for prop, values in record.properties.items()
        for value in set(values)
    ]


def _count(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


def _tie_order(tie: Tie) -> tuple[str, ...]:
    return (tie.record, tie.role_a, tie.role_b, tie.a, tie.b)
