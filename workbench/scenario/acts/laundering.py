"""Act four, in Cyprus: wages become transfers, transfers become cash, and a director is hidden."""

from datetime import date
from itertools import pairwise

from workbench.scenario.acts.casting import CHAINS, NAME_ONLY
from workbench.scenario.offices.kition import Payment
from workbench.scenario.saying import PROVIDER_ONLY
from workbench.scenario.stage import Stage
from workbench.scenario.world import Company, Person

_HOP_DAY = date(2026, 2, 25)
HOP_GRADE = "X4"
CASE = "KF-2026-0093"
_SINCE = date(2024, 10, 1)
# The accountant sits in the middle of chains of people who know their neighbour only: these
# direct a company with the next one, the others pay him.
_TOGETHER = {
    ("accountant", "nominee"): ("shell-b", "Saltquill Trade Ltd"),
    ("accountant", "holder-1"): ("shelf-1", "Sandwort One Ltd"),
    ("accountant", "agent"): ("formation", "Reedmere Corporate Agents Ltd"),
    ("agent", "holder-4"): ("exchange", "Marshgate Exchange Ltd"),
    ("accountant", "holder-2"): ("shelf-2", "Sandwort Two Ltd"),
    ("accountant", "holder-3"): ("shelf-3", "Sandwort Three Ltd"),
}
_AT_AGENT = ("shell-a", "shell-b", "exchange", "formation", "shelf-1", "shelf-2", "shelf-3")


def launder(stage: Stage) -> None:
    """Play the act for the FIU."""
    _people(stage)
    _companies(stage)
    _accounts(stage)
    _money(stage)
    _cash(stage)
    _small_payments(stage)
    _reports(stage)


def _circle(stage: Stage) -> list[Person]:
    """The accountant and all in the chains behind him, those first who come first in any chain."""
    chains = CHAINS[: stage.size.chains]
    return stage.cast.some("accountant", *(key for rank in zip(*chains, strict=True) for key in rank))


def _links(stage: Stage) -> list[tuple[str, str]]:
    """Neighbours in the chains."""
    return [pair for chain in CHAINS[: stage.size.chains] for pair in pairwise(("accountant", *chain))]


def _people(stage: Stage) -> None:
    cast, kfiu = stage.cast, stage.kfiu
    kfiu.person(cast.persons["landlord"], phone=cast.phones["landlord"])
    kfiu.person(cast.persons["broker"], marking=PROVIDER_ONLY)
    for person in _circle(stage):
        kfiu.person(person, name_only=person.key in NAME_ONLY)
    kfiu.person(cast.persons["cashier"], name_only=True)
    for person in [*cast.some("officer-3"), *cast.group("victim")]:
        kfiu.person(person)


def _companies(stage: Stage) -> None:
    cast, kfiu = stage.cast, stage.kfiu
    shell = cast.company("shell-a", "Brackfern Marine Ltd", "cy")
    kfiu.company(shell)
    for who in ("landlord", "accountant"):
        kfiu.directs(cast.persons[who], shell, _long_ago(stage))
    kfiu.directs(cast.persons["broker"], shell, date(2025, 2, 10), PROVIDER_ONLY)
    for pair in _links(stage):
        if pair in _TOGETHER:
            company = cast.company(*_TOGETHER[pair], "cy")
            kfiu.company(company)
            for who in pair:
                kfiu.directs(cast.persons[who], company, _long_ago(stage))
    for key in ("lettings", "transport", "greenhouse-1", "greenhouse-2", "greenhouse-3"):
        if key in cast.companies and (key == "lettings" or stage.size.payers):
            kfiu.company(cast.companies[key])
    kfiu.directs(cast.persons["broker"], cast.companies["lettings"], date(2025, 3, 1), PROVIDER_ONLY)
    if stage.size.at_agent:
        _seats(stage)


def _long_ago(stage: Stage) -> date:
    return stage.between(_SINCE, date(2025, 9, 30))


def _seats(stage: Stage) -> None:
    """The formation agent's address, where everybody is and nobody works."""
    cast, kfiu = stage.cast, stage.kfiu
    home = cast.address("agent-address", "Λεωφόρος Αλυκής 40, γραφείο 12", "Κίτιον", "cy")
    branch = cast.address("exchange-office", "Οδός Φοινίκων 3", "Κίτιον", "cy")
    kfiu.address(home)
    kfiu.address(branch)
    holders: list[Person | Company] = [cast.companies[key] for key in _AT_AGENT if key in cast.companies]
    holders += [cast.persons["landlord"], *_circle(stage)][: stage.size.at_agent]
    for holder in holders:
        kfiu.seat(holder, home, _long_ago(stage))
    kfiu.seat(cast.companies["exchange"], branch, _SINCE)


def _accounts(stage: Stage) -> None:
    cast = stage.cast
    _account(stage, "lettings", "nl", cast.companies["lettings"])
    for key in ("shell-a", "shell-b"):
        _account(stage, key, "cy", cast.companies[key])
    stage.kfiu.account(cast.accounts["broker"], cast.persons["broker"], date(2025, 2, 20), PROVIDER_ONLY)
    _account(stage, "landlord", "nl", cast.persons["landlord"])
    for key in sorted({key for pair in _links(stage) if pair not in _TOGETHER for key in pair}):
        _account(stage, key, "cy", cast.persons[key])
    if not stage.size.payers:
        return
    others = ("exchange", "shelf-1", "shelf-2", "shelf-3", "formation", "transport")
    for key in (*others, "greenhouse-1", "greenhouse-2", "greenhouse-3"):
        if key in cast.companies:
            _account(stage, key, cast.companies[key].country, cast.companies[key])


