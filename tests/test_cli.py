"""The command line: documented JSON, exit codes, and equal messages for unknown and hidden things."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.demos import Make
from tests.stores import leased, viewers_in
from workbench.commands.console import run
from workbench.commands.main import cli
from workbench.model.ids import entity_id

Answer = Callable[..., Any]
SAMPLE = Path(__file__).parent.parent / "sample_data"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the files beside the demo's store."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def url(folder: Path, make_demo: Make) -> Iterator[str]:
    """The demo's store, which the tests of this module also write to."""
    with leased(folder, "demo") as found, viewers_in(folder):
        make_demo(found)
        yield found


@pytest.fixture
def answer(url: str, capsys: pytest.CaptureFixture[str]) -> Answer:
    """Run a command as a viewer; its one JSON object."""

    def ask(*arguments: str, viewer: str = "joint", code: int = 0) -> Any:
        assert run(cli, [*arguments, "--store", url, "--as", viewer, "--json"]) == code
        return json.loads(capsys.readouterr().out)

    return ask


@pytest.fixture
def refusal(url: str, capsys: pytest.CaptureFixture[str]) -> Answer:
    """Run a command that is refused; returns its message."""

    def ask(*arguments: str, viewer: str = "joint", code: int = 2) -> str:
        assert run(cli, [*arguments, "--store", url, "--as", viewer, "--json"]) == code
        captured = capsys.readouterr()
        told = json.loads(captured.out)["error"]
        assert told["message"] in captured.err
        return captured.err

    return ask


def nico(answer: Answer, viewer: str = "joint") -> str:
    found: str = answer("search", "Nico", viewer=viewer)["entities"][0]["id"]
    return found


def test_stats_have_the_promised_keys(answer: Answer) -> None:
    found = answer("stats")
    assert set(found) == {
        *("revision", "records", "entities", "relationships", "ties", "stubs", "canonical", "agencies", "datasets"),
    }
    assert sum(found["agencies"].values()) == found["records"]


def test_digest_is_of_the_view(answer: Answer) -> None:
    assert answer("digest")["digest"] != answer("digest", viewer="noordkust")["digest"]
    assert answer("digest")["digest"] == answer("digest")["digest"]


def test_a_file_of_judgements_is_judged_whole_or_not_at_all(answer: Answer, refusal: Answer, tmp_path: Path) -> None:
    a, b = (each["id"] for each in answer("search", "Mohamed Alaoui")["entities"][:2])
    c = nico(answer)
    head = "\ufeffa;b;verdict;why;override\r\n"
    rows = [f"{a};{b};UNSURE;alike;\r\n", f"{b};{c};different;two photos;FALSE\r\n"]
    file = tmp_path / "judged.csv"
    file.write_text(f"{head}{rows[0]}{c};nobody;same;;\r\n", "utf-8", newline="")
    told = refusal("judge", str(file))
    assert "line 3: a judgement needs a reason" in told
    assert "line 3: no entity 'nobody' in this view" in told
    before = answer("judgements")["judgements"]
    file.write_text(head + "".join(rows), "utf-8", newline="")
    done = answer("judge", str(file))
    assert set(done) == {"made", "unchanged", "revision"}
    assert [(each["verdict"], each["by"]) for each in done["made"]] == [("unsure", "joint"), ("different", "joint")]
    assert done["revision"] == answer("revisions")["revisions"][-1]["revision"]
    assert answer("judge", str(file)) == {"made": [], "unchanged": 2, "revision": ""}
    listed = answer("judgements")["judgements"]
    assert len(listed) == len(before) + 2
    assert {each["verdict"] for each in answer("show", b)["judgements"]} == {"unsure", "different"}
    for each in done["made"]:
        answer("undo", each["id"])


def test_search_finds_across_scripts(answer: Answer) -> None:
    found = answer("search", "Petrov")
    assert {each["caption"] for each in found["entities"]} >= {"Иван Петров"}
    assert set(found["entities"][0]) == {
        "id",
        "schema",
        "caption",
        "datasets",
        "similar",
        "births",
        "numbers",
        "countries",
        "agencies",
        "records",
    }
    assert found["total"] == len(found["entities"])


def test_search_finds_similar_names_last_and_counts_all_answers(answer: Answer) -> None:
    found = answer("search", "Mohammed Alaoui", "--limit", "1")
    assert [(each["caption"], each["similar"]) for each in found["entities"]] == [("Mohamed Alaoui", True)]
    assert (found["total"], found["similar"], found["types"]) == (2, 2, {"Person": 2})
    assert answer("search", "Mohammed Alaoui", "--agency", "KFIU")["total"] == 1
    assert answer("search", "Mohammed Alaoui", "--type", "Company")["total"] == 0
    assert "three letters" in answer("search", "M")["advice"]


