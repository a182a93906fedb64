"""Act three, in the Low Countries: lodgings, greenhouses, raids, and a man called Nico."""

from datetime import date, timedelta

from workbench.scenario.acts.casting import NAME_ONLY
from workbench.scenario.saying import PRIVILEGED
from workbench.scenario.stage import Stage
from workbench.scenario.world import Person

_FIRST_DAY = date(2026, 1, 3)
_LAST_DAY = date(2026, 4, 29)
CASE = "NK-2026-0417"
_CREW = ("manager", "foreman", "guard", "driver", "cashier")
# Nobody calls the broker where the desk can hear it: else his number, which the Rif police has
# too, would make him a bridge before Kition says who he is.
_CALLS = (
    ("manager", "assistant"),
    ("manager", "foreman"),
    ("manager", "bookkeeper"),
    ("manager", "assistant"),
    ("manager", "bookkeeper"),
    ("foreman", "guard"),
    ("foreman", "supervisor-2"),
    ("guard", "supervisor-3"),
)


def lodge(stage: Stage) -> None:
    """Play the act for Noordkust."""
    _people(stage)
    _phones(stage)
    _accounts(stage)
    _places(stage)
    _vehicles(stage)
    _incidents(stage)
    _calls(stage)
    _plates(stage)


def _extras(stage: Stage) -> list[Person]:
    cast = stage.cast
    found = cast.some("assistant", "bookkeeper", "supplier", "dispatcher")
    return [*found, *(each for group in ("supervisor", "contact", "housemate", "player") for each in cast.group(group))]


def _people(stage: Stage) -> None:
    cast, nkp = stage.cast, stage.nkp
    nkp.nickname(cast.persons["broker"], "Nico", "C3")
    for person in cast.some(*_CREW):
        nkp.person(person, name_only=person.key in NAME_ONLY)
    for person in cast.some("driver-two", "driver-three", "brother"):
        nkp.person(person, name_only=True, grade="C3")
    for person in [*cast.group("victim"), *_extras(stage), *cast.group("lawyer")]:
        nkp.person(person, name_only=person.key in NAME_ONLY)
    for person in cast.some("officer-1", "officer-2"):
        nkp.person(person)


def _phones(stage: Stage) -> None:
    """Every number in the desk's call records, with the holders that it knows."""
    cast, nkp = stage.cast, stage.nkp
    for key in ("driver", "cashier", "manager", "foreman", "guard"):
        cast.phone(key, "bg" if key in ("driver", "cashier") else "nl")
    for person in [*_extras(stage), *cast.group("lawyer"), *cast.group("victim")[: stage.size.victim_phones]]:
        cast.phone(person.key, "nl")
    cast.phone("recruiter-new", "nl")
    for key, phone in cast.phones.items():
        holder = cast.persons.get(key)
        known = holder if holder and nkp.knows(holder) and key != "brother" else None
        nkp.phone(phone, known, stage.between(date(2025, 6, 1), date(2025, 12, 31)))


def _accounts(stage: Stage) -> None:
    cast, nkp = stage.cast, stage.nkp
    nkp.account(cast.account("broker", "cy"), cast.persons["broker"])
    for person in cast.some("manager", "bookkeeper") if stage.size.bystanders else ():
        nkp.account(cast.account(person.key, "nl"), person)


def _places(stage: Stage) -> None:
    cast, nkp = stage.cast, stage.nkp
    firm = cast.company("lettings", "Zilte Kamers Verhuur B.V.", "nl")
    nkp.company(firm)
    nkp.directs(cast.persons["manager"], firm, date(2024, 3, 1))
    for person in cast.some("bookkeeper"):
        nkp.works(person, firm, date(2024, 4, 1))
    _lodgings(stage)
    _homes(stage)
    _greenhouses(stage)
    if stage.size.callers:
        taxi = cast.company("taxi", "Schorre Taxi B.V.", "nl")
        nkp.company(taxi)
        nkp.works(cast.persons["dispatcher"], taxi, date(2021, 9, 1))


