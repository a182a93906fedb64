"""Answers to the five questions that an analyst should be able to ask of a plot."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

from workbench.scenario.acts.laundering import HOP_GRADE
from workbench.scenario.picture import Picture, ranks, shortest
from workbench.scenario.saying import Saying
from workbench.scenario.truth.case import AGENCIES, Case, place, sets_of_agencies, smallest
from workbench.scenario.truth.groups import joint_groups
from workbench.scenario.truth.planted import phone_switch

Row = dict[str, Any]


def questions(case: Case) -> dict[str, Row]:
    """The answers by number."""
    return {
        "1": who_connects(case),
        "2": what_no_one_sees_alone(case),
        "3": {
            **phone_switch(case),
            "sure": "nearly all contacts taken over; the holder of the new number is not on record",
        },
        "4": where_the_wages_went(case),
        "5": what_may_be_shown(case),
    }


def who_connects(case: Case) -> Row:
    """Question 1: the path from recruiter to landlord, its records, and whose file breaks it."""
    everybody = case.union.between_persons(everybody=True)
    path = shortest(case.union.of_everything(), "recruiter", "landlord")
    return {
        "from": case.entity("recruiter"),
        "to": case.entity("landlord"),
        "common_neighbours": sorted(everybody["recruiter"] & everybody["landlord"]),
        "persons": shortest(everybody, "recruiter", "landlord"),
        "all": path,
        "steps": _steps(case, path),
        "breaks_without": [agency for agency in AGENCIES if not _path_without(case, agency)],
    }


def _path_without(case: Case, agency: str) -> list[str]:
    rest = case.seen_by(each for each in AGENCIES if each != agency)
    if not {"recruiter", "landlord"} <= set(rest.entities):
        return []
    return shortest(rest.of_everything(), "recruiter", "landlord")


def _steps(case: Case, path: list[str]) -> list[Row]:
    """Each step of a path with the records by which it stands."""
    picture = case.union
    steps = []
    for a, b in pairwise(path):
        records = [one for one in picture.said if {a, b} <= {picture.names[one.agency, ref] for _, ref in one.roles}]
        steps.append({"from": a, "to": b, "schema": records[0].schema, "records": [place(one) for one in records]})
    return steps


def what_no_one_sees_alone(case: Case) -> Row:
    """Question 2: what is joint, with the smallest sets of agencies that show it."""
    union = case.union
    ties = union.between_persons(everybody=False)
    own = [case.seen_by([agency]) for agency in AGENCIES]
    own_ties = {pair for picture in own for pair in _pairs(picture.between_persons(everybody=True))}
    groups = joint_groups(case)
    joint = [name for name, agencies in sorted(union.entities.items()) if len(agencies) > 1]
    return {
        "entities": [
            {"entity": name, "schema": union.kinds[name], "agencies": _suffice(case, partial(_joins, name=name))}
            for name in joint
        ],
        "ties": [
            {"between": list(pair), "agencies": _suffice(case, partial(_ties, pair=pair))}
            for pair in sorted(_pairs(ties) - own_ties)
        ],
        "key_player": _key_player(case),
        "groups": [{"members": sorted(group), "agencies": agencies} for group, agencies in groups.found],
        "open_groups": [sorted(group) for group in groups.open],
    }


def _suffice(case: Case, holds: Callable[[Picture], bool]) -> list[list[str]]:
    return smallest(chosen for chosen in sets_of_agencies() if holds(case.seen_by(chosen)))


def _pairs(ties: dict[str, set[str]]) -> set[tuple[str, str]]:
    """All ties, by what their ends really are."""
    found = set()
    for a, others in ties.items():
        for b in others:
            x, y = sorted((a.partition("@")[0], b.partition("@")[0]))
            if x != y:
                found.add((x, y))
    return found


def _ties(picture: Picture, pair: tuple[str, str]) -> bool:
    return pair in _pairs(picture.between_persons(everybody=True))


def _joins(picture: Picture, name: str) -> bool:
    key = name.partition("@")[0]
    return any(len(agencies) > 1 for seen, agencies in picture.entities.items() if seen.partition("@")[0] == key)


def _key_player(case: Case) -> Row:
    """The broker's rank, and the smallest sets of agencies that give him one as high."""
    rank = _rank(case.union)
    return {"entity": "broker", "rank": rank, "agencies": _suffice(case, lambda picture: _rank(picture) <= rank)}


def _rank(picture: Picture) -> int:
    found = ranks(picture.between_persons(everybody=False))
    return min((rank for name, rank in found.items() if name.partition("@")[0] == "broker"), default=len(found) + 1)


def where_the_wages_went(case: Case) -> Row:
    """Question 4: every payment from the wages to the cash, and the weakest grade on the way."""
    accounts = case.stage.cast.accounts
    firm, a, b = (accounts[key].key for key in ("lettings", "shell-a", "shell-b"))
    payments = {
        "wages": case.ties("Transfer", "KFIU", beneficiaryAccount=firm),
        "hop": case.ties("Transfer", "KFIU", payerAccount=firm, beneficiaryAccount=a),
        "split": case.ties("Transfer", "KFIU", payerAccount=a, beneficiaryAccount=b),
        "cash": case.ties("Transfer", "KFIU", payerAccount=b, location="cash-point"),
    }
    return {
        "steps": [{"step": step, **_sum(found)} for step, found in payments.items()],
        "weakest_grade": HOP_GRADE,
        "weakest_step": "hop",
    }


def _sum(found: list[Saying]) -> Row:
    return {
        "total": sum(one.amount for one in found),
        "payments": [
            {"number": one.number, "date": one.day, "amount": one.amount, "grade": one.grade, **place(one)}
            for one in found
        ],
    }


def what_may_be_shown(case: Case) -> Row:
    """Question 5, as Noordkust: what needs whose permission, and the channels to ask by."""
    return {
        "viewer": "NKP",
        "own_records": sum(one.agency == "NKP" for one in case.union.said),
        "permissions": [
            {"codes": ["H1", "H2"], "ask": "KFIU", "records": sum(one.marking == "provider-only" for one in case.final)}
        ],
        "channels": {
            "KFIU": "European Investigation Order, or directly within a joint team",
            "TRC": "European Investigation Order, or directly within a joint team",
            "providers in the Union": "European Production Order",
            "RJP": "mutual legal assistance",
        },
    }
