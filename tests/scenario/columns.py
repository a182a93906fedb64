"""The columns of the four agencies, as a human reads them."""

from collections.abc import Iterator

from tests.scenario.rows import READERS, Made, Row, day, describes, iban, nl_phone, passport, reads, ties

__all__ = ["READERS"]

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
    issued = passport(row["paspoort"], row["paspoort_land"])
    yield describes(schema, row["persoon"], issued, born=day(row["geboren"], _NL))


@reads("NKP", "phones")
def _nkp_phones(row: Row) -> Iterator[Made]:
    phone = nl_phone(row["nummer"])
    yield describes("Phone", phone, phone)
    if row["houder"]:
        yield ties("Holding", {"holder": row["houder"], "held": phone})


@reads("NKP", "accounts")
def _nkp_accounts(row: Row) -> Iterator[Made]:
    yield describes("BankAccount", iban(row["iban"]), row["iban"])
    yield ties("Holding", {"holder": row["houder"], "held": iban(row["iban"])})


@reads("NKP", "addresses")
def _nkp_addresses(row: Row) -> Iterator[Made]:
    yield describes("Address", row["adres"])


@reads("NKP", "residences")
def _nkp_residences(row: Row) -> Iterator[Made]:
    yield ties("Residence", {"resident": row["bewoner"], "place": row["adres"]}, day=day(row["sinds"], _NL))


@reads("NKP", "companies")
def _nkp_companies(row: Row) -> Iterator[Made]:
    yield describes("Company", row["bedrijf"], f"{row['land']} {row['kvk']}")


@reads("NKP", "positions")
def _nkp_positions(row: Row) -> Iterator[Made]:
    if row["functie"] == "bestuurder":
        yield ties("Directorship", {"director": row["persoon"], "organization": row["bedrijf"]})
    else:
        yield ties("Employment", {"employee": row["persoon"], "employer": row["bedrijf"]})


@reads("NKP", "vehicles")
def _nkp_vehicles(row: Row) -> Iterator[Made]:
    yield describes("Vehicle", f"plate:{row['kenteken']}", _plate(row["land"], row["kenteken"]))


@reads("NKP", "vehicle_use")
def _nkp_vehicle_use(row: Row) -> Iterator[Made]:
    roles = {"holder": row["persoon"], "held": f"plate:{row['kenteken']}"}
    yield ties("Holding", roles, day=day(row["datum"], _NL))


@reads("NKP", "plate_reads")
def _nkp_plate_reads(row: Row) -> Iterator[Made]:
    roles = {"observed": f"plate:{row['kenteken']}", "place": row["camera"]}
    yield ties("Observation", roles, day=day(row["tijd"], _NL_TIME))


@reads("NKP", "incidents")
def _nkp_incidents(row: Row) -> Iterator[Made]:
    yield describes("Investigation" if row["zaaknummer"] else "Incident", row["incident"], row["zaaknummer"])


@reads("NKP", "involved")
def _nkp_involved(row: Row) -> Iterator[Made]:
    yield ties("Involvement", {"involved": row["persoon"], "event": row["incident"]}, capacity=_NL_ROLES[row["rol"]])


@reads("NKP", "calls")
def _nkp_calls(row: Row) -> Iterator[Made]:
    roles = {"caller": nl_phone(row["beller"]), "receiver": nl_phone(row["gebelde"])}
    yield ties("Call", roles, day=day(row["tijd"], _NL_TIME), code=row["code"])


@reads("NKP", "reports")
def _nkp_reports(row: Row) -> Iterator[Made]:
    roles = {f"mentions{n}": ref for n, ref in enumerate(row["betreft"].split("|"))}
    yield describes("Report", row["rapport"], row["tekst"], row["code"], **roles)


# -- Trakia ----------------------------------------------------------------------------------------

_BG, _BG_TIME = "%d.%m.%Y", "%d.%m.%Y %H:%M"
_LOOK_ALIKES = str.maketrans("АВЕКМНОРСТУХ", "ABEKMHOPCTYX")


def _plate(country: str, plate: str) -> str:
    return f"{country} {plate.translate(_LOOK_ALIKES)}"


