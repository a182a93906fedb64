"""What misleads: a taxi dispatcher whom everybody calls, a football team, and reports that repeat one another."""

from datetime import date, timedelta

from workbench.scenario.stage import Stage

_FOOTBALL_FIRST = date(2026, 2, 1)
# Reports that say what one protected source said: the first is his, the others heard it elsewhere.
CIRCULAR = (3, 7, 9)
_STATEMENT = "the workers' passports are kept in a blue toolbox behind the boiler of the second lodging"


def play_football(stage: Stage) -> None:
    """A team whose members call one another every day and share a van."""
    players, rng = stage.cast.group("player"), stage.cast.rng
    for day in range(stage.size.football_days if players else 0):
        a, b = rng.sample(players, 2)
        when = stage.at(_FOOTBALL_FIRST + timedelta(days=day))
        stage.nkp.call(stage.cast.phones[a.key], stage.cast.phones[b.key], when, stage.seconds())


def _callers(stage: Stage) -> list[str]:
    """Keys of the phones that call the dispatcher: all but the recruits', the travel agency's and his own."""
    apart = {"agency", "dispatcher", *(person.key for person in stage.cast.group("witness"))}
    return [key for key in stage.cast.phones if key not in apart][: stage.size.callers]


def call_taxis(stage: Stage) -> None:
    """Nearly every phone calls the taxi dispatcher once."""
    cast = stage.cast
    calls = []
    for key in _callers(stage):
        last = date(2026, 3, 1) if key == "recruiter" else date(2026, 4, 29)  # his number falls silent then
        calls.append((stage.at(stage.between(date(2026, 1, 2), last)), key))
    for when, key in sorted(calls):
        stage.nkp.call(cast.phones[key], cast.phones["dispatcher"], when, stage.seconds())


# Title, text, source, whom it mentions.
_REPORTS = (
    ("Workers at the greenhouses", "Greenhouses take workers from one lettings firm.", "WAARNEMING", "manager"),
    ("Order in the lodgings", "The foreman decides who works where, the guard who goes out.", "BRON-17", "foreman"),
    ("Passports kept", f"A worker told us that {_STATEMENT}.", "BRON-22", "foreman"),
    ("A man called Nico", "Nico takes a fee for every new worker. He is only heard on the phone.", "BRON-17", "broker"),
    ("Football van", "Men share a van and call daily. They play five-a-side football.", "WAARNEMING", "player-01"),
    ("Night watch", "The guard sleeps in the second lodging.", "WAARNEMING", "guard"),
    ("From Trakia Customs", f"Information received: it is said that {_STATEMENT}.", "ONTVANGEN-TRC", "foreman"),
    ("A driver", "A Bulgarian driver brings workers every few weeks.", "BRON-31", "driver"),
    ("From Kition FIU", f"Information received: reportedly {_STATEMENT}.", "ONTVANGEN-KFIU", "foreman"),
    ("Who collects", "The man who was stopped with the van in March draws money abroad.", "BRON-22", "cashier"),
    ("Pay slips", "The bookkeeper prints pay slips that nobody receives.", "WAARNEMING", "bookkeeper"),
    ("The firm", "The lettings firm pays no wages into accounts of workers.", "WAARNEMING", "manager"),
)


def write_reports(stage: Stage) -> None:
    """Twelve reports; five rest on protected sources, three say the same thing."""
    for number, (title, text, source, about) in enumerate(_REPORTS[: stage.size.reports], 1):
        day = date(2026, 1, 12) + timedelta(days=9 * number)
        stage.nkp.report(number, day, title, text, source, stage.cast.some(about))