def test_show_says_who_says_each_value_and_why_it_is_one_entity(answer: Answer) -> None:
    found = answer("show", nico(answer))
    assert set(found) >= {"id", "schema", "caption", "referents", "joined_by", "values"}
    assert {each["agency"] for each in found["referents"]} == {"NKP", "TRC", "KFIU"}
    assert {each["rule"] for each in found["joined_by"]} == {"passport", "iban-holder", "score"}
    wanted = {"property", "value", "original", "dataset", "agency", "grade", "marking", "locator", "record"}
    assert all(set(each) == wanted for each in found["values"])


def test_every_referent_answers_for_its_entity(answer: Answer) -> None:
    found = answer("show", nico(answer))
    for each in found["referents"]:
        assert answer("show", each["id"]) == found


def test_neighbours_grow_with_hops(answer: Answer) -> None:
    near, far = answer("neighbours", nico(answer)), answer("neighbours", nico(answer), "--hops", "2")
    ids = {each["id"] for each in near["entities"]}
    assert ids < {each["id"] for each in far["entities"]}
    assert all({tie["a"], tie["b"]} <= ids for tie in near["relationships"])


def test_unknown_and_hidden_are_refused_in_the_same_words(answer: Answer, refusal: Answer) -> None:
    seen, all_there_is = (
        {(each["dataset"], each["source_id"]) for each in answer("clusters", viewer=viewer)["clusters"]}
        for viewer in ("noordkust", "joint")
    )
    dataset, source_id = sorted(all_there_is - seen)[0]
    hidden = entity_id(*dataset.split("/"), source_id)
    unknown = "0" * len(hidden)
    for command in (("show",), ("neighbours",), ("paths", nico(answer, "noordkust"))):
        said = [refusal(*command, each, viewer="noordkust").replace(each, "ID") for each in (hidden, unknown)]
        assert said[0] == said[1]


def test_a_revision_shows_what_stood_then(answer: Answer, refusal: Answer) -> None:
    revisions = [each["revision"] for each in answer("revisions")["revisions"]]
    then, now = (answer("stats", "--revision", token) for token in (revisions[0], revisions[-1]))
    assert then["revision"] == revisions[0]
    assert then["records"] < now["records"]
    assert refusal("stats", "--revision", "nothing").startswith("error: no revision")


