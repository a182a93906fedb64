"""Reads the four agencies' files with `csv` alone, by what a human reads in their columns.

It imports nothing of the workbench: it is what the truth is held against.
"""

import csv
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

Row = dict[str, str]


@dataclass
class Tied:
    """A row that ties: who fills which role, and what else it says."""

    agency: str
    file: str
    line: int
    schema: str
    roles: dict[str, str]
    day: str = ""
    code: str = ""
    capacity: str = ""
    amount: float = 0.0
    grade: str = ""
    number: str = ""


@dataclass
class Known:
    """A row that describes: an entity, and the numbers by which it can be known elsewhere."""

    agency: str
    file: str
    line: int
    schema: str
    id: str
    number: str = ""
    code: str = ""
    born: str = ""
    roles: dict[str, str] = field(default_factory=dict)


Told = Known | Tied
Made = tuple[type[Known] | type[Tied], str, dict[str, Any]]
Reader = Callable[[Row], Iterator[Made]]
READERS: dict[tuple[str, str], Reader] = {}


def reads(agency: str, base: str) -> Callable[[Reader], Reader]:
    """Names the file that a function reads the rows of."""

    def register(reader: Reader) -> Reader:
        READERS[agency, base] = reader
        return reader

    return register


def read_case(folder: Path) -> list[Told]:
    """All that the files say after all loads, in their order: the correction takes the place of what it corrects."""
    loads = tomllib.loads((folder / "loads.toml").read_text("utf-8"))["loads"]
    files = {path: load for load in sorted(loads, key=lambda load: load["delivered"]) for path in load["files"]}
    corrected = {path for path in files if "_2026-" in path}
    replaced = {path.replace(path[path.index("_2026-") : -4], "") for path in corrected}
    return [told for path in files if path not in replaced for told in read_file(folder, path, files[path]["manifest"])]


def read_file(folder: Path, path: str, manifest: str) -> list[Told]:
    """What one file says; encoding and delimiter as its manifest declares them."""
    agency, name = path.split("/")
    base = name.partition("_2026-")[0].removesuffix(".csv")
    specs = tomllib.loads((folder / manifest).read_text("utf-8"))["files"]
    spec = next(each for each in specs if each["pattern"] == f"{base}*.csv")
    found: list[Told] = []
    with (folder / path).open(encoding=spec.get("encoding", "utf-8"), newline="") as file:
        rows = csv.DictReader(file, delimiter=spec.get("delimiter", ","))
        for row in rows:
            for made, schema, more in READERS[agency, base](row):
                found.append(made(agency, name, rows.line_num, schema, **more))
    return found


def _describes(schema: str, ident: str, number: str = "", code: str = "", born: str = "", **roles: str) -> Made:
    filled = {role: ref for role, ref in roles.items() if ref}
    return Known, schema, {"id": ident, "number": number, "code": code, "born": born, "roles": filled}


def _ties(schema: str, roles: dict[str, str], **more: Any) -> Made:
    return Tied, schema, {"roles": {role: ref for role, ref in roles.items() if ref}, **more}


def _day(text: str, form: str) -> str:
    return datetime.strptime(text, form).date().isoformat() if text else ""  # noqa: DTZ007 - a day, of no zone


def _nl_phone(text: str) -> str:
    return "phone:" + ("+31" + text[1:] if text.startswith("0") else text)


def _iban(text: str) -> str:
    return f"iban:{text}" if text else ""


def _passport(number: str, country: str) -> str:
    return f"{country} {number}" if number else ""


# -- Noordkust -----------------------------------------------------------------------------------

_NL, _NL_TIME = "%d-%m-%Y", "%d-%m-%Y %H:%M"
_NL_ROLES = {
    "verdachte": "suspect",
    "slachtoffer": "victim",
    "contact": "contact",
    "behandelaar": "officer",
    "advocaat": "lawyer",
}


@reads("NKP", "persons")
def _nkp_persons(row: Row) -> Iterator[Made]:
    schema = "Officer" if row["soort"] == "politie" else "Person"
    passport = _passport(row["paspoort"], row["paspoort_land"])
    yield _describes(schema, row["persoon"], passport, born=_day(row["geboren"], _NL))


