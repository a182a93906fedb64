"""Saltmarsh's questions are answered as its truth file says."""

from pathlib import Path

from tests.analytics.cases import rows_of
from tests.analytics.conftest import Saltmarsh, load_saltmarsh
from tests.stores import fresh_url
from workbench.analytics import communities, joint_value, key_players, paths
from workbench.analytics.finding import Finding
from workbench.model.ids import entity_id
from workbench.resolve import common_values, explain, remark
from workbench.view.view import View


def first(case: Saltmarsh, view: View, count_common: bool = False) -> list[str]:
    """Key players by betweenness, by their real names."""
    names = case.names(view)
    return [names[row["id"]] for row in rows_of(key_players(view, count_common=count_common))]


def through(case: Saltmarsh, view: View, found: Finding) -> list[str]:
    """The entities on the first path, by their real names; [] if there is none."""
    names = case.names(view)
    steps = rows_of(found)[0]["steps"] if rows_of(found) else []
    return [names[steps[0]["from"]], *(names[step["to"]] for step in steps)] if steps else []


def test_the_broker_is_first_and_counting_common_values_makes_another(saltmarsh: Saltmarsh) -> None:
    view, truth = saltmarsh.view(), saltmarsh.truth["planted"]
    assert first(saltmarsh, view)[0] == truth["broker"]["entity"]
    assert first(saltmarsh, view, count_common=True)[:1] == truth["common_values"]["naive_first"]
    found = key_players(view)
    n = found.measured["entities"]
    wanted = [row["betweenness"] for row in truth["broker"]["first"][:4]]
    scale = (n - 1) * (n - 2) / 2
    assert [round(row["betweenness"] * scale, 3) for row in rows_of(found)[:4]] == wanted


def test_common_values_are_those_that_were_planted(saltmarsh: Saltmarsh) -> None:
    view = saltmarsh.view()
    ids, truth = saltmarsh.ids(view), saltmarsh.truth["planted"]["common_values"]
    found = {(value.entity, value.n) for value in common_values(view) if value.entity}
    assert found == {(ids[row["entity"]], row["n"]) for row in truth["values"]}
    dates = [value.n for value in common_values(view) if value.kind == "birth date"]
    assert dates == [len(truth["new_years_day"])]


def test_question_1_who_connects_recruiter_and_landlord(saltmarsh: Saltmarsh) -> None:
    view, truth = saltmarsh.view(), saltmarsh.truth["questions"]["1"]
    ids = saltmarsh.ids(view)
    persons = paths(view, ids["recruiter"], ids["landlord"], projection="persons")
    assert through(saltmarsh, view, persons) == truth["persons"]
    ties = paths(view, ids["recruiter"], ids["landlord"])
    assert rows_of(ties)[0]["length"] == len(truth["all"]) - 1 == 5
    assert through(saltmarsh, view, ties) == truth["all"]
    assert [step["schema"] for step in rows_of(ties)[0]["steps"]] == [step["schema"] for step in truth["steps"]]
    naive = paths(view, ids["recruiter"], ids["landlord"], count_common=True)
    assert rows_of(naive)[0]["length"] == len(saltmarsh.truth["planted"]["common_values"]["naive_path"]) - 1
    broken = []
    for agency in view.stats().agencies:
        rest = view.within([each for each in view.stats().agencies if each != agency])
        here = saltmarsh.ids(rest)
        if not {"recruiter", "landlord"} <= here.keys() or not rows_of(
            paths(rest, here["recruiter"], here["landlord"])
        ):
            broken.append(agency)
    assert broken == truth["breaks_without"]


def test_question_2_what_no_agency_sees_alone(saltmarsh: Saltmarsh) -> None:
    view, truth = saltmarsh.view(), saltmarsh.truth["questions"]["2"]
    names, found = saltmarsh.names(view), joint_value(view)

    def rows(what: str) -> list[tuple[list[str], list[list[str]]]]:
        return [
            (sorted(names[each] for each in row["members"]), row["agencies"])
            for row in rows_of(found)
            if row["what"] == what
        ]

    player = truth["key_player"]
    assert rows("key player") == [([player["entity"]], player["agencies"])]
    assert first(saltmarsh, view).index(player["entity"]) + 1 == player["rank"]
    assert sorted(rows("tie")) == [(sorted(row["between"]), row["agencies"]) for row in truth["ties"]]
    assert sorted(rows("entity")) == [([row["entity"]], row["agencies"]) for row in truth["entities"]]
    groups = {frozenset(row["members"]): row["agencies"] for row in rows_of(found) if row["what"] == "group"}
    assert groups == {frozenset(map(saltmarsh.id_in(view), row["members"])): row["agencies"] for row in truth["groups"]}
    assert truth["open_groups"] == []


def test_no_path_between_outsiders_is_reported(saltmarsh: Saltmarsh) -> None:
    view = saltmarsh.view()
    names = saltmarsh.names(view)
    paths_found = [row["members"] for row in rows_of(joint_value(view)) if row["what"] == "path"]
    ends = {names[path[n]] for path in paths_found for n in (0, -1)}
    assert ends
    assert not any(name.startswith(("victim", "witness", "officer", "lawyer")) for name in ends)