def _lodgings(stage: Stage) -> None:
    cast, nkp, many = stage.cast, stage.nkp, stage.size.lodgings
    victims = cast.group("victim")
    for number in range(1, many + 1):
        place = cast.address(f"lodging-{number}", f"Zeekraalweg {number * 4 + 1}", "Noordkust", "nl")
        nkp.address(place)
        nkp.resides(cast.companies["lettings"], place, "verhuurder", date(2025, 3, 1))
        for victim in victims[number - 1 :: many]:
            nkp.resides(victim, place, "logies", stage.between(date(2026, 1, 6), date(2026, 2, 1)))
    nkp.resides(cast.persons["guard"], cast.addresses[f"lodging-{min(2, many)}"], "logies", date(2025, 11, 1))


def _homes(stage: Stage) -> None:
    cast, nkp = stage.cast, stage.nkp
    homes: list[tuple[str, ...]] = [("manager",), ("foreman",), ("supervisor-1", "housemate-1")]
    homes += [("supervisor-2",), ("bookkeeper",), ("supplier",), ("dispatcher",), ("contact-1",)]
    streets = (
        "Lamsoorlaan",
        "Duinroos",
        "Kweldergras",
        "Helmweg",
        "Strandkruid",
        "Gorsstraat",
        "Slikpad",
        "Schorrehof",
    )
    for number, (people, street) in enumerate(zip(homes, streets, strict=True), 1):
        living = [cast.persons[key] for key in people if key in cast.persons]
        if len(living) < len(people) or (len(living) == 1 and not stage.size.bystanders):
            continue
        home = cast.address(f"home-{number}", f"{street} {stage.cast.rng.randrange(1, 90)}", "Noordkust", "nl")
        nkp.address(home)
        for person in living:
            nkp.resides(person, home, "woning", date(2020 + number % 5, 2, 1))


def _greenhouses(stage: Stage) -> None:
    cast, nkp = stage.cast, stage.nkp
    names = ("Kwekerij De Zoute Tomaat B.V.", "Glastuin Morgenrood B.V.", "Paprikahof Noord B.V.")
    for number in range(1, stage.size.greenhouses + 1):
        firm = cast.company(f"greenhouse-{number}", names[number - 1], "nl")
        site = cast.address(f"site-{number}", f"Kassenpad {number * 10}", "Noordkust", "nl")
        nkp.company(firm)
        nkp.address(site)
        nkp.resides(firm, site, "bedrijf", date(2018, 1, 1))
        for person in cast.some(f"supervisor-{number}"):
            nkp.works(person, firm, date(2023, 5, 1))
        for victim in cast.group("victim")[number - 1 :: 3][:2]:
            nkp.works(victim, firm, date(2026, 1, 12))


def _vehicles(stage: Stage) -> None:
    cast, nkp = stage.cast, stage.nkp
    for number in range(1, stage.size.vans + 1):
        nkp.vehicle(cast.vehicles[f"van-{number}"])
    nkp.uses(cast.persons["cashier"], cast.vehicles["van-1"], date(2026, 3, 26))
    if stage.size.bystanders:
        for key in ("manager", "foreman", "bookkeeper"):
            nkp.vehicle(cast.vehicle(f"{key}-car", "nl", "Volkswagen Golf"))
            nkp.uses(cast.persons[key], cast.vehicles[f"{key}-car"], stage.between(_FIRST_DAY, _LAST_DAY))
        for key in ("greenhouse-truck-1", "greenhouse-truck-2", "taxi-1", "taxi-2"):
            nkp.vehicle(cast.vehicle(key, "nl", "Mercedes-Benz"))
        for key in ("dispatcher", "housemate-2"):
            if key in cast.persons:
                nkp.uses(cast.persons[key], cast.vehicles["taxi-1"], stage.between(_FIRST_DAY, _LAST_DAY))
    if stage.size.players:
        nkp.vehicle(cast.vehicles["football-van"])
        for player in cast.group("player"):
            nkp.uses(player, cast.vehicles["football-van"], stage.between(_FIRST_DAY, _LAST_DAY))


