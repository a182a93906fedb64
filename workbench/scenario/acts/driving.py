"""Act two, through Bulgaria: vans, a private car, and a plate that is misread."""

from datetime import date, timedelta

from workbench.scenario.acts.casting import NAME_ONLY
from workbench.scenario.stage import Stage
from workbench.scenario.world import Address, Company, Person, Vehicle

POST = "ГКПП Солник-изток"
MISREAD_DAY = date(2026, 4, 2)
_LAST_DAY = date(2026, 4, 8)
_FIRST_DAY = date(2026, 1, 5)
_BEFORE_THE_CASHIER = date(2026, 3, 20)  # who has the first van on another day
# How many victims ride in each of the three vans, at most.
_SEATS = {"van-1": 7, "van-2": 7, "van-3": 6}


def drive(stage: Stage) -> None:
    """Play the act for the customs."""
    cast, trc = stage.cast, stage.trc
    _people(stage)
    firm = None
    if stage.size.vans > 1:
        firm = cast.company("transport", "Солник Рейс ЕООД", "bg")
        trc.company(firm)
    _vehicles(stage, firm)
    _crossings(stage)
    _petrovs(stage)
    _controls(stage)
    _reads(stage)


def _people(stage: Stage) -> None:
    cast, trc = stage.cast, stage.trc
    ring = cast.some("broker", "driver", "driver-two", "driver-three", "haulier", "mechanic")
    for person in [*ring, *cast.group("trucker"), *cast.group("petrov"), *_passengers(stage)]:
        trc.person(person, name_only=person.key in NAME_ONLY)
    for person in cast.some("nominee", "supervisor-1"):
        trc.person(person, name_only=True)


def _passengers(stage: Stage) -> list[Person]:
    return stage.cast.group("victim")[: sum(_SEATS.values())]


def _vehicles(stage: Stage, firm: Company | None) -> None:
    cast, trc = stage.cast, stage.trc
    for number in range(1, stage.size.vans + 1):
        trc.vehicle(cast.vehicle(f"van-{number}", "bg", "Ford Transit"), firm)
    trc.vehicle(cast.vehicle("car", "bg", "Skoda Octavia"))
    for number in range(1, stage.size.trucks + 1):
        trc.vehicle(cast.vehicle(f"truck-{number}", "bg", "MAN TGX"))
    trc.vehicle(cast.vehicle("nominee-car", "cy", "Toyota Auris"))
    if "supervisor-1" in cast.persons:
        trc.vehicle(cast.vehicle("supervisor-car", "nl", "Volvo V60"))


# Who crosses in which vehicle, a line for each trip; truckers have nothing to do with it.
_TRIPS = (
    ("driver broker", "car"),
    ("driver-two", "car"),
    ("driver-two", "van-3"),
    ("driver-three haulier", "truck-1"),
    ("nominee", "nominee-car"),
    ("supervisor-1", "supervisor-car"),
    ("trucker-1 mechanic", "truck-2"),
    ("trucker-1 trucker-2", "truck-3"),
    ("trucker-2 petrov-2", "truck-4"),
    ("mechanic trucker-3", "truck-5"),
    ("petrov-1", "truck-6"),
    ("victim-03", "van-3"),
    ("victim-10", "van-1"),
    ("victim-05", "van-2"),
    ("victim-12", "van-3"),
)


def _crossings(stage: Stage) -> None:
    cast = stage.cast
    waiting = [person.key for person in _passengers(stage)]
    trips = list(_TRIPS)
    for driver, van in (("driver", "van-1"), ("driver-two", "van-2"), ("driver-three", "van-3")):
        riders, waiting = waiting[: _SEATS[van]], waiting[_SEATS[van] :]
        trips.append((" ".join([driver, *riders]), van))
    last = {"van-1": _BEFORE_THE_CASHIER}
    found = [
        (stage.between(_FIRST_DAY, last.get(what, _LAST_DAY)), who, what)
        for who, what in trips
        if what in cast.vehicles
    ]
    for day, who, what in sorted(found):
        when = stage.at(day)
        for person in cast.some(*who.split(" ")):
            stage.trc.crossing(person, cast.vehicles[what], POST, when)


def _petrovs(stage: Stage) -> None:
    """Father and son: one name, one home, one phone, two persons."""
    cast, trc = stage.cast, stage.trc
    if not cast.group("petrov"):
        return
    home = cast.address("petrov-home", "ул. Лозова 7", "Хасково", "bg")
    trc.address(home)
    for person in cast.group("petrov"):
        trc.resides(person, home, date(2019, 5, 1))
        trc.phone(cast.phones["petrov"], person)


def _controls(stage: Stage) -> None:
    cast, trc = stage.cast, stage.trc
    found = (
        ("control-van", "проверка на микробус", "Микробус с работници, документите са редовни", "driver", "contact"),
        ("control-goods", "недекларирана стока", "Недекларирани цигари", "driver-two", "suspect"),
        ("control-truck", "проверка на товар", "Товарът отговаря на документите", "trucker-2", "contact"),
    )
    for key, kind, text, who, capacity in found[: stage.size.controls]:
        day = stage.between(_FIRST_DAY, _LAST_DAY)
        control = cast.incident(key, kind, day, text)
        trc.control(control)
        for person in cast.some(who):
            trc.involved(control, person, capacity)


def _reads(stage: Stage) -> None:
    cast, trc = stage.cast, stage.trc
    places = (("camera-east", "магистрала изток, км 5"), ("camera-west", "магистрала запад, км 48"))
    cameras = [cast.address(key, place, "Солник", "bg") for key, place in places[: max(1, stage.size.cameras)]]
    for camera in cameras:
        trc.address(camera)
    seen = ("van-1", "van-2", "van-3", "truck-1", "truck-4", "truck-8")
    for vehicle in [cast.vehicles[key] for key in seen if key in cast.vehicles]:
        day = stage.between(_FIRST_DAY, _LAST_DAY - timedelta(days=2))
        for camera in cameras:
            trc.read(vehicle, camera, stage.at(day))
    if stage.size.players:
        _misread(stage, cameras[0], cast.vehicle("football-van", "nl", "Renault Trafic"))


def _misread(stage: Stage, camera: Address, van: Vehicle) -> None:
    """An officer stops the driver and takes down a wrong plate: the football team's."""
    stage.trc.read(van, camera, stage.at(MISREAD_DAY), stage.cast.persons["driver"])