def test_question_2_groups_do_not_depend_on_the_seed(saltmarsh: Saltmarsh) -> None:
    found = [rows_of(joint_value(saltmarsh.view(), seed=seed)) for seed in (0, 1, 2)]
    assert found[0] == found[1] == found[2]


def test_question_4_where_the_wages_went(saltmarsh: Saltmarsh) -> None:
    view, truth = saltmarsh.view(), saltmarsh.truth["questions"]["4"]
    ids = saltmarsh.ids(view)
    payments = [{(p["date"], p["amount"], p["grade"]) for p in step["payments"]} for step in truth["steps"]]
    for payer in saltmarsh.truth["planted"]["money"]["payers"]:
        found = paths(view, ids[payer], ids["cash-point"], projection="money")
        assert through(saltmarsh, view, found)[1:] == saltmarsh.truth["planted"]["money"]["stations"]
        steps = rows_of(found)[0]["steps"]
        for step, possible in zip(steps, payments, strict=True):
            assert (step["date"], float(step["amount"]), step["grade"].split()[0]) in possible
        assert [step["date"] for step in steps] == sorted(step["date"] for step in steps)
        assert rows_of(found)[0]["weakest"].split()[0] == truth["weakest_grade"]
    said = {(p["date"], p["amount"]) for step in truth["steps"][1:] for p in step["payments"]}
    read = [each.record.values() for each in view.records(found.records)]
    assert said <= {(v["date"][0], float(v["amount"][0])) for v in read if "amount" in v}


def in_between(case: Saltmarsh, view: View) -> set[str]:
    """The kinds of joint things that show the broker between others; "rank" if he is a key player."""
    broker = {
        view.canonical(entity_id(*each.values()))
        for each in case.truth["planted"]["broker"]["sources"]
        if view.snapshot().position(entity_id(*each.values())) >= 0
    }
    rows = [row for row in rows_of(joint_value(view)) if row["what"] in ("key player", "path")]
    found = {row["what"] for row in rows if broker & set(row["members"][1:-1] or row["members"])}
    ranked = [row for row in rows_of(key_players(view)) if row["id"] in broker]
    return found | {"rank" for row in ranked if row["betweenness"] and "key player" not in found}


def test_noordkust_sees_the_broker_once_kition_agrees(tmp_path: Path) -> None:
    case = load_saltmarsh(fresh_url(tmp_path))
    truth = case.truth["planted"]["withheld"]
    before = case.view("NKP")
    ids = case.ids(before)
    assert first(case, before)[:1] == truth["first_before"]
    assert rows_of(paths(before, ids["recruiter"], ids["landlord"])) == ()
    assert in_between(case, before) == set()
    kition = case.view("KFIU")
    snapshot = kition.snapshot()
    every = snapshot.keys_of(snapshot.records.tolist())
    held = [e.key for e in kition.records(sorted(every.values())) if e.record.marking.releasable == {"KFIU"}]
    assert len(held) == len(truth["records"]) == 9
    assert remark(case.store, kition, held, "CONFIDENTIAL//REL KFIU,NKP,RJP,TRC//HC H1,H2") == 9
    after = case.view("NKP")
    ids = case.ids(after)
    assert first(case, after)[:1] == truth["first_after"]
    found = paths(after, ids["recruiter"], ids["landlord"])
    assert through(case, after, found) == truth["path_after"]
    assert found.handling == ("H1", "H2")
    assert in_between(case, after) == {"key player", "path"}
    case.store.close()


def test_the_football_team_is_the_densest_community_and_no_more(saltmarsh: Saltmarsh) -> None:
    view, truth = saltmarsh.view(), saltmarsh.truth["planted"]["innocent_cluster"]
    names = saltmarsh.names(view)
    groups = [sorted(names[each] for each in row["members"]) for row in rows_of(communities(view))]
    assert sorted(each["entity"] for each in truth["members"]) in groups


def test_homonyms_are_not_joined_and_why_the_broker_is_one_is_told(saltmarsh: Saltmarsh) -> None:
    view, truth = saltmarsh.view(), saltmarsh.truth["planted"]
    ids = saltmarsh.ids(view)
    for pair in truth["homonyms"]["pairs"]:
        a, b = (ids[each["entity"]] for each in pair)
        assert a != b
        assert [reason for reason in explain(view, a, b) if reason.verdict == "same"] == []
    nkp, trc = (
        entity_id(s["agency"], s["dataset"], s["source_id"])
        for s in truth["broker"]["sources"]
        if s["agency"] in ("NKP", "TRC")
    )
    rules = [reason.rule for reason in explain(view, nkp, trc)]
    assert rules == ["iban-holder", "passport"]


def test_the_correction_takes_a_path_and_a_tie_away(saltmarsh: Saltmarsh) -> None:
    view, truth = saltmarsh.view(), saltmarsh.truth["planted"]["correction"]
    before = saltmarsh.store.view(view.viewer, revision=view.history()[-2][0])
    for when, wanted in ((before, truth["path_before"]), (view, truth["path_after"])):
        ids = saltmarsh.ids(when)
        assert through(saltmarsh, when, paths(when, ids["driver"], ids["football-van"])) == wanted