@reads("TRC", "persons")
def _trc_persons(row: Row) -> Iterator[Made]:
    issued = passport(row["паспорт"], row["издаден_от"])
    yield describes("Person", row["лице"], issued, born=day(row["роден"], _BG))


@reads("TRC", "phones")
def _trc_phones(row: Row) -> Iterator[Made]:
    phone = f"phone:{row['телефон']}"
    yield describes("Phone", phone, phone)
    yield ties("Holding", {"holder": row["лице"], "held": phone})


@reads("TRC", "addresses")
def _trc_addresses(row: Row) -> Iterator[Made]:
    yield describes("Address", row["място"])


@reads("TRC", "residences")
def _trc_residences(row: Row) -> Iterator[Made]:
    yield ties("Residence", {"resident": row["лице"], "place": row["място"]})


@reads("TRC", "companies")
def _trc_companies(row: Row) -> Iterator[Made]:
    yield describes("Company", row["фирма"], f"{row['държава']} {row['булстат']}")


@reads("TRC", "vehicles")
def _trc_vehicles(row: Row) -> Iterator[Made]:
    vehicle = f"plate:{row['табела']}"
    yield describes("Vehicle", vehicle, _plate(row["държава"], row["табела"]))
    if row["собственик"]:
        yield ties("Ownership", {"owner": row["собственик"], "asset": vehicle})


@reads("TRC", "crossings")
def _trc_crossings(row: Row) -> Iterator[Made]:
    roles = {"traveller": row["лице"], "vehicle": f"plate:{row['табела']}"}
    yield ties("Crossing", roles, day=day(row["време"], _BG_TIME))


@reads("TRC", "plate_reads")
def _trc_plate_reads(row: Row) -> Iterator[Made]:
    vehicle, read = f"plate:{row['табела']}", day(row["време"], _BG_TIME)
    yield describes("Vehicle", vehicle, _plate(row["държава"], row["табела"]))
    yield ties("Observation", {"observed": vehicle, "place": row["място"]}, day=read)
    if row["водач"]:
        yield ties("Observation", {"observed": vehicle, "companion": row["водач"]}, day=read)


@reads("TRC", "controls")
def _trc_controls(row: Row) -> Iterator[Made]:
    yield describes("Incident", row["проверка"])


@reads("TRC", "involved")
def _trc_involved(row: Row) -> Iterator[Made]:
    capacity = {"заподозрян": "suspect", "проверен": "contact"}[row["качество"]]
    yield ties("Involvement", {"involved": row["лице"], "event": row["проверка"]}, capacity=capacity)


# -- Kition ------------------------------------------------------------------------------------------

_CY = "%d/%m/%Y"
_CY_ROLES = {"ύποπτος": "suspect", "αναφερόμενος": "contact", "χειριστής": "officer"}


@reads("KFIU", "persons")
def _kfiu_persons(row: Row) -> Iterator[Made]:
    schema = "Officer" if row["ιδιότητα"] == "λειτουργός" else "Person"
    issued = passport(row["διαβατήριο"], row["χώρα_έκδοσης"])
    yield describes(schema, row["πρόσωπο"], issued, row["κοινοποίηση"], day(row["γέννηση"], _CY))
    if row["τηλέφωνο"]:
        phone = f"phone:{row['τηλέφωνο']}"
        yield describes("Phone", phone, phone)
        yield ties("Holding", {"holder": row["πρόσωπο"], "held": phone})


@reads("KFIU", "companies")
def _kfiu_companies(row: Row) -> Iterator[Made]:
    yield describes("Company", row["εταιρεία"], f"{row['χώρα']} {row['αρ_μητρώου']}")


@reads("KFIU", "addresses")
def _kfiu_addresses(row: Row) -> Iterator[Made]:
    yield describes("Address", row["διεύθυνση"])


@reads("KFIU", "seats")
def _kfiu_seats(row: Row) -> Iterator[Made]:
    yield ties("Residence", {"resident": row["κάτοχος"], "place": row["διεύθυνση"]})