def _account(stage: Stage, key: str, country: str, holder: Person | Company) -> None:
    stage.kfiu.account(stage.cast.account(key, country), holder, _long_ago(stage))


def _money(stage: Stage) -> None:
    """Wages to the lettings firm, one hop to shell A, and many small ones to shell B."""
    cast, kfiu, rng = stage.cast, stage.kfiu, stage.cast.rng
    firm, a, b = (cast.accounts[key] for key in ("lettings", "shell-a", "shell-b"))
    parts = [float(rng.randrange(9_400, 9_901)) for _ in range(stage.size.transfers)]
    commission, rents = 2_970.0, [1_180.0, 1_180.0]
    hop = sum(parts) + commission + sum(rents) + rng.randrange(200, 800)
    _wages(stage, hop)
    kfiu.pay(Payment(_HOP_DAY, hop, "έμβασμα", source=firm, target=a, grade=HOP_GRADE), PROVIDER_ONLY)
    days = sorted(stage.between(date(2026, 3, 2), date(2026, 3, 27)) for _ in parts)
    for day, part in zip(days, parts, strict=True):
        kfiu.pay(Payment(day, part, "έμβασμα", source=a, target=b))
    paid = Payment(date(2026, 3, 5), commission, "προμήθεια", source=a, target=cast.accounts["broker"])
    kfiu.pay(paid, PROVIDER_ONLY)
    for day, part in zip((date(2026, 3, 6), date(2026, 4, 6)), rents, strict=True):
        kfiu.pay(Payment(day, part, "ενοίκιο", source=a, target=cast.accounts["landlord"]))


def _wages(stage: Stage, at_least: float) -> None:
    """Each worker's wages of a season, paid in for him over the counter: the payer has no account."""
    cast, victims = stage.cast, stage.cast.group("victim")
    share = int(at_least / len(victims)) + 40
    for day, key in sorted((stage.between(date(2026, 2, 4), date(2026, 2, 20)), victim.key) for victim in victims):
        amount = float(share + cast.rng.randrange(90))
        paid = Payment(day, amount, "μισθός", payer=cast.persons[key], target=cast.accounts["lettings"], grade="A2")
        stage.kfiu.pay(paid)


def _cash(stage: Stage) -> None:
    """What arrived at shell B is drawn in Sofia."""
    cast, kfiu, many = stage.cast, stage.kfiu, stage.size.withdrawals
    place = cast.address("cash-point", "ул. Солници 4", "София", "bg")
    kfiu.address(place)
    total = 9_400 * stage.size.transfers
    days = sorted(stage.between(date(2026, 3, 30), date(2026, 4, 10)) for _ in range(many))
    for day in days:
        amount = total // many // 100 * 100 - 100 * cast.rng.randrange(0, 6)
        paid = Payment(
            day,
            amount,
            "ανάληψη μετρητών",
            source=cast.accounts["shell-b"],
            beneficiary=cast.persons["cashier"],
            place=place,
        )
        kfiu.pay(paid)


def _small_payments(stage: Stage) -> None:
    cast, kfiu, rng = stage.cast, stage.kfiu, stage.cast.rng
    for a, b in _links(stage):
        if (a, b) in _TOGETHER:
            continue
        day = stage.between(date(2026, 1, 7), date(2026, 4, 28))
        kfiu.pay(Payment(day, rng.randrange(300, 2_000), "έμβασμα", source=cast.accounts[a], target=cast.accounts[b]))
    if not stage.size.payers:
        return
    apart = {"exchange", "lettings", "shell-a", "shell-b", "broker", "manager", "bookkeeper"}
    payers = [account for key, account in cast.accounts.items() if key not in apart]
    for account in payers[: stage.size.payers]:
        day = stage.between(date(2026, 1, 7), date(2026, 4, 28))
        kfiu.pay(
            Payment(day, rng.randrange(200, 3_000), "συνάλλαγμα", source=account, target=cast.accounts["exchange"])
        )


def _reports(stage: Stage) -> None:
    cast, kfiu = stage.cast, stage.kfiu
    found: tuple[tuple[str, str, tuple[str, ...]], ...] = (
        ("str-1", "Ο διαχειριστής και ο λογιστής κινούν ίδια ποσά", ("nominee", "accountant")),
        ("str-2", "Μεταφορές χωρίς αιτία", ("holder-8",)),
        ("str-3", "Λογαριασμός χωρίς δραστηριότητα", ("holder-6",)),
        ("str-4", "Ποσά κάτω από το όριο", ("shell-a", "shell-b")),
    )
    for key, text, parties in found[: stage.size.suspicions]:
        report = cast.incident(key, "ύποπτη συναλλαγή", stage.between(date(2026, 3, 20), date(2026, 4, 20)), text)
        kfiu.report(report)
        for party in parties:
            who: Person | Company = cast.persons[party] if party in cast.persons else cast.companies[party]
            kfiu.party(report, who, "contact")
        for officer in cast.some("officer-3") if key == "str-1" else ():
            kfiu.party(report, officer, "officer")
    text = "Εμβάσματα από Brackfern προς Saltquill, Μάρτιος 2026"
    case = cast.incident("kfiu-investigation", "έρευνα", date(2026, 4, 7), text, CASE)
    kfiu.report(case, PROVIDER_ONLY)
    kfiu.party(case, cast.persons["broker"], "suspect", PROVIDER_ONLY)
