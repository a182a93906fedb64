"""Rif Judicial Police (RJP): French columns, names in Arabic and in French; no grades of its own."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar

from workbench.scenario.offices.office import Office, Sheet, company_claim, one_line, passport_claim, phone_source
from workbench.scenario.saying import Saying
from workbench.scenario.world import Address, Company, Incident, Person, Phone

_ROLES = {
    "suspect": "suspect",
    "victim": "victime",
    "witness": "temoin",
    "contact": "entendu",
    "officer": "enqueteur",
}


class Rif(Office):
    """Call records, the recruiter's file and passports of northern Morocco."""

    code = "RJP"
    day_format = "%d/%m/%Y"
    prefixes: ClassVar[Mapping[type, str]] = {Person: "M", Company: "E", Address: "V", Incident: "C"}
    sheets = (
        Sheet("persons.csv", "numero qualite nom_latin nom_arabe naissance sexe nationalite passeport pays_passeport"),
        Sheet("lines.csv", "ligne titulaire"),
        Sheet("addresses.csv", "lieu adresse ville pays"),
        Sheet("residences.csv", "personne lieu depuis"),
        Sheet("companies.csv", "societe nom registre pays"),
        Sheet("employees.csv", "personne societe depuis"),
        Sheet("cases.csv", "affaire nature date resume"),
        Sheet("parties.csv", "affaire personne qualite"),
        Sheet("calls.csv", "appelant appele date_heure duree"),
    )

    def person(self, who: Person, *, passport: bool = True, name_only: bool = False) -> None:
        """A person in both scripts, with or without a passport, or by name only; an officer."""
        source, schema = self._numbered(who), "Officer" if who.part == "officer" else "Person"
        kind = "enqueteur" if who.part == "officer" else "personne"
        sex = "masculin" if who.sex == "male" else "féminin"
        country = who.country.upper()
        known = ("", "", "") if name_only or who.part == "officer" else (self._day(who.born), sex, country)
        issued = (who.passport, country) if passport and who.part != "officer" else ("", "")
        line = self._row("persons.csv", source, kind, who.name.french, who.name.arabic, *known, *issued)
        claims = passport_claim(who) if issued[0] else ()
        said = Saying(self.code, "persons.csv", line, schema, source=source, claims=claims, grade="X4")
        self._entity(who, said)

    def line(self, phone: Phone, holder: Person | Company | None = None) -> None:
        """A line, and who holds it, where the operator knows."""
        held, source = self.ref(holder) if holder else "", phone_source(phone)
        line = self._row("lines.csv", phone.number, held)
        said = Saying(self.code, "lines.csv", line, "Phone", source=source, claims=(source,), number=phone.number)
        self._entity(phone, said)
        if held:
            roles = (("holder", held), ("held", source))
            self._say(Saying(self.code, "lines.csv", line, "Holding", roles=roles, grade="X4"))

    def address(self, address: Address) -> None:
        """An address."""
        source = self._numbered(address)
        line = self._row("addresses.csv", source, one_line(address), address.city, address.country.upper())
        self._entity(address, Saying(self.code, "addresses.csv", line, "Address", source=source))

    def resides(self, who: Person, address: Address, since: date) -> None:
        """Someone lives at an address."""
        a, b = self.ref(who), self.ref(address)
        line = self._row("residences.csv", a, b, self._day(since))
        roles, day = (("resident", a), ("place", b)), since.isoformat()
        self._say(Saying(self.code, "residences.csv", line, "Residence", roles=roles, day=day))

    def company(self, company: Company) -> None:
        """A company."""
        source = self._numbered(company)
        line = self._row("companies.csv", source, company.name, company.number, company.country.upper())
        claims = company_claim(company)
        self._entity(company, Saying(self.code, "companies.csv", line, "Company", source=source, claims=claims))

    def works(self, who: Person, company: Company, since: date) -> None:
        """A person works for a company."""
        a, b = self.ref(who), self.ref(company)
        line = self._row("employees.csv", a, b, self._day(since))
        roles, day = (("employee", a), ("employer", b)), since.isoformat()
        self._say(Saying(self.code, "employees.csv", line, "Employment", roles=roles, day=day))

    def case(self, incident: Incident) -> None:
        """A case or complaint."""
        source = self._numbered(incident)
        line = self._row("cases.csv", source, incident.kind, self._day(incident.day), incident.text)
        day = incident.day.isoformat()
        self._entity(incident, Saying(self.code, "cases.csv", line, "Incident", source=source, day=day))

    def party(self, incident: Incident, who: Person, capacity: str) -> None:
        """In which capacity someone is part of a case."""
        a, b = self.ref(who), self.ref(incident)
        line = self._row("parties.csv", b, a, _ROLES[capacity])
        roles = (("involved", a), ("event", b))
        self._say(Saying(self.code, "parties.csv", line, "Involvement", roles=roles, capacity=capacity))

    def call(self, caller: Phone, receiver: Phone, when: datetime, seconds: int) -> None:
        """One line called another."""
        line = self._row("calls.csv", caller.number, receiver.number, self._time(when), str(seconds))
        roles, day = (("caller", self.ref(caller)), ("receiver", self.ref(receiver))), when.date().isoformat()
        self._say(Saying(self.code, "calls.csv", line, "Call", roles=roles, day=day, grade="X4"))