@reads("KFIU", "directors")
def _kfiu_directors(row: Row) -> Iterator[Made]:
    roles = {"director": row["πρόσωπο"], "organization": row["εταιρεία"]}
    yield ties("Directorship", roles, code=row["κοινοποίηση"])


@reads("KFIU", "accounts")
def _kfiu_accounts(row: Row) -> Iterator[Made]:
    account = iban(row["iban"])
    yield describes("BankAccount", account, row["iban"], row["κοινοποίηση"])
    yield ties("Holding", {"holder": row["δικαιούχος"], "held": account}, code=row["κοινοποίηση"])


@reads("KFIU", "transfers")
def _kfiu_transfers(row: Row) -> Iterator[Made]:
    roles = {
        "payer": row["εντολέας"],
        "payerAccount": iban(row["από_λογαριασμό"]),
        "beneficiaryAccount": iban(row["σε_λογαριασμό"]),
        "beneficiary": row["δικαιούχος"],
        "location": row["τόπος"],
    }
    said = {"amount": float(row["ποσό"]), "grade": row["βαθμός"], "number": row["συναλλαγή"]}
    yield ties("Transfer", roles, day=day(row["ημερομηνία"], _CY), code=row["κοινοποίηση"], **said)


@reads("KFIU", "reports")
def _kfiu_reports(row: Row) -> Iterator[Made]:
    schema = "Investigation" if row["υπόθεση"] else "Incident"
    yield describes(schema, row["αναφορά"], row["υπόθεση"], row["κοινοποίηση"])


@reads("KFIU", "parties")
def _kfiu_parties(row: Row) -> Iterator[Made]:
    roles = {"involved": row["μέρος"], "event": row["αναφορά"]}
    yield ties("Involvement", roles, capacity=_CY_ROLES[row["ιδιότητα"]], code=row["κοινοποίηση"])


# -- Rif ----------------------------------------------------------------------------------------------

_MA, _MA_TIME = "%d/%m/%Y", "%d/%m/%Y %H:%M"
_MA_ROLES = {"suspect": "suspect", "victime": "victim", "temoin": "witness", "enqueteur": "officer"}


@reads("RJP", "persons")
def _rjp_persons(row: Row) -> Iterator[Made]:
    schema = "Officer" if row["qualite"] == "enqueteur" else "Person"
    issued = passport(row["passeport"], row["pays_passeport"])
    yield describes(schema, row["numero"], issued, born=day(row["naissance"], _MA))


@reads("RJP", "lines")
def _rjp_lines(row: Row) -> Iterator[Made]:
    phone = f"phone:{row['ligne']}"
    yield describes("Phone", phone, phone)
    if row["titulaire"]:
        yield ties("Holding", {"holder": row["titulaire"], "held": phone})


@reads("RJP", "addresses")
def _rjp_addresses(row: Row) -> Iterator[Made]:
    yield describes("Address", row["lieu"])


@reads("RJP", "residences")
def _rjp_residences(row: Row) -> Iterator[Made]:
    yield ties("Residence", {"resident": row["personne"], "place": row["lieu"]})


@reads("RJP", "companies")
def _rjp_companies(row: Row) -> Iterator[Made]:
    yield describes("Company", row["societe"], f"{row['pays']} {row['registre']}")


@reads("RJP", "employees")
def _rjp_employees(row: Row) -> Iterator[Made]:
    yield ties("Employment", {"employee": row["personne"], "employer": row["societe"]})


@reads("RJP", "cases")
def _rjp_cases(row: Row) -> Iterator[Made]:
    yield describes("Incident", row["affaire"])


@reads("RJP", "parties")
def _rjp_parties(row: Row) -> Iterator[Made]:
    roles = {"involved": row["personne"], "event": row["affaire"]}
    yield ties("Involvement", roles, capacity=_MA_ROLES[row["qualite"]])


@reads("RJP", "calls")
def _rjp_calls(row: Row) -> Iterator[Made]:
    roles = {"caller": f"phone:{row['appelant']}", "receiver": f"phone:{row['appele']}"}
    yield ties("Call", roles, day=day(row["date_heure"], _MA_TIME), grade="X4")