def _raids(stage: Stage) -> None:
    """Raids of the lodgings, after which everybody who lodged there is known as a victim."""
    raids = (("foreman", "officer-1", "lawyer-1"), ("guard", "officer-2", ""), ("manager", "officer-1", "lawyer-2"))
    many = min(len(raids), stage.size.incidents)
    lodgers = [
        (number % stage.size.lodgings % many, victim) for number, victim in enumerate(stage.cast.group("victim"))
    ]
    for raid, (suspect, officer, lawyer) in enumerate(raids[:many]):
        people = [(suspect, "suspect"), (officer, "officer"), (lawyer, "lawyer")]
        people += [(victim.key, "victim") for number, victim in lodgers if number == raid]
        _incident(stage, "inval", "Inval in logies aan de Zeekraalweg", people)


def _incidents(stage: Stage) -> None:
    _raids(stage)
    single = (
        ("controle", "Bestelbus gecontroleerd", "cashier"),
        ("controle", "Chauffeur noemt zijn naam", "driver-two"),
        ("controle", "Chauffeur toont geen papieren", "driver-three"),
        ("melding", "Broer meldt zich aan de balie", "brother"),
        ("melding", "Geluidsoverlast", "housemate-1"),
        ("melding", "Bal door een ruit", "player-03"),
        ("aangifte", "Diefstal uit een taxi", "dispatcher"),
        ("aangifte", "Brand in een loods", "supplier"),
        ("controle", "Controle op de weg", "contact-2"),
    )
    for kind, text, who in single[: max(0, stage.size.incidents - 3)]:
        if who in stage.cast.persons:
            _incident(stage, kind, text, [(who, "contact")])
    text = "Overboekingen van Brackfern naar Saltquill, maart 2026"
    case = stage.cast.incident("nkp-investigation", "onderzoek", date(2026, 3, 30), text, CASE)
    stage.nkp.incident(case)
    stage.nkp.involved(case, stage.cast.persons["broker"], "suspect")


def _incident(stage: Stage, kind: str, text: str, people: list[tuple[str, str]]) -> None:
    number = sum(key.startswith("nkp-") for key in stage.cast.incidents) + 1
    incident = stage.cast.incident(f"nkp-{number}", kind, stage.between(_FIRST_DAY, _LAST_DAY), text)
    stage.nkp.incident(incident)
    for key, capacity in people:
        for person in stage.cast.some(key):
            stage.nkp.involved(incident, person, capacity)


def _calls(stage: Stage) -> None:
    cast, nkp = stage.cast, stage.nkp
    pairs = [*_CALLS, *((who, f"contact-{n}") for who in ("driver", "cashier") for n in (1, 2, 3))]
    pairs += [(victim.key, "foreman") for victim in cast.group("victim")[: stage.size.victim_phones]]
    if stage.size.bystanders:
        pairs += [("bookkeeper", "supplier"), ("supervisor-1", "housemate-2")]
    days = [(stage.at(stage.between(_FIRST_DAY, _LAST_DAY)), a, b) for a, b in pairs for _ in range(stage.size.calls)]
    for when, a, b in sorted(days):
        if a in cast.phones and b in cast.phones:
            nkp.call(cast.phones[a], cast.phones[b], when, stage.seconds())
    for lawyer, client in (("lawyer-1", "foreman"), ("lawyer-2", "manager")):
        for _ in range(stage.size.calls * 2 if lawyer in cast.phones else 0):
            when = stage.at(stage.between(date(2026, 3, 1), _LAST_DAY))
            nkp.call(cast.phones[client], cast.phones[lawyer], when, stage.seconds(), PRIVILEGED)


def _plates(stage: Stage) -> None:
    """Camera reads; never of the football van, which no camera ties to anybody."""
    cast, nkp = stage.cast, stage.nkp
    seen = ("van-1", "van-2", "van-3", "greenhouse-truck-1", "greenhouse-truck-2", "taxi-1", "taxi-2")
    for number, street in enumerate(("Rijksweg 94 bij km 12", "Zeedijk bij de sluis")[: stage.size.cameras], 1):
        camera = cast.address(f"camera-{number}", street, "Noordkust", "nl")
        nkp.address(camera)
        for vehicle in [cast.vehicles[key] for key in seen if key in cast.vehicles][: 7 // number]:
            nkp.read(vehicle, camera, stage.at(stage.between(_FIRST_DAY, _LAST_DAY - timedelta(days=1))))
