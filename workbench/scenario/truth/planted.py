"""The thirteen planted truths, a row each."""

from typing import Any

from workbench.scenario.acts.casting import alaoui_victim
from workbench.scenario.acts.laundering import CASE as KITION_CASE
from workbench.scenario.acts.lodging import CASE as NOORDKUST_CASE
from workbench.scenario.acts.misleading import CIRCULAR
from workbench.scenario.acts.recruiting import SILENT, contacts, taken_over
from workbench.scenario.files import CORRECTED, CORRECTION_DAY
from workbench.scenario.grouping import component
from workbench.scenario.picture import Ties, betweenness, ranked, ranks, shortest
from workbench.scenario.saying import PRIVILEGED, PROTECTED, PROVIDER_ONLY
from workbench.scenario.truth.case import AGENCIES, Case, as_source, place

Row = dict[str, Any]
# A key player has a rank as high as this.
KEY_PLAYERS = 10


def planted(case: Case) -> dict[str, Row]:
    """All planted truths by name; what a size leaves out is an empty row."""
    return {
        "broker": broker(case),
        "phone_switch": phone_switch(case),
        "money": money(case),
        "homonyms": homonyms(case),
        "common_values": common_values(case),
        "hidden_tie": hidden_tie(case),
        "circular_report": circular_report(case),
        "withheld": withheld(case),
        "innocent_cluster": innocent_cluster(case),
        "correction": correction(case),
        "parallel_proceedings": parallel_proceedings(case),
        "privilege": privilege(case),
        "not_joinable": not_joinable(case),
    }


def broker(case: Case) -> Row:
    """Truth 1: who he is, by what he is joined, and where he stands."""
    cast = case.stage.cast
    joins = [
        {"rule": "phone", "value": cast.phones["broker"].number, "agencies": ["NKP", "RJP"]},
        {"rule": "iban", "value": cast.accounts["broker"].iban, "agencies": ["KFIU", "NKP"]},
        {"rule": "passport", "value": cast.persons["broker"].passport, "agencies": ["KFIU", "TRC"]},
    ]
    union = case.union.between_persons(everybody=False)
    score = betweenness(union)
    own = {agency: case.seen_by([agency]).between_persons(everybody=False) for agency in AGENCIES}
    first = sorted(score, key=lambda name: (-score[name], name))
    return {
        **case.entity("broker"),
        "joins": joins,
        "ties": sorted(union["broker"]),
        "ties_in_file": {agency: sorted(ties.get("broker", ())) for agency, ties in own.items()},
        "first_in_file": {agency: _first(ties) for agency, ties in own.items()},
        "first": [{"entity": name, "betweenness": round(score[name], 6)} for name in first[:10]],
        "groups": [sorted(group) for group in groups_around(case, "broker")],
    }


def _first(ties: Ties) -> list[str]:
    """Who has one of the first ten ranks."""
    return [name for name, rank in ranks(ties).items() if rank <= KEY_PLAYERS]


def groups_around(case: Case, key: str) -> list[set[str]]:
    """The groups that somebody bridges: what hangs together without him, and is tied to him."""
    ties = case.union.between_persons(everybody=False)
    without = {a: others - {key} for a, others in ties.items() if a != key}
    found: list[set[str]] = []
    for start in sorted(ties[key]):
        if not any(start in group for group in found):
            found.append(component(without, start))
    return sorted(found, key=lambda group: (-len(group), sorted(group)))


def phone_switch(case: Case) -> Row:
    """Truth 2: the number that falls silent, and the one that takes over."""
    phones, old, new = case.stage.cast.phones, "recruiter", "recruiter-new"
    first = min(one.day for one in case.ties("Call", "NKP", caller=phones[new].key))
    return {
        "old": phones[old].number,
        "new": phones[new].number,
        "silent_from": SILENT.isoformat(),
        "first_call_of_new": first,
        "contacts": sorted(phone.number for phone in contacts(case.stage)),
        "taken_over": sorted(phone.number for phone in taken_over(case.stage)),
        "agencies": ["NKP", "RJP"],
    }


def money(case: Case) -> Row:
    """Truth 3: the stations of the wages; question 4 has them payment by payment."""
    accounts = case.stage.cast.accounts
    split = case.ties(
        "Transfer", "KFIU", payerAccount=accounts["shell-a"].key, beneficiaryAccount=accounts["shell-b"].key
    )
    return {
        "payers": sorted(person.key for person in case.persons("victim")),
        "stations": ["lettings", "shell-a", "shell-b", "cash-point"],
        "transfers": len(split),
        "least": min(one.amount for one in split),
        "most": max(one.amount for one in split),
    }


def homonyms(case: Case) -> Row:
    """Truth 4: pairs that share a name and are two persons."""
    pairs = [["recruiter", alaoui_victim(case.stage.size)]]
    if case.stage.cast.group("petrov"):
        pairs.append([person.key for person in case.stage.cast.group("petrov")])
    return {"pairs": [case.ids(pair) for pair in pairs]}