@reads("NKP", "phones")
def _nkp_phones(row: Row) -> Iterator[Made]:
    phone = _nl_phone(row["nummer"])
    yield _describes("Phone", phone, phone)
    if row["houder"]:
        yield _ties("Holding", {"holder": row["houder"], "held": phone})


@reads("NKP", "accounts")
def _nkp_accounts(row: Row) -> Iterator[Made]:
    yield _describes("BankAccount", _iban(row["iban"]), row["iban"])
    yield _ties("Holding", {"holder": row["houder"], "held": _iban(row["iban"])})


@reads("NKP", "addresses")
def _nkp_addresses(row: Row) -> Iterator[Made]:
    yield _describes("Address", row["adres"])


@reads("NKP", "residences")
def _nkp_residences(row: Row) -> Iterator[Made]:
    yield _ties("Residence", {"resident": row["bewoner"], "place": row["adres"]}, day=_day(row["sinds"], _NL))


@reads("NKP", "companies")
def _nkp_companies(row: Row) -> Iterator[Made]:
    yield _describes("Company", row["bedrijf"], f"{row['land']} {row['kvk']}")


@reads("NKP", "positions")
def _nkp_positions(row: Row) -> Iterator[Made]:
    if row["functie"] == "bestuurder":
        yield _ties("Directorship", {"director": row["persoon"], "organization": row["bedrijf"]})
    else:
        yield _ties("Employment", {"employee": row["persoon"], "employer": row["bedrijf"]})


@reads("NKP", "vehicles")
def _nkp_vehicles(row: Row) -> Iterator[Made]:
    yield _describes("Vehicle", f"plate:{row['kenteken']}", _plate(row["land"], row["kenteken"]))


@reads("NKP", "vehicle_use")
def _nkp_vehicle_use(row: Row) -> Iterator[Made]:
    roles = {"holder": row["persoon"], "held": f"plate:{row['kenteken']}"}
    yield _ties("Holding", roles, day=_day(row["datum"], _NL))


@reads("NKP", "plate_reads")
def _nkp_plate_reads(row: Row) -> Iterator[Made]:
    roles = {"observed": f"plate:{row['kenteken']}", "place": row["camera"]}
    yield _ties("Observation", roles, day=_day(row["tijd"], _NL_TIME))


@reads("NKP", "incidents")
def _nkp_incidents(row: Row) -> Iterator[Made]:
    yield _describes("Investigation" if row["zaaknummer"] else "Incident", row["incident"], row["zaaknummer"])


@reads("NKP", "involved")
def _nkp_involved(row: Row) -> Iterator[Made]:
    yield _ties("Involvement", {"involved": row["persoon"], "event": row["incident"]}, capacity=_NL_ROLES[row["rol"]])


@reads("NKP", "calls")
def _nkp_calls(row: Row) -> Iterator[Made]:
    roles = {"caller": _nl_phone(row["beller"]), "receiver": _nl_phone(row["gebelde"])}
    yield _ties("Call", roles, day=_day(row["tijd"], _NL_TIME), code=row["code"])


@reads("NKP", "reports")
def _nkp_reports(row: Row) -> Iterator[Made]:
    roles = {f"mentions{n}": ref for n, ref in enumerate(row["betreft"].split("|"))}
    yield _describes("Report", row["rapport"], row["tekst"], row["code"], **roles)


# -- Trakia ----------------------------------------------------------------------------------------

_BG, _BG_TIME = "%d.%m.%Y", "%d.%m.%Y %H:%M"
_LOOK_ALIKES = str.maketrans("АВЕКМНОРСТУХ", "ABEKMHOPCTYX")


def _plate(country: str, plate: str) -> str:
    return f"{country} {plate.translate(_LOOK_ALIKES)}"


@reads("TRC", "persons")
def _trc_persons(row: Row) -> Iterator[Made]:
    passport = _passport(row["паспорт"], row["издаден_от"])
    yield _describes("Person", row["лице"], passport, born=_day(row["роден"], _BG))


