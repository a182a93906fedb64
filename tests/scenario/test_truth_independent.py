"""The truth of `sample_data/`, computed again with csv, tomllib and plain networkx.

Nothing of the workbench is imported here or in what is imported: it is the files against
the truth file, by the rules of the design and no code of it.
"""

import ast
import csv
from itertools import pairwise
from pathlib import Path

import networkx as nx
import pytest

from tests.scenario.reading import read_file
from tests.scenario.rows import Told
from tests.scenario.truth import (
    AGENCIES,
    PLANTED,
    PRIVILEGED,
    PROVIDER_ONLY,
    SAMPLE,
    SOURCES,
    TRUTH,
    broker_of,
    keys,
    one,
    seen_by,
)
from tests.scenario.world import World, path, ranking, ranks, record_counts

OWN = ("test_truth_independent", "test_questions_independent")


def test_it_imports_nothing_of_the_workbench() -> None:
    for name in ("rows", "columns", "reading", "world", "truth", "optimum", "conftest", *OWN):
        tree = ast.parse((Path(__file__).parent / f"{name}.py").read_text("utf-8"))
        nodes = list(ast.walk(tree))
        imported = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        imported |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
        assert not [each for each in imported if each.split(".")[0] in ("workbench", "ingest")]


# -- size ------------------------------------------------------------------------------------------


def test_size_of_the_case() -> None:
    counts = TRUTH["counts"]
    assert counts["real_entities"] == 260
    assert counts["real"] == {
        "persons": 96,
        "companies": 14,
        "vehicles": 22,
        "phones": 48,
        "accounts": 30,
        "addresses": 26,
        "incidents": 24,
        "reports": 12,
    }
    assert counts["parts"] == {"core": 11, "victim": 28, "witness": 6, "officer": 4, "lawyer": 2, "other": 45}


def test_counts_of_records_and_entities(told: list[Told]) -> None:
    records, relationships, entities = record_counts(told)
    counts = TRUTH["counts"]
    assert dict(records) == counts["records_by_agency"]
    assert sum(records.values()) == counts["records"]
    assert dict(relationships) == counts["relationships"]
    assert dict(entities) == counts["entities_before_resolution"]


def test_canonical_entities_are_the_real_ones_but_for_those_known_by_name_only(union: World) -> None:
    assert len(set(union.canonical.values())) == TRUTH["counts"]["canonical"]
    rows = csv.DictReader((SAMPLE / "who.csv").read_text("utf-8").splitlines())
    who = {(row["agency"], row["source_id"]): row["entity"] for row in rows}
    groups: dict[tuple[str, str], set[str]] = {}
    for seen, canonical in union.canonical.items():
        groups.setdefault(canonical, set()).add(who[seen])
    assert all(len(keys) == 1 for keys in groups.values())
    apart = {key for key, those in SOURCES.items() if len({union.canonical[seen] for seen in those}) > 1}
    assert apart == {row["entity"] for row in PLANTED["not_joinable"]["persons"]}
    assert len(apart) == 6
    assert len(groups) - len(apart) == TRUTH["counts"]["real_entities"] + 12


def test_days_are_within_the_case(told: list[Told]) -> None:
    days = [row.day for row in told if getattr(row, "schema", "") in ("Call", "Crossing", "Transfer") and row.day]
    assert TRUTH["scenario"]["from"] <= min(days)
    assert max(days) <= TRUTH["scenario"]["to"]


# -- the planted truths ------------------------------------------------------------------------------


def test_1_broker_is_joined_by_number_account_and_passport(told: list[Told], union: World) -> None:
    assert len(broker_of(union)) == 1
    assert {agency for agency, _ in SOURCES["broker"]} == {"KFIU", "NKP", "TRC"}
    for pair, joined in (("NKP TRC", 2), ("NKP KFIU", 1), ("KFIU TRC", 1)):
        assert len(broker_of(seen_by(told, pair.split()))) == joined
    number = next(join["value"] for join in PLANTED["broker"]["joins"] if join["rule"] == "phone")
    holders = {
        row.agency: row.roles["holder"]
        for row in told
        if row.schema == "Holding" and row.roles["held"] == f"phone:{number}"
    }
    assert holders == {"NKP": dict(SOURCES["broker"])["NKP"]}


