"""What people judged of leads: accepted, rejected or parked; by whom, why, and on which records.

An accepted lead is an assessment: a record with its author, in no view's records. So no analysis reads it, and it is
shown only where somebody asks for it. It is kept as a document, told to those who see every record that the lead rests
on: two records may be released to no agency in common, and then no marking of one more record would do.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from typing import Any

from workbench.analytics.finding import Finding
from workbench.analytics.lacking import asked_for
from workbench.analytics.lead import records_of_lead
from workbench.analytics.links.learning import MISSING
from workbench.errors import UsageError
from workbench.model.asked import one_text
from workbench.model.marking import strictest
from workbench.model.ontology import ontology
from workbench.model.record import Basis, Dataset, Record, Role, Value
from workbench.resolve.joining import joining
from workbench.resolve.judgements import judged_at
from workbench.store.types import Document, Provenance, SourcedRecord
from workbench.view.asking import question as question_to  # a parameter of `judge_lead` has that name
from workbench.view.asking import writing
from workbench.view.store import GraphStore
from workbench.view.view import View
from workbench.view.who import members_of

KIND = "judged lead"
ACCEPTED, REJECTED, PARKED = LEAD_VERDICTS = ("accepted", "rejected", "parked")
ASSESSMENTS = "assessments"  # the dataset of an agency's assessments; its source ids are ids of entities
_SCHEMA, _CALLED = "UnknownLink", "accepted lead"
_NOBODY = "LOCAL"


@dataclass(frozen=True, slots=True)
class JudgedLead:
    """What a person judged of a lead between two entities, `a` and `b`; an accepted one has an `assessment`.

    `verdict` is accepted, rejected or parked. `evidence` has the keys of the records that the lead rested on.
    """

    a: str
    b: str
    projection: str
    question: str
    verdict: str
    why: str
    by: str
    at: str
    evidence: tuple[str, ...]
    assessment: SourcedRecord | None

    @property
    def of(self) -> tuple[object, ...]:
        """What a person has one verdict on (the entities, the projection, the question), and who the person is."""
        return self.ends, self.projection, self.question, self.by

    @property
    def ends(self) -> frozenset[str]:
        """The two entities."""
        return frozenset((self.a, self.b))

    def to_dict(self) -> dict[str, Any]:
        """It as JSON values."""
        told = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "assessment"}
        return {**told, "evidence": list(self.evidence), "assessment": _told(self.assessment)}


@writing
def judge_lead(
    store: GraphStore,
    view: View,
    a: str,
    b: str,
    verdict: str,
    why: str,
    projection: str = "persons",
    question: str = MISSING,
    count_common: bool = False,
    missing: float = 0.1,
    seed: int = 0,
) -> JudgedLead:
    """Accept, reject or park a lead that `predict` gives for the same arguments, in the viewer's name, with a reason.

    A person's newest verdict on a lead takes the place of the older one for everybody, also for those who may not see
    the new one; the store keeps both. UsageError for another verdict, without a reason, and for two entities of which
    nothing is predicted. NotFound for an entity that is not in this view.
    """
    if verdict not in LEAD_VERDICTS:
        raise UsageError(f"no verdict {verdict!r}: one of {', '.join(LEAD_VERDICTS)}", "verdict")
    if not one_text(why, "why").strip():
        raise UsageError("a verdict on a lead needs a reason: say why", "why")
    asked = asked_for(projection, question, count_common, missing, seed)
    records = _with_joins(view, records_of_lead(view, asked, a, b))
    ends = [_referents(view, each, records) for each in sorted((view.canonical(a), view.canonical(b)))]
    agencies = sorted(view.viewer.agencies) or [_NOBODY]
    marking = strictest((each.record.marking for each in records), frozenset(agencies))
    said = {"projection": projection, "question": question, "verdict": verdict, "why": why.strip()}
    body = {**said, "ends": ends, "agency": agencies[0], "releasable": agencies}
    at, by = judged_at(), view.viewer.name
    evidence = [each.key for each in records]
    document = Document(KIND, _name(ends, projection, question), 0, by, at, {**body, "evidence": evidence})
    (made,) = _judged(view, [document]).values()
    older = sorted({document.name, *_names_of(view, made)})
    store.save_document(document, agencies[0], marking, evidence, older)
    return made


@question_to
def judged_leads(view: View) -> tuple[JudgedLead, ...]:
    """The newest verdict of each person on each lead whose records this view sees, newest first."""
    documents = sorted(view.documents(KIND), key=lambda each: (each.at, each.name, each.by))
    newest = {each.of: each for each in _judged(view, documents).values()}
    return tuple(sorted(newest.values(), key=lambda each: (each.at, each.a, each.b, each.by), reverse=True))


@question_to
def verdicts_on(view: View, finding: Finding[Any]) -> tuple[JudgedLead, ...]:
    """The verdicts on the leads of a finding of `predict` or `lead` and its question, newest first; none on others."""
    asked = finding.asked
    if finding.kind not in ("predict", "lead"):
        return ()
    ends = [[asked["a"], asked["b"]]] if finding.kind == "lead" else [row.entities for row in finding.results]
    named = members_of(view, sorted({each for pair in ends for each in pair}))
    pairs = {frozenset(named[each][0] for each in pair if each in named) for pair in ends}
    of = asked["projection"], asked["question"]
    return tuple(each for each in judged_leads(view) if each.ends in pairs and (each.projection, each.question) == of)


def _judged(view: View, documents: Iterable[Document]) -> dict[tuple[str, str], JudgedLead]:
    """The verdicts in documents, by name and author, between the entities that this view makes of what records name."""
    told = [each for each in documents if each.body]
    members = members_of(view, sorted({each for of in told for end in of.body["ends"] for each in end}))
    found = {}
    for each in told:
        a, b = (next((members[one][0] for one in end if one in members), "") for end in each.body["ends"])
        if a and b and a != b:
            found[each.name, each.by] = _one(view, each, *sorted((a, b)))
    return found


def _names_of(view: View, made: JudgedLead) -> Iterator[str]:
    """The names of the documents with older verdicts of the same person on the same lead."""
    own = [each for each in view.documents(KIND) if each.by == made.by]
    return (name for (name, _), each in _judged(view, own).items() if each.of == made.of)


def _with_joins(view: View, keys: Sequence[str]) -> Sequence[SourcedRecord]:
    """These records, and those by which this view joins the referents of whom they are about or tie."""
    records = view.records(keys)
    joined = joining(view, sorted({each for record in records for each in _named_by(record)}))
    return view.records([*keys, *joined])


def _one(view: View, document: Document, a: str, b: str) -> JudgedLead:
    said = document.body
    evidence = tuple(said["evidence"])
    told = (said["projection"], said["question"], said["verdict"], said["why"], document.by, document.at)
    assessment = _assessment(view, document, a, b) if said["verdict"] == ACCEPTED else None
    return JudgedLead(a, b, *told, evidence, assessment)


def _assessment(view: View, document: Document, a: str, b: str) -> SourcedRecord:
    """The record that an accepted lead is, marked as strictly as today the records that it rests on."""
    said, by = document.body, document.by
    texts = {"role": _CALLED, "status": said["question"], "summary": said["why"], "publisher": by}
    record = Record(
        schema=_SCHEMA,
        dataset=Dataset(said["agency"], ASSESSMENTS),
        source_id=f"{document.name}-{sha256(by.encode()).hexdigest()[:8]}",
        properties={name: (Value(text, text),) for name, text in texts.items()},
        marking=strictest(view.markings_of(said["evidence"]).values(), frozenset(said["releasable"])),
        roles=(Role("subject", a), Role("object", b)),
        basis=Basis.ASSESSMENT,
    )
    provenance = Provenance(KIND, document.name, "judge_lead", by, document.at, document.at[:10])
    return SourcedRecord(record.key(), record, provenance)


def _told(assessment: SourcedRecord | None) -> dict[str, Any] | None:
    """An assessment as JSON values."""
    if assessment is None:
        return None
    record = assessment.record
    return {
        "key": assessment.key,
        "schema": record.schema,
        "dataset": str(record.dataset),
        "basis": record.basis.value,
        "marking": str(record.marking),
        "properties": record.values(),
        "roles": {role.name: role.ref for role in record.roles},
        "provenance": asdict(assessment.provenance),
    }


def _referents(view: View, entity: str, records: Sequence[SourcedRecord]) -> list[str]:
    """The referents of an entity that some records name: whoever sees those records knows of them."""
    named = {each for record in records for each in _named_by(record)}
    return [each for each in members_of(view, [entity])[entity] if each in named]


def _named_by(sourced: SourcedRecord) -> Iterator[str]:
    """The referents that a record is about or ties."""
    record = sourced.record
    yield from (record.referent(role.ref) for role in record.roles)
    if not ontology().is_relationship(record.schema):
        yield record.entity


def _name(ends: Sequence[Sequence[str]], projection: str, question: str) -> str:
    """The name of a lead, the same whoever judges it."""
    return sha256("\x00".join([projection, question, *(end[0] for end in ends)]).encode()).hexdigest()[:16]
