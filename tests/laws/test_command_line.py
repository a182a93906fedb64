"""By command line: an agency's answers are the same bytes whether another's hidden files were loaded, and when."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from ingest.cli import cli as ingest_cli
from workbench.cli import cli
from workbench.console import run

Entities = list[dict[str, Any]]
VIEWERS = '[anna]\nagencies = ["NKP"]\nlevel = "SECRET"\n\n[bram]\nagencies = ["KFIU"]\nlevel = "SECRET"\n'
ORDERS = (("NKP",), ("KFIU", "NKP"), ("NKP", "KFIU"), ("KFIU", "NKP", "KFIU"))


def case(of: str) -> Entities:
    """What an agency holds: its own persons, under passports, a phone and an account that both agencies have."""

    def entity(source_id: str, schema: str, **properties: str) -> dict[str, Any]:
        return {"id": source_id, "schema": schema, "properties": {key: [value] for key, value in properties.items()}}

    persons = [entity(f"p{n}", "Person", name=f"{of} Person {n}", passportNumber=f"P77712{n}") for n in range(4)]
    things = [
        entity("phone", "Phone", number="+31612345678"),
        entity("account", "BankAccount", iban="NL91ABNA0417164300"),
        entity("other", "Phone", number="+31687654321"),
    ]
    ties = [
        entity("h1", "Holding", holder="p0", held="phone"),
        entity("h2", "Holding", holder="p1" if of == "NKP" else "p2", held="account"),
        entity("h3", "Holding", holder="p1", held="other"),
        entity("c1", "Call", caller="phone", receiver="other", date="2026-01-02"),
        entity("f1", "Family", person="p2", relative="p3"),
    ]
    return persons + things + ties


@pytest.fixture
def answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[Sequence[str]], list[str]]:
    """All that anna is told, when agencies load in an order; random tokens are named by their place."""
    for agency in ("NKP", "KFIU"):
        lines = [json.dumps(each) for each in case(agency)]
        (tmp_path / f"{agency}.ftm.json").write_text("\n".join(lines), "utf-8")

    def told(order: Sequence[str]) -> list[str]:
        folder = tmp_path / "-".join(order)
        folder.mkdir()
        (folder / "viewers.toml").write_text(VIEWERS, "utf-8")
        url = f"sqlite:///{folder / 'store.db'}"
        for agency in order:
            file = str(tmp_path / f"{agency}.ftm.json")
            options = ["--adapter", "ftm", "--agency", agency, "--dataset", "d", "--store", url, "--json"]
            assert run(ingest_cli, ["load", file, *options]) == 0
        capsys.readouterr()

        def ask(*arguments: str) -> str:
            code = run(cli, [*arguments, "--store", url, "--as", "anna"])
            captured = capsys.readouterr()
            return f"{arguments[0]} {code}\n{captured.out}{captured.err}"

        found = json.loads(ask("search", "Person", "--json").split("\n", 1)[1])
        ids = [each["id"] for each in found["entities"]]
        shown = [ask(*command) for command in questions(ids)]
        tokens = [each["revision"] for each in json.loads(ask("revisions", "--json").split("\n", 1)[1])["revisions"]]
        shown.append(ask("stats", "--revision", tokens[-1], "--json"))
        for place, token in enumerate(tokens):
            shown = [each.replace(token, f"revision {place}") for each in shown]
        return shown

    return told


def questions(ids: Sequence[str]) -> list[list[str]]:
    """Every reading command, about entities that anna sees and one that nobody has."""
    alone = (
        "stats",
        "digest",
        "resolve",
        "clusters",
        "judgements",
        "communities",
        "key-players",
        "predict",
        "joint-value",
    )
    return [
        *([name, "--json"] for name in alone),
        *([name] for name in alone[-4:]),
        ["paths", ids[0], ids[-1]],
        ["common", "list", "--json"],
        *(["search", text, "--json"] for text in ("Person", "P77712", "+316", "KFIU")),
        *([name, each, "--json"] for name in ("show", "neighbours") for each in (*ids, "0" * 20)),
        ["neighbours", ids[0], "--hops", "3", "--json"],
        *(["paths", ids[0], each, "--json"] for each in (*ids[1:], "0" * 20)),
        *(["export", "--format", form] for form in ("ftm", "graphml")),
    ]


def test_hidden_files_change_no_answer_by_a_byte(answers: Callable[[Sequence[str]], list[str]]) -> None:
    alone, *beside = [answers(order) for order in ORDERS]
    codes = [answer.split("\n", 1)[0] for answer in alone]
    assert all(code.endswith((" 0", " 2")) for code in codes)
    assert [code for code in codes if code.endswith(" 2")] == ["show 2", "neighbours 2", "paths 2"]  # of nobody's id
    for order, told in zip(ORDERS[1:], beside, strict=True):
        for mine, theirs in zip(alone, told, strict=True):
            assert theirs == mine, order
