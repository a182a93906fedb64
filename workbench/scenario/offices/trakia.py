"""Trakia Customs (TRC): Bulgarian columns, windows-1251 with semicolons, 4x4 grades."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar

from workbench.scenario.numbers import cyrillic_plate
from workbench.scenario.offices.office import (
    Office,
    Opener,
    Sheet,
    company_claim,
    one_line,
    passport_claim,
    phone_source,
)
from workbench.scenario.saying import Listener, Saying
from workbench.scenario.world import Address, Company, Incident, Person, Phone, Vehicle

_ROLES = {"suspect": "заподозрян", "contact": "проверен"}
PLATE_READS = "plate_reads.csv"  # the file that is delivered again, whole


class Trakia(Office):
    """Crossings, vehicles, passports and plate reads of a Bulgarian border."""

    code = "TRC"
    delimiter = ";"
    day_format = "%d.%m.%Y"
    prefixes: ClassVar[Mapping[type, str]] = {Person: "L", Company: "F", Address: "M", Incident: "K"}
    sheets = (
        Sheet("persons.csv", "лице име роден гражданство паспорт издаден_от оценка"),
        Sheet("phones.csv", "телефон лице"),
        Sheet("addresses.csv", "място пълен_адрес град държава"),
        Sheet("residences.csv", "лице място от_дата"),
        Sheet("companies.csv", "фирма име булстат държава"),
        Sheet("vehicles.csv", "табела държава марка собственик"),
        Sheet("crossings.csv", "номер лице табела посока пункт време оценка"),
        Sheet(PLATE_READS, "табела държава място време водач"),
        Sheet("controls.csv", "проверка вид дата описание"),
        Sheet("involved.csv", "проверка лице качество"),
    )

    def __init__(self, opener: Opener, listener: Listener) -> None:
        super().__init__(opener, listener)
        self._crossings = 0
        self._read: set[str] = set()

    def person(self, who: Person, *, name_only: bool = False) -> None:
        """A traveller with his passport, or by name only."""
        source = self._numbered(who)
        country = who.country.upper()
        cells = ("", "", "", "") if name_only else (self._day(who.born), country, who.passport, country)
        line = self._row("persons.csv", source, who.name.cyrillic, *cells, "A2")
        claims = () if name_only else passport_claim(who)
        self._entity(who, Saying(self.code, "persons.csv", line, "Person", source=source, claims=claims, grade="A2"))

    def phone(self, phone: Phone, holder: Person) -> None:
        """A number that a traveller gave."""
        held, source = self.ref(holder), phone_source(phone)
        line = self._row("phones.csv", phone.number, held)
        if not self.knows(phone):
            said = Saying(self.code, "phones.csv", line, "Phone", source=source, claims=(source,), number=phone.number)
            self._entity(phone, said)
        self._say(Saying(self.code, "phones.csv", line, "Holding", roles=(("holder", held), ("held", source))))

    def address(self, address: Address) -> None:
        """An address or a camera's place."""
        source = self._numbered(address)
        line = self._row("addresses.csv", source, one_line(address), address.city, address.country.upper())
        self._entity(address, Saying(self.code, "addresses.csv", line, "Address", source=source))

    def resides(self, who: Person, address: Address, since: date) -> None:
        """A traveller's home."""
        a, b = self.ref(who), self.ref(address)
        line = self._row("residences.csv", a, b, self._day(since))
        roles = (("resident", a), ("place", b))
        self._say(Saying(self.code, "residences.csv", line, "Residence", roles=roles, day=since.isoformat()))

    def company(self, company: Company) -> None:
        """A haulier."""
        source = self._numbered(company)
        line = self._row("companies.csv", source, company.name, company.number, company.country.upper())
        said = Saying(self.code, "companies.csv", line, "Company", source=source, claims=company_claim(company))
        self._entity(company, said)

    def vehicle(self, vehicle: Vehicle, owner: Company | None = None) -> None:
        """A vehicle, and the firm that owns it."""
        plate, owned = self._plate(vehicle), self.ref(owner) if owner else ""
        line = self._row("vehicles.csv", plate, vehicle.country.upper(), vehicle.model, owned)
        source, claims = f"plate:{plate}", (f"plate {vehicle.country} {vehicle.plate}",)
        self._entity(vehicle, Saying(self.code, "vehicles.csv", line, "Vehicle", source=source, claims=claims))
        if owned:
            self._say(Saying(self.code, "vehicles.csv", line, "Ownership", roles=(("owner", owned), ("asset", source))))

    def crossing(self, who: Person, vehicle: Vehicle, post: str, when: datetime) -> None:
        """A traveller crossed the border in a vehicle."""
        self._crossings += 1
        a, b = self.ref(who), self.ref(vehicle)
        cells = (f"X{self._crossings:06d}", a, self._plate(vehicle), "вход", post, self._time(when), "A1")
        line = self._row("crossings.csv", *cells)
        roles = (("traveller", a), ("vehicle", b))
        self._say(
            Saying(self.code, "crossings.csv", line, "Crossing", roles=roles, day=when.date().isoformat(), grade="A1")
        )

    def read(self, vehicle: Vehicle, place: Address, when: datetime, driver: Person | None = None) -> None:
        """A plate was read somewhere, by an officer who knew the driver or by a camera."""
        plate, b = self._plate(vehicle), self.ref(place)
        source, seen = f"plate:{plate}", self.ref(driver) if driver else ""
        line = self._row(PLATE_READS, plate, vehicle.country.upper(), b, self._time(when), seen)
        if source not in self._read:
            self._read.add(source)
            claims = (f"plate {vehicle.country} {vehicle.plate}",)
            self._entity(vehicle, Saying(self.code, PLATE_READS, line, "Vehicle", source=source, claims=claims))
        day = when.date().isoformat()
        self._say(
            Saying(self.code, PLATE_READS, line, "Observation", roles=(("observed", source), ("place", b)), day=day)
        )
        if seen:
            self._say(
                Saying(
                    self.code,
                    PLATE_READS,
                    line,
                    "Observation",
                    roles=(("observed", source), ("companion", seen)),
                    day=day,
                )
            )

    def control(self, incident: Incident) -> None:
        """A control at the roadside."""
        source = self._numbered(incident)
        line = self._row("controls.csv", source, incident.kind, self._day(incident.day), incident.text)
        said = Saying(self.code, "controls.csv", line, "Incident", source=source, day=incident.day.isoformat())
        self._entity(incident, said)

    def involved(self, incident: Incident, who: Person, capacity: str) -> None:
        """Who was controlled, and in which capacity."""
        a, b = self.ref(who), self.ref(incident)
        line = self._row("involved.csv", b, a, _ROLES[capacity])
        self._say(
            Saying(
                self.code, "involved.csv", line, "Involvement", roles=(("involved", a), ("event", b)), capacity=capacity
            )
        )

    def _plate(self, vehicle: Vehicle) -> str:
        return cyrillic_plate(vehicle.plate) if vehicle.country == "bg" else vehicle.plate
