"""Act one, in Morocco: forged contracts, many calls, and a number that falls silent."""

from datetime import date, timedelta

from workbench.scenario.acts.casting import NAME_ONLY
from workbench.scenario.stage import Stage
from workbench.scenario.world import Person, Phone

SILENT = date(2026, 3, 2)
_NEXT_DAY = SILENT + timedelta(days=1)
_TAKEN_OVER_BY = timedelta(days=5)
_LAST_CALL = date(2026, 4, 24)


def recruit(stage: Stage) -> None:
    """Play the act for the Rif police."""
    cast, rjp = stage.cast, stage.rjp
    people = _people(stage)
    for person in [*people, *cast.some("clerk")]:
        rjp.person(person, passport=False, name_only=person.key in NAME_ONLY)
    for person in [*cast.some("officer-4"), *_known_at_home(stage)]:
        rjp.person(person)
    _places(stage)
    _numbers(stage)
    _cases(stage)
    _calls(stage)


def _people(stage: Stage) -> list[Person]:
    cast = stage.cast
    return [cast.persons[key] for key in ("recruiter", "forger", "brother")] + cast.group("witness")


def _known_at_home(stage: Stage) -> list[Person]:
    """Victims whose passports the Rif police knows: those whom no customs officer met."""
    return stage.cast.group("victim")[20:]


def contacts(stage: Stage) -> list[Phone]:
    """Whom the recruiter calls: those whom his new number will call too come first."""
    cast = stage.cast
    witnesses = [cast.phones[person.key] for person in cast.group("witness")]
    return [*witnesses, *(cast.phones[key] for key in ("forger", "brother", "agency", "unknown", "broker"))]


def taken_over(stage: Stage) -> list[Phone]:
    """The contacts that the new number takes over: all but two."""
    return contacts(stage)[:-2]


def _numbers(stage: Stage) -> None:
    cast = stage.cast
    for person in _people(stage):
        country = "nl" if person.key == "brother" else "ma"
        stage.rjp.line(cast.phone(person.key, country), person)
    stage.rjp.line(cast.phone("agency", "ma"), cast.companies["agency"])
    stage.rjp.line(cast.phone("unknown", "ma"))
    stage.rjp.line(cast.phones["broker"])


def _places(stage: Stage) -> None:
    cast, rjp = stage.cast, stage.rjp
    home = cast.address("recruiter-home", "12, rue du Figuier", "Nador", "ma")
    rjp.address(home)
    agency = cast.company("agency", "Agence Salicorne", "ma")
    rjp.company(agency)
    since = date(2024, 6, 1)
    rjp.resides(cast.persons["recruiter"], home, since)
    rjp.resides(cast.persons["brother"], home, since)
    for clerk in cast.some("clerk"):
        bureau = cast.address("agency-office", "3, place de la Source", "Berkane", "ma")
        rjp.address(bureau)
        rjp.works(clerk, agency, since)
        rjp.resides(clerk, bureau, since)


def _cases(stage: Stage) -> None:
    cast = stage.cast
    witnesses = [(witness.key, "witness") for witness in cast.group("witness")]
    missing = [(victim.key, "victim") for victim in _known_at_home(stage)[:4]]
    ring = [("recruiter", "suspect"), ("forger", "suspect"), *witnesses, ("officer-4", "officer")]
    found = (
        ("case-contracts", "enquête", date(2026, 1, 19), "Contrats de travail falsifiés", ring),
        ("case-papers", "enquête", date(2026, 3, 23), "Atelier de faux papiers", [("forger", "suspect")]),
        ("case-missing", "plainte", date(2026, 2, 9), "Familles sans nouvelles de travailleurs", missing),
    )
    for key, kind, day, text, parties in found[: stage.size.cases]:
        case = cast.incident(key, kind, day, text)
        stage.rjp.case(case)
        for who, capacity in parties:
            for person in cast.some(who):
                stage.rjp.party(case, person, capacity)


def _calls(stage: Stage) -> None:
    cast, rjp = stage.cast, stage.rjp
    recruiter = cast.phones["recruiter"]
    calls = []
    for phone in contacts(stage):
        for _ in range(stage.size.contact_calls):
            day = stage.between(date(2026, 1, 5), SILENT - timedelta(days=1))
            back = phone is not cast.phones["broker"] and cast.rng.random() < 0.3
            calls.append((stage.at(day), phone if back else recruiter, recruiter if back else phone))
    calls.append((stage.at(SILENT), recruiter, cast.phones["forger"]))
    for _ in range(stage.size.calls):
        calls.append(
            (stage.at(stage.between(date(2026, 1, 5), _LAST_CALL)), cast.phones["forger"], cast.phones["agency"])
        )
    for when, caller, receiver in sorted(calls, key=lambda call: call[0]):
        rjp.call(caller, receiver, when, stage.seconds())


def take_over(stage: Stage) -> None:
    """The Dutch number that calls nearly all of the same contacts, as Noordkust records it."""
    new = stage.cast.phones["recruiter-new"]
    calls = []
    for number, phone in enumerate(taken_over(stage)):
        first = stage.between(_NEXT_DAY, SILENT + _TAKEN_OVER_BY) if number else _NEXT_DAY
        calls.append((stage.at(first), phone))
        for _ in range(stage.size.calls - 1):
            calls.append((stage.at(stage.between(SILENT + _TAKEN_OVER_BY + timedelta(days=1), _LAST_CALL)), phone))
    for when, phone in sorted(calls, key=lambda call: call[0]):
        stage.nkp.call(new, phone, when, stage.seconds())
