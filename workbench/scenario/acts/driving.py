"""Act two, through Bulgaria: vans, a private car, and a plate that is misread."""

from datetime import date, timedelta

from workbench.scenario.stage import Stage
from workbench.scenario.world import Address, Company, Person, Vehicle

POST = "Капитан Андреево"
MISREAD_DAY = date(2026, 4, 2)
_LAST_DAY = date(2026, 4, 8)
_FIRST_DAY = date(2026, 1, 5)
# How many victims ride in each of the three vans, at most.
_SEATS = (7, 7, 6)


def drive(stage: Stage) -> None:
    """Play the act for the customs."""
    cast, trc = stage.cast, stage.trc
    _people(stage)
    firm = cast.company("transport", "Тракия Рейс ЕООД", "bg")
    trc.company(firm)
    _vehicles(stage, firm)
    _crossings(stage)
    _petrovs(stage)
    _controls(stage)
    _reads(stage)


def _people(stage: Stage) -> None:
    cast, trc = stage.cast, stage.trc
    keys = ["broker", "driver", "driver-two", "driver-three", "haulier", "mechanic"]
    keys += ["trucker-1", "trucker-2", "trucker-3", "petrov-father", "petrov-son"]
    for key in keys:
        trc.person(cast.persons[key])
    for passenger in _passengers(stage):
        trc.person(passenger)
    for key in ("nominee", "supervisor-1"):
        trc.person(cast.persons[key], name_only=True)


def _passengers(stage: Stage) -> list[Person]:
    return stage.cast.group("victim")[: sum(_SEATS)]


def _vehicles(stage: Stage, firm: Company) -> None:
    cast, trc = stage.cast, stage.trc
    for number in (1, 2, 3):
        trc.vehicle(cast.vehicle(f"van-{number}", "bg", "Ford Transit"), firm)
    trc.vehicle(cast.vehicle("car", "bg", "Skoda Octavia"))
    for number in range(1, stage.size.trucks + 1):
        trc.vehicle(cast.vehicle(f"truck-{number}", "bg", "MAN TGX"))
    trc.vehicle(cast.vehicle("nominee-car", "cy", "Toyota Auris"))
    trc.vehicle(cast.vehicle("supervisor-car", "nl", "Volvo V60"))


def _trips(stage: Stage) -> list[tuple[str, str]]:
    """Who shares which vehicle on which trip; each line is a trip of its own."""
    trips = [("driver broker", "car"), ("driver-two", "car")]
    trips += [("driver-three haulier", "truck-1"), ("nominee", "nominee-car"), ("supervisor-1", "supervisor-car")]
    # Truckers, who have nothing to do with it.
    trips += [
        ("trucker-1 mechanic", "truck-2"),
        ("trucker-1 trucker-2", "truck-3"),
        ("trucker-2 petrov-son", "truck-4"),
    ]
    if "truck-6" in stage.cast.vehicles:
        trips += [("mechanic trucker-3", "truck-5"), ("petrov-father", "truck-6")]
    return trips


def _crossings(stage: Stage) -> None:
    cast, size = stage.cast, stage.size
    found: list[tuple[date, str, str]] = []
    waiting = [person.key for person in _passengers(stage)]
    for number, (driver, seats) in enumerate(zip(("driver", "driver-two", "driver-three"), _SEATS, strict=True), 1):
        riders, waiting = waiting[:seats], waiting[seats:]
        found.append((stage.between(_FIRST_DAY, _LAST_DAY), " ".join([driver, *riders]), f"van-{number}"))
    found.append((stage.between(_FIRST_DAY, _LAST_DAY), "driver-two", "van-3"))
    for key, van in (("victim-03", "van-3"), ("victim-10", "van-1"), ("victim-05", "van-2"), ("victim-12", "van-3")):
        if key in cast.persons and size.victims >= 20:
            found.append((stage.between(date(2026, 3, 9), _LAST_DAY), key, van))
    found += [(stage.between(_FIRST_DAY, _LAST_DAY), who, what) for who, what in _trips(stage)]
    for day, who, what in sorted(found):
        when = stage.at(day)
        for key in who.split(" "):
            stage.trc.crossing(cast.persons[key], cast.vehicles[what], POST, when)


def _petrovs(stage: Stage) -> None:
    """Father and son: one name, one home, one phone, two persons."""
    cast, trc = stage.cast, stage.trc
    father, son = cast.persons["petrov-father"], cast.persons["petrov-son"]
    home = cast.address("petrov-home", "ул. Лозова 7", "Хасково", "bg")
    trc.address(home)
    for person in (father, son):
        trc.resides(person, home, date(2019, 5, 1))
        trc.phone(cast.phones["petrov"], person)


def _controls(stage: Stage) -> None:
    cast, trc = stage.cast, stage.trc
    found = (
        ("control-van", "проверка на микробус", "Микробус с работници, документите са редовни", "driver", "contact"),
        ("control-goods", "недекларирана стока", "Недекларирани цигари", "driver-two", "suspect"),
        ("control-truck", "проверка на товар", "Товарът отговаря на документите", "trucker-2", "contact"),
    )
    for key, kind, text, who, capacity in found:
        day = stage.between(_FIRST_DAY, _LAST_DAY)
        control = cast.incident(key, kind, day, text)
        trc.control(control)
        trc.involved(control, cast.persons[who], capacity)


def _reads(stage: Stage) -> None:
    cast, trc = stage.cast, stage.trc
    cameras = [
        cast.address("camera-east", "магистрала А4, км 5", "Свиленград", "bg"),
        cast.address("camera-west", "магистрала А6, км 48", "Калотина", "bg"),
    ]
    for camera in cameras:
        trc.address(camera)
    for key in ("van-1", "van-2", "van-3", "truck-1", "truck-4", f"truck-{stage.size.trucks}")[
        : 2 + stage.size.calls * 2
    ]:
        day = stage.between(_FIRST_DAY, _LAST_DAY - timedelta(days=2))
        for camera in cameras:
            trc.read(cast.vehicles[key], camera, stage.at(day))
    if stage.size.players:
        _misread(stage, cameras[0], cast.vehicle("football-van", "nl", "Renault Trafic"))


def _misread(stage: Stage, camera: Address, van: Vehicle) -> None:
    """An officer stops the driver and takes down a wrong plate: the football team's."""
    stage.trc.read(van, camera, stage.at(MISREAD_DAY), stage.cast.persons["driver"])
