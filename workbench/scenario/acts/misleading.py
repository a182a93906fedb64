"""What misleads: a taxi dispatcher whom everybody calls, a football team, and reports that repeat one another."""

from datetime import date, timedelta

from workbench.scenario.stage import Stage
from workbench.scenario.world import Person

FOOTBALL_FIRST = date(2026, 2, 1)
# Reports that say what one protected source said: the first is his, the others heard it elsewhere.
CIRCULAR = (3, 7, 9)
_STATEMENT = "the workers' passports are kept in a blue toolbox behind the boiler of the second lodging"


def play_football(stage: Stage) -> None:
    """A team whose members call one another every day and share a van."""
    players, rng = stage.cast.group("player"), stage.cast.rng
    for day in range(stage.size.football_days if players else 0):
        a, b = rng.sample(players, 2)
        when = stage.at(FOOTBALL_FIRST + timedelta(days=day))
        stage.nkp.call(stage.cast.phones[a.key], stage.cast.phones[b.key], when, stage.seconds())


def callers(stage: Stage) -> list[str]:
    """Keys of the phones that call the dispatcher: all but the recruits', the travel agency's and his own."""
    apart = {"agency", "dispatcher", *(person.key for person in stage.cast.group("witness"))}
    return [key for key in stage.cast.phones if key not in apart][: stage.size.callers]


def call_taxis(stage: Stage) -> None:
    """Nearly every phone calls the taxi dispatcher once."""
    cast = stage.cast
    calls = [(stage.at(stage.between(date(2026, 1, 2), date(2026, 4, 29))), key) for key in callers(stage)]
    if stage.size.callers:
        early = [(stage.at(date(2026, 2, 11)) if key == "recruiter" else when, key) for when, key in calls]
        for when, key in sorted(early):
            stage.nkp.call(cast.phones[key], cast.phones["dispatcher"], when, stage.seconds())


def write_reports(stage: Stage) -> None:
    """Twelve reports; five rest on protected sources, three say the same thing."""
    cast = stage.cast
    people = cast.persons
    found: list[tuple[str, str, str, list[str]]] = [
        (
            "Workers at the greenhouses",
            "Three greenhouses take workers from one lettings firm. Its manager signs for all.",
            "WAARNEMING",
            ["manager"],
        ),
        (
            "Order in the lodgings",
            "The foreman decides who works where, the guard who goes out.",
            "BRON-17",
            ["foreman"],
        ),
        ("Passports kept", f"A worker told us that {_STATEMENT}.", "BRON-22", ["foreman"]),
        (
            "A man called Nico",
            "Somebody called Nico takes a fee for every new worker. He is only ever heard on the phone.",
            "BRON-17",
            ["broker"],
        ),
        (
            "Football van",
            "Eight men share a van and call one another daily. They play five-a-side football.",
            "WAARNEMING",
            ["player-01"],
        ),
        ("Night watch", "The guard sleeps in the first lodging.", "WAARNEMING", ["guard"]),
        ("From Trakia Customs", f"Information received: it is said that {_STATEMENT}.", "ONTVANGEN-TRC", ["foreman"]),
        ("A driver", "A Bulgarian driver brings workers every few weeks.", "BRON-31", ["driver"]),
        ("From Kition FIU", f"Information received: reportedly {_STATEMENT}.", "ONTVANGEN-KFIU", ["foreman"]),
        ("Who collects", "The man who was stopped with the van in March draws money abroad.", "BRON-22", ["cashier"]),
        ("Pay slips", "The bookkeeper prints pay slips that nobody receives.", "WAARNEMING", ["bookkeeper"]),
        ("The firm", "The lettings firm pays no wages into accounts of workers.", "WAARNEMING", ["manager"]),
    ]
    for number, (title, text, source, about) in enumerate(found[: stage.size.reports], 1):
        named: list[Person] = [people[key] for key in about if key in people]
        day = date(2026, 1, 12) + timedelta(days=9 * number)
        stage.nkp.report(number, day, title, text, source, named)