@reads("TRC", "phones")
def _trc_phones(row: Row) -> Iterator[Made]:
    phone = f"phone:{row['телефон']}"
    yield _describes("Phone", phone, phone)
    yield _ties("Holding", {"holder": row["лице"], "held": phone})


@reads("TRC", "addresses")
def _trc_addresses(row: Row) -> Iterator[Made]:
    yield _describes("Address", row["място"])


@reads("TRC", "residences")
def _trc_residences(row: Row) -> Iterator[Made]:
    yield _ties("Residence", {"resident": row["лице"], "place": row["място"]})


@reads("TRC", "companies")
def _trc_companies(row: Row) -> Iterator[Made]:
    yield _describes("Company", row["фирма"], f"{row['държава']} {row['булстат']}")


@reads("TRC", "vehicles")
def _trc_vehicles(row: Row) -> Iterator[Made]:
    vehicle = f"plate:{row['табела']}"
    yield _describes("Vehicle", vehicle, _plate(row["държава"], row["табела"]))
    if row["собственик"]:
        yield _ties("Ownership", {"owner": row["собственик"], "asset": vehicle})


@reads("TRC", "crossings")
def _trc_crossings(row: Row) -> Iterator[Made]:
    roles = {"traveller": row["лице"], "vehicle": f"plate:{row['табела']}"}
    yield _ties("Crossing", roles, day=_day(row["време"], _BG_TIME))


@reads("TRC", "plate_reads")
def _trc_plate_reads(row: Row) -> Iterator[Made]:
    vehicle, day = f"plate:{row['табела']}", _day(row["време"], _BG_TIME)
    yield _describes("Vehicle", vehicle, _plate(row["държава"], row["табела"]))
    yield _ties("Observation", {"observed": vehicle, "place": row["място"]}, day=day)
    if row["водач"]:
        yield _ties("Observation", {"observed": vehicle, "companion": row["водач"]}, day=day)


@reads("TRC", "controls")
def _trc_controls(row: Row) -> Iterator[Made]:
    yield _describes("Incident", row["проверка"])


@reads("TRC", "involved")
def _trc_involved(row: Row) -> Iterator[Made]:
    capacity = {"заподозрян": "suspect", "проверен": "contact"}[row["качество"]]
    yield _ties("Involvement", {"involved": row["лице"], "event": row["проверка"]}, capacity=capacity)


# -- Kition ------------------------------------------------------------------------------------------

_CY = "%d/%m/%Y"
_CY_ROLES = {"ύποπτος": "suspect", "αναφερόμενος": "contact", "χειριστής": "officer"}


@reads("KFIU", "persons")
def _kfiu_persons(row: Row) -> Iterator[Made]:
    schema = "Officer" if row["ιδιότητα"] == "λειτουργός" else "Person"
    passport = _passport(row["διαβατήριο"], row["χώρα_έκδοσης"])
    yield _describes(schema, row["πρόσωπο"], passport, row["κοινοποίηση"], _day(row["γέννηση"], _CY))
    if row["τηλέφωνο"]:
        phone = f"phone:{row['τηλέφωνο']}"
        yield _describes("Phone", phone, phone)
        yield _ties("Holding", {"holder": row["πρόσωπο"], "held": phone})


@reads("KFIU", "companies")
def _kfiu_companies(row: Row) -> Iterator[Made]:
    yield _describes("Company", row["εταιρεία"], f"{row['χώρα']} {row['αρ_μητρώου']}")


@reads("KFIU", "addresses")
def _kfiu_addresses(row: Row) -> Iterator[Made]:
    yield _describes("Address", row["διεύθυνση"])


@reads("KFIU", "seats")
def _kfiu_seats(row: Row) -> Iterator[Made]:
    yield _ties("Residence", {"resident": row["κάτοχος"], "place": row["διεύθυνση"]})


@reads("KFIU", "directors")
def _kfiu_directors(row: Row) -> Iterator[Made]:
    roles = {"director": row["πρόσωπο"], "organization": row["εταιρεία"]}
    yield _ties("Directorship", roles, code=row["κοινοποίηση"])