def test_clusters_are_csv_of_every_entity(url: str, answer: Answer, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(cli, ["clusters", "--store", url, "--as", "joint"]) == 0
    lines = capsys.readouterr().out.splitlines()
    found = answer("stats")
    assert lines[0] == "canonical_id,dataset,source_id"
    assert len(lines) - 1 == sum(found["entities"].values()) + found["stubs"]
    assert len({line.split(",")[0] for line in lines[1:]}) == found["canonical"]


def test_a_judgement_joins_and_undo_parts_again(answer: Answer) -> None:
    ends = [each["id"] for each in answer("search", "Mohamed Alaoui")["entities"][:2]]
    before = answer("stats")["canonical"]
    made = answer("same", *ends, "--reason", "a test")
    assert answer("stats")["canonical"] == before - 1
    assert made["id"] in {each["id"] for each in answer("judgements")["judgements"]}
    answer("undo", made["id"])
    assert answer("stats")["canonical"] == before


def test_resolve_reports_joins_and_changes_nothing(answer: Answer) -> None:
    before = answer("digest")["digest"]
    found = answer("resolve")
    assert found["joins"]
    assert answer("digest")["digest"] == before


def test_common_values_are_counted_and_listed(answer: Answer) -> None:
    counted = {(each["kind"], each["n"]) for each in answer("common", "list")["common"]}
    assert {("address", 18), ("phone", 40), ("account", 22)} <= counted
    answer("common", "add", "phone", "+31616000001", "--reason", "a test", "--agency", "NKP")
    assert [each["value"] for each in answer("common", "list")["listed"]] == ["+31616000001"]
    assert answer("common", "list", viewer="rif")["listed"] == []
    answer("common", "remove", "phone", "+31616000001")
    assert answer("common", "list")["listed"] == []


@pytest.mark.parametrize(
    ("command", "keys"),
    [
        (("communities",), {"members", "size"}),
        (("key-players",), {"id", "caption", "rank", "degree", "betweenness"}),
        (("joint-value",), {"what", "members", "agencies", "records"}),
    ],
)
def test_a_finding_has_the_promised_keys(answer: Answer, command: tuple[str, ...], keys: set[str]) -> None:
    found = answer(*command)
    assert set(found) >= {"kind", "caution", "asked", "measured", "seed", "revision", "results", "records", "set_aside"}
    assert all(set(each) >= keys for each in found["results"])
    assert found["results"]


def test_a_path_tells_the_record_of_every_step(answer: Answer, folder: Path) -> None:
    question = json.loads((folder / "demo.json").read_text("utf-8"))
    found = answer("paths", question["start"], question["end"])
    best = found["results"][0]
    assert best["length"] == len(best["steps"]) == 5
    assert all(
        set(step) >= {"from", "to", "schema", "record", "grade", "date", "amount", "currency"} for step in best["steps"]
    )


def test_question_2_is_answered_as_the_truth_file_says(answer: Answer) -> None:
    """Every entity, tie, group and key player of the joint-value report, none left out, none added."""
    truth = json.loads((SAMPLE / "truth.json").read_text("utf-8"))
    sources = {row["entity"]: row["sources"] for row in truth["entities"]}
    canonical = {(row["dataset"], row["source_id"]): row["canonical_id"] for row in answer("clusters")["clusters"]}

    def ids(*names: str) -> frozenset[str]:
        """The canonical ids of entities in the truth; `key@AGENCY` is one agency's part of an entity kept apart."""
        parted = [name.partition("@") for name in names]
        seen = [next(s for s in sources[key] if agency in ("", s["agency"])) for key, _, agency in parted]
        return frozenset(canonical[f"{s['agency']}/{s['dataset']}", s["source_id"]] for s in seen)

    def every(name: str) -> set[str]:
        return {canonical[f"{s['agency']}/{s['dataset']}", s["source_id"]] for s in sources[name]}

    found, question = answer("joint-value"), truth["questions"]["2"]
    told: dict[str, dict[frozenset[str], list[list[str]]]] = {}
    for row in found["results"]:
        told.setdefault(row["what"], {})[frozenset(row["members"])] = row["agencies"]
    assert sum(map(len, told.values())) == len(found["results"])
    assert told["entity"] == {ids(row["entity"]): row["agencies"] for row in question["entities"]}
    assert len(told["entity"]) == 53
    assert told["group"] == {ids(*row["members"]): row["agencies"] for row in question["groups"]}
    player = question["key_player"]
    assert told["key player"] == {ids(player["entity"]): player["agencies"]}
    first = answer("key-players")["results"][player["rank"] - 1]
    assert {first["id"]} == ids(player["entity"])
    assert first["rank"] == player["rank"]
    assert len(told["tie"]) == len(question["ties"]) == 4
    for row in question["ties"]:  # the truth names who is tied; where he is apart, any of his files
        (tie,) = [tie for tie in told["tie"] if all(tie & every(name) for name in row["between"])]
        assert told["tie"][tie] == row["agencies"]


def test_remark_is_for_the_owning_agency(refusal: Answer) -> None:
    said = refusal("remark", "KFIU/transactions", "--marking", "SECRET//REL NKP", viewer="noordkust")
    assert "KFIU" in said


def test_wrong_use_is_exit_2(url: str, refusal: Answer, capsys: pytest.CaptureFixture[str]) -> None:
    assert "no viewer 'nobody'" in refusal("stats", viewer="nobody")
    assert "no purpose" in refusal("stats", "--purpose", "curiosity")
    assert run(cli, ["stats", "--store", url]) == 2
    assert capsys.readouterr().err.startswith("error: name the viewer: one of joint, ")
    assert run(cli, ["stats", "--store", "ftp://elsewhere"]) == 2
    assert run(cli, ["no-such-command"]) == 2


@pytest.mark.parametrize("verdict", ["same", "different"])
def test_an_argument_that_is_no_text_is_wrong_use(answer: Answer, refusal: Answer, verdict: str) -> None:
    ends = [each["id"] for each in answer("search", "Alaoui")["entities"][:2]]
    before = answer("digest")
    assert r"'a\udcff' is not UTF-8 text" in refusal(verdict, *ends, "--reason", "a\udcff")
    assert answer("digest") == before


@pytest.mark.sqlite_only(reason="a file can be something else")
def test_no_store_of_ours_is_exit_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "other.db"
    path.write_text("not a database, but a text that is long enough to look like a file of something else")
    assert run(cli, ["stats", "--store", f"sqlite:///{path}"]) == 3
    assert "other.db" in capsys.readouterr().err


def test_a_process_prints_one_json_object_and_nothing_else(url: str, folder: Path) -> None:
    environment = {**os.environ, "WORKBENCH_STORE": url, "WORKBENCH_VIEWERS": str(folder / "viewers.toml")}
    command = [sys.executable, "-m", "workbench.commands.main", "stats", "--as", "rif", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert set(json.loads(done.stdout)["agencies"]) >= {"RJP"}
    assert done.stdout.count("\n") == 1


def test_schemata_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(cli, ["schemata", "Call", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["relationship"]
    assert {"caller", "receiver", "date"} <= {each["property"] for each in found["properties"]}
    assert run(cli, ["schemata", "--json"]) == 0
    types = {each["schema"]: each["type"] for each in json.loads(capsys.readouterr().out)["schemata"]}
    assert (types["Call"], types["Residence"], types["Person"]) == ("CALLED", "LIVES_AT", "")


def test_export_writes_every_format(answer: Answer, tmp_path: Path) -> None:
    for form in ("csv", "ftm", "graphml", "html"):
        out = tmp_path / form
        assert answer("export", "--format", form, "--out", str(out))["entities"] > 0
        assert out.exists()
