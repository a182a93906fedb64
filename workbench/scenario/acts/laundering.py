"""Act four, in Cyprus: wages become transfers, transfers become cash, and a director is hidden."""

from datetime import date

from workbench.scenario.offices.kition import Payment
from workbench.scenario.saying import PROVIDER_ONLY
from workbench.scenario.stage import Stage
from workbench.scenario.world import Company, Person

HOP_DAY = date(2026, 2, 25)
HOP_GRADE = "X4"
CASE = "KF-2026-0093"
_SINCE = date(2024, 10, 1)
# The accountant sits in the middle of five chains of people who know their neighbour only.
_DIRECTORS = (
    ("landlord", "shell-a"),
    ("accountant", "shell-a"),
    ("accountant", "shell-b"),
    ("nominee", "shell-b"),
    ("accountant", "formation"),
    ("agent", "formation"),
    ("agent", "exchange"),
    ("holder-4", "exchange"),
    ("accountant", "shelf-1"),
    ("holder-1", "shelf-1"),
    ("accountant", "shelf-2"),
    ("holder-2", "shelf-2"),
    ("accountant", "shelf-3"),
    ("holder-3", "shelf-3"),
)
_PRIVATE = (
    ("nominee", "holder-5"),
    ("holder-5", "holder-6"),
    ("holder-4", "holder-7"),
    ("holder-1", "holder-8"),
    ("holder-8", "holder-9"),
    ("holder-2", "holder-10"),
    ("holder-10", "holder-11"),
    ("holder-3", "holder-12"),
    ("holder-12", "holder-13"),
)
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
    keys = ["nominee", "accountant", "agent", *(f"holder-{number}" for number in range(1, 14))]
    return [stage.cast.persons[key] for key in keys]


def _people(stage: Stage) -> None:
    cast, kfiu = stage.cast, stage.kfiu
    phone = cast.phone("landlord", "nl") if "landlord" not in cast.phones else cast.phones["landlord"]
    kfiu.person(cast.persons["landlord"], phone=phone)
    kfiu.person(cast.persons["broker"], marking=PROVIDER_ONLY)
    for person in _circle(stage):
        kfiu.person(person)
    kfiu.person(cast.persons["cashier"], name_only=True)
    kfiu.person(cast.persons["officer-3"])
    for victim in cast.group("victim"):
        kfiu.person(victim)


def _companies(stage: Stage) -> None:
    cast, kfiu = stage.cast, stage.kfiu
    new = (
        ("shell-a", "Halcyon Marine Services Ltd"),
        ("shell-b", "Amathus Trade Bridge Ltd"),
        ("exchange", "Larnaca Gate Exchange Ltd"),
        ("formation", "Meridian Corporate Agents Ltd"),
        ("shelf-1", "Kiti Shelf One Ltd"),
        ("shelf-2", "Kiti Shelf Two Ltd"),
        ("shelf-3", "Kiti Shelf Three Ltd"),
    )
    for key, name in new:
        kfiu.company(cast.company(key, name, "cy"))
    for key in ("lettings", "transport", "greenhouse-1", "greenhouse-2", "greenhouse-3"):
        if key in cast.companies and (key == "lettings" or stage.size.payers):
            kfiu.company(cast.companies[key])
    for who, key in _DIRECTORS:
        kfiu.directs(cast.persons[who], cast.companies[key], stage.between(_SINCE, date(2025, 9, 30)))
    kfiu.directs(cast.persons["broker"], cast.companies["shell-a"], date(2025, 2, 10), PROVIDER_ONLY)
    if stage.size.at_agent:
        _seats(stage)


def _seats(stage: Stage) -> None:
    """The formation agent's address, where everybody is and nobody works."""
    cast, kfiu = stage.cast, stage.kfiu
    home = cast.address("agent-address", "Λεωφόρος Αλυκής 40, γραφείο 12", "Κίτιον", "cy")
    branch = cast.address("exchange-office", "Οδός Φοινίκων 3", "Κίτιον", "cy")
    kfiu.address(home)
    kfiu.address(branch)
    people = [cast.persons["landlord"], *_circle(stage)][: stage.size.at_agent]
    holders: list[Person | Company] = [*(cast.companies[key] for key in _AT_AGENT), *people]
    for holder in holders:
        kfiu.seat(holder, home, stage.between(_SINCE, date(2025, 9, 30)))
    kfiu.seat(cast.companies["exchange"], branch, _SINCE)