def test_1_broker_is_harmless_in_each_file_and_first_in_the_union(told: list[Told], union: World) -> None:
    for agency in AGENCIES:
        own = seen_by(told, [agency])
        graph, mine = own.persons(), broker_of(own)
        assert not mine & {who for who, rank in ranks(graph).items() if rank <= 10}
        assert all(len(keys(own, own.persons(everybody=True), who)) <= 2 for who in mine)
        assert [keys(own, graph, who) for who in mine] == (
            [set(PLANTED["broker"]["ties_in_file"][agency])] if mine else []
        )
    score = nx.betweenness_centrality(union.persons(), normalized=False)
    first, second = sorted(score.values(), reverse=True)[:2]
    assert {who for who, value in score.items() if value == first} == broker_of(union)
    assert [first, second] == pytest.approx([row["betweenness"] for row in PLANTED["broker"]["first"][:2]])


def test_1_broker_bridges_four_groups_that_are_separate_without_him(union: World) -> None:
    graph, broker = union.persons(), one(union, "broker")
    neighbours = set(graph[broker])
    graph.remove_node(broker)
    groups = [group for group in nx.connected_components(graph) if group & neighbours]
    assert sorted(map(len, groups)) == sorted(len(group) for group in PLANTED["broker"]["groups"])
    assert len(groups) == 4


def test_2_phone_switch(told: list[Told]) -> None:
    row = PLANTED["phone_switch"]
    old, new = f"phone:{row['old']}", f"phone:{row['new']}"
    calls = [each for each in told if each.schema == "Call"]
    last = {each.day for each in calls if each.agency == "RJP" and old in each.roles.values()}
    assert max(last) == row["silent_from"] == "2026-03-02"
    of_old = {
        end for each in calls if each.agency == "RJP" and old in each.roles.values() for end in each.roles.values()
    } - {old}
    soon = [each for each in calls if new in each.roles.values() and "2026-03-02" < each.day <= "2026-03-07"]
    taken = {end for each in soon for end in each.roles.values()} & of_old
    assert (len(of_old), len(taken)) == (11, 9)
    assert min(each.day for each in calls if new in each.roles.values()) == row["first_call_of_new"]
    witnesses = {
        end
        for each in told
        if each.schema == "Involvement" and each.capacity == "witness"
        for end in [each.roles["involved"]]
    }
    held = {
        each.roles["held"]
        for each in told
        if each.agency == "RJP" and each.schema == "Holding" and each.roles["holder"] in witnesses
    }
    assert len(taken & held) > len(taken) / 2
    others = {end for each in calls if each.agency == "NKP" for end in each.roles.values()} - of_old - {old, new}
    after = [each for each in calls if each.agency == "NKP" and "2026-03-02" < each.day <= "2026-03-07"]
    for other in others:
        reached = {end for each in after if other in each.roles.values() for end in each.roles.values()} & of_old
        assert len(reached) <= 4


def test_3_money(told: list[Told]) -> None:
    paid = {row.number: row for row in told if row.schema == "Transfer"}
    steps = {step["step"]: step for step in TRUTH["questions"]["4"]["steps"]}
    for step in steps.values():
        rows = [paid[each["number"]] for each in step["payments"]]
        assert [(row.amount, row.day, row.grade, row.line) for row in rows] == [
            (each["amount"], each["date"], each["grade"], each["line"]) for each in step["payments"]
        ]
    wages, hop, split, cash = (
        [paid[each["number"]] for each in steps[name]["payments"]] for name in ("wages", "hop", "split", "cash")
    )
    firm, a, b = hop[0].roles["payerAccount"], hop[0].roles["beneficiaryAccount"], split[0].roles["beneficiaryAccount"]
    assert len({row.roles["payer"] for row in wages}) == len(wages) == 28
    assert {row.roles["beneficiaryAccount"] for row in wages} == {firm}
    assert all("payerAccount" not in row.roles for row in wages)
    assert [
        row.number
        for row in paid.values()
        if row.roles.get("payerAccount") == firm and row.roles.get("beneficiaryAccount") == a
    ] == [hop[0].number]
    assert hop[0].grade == TRUTH["questions"]["4"]["weakest_grade"] == "X4"
    assert [row for row in told if row.agency == "KFIU" and getattr(row, "grade", "") == "X4"] == hop
    assert len(split) == 11
    assert {(row.roles["payerAccount"], row.roles["beneficiaryAccount"]) for row in split} == {(a, b)}
    assert all(9_400 <= row.amount <= 9_900 for row in split)
    assert {row.roles["payerAccount"] for row in cash} == {b}
    assert len({row.roles["location"] for row in cash}) == 1
    sums = [sum(row.amount for row in rows) for rows in (wages, hop, split, cash)]
    assert sums == sorted(sums, reverse=True)
    days = [(min(row.day for row in rows), max(row.day for row in rows)) for rows in (wages, hop, split, cash)]
    assert all(earlier[1] < later[0] for earlier, later in pairwise(days))


