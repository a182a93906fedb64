"""Noordkust Police, exploitation desk (NKP): Dutch columns, Latin script, Admiralty grades."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import ClassVar

from workbench.scenario.offices.office import (
    Office,
    Sheet,
    company_claim,
    one_line,
    passport_claim,
    phone_source,
)
from workbench.scenario.saying import ALL, PRIVILEGED, PROTECTED, Saying
from workbench.scenario.world import Account, Address, Company, Incident, Person, Phone, Thing, Vehicle

_ROLES = {
    "suspect": "verdachte",
    "victim": "slachtoffer",
    "contact": "contact",
    "officer": "behandelaar",
    "lawyer": "advocaat",
}
_CODES = {ALL: "DEELBAAR", PRIVILEGED: "VERSCHONING", PROTECTED: "BRON"}


class Noordkust(Office):
    """Persons, lodging, plates, calls and reports of the Dutch coast."""

    code = "NKP"
    day_format = "%d-%m-%Y"
    prefixes: ClassVar[Mapping[type, str]] = {Person: "P", Company: "B", Address: "A", Incident: "I"}
    sheets = (
        Sheet("persons.csv", "persoon soort naam geboren geslacht nationaliteit paspoort paspoort_land beoordeling"),
        Sheet("phones.csv", "nummer houder sinds beoordeling"),
        Sheet("accounts.csv", "iban houder sinds"),
        Sheet("addresses.csv", "adres volledig plaats land"),
        Sheet("residences.csv", "bewoner adres soort sinds"),
        Sheet("companies.csv", "bedrijf naam kvk land"),
        Sheet("positions.csv", "persoon bedrijf functie sinds"),
        Sheet("vehicles.csv", "kenteken land merk"),
        Sheet("vehicle_use.csv", "kenteken persoon datum"),
        Sheet("plate_reads.csv", "kenteken camera tijd"),
        Sheet("incidents.csv", "incident soort datum omschrijving zaaknummer"),
        Sheet("involved.csv", "incident persoon rol beoordeling"),
        Sheet("calls.csv", "beller gebelde tijd duur code"),
        Sheet("reports.csv", "rapport datum titel tekst bron beschermd betreft code beoordeling"),
    )

    def person(self, who: Person, *, nick: str = "", name_only: bool = False, grade: str = "B2") -> None:
        """A person, or an officer; by name only where no more is known."""
        source, schema = self._numbered(who), "Officer" if who.part == "officer" else "Person"
        kind = "politie" if who.part == "officer" else "burger"
        bare = name_only or who.part == "officer"
        known = () if bare else (self._day(who.born), who.sex, who.country.upper(), who.passport, who.country.upper())
        cells = known or ("", "", "", "", "")
        line = self._row("persons.csv", source, kind, nick or who.name.latin, *cells, grade)
        claims = () if bare else passport_claim(who)
        self._entity(who, Saying(self.code, "persons.csv", line, schema, source=source, claims=claims, grade=grade))

    def nickname(self, who: Person, nick: str, grade: str) -> None:
        """Somebody of whom only a nickname is known."""
        self.person(who, nick=nick, name_only=True, grade=grade)

    def phone(self, phone: Phone, holder: Person | None = None, since: date = date(2026, 1, 1)) -> None:
        """A number and who holds it, as far as the desk knows."""
        held = self.ref(holder) if holder else ""
        line = self._row("phones.csv", self._dialled(phone), held, self._day(since) if held else "", "B2")
        source = phone_source(phone)
        self._entity(
            phone, Saying(self.code, "phones.csv", line, "Phone", source=source, claims=(source,), number=phone.number)
        )
        if held:
            self._say(
                Saying(self.code, "phones.csv", line, "Holding", roles=(("holder", held), ("held", source)), grade="B2")
            )

    def account(self, account: Account, holder: Person) -> None:
        """An account and its holder."""
        held, since = self.ref(holder), date(2026, 1, 5)
        line = self._row("accounts.csv", account.iban, held, self._day(since))
        source = f"iban:{account.iban}"
        self._entity(account, Saying(self.code, "accounts.csv", line, "BankAccount", source=source, claims=(source,)))
        self._say(
            Saying(self.code, "accounts.csv", line, "Holding", roles=(("holder", held), ("held", source)), grade="B2")
        )

    def address(self, address: Address) -> None:
        """An address."""
        source = self._numbered(address)
        line = self._row("addresses.csv", source, one_line(address), address.city, address.country.upper())
        self._entity(address, Saying(self.code, "addresses.csv", line, "Address", source=source))

    def resides(self, resident: Person | Company, address: Address, kind: str, since: date) -> None:
        """Someone lives or lodges at an address, or a firm lets it."""
        a, b = self.ref(resident), self.ref(address)
        line = self._row("residences.csv", a, b, kind, self._day(since))
        roles = (("resident", a), ("place", b))
        self._say(Saying(self.code, "residences.csv", line, "Residence", roles=roles, day=since.isoformat()))

    def company(self, company: Company) -> None:
        """A company and its number in the register."""
        source = self._numbered(company)
        line = self._row("companies.csv", source, company.name, company.number, company.country.upper())
        said = Saying(self.code, "companies.csv", line, "Company", source=source, claims=company_claim(company))
        self._entity(company, said)

    def directs(self, who: Person, company: Company, since: date) -> None:
        """A person directs a company."""
        self._position(who, company, "bestuurder", since, "Directorship", "director", "organization")

    def works(self, who: Person, company: Company, since: date) -> None:
        """A person works for a company."""
        self._position(who, company, "werknemer", since, "Employment", "employee", "employer")

    def _position(self, who: Person, company: Company, kind: str, since: date, schema: str, role: str, of: str) -> None:
        a, b = self.ref(who), self.ref(company)
        line = self._row("positions.csv", a, b, kind, self._day(since))
        self._say(Saying(self.code, "positions.csv", line, schema, roles=((role, a), (of, b)), day=since.isoformat()))

    def vehicle(self, vehicle: Vehicle) -> None:
        """A vehicle by its plate."""
        line = self._row("vehicles.csv", vehicle.plate, vehicle.country.upper(), vehicle.model)
        source, claims = f"plate:{vehicle.plate}", (f"plate {vehicle.country} {vehicle.plate}",)
        self._entity(vehicle, Saying(self.code, "vehicles.csv", line, "Vehicle", source=source, claims=claims))

    def uses(self, who: Person, vehicle: Vehicle, day: date) -> None:
        """A person was found to use a vehicle."""
        a, b = self.ref(who), self.ref(vehicle)
        line = self._row("vehicle_use.csv", vehicle.plate, a, self._day(day))
        self._say(
            Saying(
                self.code, "vehicle_use.csv", line, "Holding", roles=(("holder", a), ("held", b)), day=day.isoformat()
            )
        )

    def read(self, vehicle: Vehicle, camera: Address, when: datetime) -> None:
        """A camera read a plate."""
        a, b = self.ref(vehicle), self.ref(camera)
        line = self._row("plate_reads.csv", vehicle.plate, b, self._time(when))
        roles = (("observed", a), ("place", b))
        self._say(Saying(self.code, "plate_reads.csv", line, "Observation", roles=roles, day=when.date().isoformat()))

    def incident(self, incident: Incident) -> None:
        """An incident; an investigation where it has a case number."""
        source = self._numbered(incident)
        cells = (incident.kind, self._day(incident.day), incident.text, incident.case)
        line = self._row("incidents.csv", source, *cells)
        schema = "Investigation" if incident.case else "Incident"
        said = Saying(self.code, "incidents.csv", line, schema, source=source, day=incident.day.isoformat())
        self._entity(incident, said)

    def involved(self, incident: Incident, who: Person, capacity: str) -> None:
        """In which capacity someone is part of an incident."""
        a, b = self.ref(who), self.ref(incident)
        line = self._row("involved.csv", b, a, _ROLES[capacity], "B2")
        roles = (("involved", a), ("event", b))
        self._say(Saying(self.code, "involved.csv", line, "Involvement", roles=roles, capacity=capacity, grade="B2"))

    def call(self, caller: Phone, receiver: Phone, when: datetime, seconds: int, marking: str = ALL) -> None:
        """One number called another."""
        cells = (self._dialled(caller), self._dialled(receiver), self._time(when), str(seconds), _CODES[marking])
        line = self._row("calls.csv", *cells)
        roles = (("caller", self.ref(caller)), ("receiver", self.ref(receiver)))
        self._say(
            Saying(
                self.code,
                "calls.csv",
                line,
                "Call",
                roles=roles,
                day=when.date().isoformat(),
                marking=marking,
                grade="A1",
            )
        )

    def report(self, number: int, day: date, title: str, text: str, source: str, about: Iterable[Thing]) -> None:
        """A report; one from a source of ours is protected."""
        ident, refs = f"R{number:03d}", [self.ref(thing) for thing in about]
        protected = source.startswith("BRON")
        marking = PROTECTED if protected else ALL
        cells = (title, text, source, "ja" if protected else "nee", "|".join(refs), _CODES[marking])
        line = self._row("reports.csv", ident, self._day(day), *cells, "C3" if protected else "B2")
        roles = tuple(("mentions", ref) for ref in refs)
        said = Saying(
            self.code, "reports.csv", line, "Report", source=ident, roles=roles, marking=marking, day=day.isoformat()
        )
        self.listener.described(self.code, ident, f"report-{number:02d}", "reports")
        self._say(said)

    def _dialled(self, phone: Phone) -> str:
        """A number as a Dutch file has it: national where it can be."""
        number = phone.number
        return f"0{number[3:]}" if number.startswith("+31") else number