def _accounts(stage: Stage) -> None:
    cast = stage.cast
    _account(stage, "lettings", "nl", cast.companies["lettings"])
    for key in ("shell-a", "shell-b"):
        _account(stage, key, "cy", cast.companies[key])
    stage.kfiu.account(cast.accounts["broker"], cast.persons["broker"], date(2025, 2, 20), PROVIDER_ONLY)
    _account(stage, "landlord", "nl", cast.persons["landlord"])
    for key in sorted({key for pair in _PRIVATE for key in pair}):
        _account(stage, key, "cy", cast.persons[key])
    if not stage.size.payers:
        return
    for key in ("exchange", "shelf-1", "shelf-2", "shelf-3", "formation"):
        _account(stage, key, "cy", cast.companies[key])
    for key in ("greenhouse-1", "greenhouse-2", "greenhouse-3", "transport"):
        if key in cast.companies:
            _account(stage, key, "bg" if key == "transport" else "nl", cast.companies[key])


def _account(stage: Stage, key: str, country: str, holder: Person | Company) -> None:
    stage.kfiu.account(stage.cast.account(key, country), holder, stage.between(_SINCE, date(2025, 9, 30)))


def _money(stage: Stage) -> None:
    """Wages to the lettings firm, one hop to shell A, and many small ones to shell B."""
    cast, kfiu, rng = stage.cast, stage.kfiu, stage.cast.rng
    firm, a, b = (cast.accounts[key] for key in ("lettings", "shell-a", "shell-b"))
    parts = [float(rng.randrange(9_400, 9_901)) for _ in range(stage.size.transfers)]
    commissions, rents = [1_450.0, 1_520.0], [1_180.0, 1_180.0]
    hop = sum(parts) + sum(commissions) + sum(rents) + rng.randrange(200, 800)
    victims = cast.group("victim")
    base = int(hop / len(victims)) + 40
    for day, victim in sorted((stage.between(date(2026, 2, 4), date(2026, 2, 20)), v.key) for v in victims):
        amount = base + rng.randrange(0, 90)
        kfiu.pay(Payment(day, amount, "μισθός", payer=cast.persons[victim], target=firm, grade="A2"))
    kfiu.pay(Payment(HOP_DAY, hop, "έμβασμα", source=firm, target=a, grade=HOP_GRADE), PROVIDER_ONLY)
    days = sorted(stage.between(date(2026, 3, 2), date(2026, 3, 27)) for _ in parts)
    for day, part in zip(days, parts, strict=True):
        kfiu.pay(Payment(day, part, "έμβασμα", source=a, target=b))
    for day, part in zip((date(2026, 3, 5), date(2026, 4, 3)), commissions, strict=True):
        kfiu.pay(Payment(day, part, "προμήθεια", source=a, target=cast.accounts["broker"]), PROVIDER_ONLY)
    for day, part in zip((date(2026, 3, 6), date(2026, 4, 6)), rents, strict=True):
        kfiu.pay(Payment(day, part, "ενοίκιο", source=a, target=cast.accounts["landlord"]))


def _cash(stage: Stage) -> None:
    """What arrived at shell B is drawn in Sofia."""
    cast, kfiu, many = stage.cast, stage.kfiu, stage.size.withdrawals
    place = cast.address("cash-point", "бул. Витоша 120", "София", "bg")
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
    for a, b in _PRIVATE:
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
        ("str-2", "Μεταφορές χωρίς αιτία", ("holder-3",)),
        ("str-3", "Λογαριασμός χωρίς δραστηριότητα", ("holder-6",)),
        ("str-4", "Ποσά κάτω από το όριο", ("shell-a", "shell-b")),
    )
    for key, text, parties in found[: max(1, round(stage.size.incidents / 3))]:
        report = cast.incident(key, "ύποπτη συναλλαγή", stage.between(date(2026, 3, 20), date(2026, 4, 20)), text)
        kfiu.report(report)
        for party in parties:
            who: Person | Company = cast.persons[party] if party in cast.persons else cast.companies[party]
            kfiu.party(report, who, "contact")
        if key == "str-1":
            kfiu.party(report, cast.persons["officer-3"], "officer")
    case = cast.incident("kfiu-investigation", "έρευνα", date(2026, 4, 7), "Εμβάσματα μέσω του διευθυντή", CASE)
    kfiu.report(case, PROVIDER_ONLY)
    kfiu.party(case, cast.persons["broker"], "suspect", PROVIDER_ONLY)
