"""Kition FIU (KFIU): Greek columns and names, 4x4 grades, some records only with its consent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from workbench.scenario.offices.office import Office, Sheet, company_claim, one_line, passport_claim, phone_source
from workbench.scenario.saying import ALL, PROVIDER_ONLY, Saying
from workbench.scenario.world import Account, Address, Company, Incident, Person, Phone

_ROLES = {"suspect": "ύποπτος", "contact": "αναφερόμενος", "officer": "χειριστής"}
_CODES = {ALL: "ΚΟΙΝΟ", PROVIDER_ONLY: "ΔΕΣΜ"}


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that moved: ends are accounts, a payer without one, or cash at a place."""

    day: date
    amount: float
    kind: str
    payer: Person | None = None
    source: Account | None = None
    target: Account | None = None
    beneficiary: Person | None = None
    place: Address | None = None
    grade: str = "A1"


class Kition(Office):
    """Suspicious transactions, accounts, transfers and the company register of Cyprus."""

    code = "KFIU"
    day_format = "%d/%m/%Y"
    prefixes: ClassVar[Mapping[type, str]] = {Person: "F", Company: "N", Address: "D", Incident: "S"}
    sheets = (
        Sheet("persons.csv", "πρόσωπο ιδιότητα όνομα γέννηση υπηκοότητα διαβατήριο χώρα_έκδοσης τηλέφωνο κοινοποίηση"),
        Sheet("companies.csv", "εταιρεία επωνυμία αρ_μητρώου χώρα"),
        Sheet("addresses.csv", "διεύθυνση πλήρης πόλη χώρα"),
        Sheet("seats.csv", "κάτοχος διεύθυνση από"),
        Sheet("directors.csv", "πρόσωπο εταιρεία από κοινοποίηση"),
        Sheet("accounts.csv", "iban δικαιούχος από κοινοποίηση"),
        Sheet(
            "transfers.csv",
            "συναλλαγή ημερομηνία ποσό νόμισμα είδος εντολέας από_λογαριασμό σε_λογαριασμό δικαιούχος τόπος "
            "βαθμός κοινοποίηση",
        ),
        Sheet("reports.csv", "αναφορά είδος ημερομηνία περιγραφή υπόθεση κοινοποίηση"),
        Sheet("parties.csv", "αναφορά μέρος ιδιότητα κοινοποίηση"),
    )
    transfers = 0

    def person(self, who: Person, *, name_only: bool = False, phone: Phone | None = None, marking: str = ALL) -> None:
        """A person with a passport, or by name only; an officer of the unit."""
        source, schema = self._numbered(who), "Officer" if who.part == "officer" else "Person"
        kind = "λειτουργός" if who.part == "officer" else "πρόσωπο"
        bare = name_only or who.part == "officer"
        country = who.country.upper()
        cells = ("", "", "", "") if bare else (self._day(who.born), country, who.passport, country)
        number = phone.number if phone else ""
        line = self._row("persons.csv", source, kind, who.name.greek, *cells, number, _CODES[marking])
        claims = () if bare else passport_claim(who)
        said = Saying(self.code, "persons.csv", line, schema, source=source, claims=claims, marking=marking)
        self._entity(who, said)
        if phone:
            self._phone(phone, source, line)

    def _phone(self, phone: Phone, holder: str, line: int) -> None:
        source = phone_source(phone)
        claims = (source,)
        said = Saying(self.code, "persons.csv", line, "Phone", source=source, claims=claims, number=phone.number)
        self._entity(phone, said)
        self._say(Saying(self.code, "persons.csv", line, "Holding", roles=(("holder", holder), ("held", source))))

    def company(self, company: Company) -> None:
        """A company of some country's register."""
        source = self._numbered(company)
        line = self._row("companies.csv", source, company.name, company.number, company.country.upper())
        claims = company_claim(company)
        self._entity(company, Saying(self.code, "companies.csv", line, "Company", source=source, claims=claims))

    def address(self, address: Address) -> None:
        """An address."""
        source = self._numbered(address)
        line = self._row("addresses.csv", source, one_line(address), address.city, address.country.upper())
        self._entity(address, Saying(self.code, "addresses.csv", line, "Address", source=source))

    def seat(self, holder: Person | Company, address: Address, since: date) -> None:
        """A company has its seat, or a person a registered address, at a place."""
        a, b = self.ref(holder), self.ref(address)
        line = self._row("seats.csv", a, b, self._day(since))
        roles = (("resident", a), ("place", b))
        self._say(Saying(self.code, "seats.csv", line, "Residence", roles=roles, day=since.isoformat()))

    def directs(self, who: Person, company: Company, since: date, marking: str = ALL) -> None:
        """A person directs a company."""
        a, b = self.ref(who), self.ref(company)
        line = self._row("directors.csv", a, b, self._day(since), _CODES[marking])
        roles, day = (("director", a), ("organization", b)), since.isoformat()
        self._say(Saying(self.code, "directors.csv", line, "Directorship", roles=roles, day=day, marking=marking))

    def account(self, account: Account, holder: Person | Company, since: date, marking: str = ALL) -> None:
        """An account and its holder."""
        held = self.ref(holder)
        line = self._row("accounts.csv", account.iban, held, self._day(since), _CODES[marking])
        source = f"iban:{account.iban}"
        said = Saying(self.code, "accounts.csv", line, "BankAccount", source=source, claims=(source,), marking=marking)
        self._entity(account, said)
        roles = (("holder", held), ("held", source))
        self._say(Saying(self.code, "accounts.csv", line, "Holding", roles=roles, marking=marking))

    def pay(self, paid: Payment, marking: str = ALL) -> str:
        """Money moved; its transaction number."""
        self.transfers += 1
        number = f"T{self.transfers:06d}"
        ends = {
            "payer": paid.payer,
            "payerAccount": paid.source,
            "beneficiaryAccount": paid.target,
            "beneficiary": paid.beneficiary,
            "location": paid.place,
        }
        refs = {role: self.ref(thing) if thing else "" for role, thing in ends.items()}
        iban = {role: ref.removeprefix("iban:") for role, ref in refs.items()}
        cells = (number, self._day(paid.day), f"{paid.amount:.2f}", "EUR", paid.kind, *iban.values())
        line = self._row("transfers.csv", *cells, paid.grade, _CODES[marking])
        self._say(
            Saying(
                self.code,
                "transfers.csv",
                line,
                "Transfer",
                roles=tuple((role, ref) for role, ref in refs.items() if ref),
                day=paid.day.isoformat(),
                marking=marking,
                amount=float(paid.amount),
                grade=paid.grade,
                number=number,
            )
        )
        return number

    def report(self, incident: Incident, marking: str = ALL) -> None:
        """A suspicious-transaction report; an investigation where it has a case number."""
        source = self._numbered(incident)
        cells = (incident.kind, self._day(incident.day), incident.text, incident.case, _CODES[marking])
        line = self._row("reports.csv", source, *cells)
        schema, day = "Investigation" if incident.case else "Incident", incident.day.isoformat()
        said = Saying(self.code, "reports.csv", line, schema, source=source, day=day, marking=marking)
        self._entity(incident, said)

    def party(self, incident: Incident, who: Person | Company, capacity: str, marking: str = ALL) -> None:
        """Whom a report names."""
        a, b = self.ref(who), self.ref(incident)
        line = self._row("parties.csv", b, a, _ROLES[capacity], _CODES[marking])
        roles = (("involved", a), ("event", b))
        said = Saying(self.code, "parties.csv", line, "Involvement", roles=roles, marking=marking, capacity=capacity)
        self._say(said)
