"""A background on the stage: things first, then people with what they have, then calls and payments."""

from collections.abc import Callable
from datetime import datetime, timedelta

from workbench.scenario.background.chance import Chance
from workbench.scenario.background.clock import Clock, numbers_of
from workbench.scenario.background.naming import Naming
from workbench.scenario.background.network import Network
from workbench.scenario.background.people import People
from workbench.scenario.background.population import NKP, RJP
from workbench.scenario.background.things import Things
from workbench.scenario.numbers import Numbers
from workbench.scenario.offices.kition import Payment
from workbench.scenario.stage import Stage

_LONGEST_CALL, _LARGEST_PAYMENT = 600, 5_000


def tell(stage: Stage, numbers: Numbers, network: Network, forget: Callable[[], None]) -> None:
    """Tell a network to the agencies of a stage: exactly as many records as it has.

    `forget` is called when nothing more will be said of what was described last.
    """
    chance = Chance(network.seed)
    clock, naming = Clock(chance), Naming(chance, network)
    things = Things(stage, numbers, network, naming, clock)
    things.tell(forget)
    people = People(stage, numbers, network, naming, clock)
    people.tell(things, forget)
    _calls(stage, network, people, clock)
    _payments(stage, network, people, clock)


def _calls(stage: Stage, network: Network, people: People, clock: Clock) -> None:
    for agency, call in ((NKP, stage.nkp.call), (RJP, stage.rjp.call)):
        links, stream = network.called[agency], f"calls:{agency}"
        times = clock.times(stream, len(links))
        seconds = clock.whole(f"{stream}:seconds", len(links), 20, _LONGEST_CALL)
        for a, b, when, long in zip(numbers_of(links.a), numbers_of(links.b), times, seconds, strict=True):
            call(people.phones[a], people.phones[b], when, long)
    taxis = network.taxis.tolist()
    for number, when in zip(taxis, clock.times("taxis", len(taxis)), strict=True):
        stage.nkp.call(people.phones[number], stage.cast.phones["dispatcher"], when, 60)


def _payments(stage: Stage, network: Network, people: People, clock: Clock) -> None:
    pay, pays, accounts = stage.kfiu.pay, network.pays, people.accounts
    days, amounts = clock.days("pays", len(pays)), clock.whole("amounts", len(pays), 100, _LARGEST_PAYMENT)
    for a, b, day, amount in zip(numbers_of(pays.a), numbers_of(pays.b), days, amounts, strict=True):
        pay(Payment(day, float(amount), "έμβασμα", source=accounts[a], target=accounts[b]))
    changes = network.changes.tolist()
    amounts = clock.whole("changes", len(changes), 100, _LARGEST_PAYMENT)
    for number, day, amount in zip(changes, clock.days("changes", len(changes)), amounts, strict=True):
        exchange = stage.cast.accounts["exchange"]
        pay(Payment(day, float(amount), "συνάλλαγμα", source=accounts[number], target=exchange))


def fill(stage: Stage, records: int) -> None:
    """Tell so many records where they are too few for a network: a truck that passes a camera again and again."""
    truck, camera = stage.cast.vehicles["truck-1"], stage.cast.addresses["camera-east"]
    start = datetime(2026, 1, 4, 0, 0)  # noqa: DTZ001 - local time, as files have it
    for number in range(records):
        stage.trc.read(truck, camera, start + timedelta(minutes=97 * number))