def test_4_homonyms_are_apart(union: World) -> None:
    for pair in PLANTED["homonyms"]["pairs"]:
        a, b = (one(union, each["entity"]) for each in pair)
        assert a != b
    petrovs = [one(union, each["entity"]) for each in PLANTED["homonyms"]["pairs"][1]]
    shared = set.intersection(*(set(union.everything()[who]) for who in petrovs))
    assert {union.kinds[seen] for seen in shared} == {"Address", "Phone"}


def test_5_common_values_mislead(told: list[Told], union: World) -> None:
    counted = {(union.kinds[who], n) for who, n in union.common.items()}
    assert counted == {("Address", 18), ("Phone", 40), ("BankAccount", 22)}
    assert {(row["kind"], row["n"]) for row in PLANTED["common_values"]["values"]} == counted
    born = {union.canonical[row.agency, row.id] for row in union.known if row.born.endswith("-01-01")}
    assert len(born) == len(PLANTED["common_values"]["new_years_day"]) == 14
    naive_first = ranking(union.persons(naive=True))[0]
    assert naive_first == one(union, PLANTED["common_values"]["naive_first"][0]) != one(union, "broker")
    ends = one(union, "recruiter"), one(union, "landlord")
    naive = path(union.everything(naive=True), *ends)
    assert len(naive) == len(PLANTED["common_values"]["naive_path"]) < len(path(union.everything(), *ends))


def test_6_hidden_tie(told: list[Told], union: World) -> None:
    driver, cashier = one(union, "driver"), union.at("NKP", dict(SOURCES["cashier"])["NKP"])
    assert union.persons().has_edge(driver, cashier)
    for agency in AGENCIES:
        own = seen_by(told, [agency])
        ends = [
            {own.canonical[seen] for seen in SOURCES[key] if seen in own.canonical} for key in ("driver", "cashier")
        ]
        assert not any(own.persons(everybody=True).has_edge(a, b) for a in ends[0] for b in ends[1])
    days = PLANTED["hidden_tie"]["days"]
    assert days["driver"]
    assert days["cashier"]
    assert not set(days["driver"]) & set(days["cashier"])
    phones = {
        row.roles["holder"]: row.roles["held"]
        for row in told
        if row.agency == "NKP" and row.schema == "Holding" and row.roles["held"].startswith("phone:")
    }
    reached = []
    for key in ("driver", "cashier"):
        mine = phones[dict(SOURCES[key])["NKP"]]
        reached.append(
            {end for row in told if row.schema == "Call" and mine in row.roles.values() for end in row.roles.values()}
            - {mine}
        )
    common = reached[0] & reached[1] - {
        f"phone:{row['source_id'].removeprefix('phone:')}"
        for value in PLANTED["common_values"]["values"]
        for row in value["sources"]
    }
    assert sorted(common) == sorted(f"phone:{number}" for number in PLANTED["hidden_tie"]["contacts"])


def test_7_circular_report_says_one_thing_three_times(told: list[Told]) -> None:
    reports = {row.id: row for row in told if row.schema == "Report"}
    assert len(reports) == 12
    row = PLANTED["circular_report"]
    statement = reports[row["origin"]].number.partition(" that ")[2].rstrip(".")
    assert len(statement) > 40
    assert sorted(ident for ident, each in reports.items() if statement in each.number) == sorted(
        [row["origin"], *row["echoes"]]
    )
    assert sorted(ident for ident, each in reports.items() if each.code == "BRON") == row["protected"]
    assert len(row["protected"]) == 5
    assert row["origin"] in row["protected"]


def test_8_without_the_nine_records_noordkust_sees_no_broker(told: list[Told], union: World) -> None:
    kept = [row for row in told if row.code == PROVIDER_ONLY]
    assert sorted((row.file, row.line, row.schema) for row in kept) == sorted(
        (each["file"], each["line"], each["schema"]) for each in PLANTED["withheld"]["records"]
    )
    assert len(kept) == 9
    shown = World([row for row in told if row.code not in (PRIVILEGED, PROVIDER_ONLY)])
    order = ranks(shown.persons())
    assert not broker_of(shown) & set(order)  # under none of his names does he lie between anybody
    assert PLANTED["withheld"]["rank_of_broker_before"] is None
    assert ranking(union.persons())[0] in broker_of(union)
    assert not path(shown.everything(), one(shown, "recruiter"), one(shown, "landlord"))
    assert len(path(union.everything(), one(union, "recruiter"), one(union, "landlord"))) == 6


