"""Each command that reads or writes a store is also a method of a session, with the same answer.

Random values are not compared: new ids, tokens, and times.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import click
import pytest

import workbench
from ingest.jobs import plan_jobs
from ingest.judging import judgements_in
from ingest.run_report import RunReport
from tests.demos import Make
from tests.programs import PROGRAMS, commands_of
from tests.stores import copy_store, fresh_url, leased, name_viewers, viewers_in
from workbench.analytics import ANALYSES
from workbench.commands.console import plain, run
from workbench.export import formats
from workbench.session import Session

BAD = '{"id": "x", "schema": "Person", "properties": {"name": ["Xenia"]}}\nno entity\nno other\n'
GOOD = '{"id": "y", "schema": "Person", "properties": {"name": ["Yves"]}}\n'
BATCH = '[[loads]]\nfiles = ["good.json"]\nadapter = "ftm"\nagency = "NKP"\ndataset = "more"\ndelivered = 2026-05-01\n'
SAID = {"adapter": "ftm", "agency": "NKP", "dataset": "extra", "delivered": "2026-05-01"}
OPTIONS = [f"--{name}={value}" for name, value in SAID.items()]
WHY, PHONE, LISTED = ["--reason", "r"], ("phone", "+31600000000"), ("phone", "+31611111111")

# No question to a view, and no word of a viewer: they make, move and serve stores, or need none.
RANDOM = {"id", "at", "revision", "seconds", "loaded_at", "started", "ended", "store"}
OUTSIDE = {
    *("workbench copy", "workbench cypher", "workbench demo", "workbench doctor", "workbench serve"),
    *("workbench scenario", "workbench schemata", "ingest adapters", "ingest mapping"),
    *("ingest detect", "ingest suggest"),
    "ingest watch",  # which does what `ingest load` does, file by file
}


@dataclass(frozen=True)
class Case:
    """A store with the sample case, what it is asked about, and a folder for files."""

    url: str
    folder: Path
    a: str
    b: str
    load: str
    unit: str
    judgement: str
    tied: tuple[str, str]
    lead: tuple[str, str]

    @property
    def file(self) -> Path:
        """A file to load."""
        return self.folder / "good.json"

    @property
    def judged(self) -> Path:
        """A file of judgements."""
        path = self.folder / "judged.csv"
        path.write_text(f"a,b,verdict,why\n{self.a},{self.b},same,r\n{self.b},{self.a},unsure,again\n")
        return path


Arguments = Callable[[Case], Sequence[object]]
Answer = Callable[[Session, Case], Any]


def nothing(case: Case) -> Sequence[object]:
    return []


def scored_report(session: Session) -> dict[str, object]:
    """What `resolve` reports after everything is scored."""
    session.score()
    told: dict[str, object] = as_json(asdict(session.resolve()))
    return told


READING: dict[str, tuple[Arguments, Answer]] = {
    "workbench stats": (nothing, lambda s, _: s.stats()),
    "workbench digest": (nothing, lambda s, _: {"digest": s.digest(), "revision": s.view.revision}),
    "workbench revisions": (nothing, lambda s, _: {"revisions": named(("revision", "at"), s.history())}),
    "workbench search": (lambda _: ["Nico"], lambda s, _: found(s, "Nico")),
    "workbench show": (
        lambda c: [c.a],
        lambda s, c: {
            **asdict(s.entity(c.a)),
            "to_check": s.to_check(c.a),
            "may_also_be": s.may_also_be(c.a),
            "judgements": s.judgements_of(c.a),
            "contradictions": s.contradictions_of(c.a),
        },
    ),
    "workbench proposals": (nothing, lambda s, _: {"proposals": s.proposals()}),
    "workbench clusters-to-check": (nothing, lambda s, _: asdict(s.clusters_to_check())),
    "workbench contradictions": (nothing, lambda s, _: {"contradictions": s.contradictions()}),
    "workbench neighbours": (lambda c: [c.a, "--hops", "2"], lambda s, c: around(s, c.a, 2)),
    "workbench clusters": (
        nothing,
        lambda s, _: {"clusters": named(("canonical_id", "dataset", "source_id"), s.clusters())},
    ),
    "workbench judgements": (nothing, lambda s, _: {"judgements": s.judgements()}),
    "workbench common list": (nothing, lambda s, _: {"common": s.common_values(), "listed": s.listed_common()}),
    **{
        f"workbench {name}": (nothing, lambda s, _, called=each.called: getattr(s, called)().to_dict())
        for name, each in ANALYSES.items()
        if name not in ("paths", "group", "lead")
    },
    "workbench weight": (lambda c: c.tied, lambda s, c: s.weight(*c.tied).to_dict()),
    "workbench findings list": (nothing, lambda s, _: {"findings": s.findings()}),
    "workbench leads list": (nothing, lambda s, _: {"judged_leads": [each.to_dict() for each in s.judged_leads()]}),
    "workbench group": (lambda c: [c.tied[0]], lambda s, c: s.group(c.tied[0]).to_dict()),
    "workbench lead": (lambda c: c.tied, lambda s, c: s.lead(*c.tied).to_dict()),
    "workbench findings show": (lambda _: ["groups"], lambda s, _: s.finding("groups").to_dict()),
    "workbench findings again": (lambda _: ["groups"], lambda s, _: s.again("groups").to_dict()),
    "workbench findings compare": (lambda _: ["groups"], lambda s, _: s.compare("groups").to_dict()),
    "workbench paths": (lambda c: [c.a, c.b, "-k", "2"], lambda s, c: s.paths(c.a, c.b, k=2).to_dict()),
}
# Of these a command tells less, or counts it: what each of its rows is known by.
IN_SHORT: dict[str, tuple[Arguments, Callable[[Any], Any], Answer]] = {
    "workbench resolve": (
        nothing,
        lambda told: {name: told[name] for name in ("joins", "vetoes", "set_aside", "to_check")},
        lambda s, _: scored_report(s),
    ),
    **dict.fromkeys(
        ("ingest log", "ingest loads"),
        (nothing, lambda told: ids(told["loads"]), lambda s, _: [each.id for each in s.loads()]),
    ),
    "ingest quarantine list": (
        nothing,
        lambda told: ids(told["quarantine"]),
        lambda s, _: [each.id for each in s.quarantine()],
    ),
    "ingest quarantine show": (
        lambda c: [c.unit],
        lambda told: (told["id"], told["raw"].encode()),
        lambda s, c: next((each.id, each.raw) for each in s.quarantine([c.unit])),
    ),
}
WRITING: dict[str, tuple[Arguments, Answer]] = {
    "workbench same": (lambda c: [c.a, c.b, *WHY], lambda s, c: s.same(c.a, c.b, "r")),
    "workbench different": (lambda c: [c.a, c.b, *WHY], lambda s, c: s.different(c.a, c.b, "r")),
    "workbench unsure": (lambda c: [c.a, c.b, *WHY], lambda s, c: s.unsure(c.a, c.b, "r")),
    "workbench judge": (lambda c: [c.judged], lambda s, c: s.judge_all(judgements_in(c.judged))),
    "workbench undo": (
        lambda c: [c.judgement],
        lambda s, c: {"judgement": c.judgement, "revision": s.undo(c.judgement)},
    ),
    "workbench common add": (
        lambda _: [*PHONE, *WHY, "--agency", "NKP"],
        lambda s, _: s.add_common(*PHONE, "r", agency="NKP"),
    ),
    "workbench common remove": (lambda _: LISTED, lambda s, _: s.remove_common(*LISTED)),
    "workbench findings drop": (lambda _: ["groups"], lambda s, _: s.drop_finding("groups") or {"dropped": "groups"}),
    **{
        f"workbench leads {name}": (
            lambda c: [*c.lead, *WHY],
            lambda s, c, verdict=verdict: s.judge_lead(*c.lead, verdict, "r").to_dict(),
        )
        for name, verdict in {"accept": "accepted", "reject": "rejected", "park": "parked"}.items()
    },
    "workbench remark": (
        lambda _: ["NKP/extra", "--marking", "OPEN"],
        lambda s, _: {"changed": s.remark(["NKP/extra"], "OPEN"), "marking": "OPEN"},
    ),
    "ingest load": (lambda c: [c.file, *OPTIONS], lambda s, c: s.load(c.file, **SAID).to_dict()),
    "ingest batch": (lambda c: [c.folder / "batch.toml"], lambda s, c: ran(s, c.folder / "batch.toml")),
    "ingest withdraw": (lambda c: [c.load, *WHY], lambda s, c: s.withdraw(c.load, "r")),
    "ingest quarantine replay": (lambda c: [c.unit], lambda s, c: s.replay([c.unit]).to_dict()),
    "ingest quarantine discard": (
        lambda c: [c.unit, *WHY],
        lambda s, c: {"discarded": [in_short(each) for each in s.discard([c.unit], "r")], "reason": "r"},
    ),
}
EXPORT = "workbench export"


def named(names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    return [dict(zip(names, row, strict=True)) for row in rows]


def ran(session: Session, batch: Path) -> dict[str, Any]:
    """The report of a batch that a session runs."""
    plan = plan_jobs(batch, session.viewer, session.by)
    run = RunReport(str(batch), plan, session.store.url, session.by)
    for _, report, _ in session.load_batch(plan):
        run.note(report)
    run.end()
    return run.to_dict()


def ids(rows: Sequence[dict[str, Any]]) -> list[str]:
    return [row["id"] for row in rows]


def in_short(unit: Any) -> dict[str, Any]:
    names = ("id", "agency", "dataset", "adapter", "path", "locator", "reason", "message")
    return {name: getattr(unit, name) for name in names}


def found(session: Session, text: str) -> dict[str, Any]:
    hits = session.search(text)
    entities = [{name: value for name, value in asdict(each).items() if name != "stub"} for each in hits.entities]
    counted = {"types": dict(hits.types), "agencies": dict(hits.agencies)}
    return {"entities": entities, "total": hits.total, "similar": hits.similar, **counted, "advice": hits.advice}


def around(session: Session, entity: str, hops: int) -> dict[str, Any]:
    walk = session.neighbours(entity, hops)
    return {"entities": session.summaries(walk.entities), "relationships": walk.ties}


def as_json(answer: Any) -> Any:
    return json.loads(json.dumps(plain(answer)))


def settled(answer: Any) -> Any:
    """An answer without what is random."""
    if isinstance(answer, dict):
        return {name: settled(each) for name, each in answer.items() if name not in RANDOM}
    return [settled(each) for each in answer] if isinstance(answer, list) else answer


def asked(case: Case, words: str, arguments: Sequence[object]) -> Any:
    """What a command answers by --json."""
    program, *rest = words.split()
    with redirect_stdout(StringIO()) as told:
        looking = ("--store", case.url, "--as", "joint", "--json")
        code = run(PROGRAMS[program], [*rest, *map(str, arguments), *looking])
    assert code in (0, 1), told.getvalue()
    return json.loads(told.getvalue())


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory, make_demo: Make) -> Iterator[Case]:
    """The sample case; a file of which a part is in quarantine; a judgement, and a listed value."""
    folder = tmp_path_factory.mktemp("case")
    (folder / "bad.json").write_text(BAD)
    (folder / "good.json").write_text(GOOD)
    (folder / "batch.toml").write_text(BATCH)
    with leased(folder) as url, viewers_in(folder):
        make_demo(url)
        with workbench.open(url, viewer="joint") as session:
            session.load(folder / "bad.json", **SAID)
            a, b = (hit.id for hit in session.search("Mohamed Alaoui").entities[:2])
            judged = session.unsure(a, b, "two men of one name")
            two = [hit.id for hit in session.search("Nico").entities[:2]]
            session.same(*two, "one photo")
            session.different(*two, "two photos")
            session.add_common(*LISTED, "a taxi dispatcher", agency="NKP")
            session.keep(session.communities(), "groups")
            tied = sorted(session.graph().edges())[0]
            lead = session.predict().results[0].entities
            session.judge_lead(*lead, "parked", "ask the desk")
            load, unit = session.loads()[-1].id, session.quarantine()[0].id
        yield Case(url, folder, a, b, load, unit, judged.id, tied, lead)


@pytest.fixture
def copied(case: Case, tmp_path: Path) -> Iterator[Callable[[str], Case]]:
    """Copies of the case to write into, each under a name."""
    (tmp_path / "viewers.toml").write_bytes((case.folder / "viewers.toml").read_bytes())
    name_viewers(tmp_path)

    def copy(name: str) -> Case:
        url = fresh_url(tmp_path, name)
        copy_store(case.url, url)
        return Case(url, case.folder, case.a, case.b, case.load, case.unit, case.judgement, case.tied, case.lead)

    return copy


def words_of(group: click.Command, *path: str) -> Iterator[str]:
    for name, command in commands_of(group).items():
        yield from words_of(command, *path, name) if isinstance(command, click.Group) else [" ".join((*path, name))]


def test_every_command_is_asked_or_stands_outside() -> None:
    every = {words for program, group in PROGRAMS.items() for words in words_of(group, program)}
    assert every == {*READING, *IN_SHORT, *WRITING, EXPORT, *OUTSIDE}


@pytest.mark.parametrize("words", READING)
def test_what_a_command_answers_a_session_answers(words: str, case: Case) -> None:
    arguments, answer = READING[words]
    with workbench.open(case.url, viewer="joint") as session:
        assert as_json(answer(session, case)) == asked(case, words, arguments(case))


@pytest.mark.parametrize("words", IN_SHORT)
def test_what_a_command_tells_in_short_a_session_tells(words: str, case: Case) -> None:
    arguments, told, answer = IN_SHORT[words]
    with workbench.open(case.url, viewer="joint") as session:
        said = answer(session, case)
    assert said
    assert said == told(asked(case, words, arguments(case)))


@pytest.mark.parametrize("form", formats())
def test_both_write_the_same_files(form: str, case: Case, tmp_path: Path) -> None:
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    with workbench.open(case.url, viewer="noordkust") as session:
        written = session.export(form, str(mine))
    told = StringIO()
    with redirect_stdout(told):
        looking = ("--store", case.url, "--as", "noordkust", "--json")
        assert run(PROGRAMS["workbench"], ["export", "--format", form, "--out", str(theirs), *looking]) == 0
    assert json.loads(told.getvalue())["entities"] == written > 0
    assert files_of(mine) == files_of(theirs)


def files_of(place: Path) -> dict[str, bytes]:
    return {
        each.name if place.is_dir() else "": each.read_bytes()
        for each in (place.iterdir() if place.is_dir() else [place])
    }


@pytest.mark.parametrize("words", WRITING)
def test_what_a_command_writes_a_session_writes(words: str, copied: Callable[[str], Case]) -> None:
    arguments, answer = WRITING[words]
    one, other = copied("one"), copied("other")
    told = asked(one, words, arguments(one))
    with workbench.open(other.url, viewer="joint") as session:
        before = state(session)
        said = as_json(answer(session, other))
        assert state(session) != before, "the session looks anew"
        assert settled(said) == settled(told)
        with workbench.open(one.url, viewer="joint") as beside:
            assert state(session) == state(beside)


def state(session: Session) -> Any:
    """The visible content of a store."""
    view = session.view
    judged = sorted((each.a, each.b, each.verdict, each.by, each.why, each.evidence) for each in session.judgements())
    loads = [
        (each.agency, each.dataset, each.by, asdict(each)["files"], bool(each.withdrawn)) for each in session.loads()
    ]
    units = [each.id for each in session.quarantine()]
    marked = sorted(map(str, view.markings_of(view.keys()).values()))
    kept = [(each.name, each.by, each.results) for each in session.findings()]
    verdicts = [(each.a, each.b, each.verdict, each.why, each.evidence) for each in session.judged_leads()]
    return kept, verdicts, judged, loads, units, marked, session.clusters(), session.listed_common()