def common_values(case: Case) -> Row:
    """Truth 5: what everybody shares (the background, too), and what counting it would show."""
    union, more = case.union, case.background.sharers if case.background else {}
    rows = [
        {"kind": union.kinds[name], "n": n + more.get(union.kinds[name], 0), **case.entity(name)}
        for name, n in sorted(union.common.items(), key=lambda item: (union.kinds[item[0]], item[0]))
    ]
    born = [person.key for person in case.stage.cast.persons.values() if (person.born.month, person.born.day) == (1, 1)]
    known = [key for key in born if any(schema == "Person" for schema in _schemata(case, key))]
    naive = union.of_everything(naive=True)
    return {
        "values": rows,
        "new_years_day": sorted(known),
        "naive_first": ranked(union.between_persons(everybody=False, naive=True))[:1],
        "naive_path": shortest(naive, "recruiter", "landlord"),
    }


def _schemata(case: Case, key: str) -> list[str]:
    return [case.union.schemata[sighting] for sighting in case.sources[key]]


def hidden_tie(case: Case) -> Row:
    """Truth 6: two who are never reported together."""
    cast, van = case.stage.cast, "van-1"
    shared = [f"phone-contact-{number}" for number in (1, 2, 3)]
    return {
        "between": case.ids(["driver", "cashier"]),
        "vehicle": case.entity(van),
        "plate": cast.vehicles[van].plate,
        "days": {
            "driver": sorted({one.day for one in case.ties("Crossing", "TRC", traveller="driver", vehicle=van)}),
            "cashier": sorted({one.day for one in case.ties("Holding", "NKP", holder="cashier", held=van)}),
        },
        "contacts": [case.stage.cast.phones[key.removeprefix("phone-")].number for key in shared],
    }


def circular_report(case: Case) -> Row:
    """Truth 7: three reports, one source."""
    reports = [one for one in case.final if one.schema == "Report"]
    found = [one for one in reports if int(one.source[1:]) in CIRCULAR]
    if len(found) < len(CIRCULAR):
        return {}
    return {
        "origin": found[0].source,
        "echoes": [one.source for one in found[1:]],
        "protected": [one.source for one in reports if one.marking == PROTECTED],
    }


def withheld(case: Case) -> Row:
    """Truth 8: what Kition keeps until it agrees, and what Noordkust sees without it."""
    before = case.before_consent
    score = ranks(before.between_persons(everybody=False))
    return {
        "records": [place(one) for one in case.final if one.marking == PROVIDER_ONLY],
        "viewer": "NKP",
        "first_before": list(score)[:1],
        "rank_of_broker_before": min(
            (score[name] for name in score if name.partition("@")[0] == "broker"), default=None
        ),
        "path_before": shortest(before.of_everything(), "recruiter", "landlord"),
        "first_after": ranked(case.union.between_persons(everybody=False))[:1],
        "path_after": shortest(case.union.of_everything(), "recruiter", "landlord"),
    }


def innocent_cluster(case: Case) -> Row:
    """Truth 9: the densest group is a football team."""
    players = {person.key for person in case.stage.cast.group("player")}
    if not players:
        return {}
    ties = case.union.between_persons(everybody=False)
    pairs = sum(len(ties[player] & players) for player in players) // 2
    return {
        "members": case.ids(players),
        "ties": pairs,
        "density": pairs / (len(players) * (len(players) - 1) / 2),
        "ties_to_others": sum(len(ties[player] - players) for player in players),
        "vehicle": case.entity("football-van"),
    }


def correction(case: Case) -> Row:
    """Truth 10: a plate that was misread, and the path that goes with it."""
    if not case.misread:
        return {}
    return {
        "delivered": CORRECTION_DAY.isoformat(),
        "file": CORRECTED,
        "withdrawn": [place(one) for one in case.misread],
        "path_before": shortest(case.before_correction.of_everything(), "driver", "football-van"),
        "path_after": shortest(case.union.of_everything(), "driver", "football-van"),
        "ties_of_driver_gone": sorted(
            case.before_correction.between_persons(everybody=False)["driver"]
            - case.union.between_persons(everybody=False)["driver"]
        ),
    }


def parallel_proceedings(case: Case) -> Row:
    """Truth 11: two cases about one man and the same transfers."""
    accounts = case.stage.cast.accounts
    split = case.ties(
        "Transfer", "KFIU", payerAccount=accounts["shell-a"].key, beneficiaryAccount=accounts["shell-b"].key
    )
    return {
        "suspect": case.entity("broker"),
        "cases": {"NKP": NOORDKUST_CASE, "KFIU": KITION_CASE},
        "investigations": case.ids(["nkp-investigation", "kfiu-investigation"]),
        "transfers": [one.number for one in split],
    }


def privilege(case: Case) -> Row:
    """Truth 12: calls of lawyers with suspects."""
    calls = [one for one in case.final if one.marking == PRIVILEGED]
    return {
        "lawyers": case.ids(person.key for person in case.persons("lawyer")),
        "calls": [place(one) for one in calls],
    }


def not_joinable(case: Case) -> Row:
    """Truth 13: six who are in two files each, by name only."""
    scripts = {"NKP": "latin", "TRC": "cyrillic", "KFIU": "greek", "RJP": "arabic"}
    rows = []
    for key, agencies in case.name_only.items():
        name = case.stage.cast.persons[key].name
        written = [
            {**as_source(case.sighting(key, agency)), "name": getattr(name, scripts[agency])} for agency in agencies
        ]
        rows.append({"entity": key, "sources": written})
    return {"persons": rows}