def test_9_the_densest_community_is_the_football_team(union: World) -> None:
    graph = union.persons()
    found = nx.community.greedy_modularity_communities(graph)
    density = {frozenset(group): nx.density(graph.subgraph(group)) for group in found if len(group) >= 5}
    densest = max(density, key=lambda group: density[group])
    team = {one(union, row["entity"]) for row in PLANTED["innocent_cluster"]["members"]}
    assert set(densest) == team
    assert sorted(density.values())[-2] < density[densest] == 1
    van = union.at("NKP", PLANTED["innocent_cluster"]["vehicle"]["sources"][0]["source_id"])
    assert team <= set(union.everything()[van])


def test_9_the_team_calls_daily(told: list[Told]) -> None:
    team = {row["sources"][0]["source_id"] for row in PLANTED["innocent_cluster"]["members"]}
    phones = {
        row.roles["held"]
        for row in told
        if row.schema == "Holding" and row.roles["holder"] in team and row.agency == "NKP"
    }
    days = sorted({row.day for row in told if row.schema == "Call" and set(row.roles.values()) <= phones})
    assert len(days) == 30


def test_10_correction_takes_back_one_path(told: list[Told], union: World) -> None:
    row = PLANTED["correction"]
    before = [each for each in told if not (each.agency == "TRC" and each.file == row["file"])]
    before += read_file(SAMPLE, "TRC/plate_reads.csv", "TRC/manifest.toml")
    earlier = World([each for each in before if each.code != PRIVILEGED])
    assert (
        len(path(earlier.everything(), one(earlier, "driver"), one(earlier, "football-van")))
        == len(row["path_before"])
        == 2
    )
    assert path(union.everything(), one(union, "driver"), one(union, "football-van")) == row["path_after"] == []
    lost = set(earlier.persons()[one(earlier, "driver")]) - set(union.persons()[one(union, "driver")])
    assert len(lost) == len(row["ties_of_driver_gone"]) == 8
    old = (SAMPLE / "TRC" / "plate_reads.csv").read_bytes().splitlines()
    new = (SAMPLE / "TRC" / row["file"]).read_bytes().splitlines()
    (line,) = {each["line"] for each in row["withdrawn"]}
    assert old[: line - 1] + old[line:] == new


def test_11_two_investigations_of_one_man(told: list[Told], union: World) -> None:
    cases = {(row.agency, row.id): row.number for row in told if row.schema == "Investigation"}
    assert sorted(cases.values()) == sorted(PLANTED["parallel_proceedings"]["cases"].values())
    suspects = {
        union.at(row.agency, row.roles["involved"])
        for row in told
        if row.schema == "Involvement" and (row.agency, row.roles["event"]) in cases
    }
    assert suspects == {one(union, "broker")}


def test_12_privileged_calls_are_lawyers_with_suspects(told: list[Told]) -> None:
    calls = [row for row in told if row.code == PRIVILEGED]
    assert [(row.file, row.line) for row in calls] == [
        (each["file"], each["line"]) for each in PLANTED["privilege"]["calls"]
    ]
    holders = {
        row.roles["held"]: row.roles["holder"] for row in told if row.agency == "NKP" and row.schema == "Holding"
    }
    said = {
        (row.roles["involved"], row.capacity) for row in told if row.agency == "NKP" and row.schema == "Involvement"
    }
    assert len({row["entity"] for row in PLANTED["privilege"]["lawyers"]}) == 2
    for row in calls:
        assert (holders[row.roles["caller"]], "suspect") in said
        assert (holders[row.roles["receiver"]], "lawyer") in said


def test_13_six_are_known_by_name_only_in_two_files(told: list[Told]) -> None:
    known = {(row.agency, row.id): row for row in told if row.schema == "Person"}
    for person in PLANTED["not_joinable"]["persons"]:
        rows = [known[each["agency"], each["source_id"]] for each in person["sources"]]
        assert len({row.agency for row in rows}) == 2
        assert not any(row.number or row.born for row in rows)
        assert len({each["name"] for each in person["sources"]}) == 2