@reads("KFIU", "accounts")
def _kfiu_accounts(row: Row) -> Iterator[Made]:
    account = _iban(row["iban"])
    yield _describes("BankAccount", account, row["iban"], row["κοινοποίηση"])
    yield _ties("Holding", {"holder": row["δικαιούχος"], "held": account}, code=row["κοινοποίηση"])


@reads("KFIU", "transfers")
def _kfiu_transfers(row: Row) -> Iterator[Made]:
    roles = {
        "payer": row["εντολέας"],
        "payerAccount": _iban(row["από_λογαριασμό"]),
        "beneficiaryAccount": _iban(row["σε_λογαριασμό"]),
        "beneficiary": row["δικαιούχος"],
        "location": row["τόπος"],
    }
    said = {"amount": float(row["ποσό"]), "grade": row["βαθμός"], "number": row["συναλλαγή"]}
    yield _ties("Transfer", roles, day=_day(row["ημερομηνία"], _CY), code=row["κοινοποίηση"], **said)


@reads("KFIU", "reports")
def _kfiu_reports(row: Row) -> Iterator[Made]:
    schema = "Investigation" if row["υπόθεση"] else "Incident"
    yield _describes(schema, row["αναφορά"], row["υπόθεση"], row["κοινοποίηση"])


@reads("KFIU", "parties")
def _kfiu_parties(row: Row) -> Iterator[Made]:
    roles = {"involved": row["μέρος"], "event": row["αναφορά"]}
    yield _ties("Involvement", roles, capacity=_CY_ROLES[row["ιδιότητα"]], code=row["κοινοποίηση"])


# -- Rif ----------------------------------------------------------------------------------------------

_MA, _MA_TIME = "%d/%m/%Y", "%d/%m/%Y %H:%M"
_MA_ROLES = {"suspect": "suspect", "victime": "victim", "temoin": "witness", "enqueteur": "officer"}


@reads("RJP", "persons")
def _rjp_persons(row: Row) -> Iterator[Made]:
    schema = "Officer" if row["qualite"] == "enqueteur" else "Person"
    passport = _passport(row["passeport"], row["pays_passeport"])
    yield _describes(schema, row["numero"], passport, born=_day(row["naissance"], _MA))


@reads("RJP", "lines")
def _rjp_lines(row: Row) -> Iterator[Made]:
    phone = f"phone:{row['ligne']}"
    yield _describes("Phone", phone, phone)
    if row["titulaire"]:
        yield _ties("Holding", {"holder": row["titulaire"], "held": phone})


@reads("RJP", "addresses")
def _rjp_addresses(row: Row) -> Iterator[Made]:
    yield _describes("Address", row["lieu"])


@reads("RJP", "residences")
def _rjp_residences(row: Row) -> Iterator[Made]:
    yield _ties("Residence", {"resident": row["personne"], "place": row["lieu"]})


@reads("RJP", "companies")
def _rjp_companies(row: Row) -> Iterator[Made]:
    yield _describes("Company", row["societe"], f"{row['pays']} {row['registre']}")


@reads("RJP", "employees")
def _rjp_employees(row: Row) -> Iterator[Made]:
    yield _ties("Employment", {"employee": row["personne"], "employer": row["societe"]})


@reads("RJP", "cases")
def _rjp_cases(row: Row) -> Iterator[Made]:
    yield _describes("Incident", row["affaire"])


@reads("RJP", "parties")
def _rjp_parties(row: Row) -> Iterator[Made]:
    roles = {"involved": row["personne"], "event": row["affaire"]}
    yield _ties("Involvement", roles, capacity=_MA_ROLES[row["qualite"]])


@reads("RJP", "calls")
def _rjp_calls(row: Row) -> Iterator[Made]:
    roles = {"caller": f"phone:{row['appelant']}", "receiver": f"phone:{row['appele']}"}
    yield _ties("Call", roles, day=_day(row["date_heure"], _MA_TIME), grade="X4")
