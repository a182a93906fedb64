"""Draft the records of tables that are about persons, companies, vehicles, phones, accounts or places."""

from collections.abc import Sequence

from ingest.suggesting.columns import Column
from ingest.suggesting.drafts import Draft, Table, can_be_in_template, fill, place, quoted, set_address, set_property
from ingest.suggesting.words import pieces

_OF_PERSONS = (
    "first_name",
    "last_name",
    "middle_name",
    "birth_date",
    "birth_place",
    "gender",
    "passport",
    "nationality",
    "position",
)
_OF_COMPANIES = ("organisation", "registration_number", "legal_form", "incorporation_date", "lei")
_PERSONS = frozenset(
    {
        "person",
        "persons",
        "individual",
        "natural",
        "human",
        "p",
        "persona",
        "personne",
        "privat",
        "fl",
        "физическое",
        "лицо",
    }
)
_COMPANIES = frozenset(
    {
        "organization",
        "organisation",
        "org",
        "company",
        "entity",
        "legal",
        "corporate",
        "corporation",
        "business",
        "firm",
        "o",
        "c",
        "e",
        "empresa",
        "firma",
        "societe",
        "юридическое",
        "legalentity",
    }
)
_IN_AN_ID = (
    "id",
    "id_number",
    "passport",
    "social_security",
    "tax_number",
    "registration_number",
    "lei",
    "customer",
    "email",
)
_NAME_PARTS = ("first_name", "middle_name", "last_name")
_NAMES = ("name", "organisation", "last_name", "first_name", "middle_name")


def is_of_parties(table: Table) -> bool:
    """Whether a table is about persons or companies."""
    return table.has(*_OF_PERSONS, *_OF_COMPANIES, "kind")


def entities(table: Table) -> list[Draft]:
    """The records of a table that is about things."""
    if table.has("plate"):
        return _vehicles(table)
    if table.has("balance", "iban", "bic") or (table.has("account") and not table.has(*_OF_PERSONS)):
        return _accounts(table)
    if table.has("latitude", "longitude") and not table.has(*_OF_PERSONS, *_OF_COMPANIES, "name"):
        return [_place(table)]
    if table.has("imei") and not table.has(*_OF_PERSONS, "phone"):
        return [_simple(table, "device", "Device", "imei")]
    return _parties(table)


def _vehicles(table: Table) -> list[Draft]:
    plate = table.named("plate")[0]
    vehicle = Draft("vehicle", "Vehicle", [f"vehicle:{place(plate)}"])
    set_property(table, vehicle, "registrationNumber", plate)
    fill(table, vehicle, table.named("vin", "make", "model"))
    moment = next((each for each in table.named("moment", "date") if each.kind == "date"), None)
    if moment is None:
        table.ask(f"{plate.name}: which column names who owns or uses the vehicle, if any does?")
        return [vehicle]
    found, seen = [vehicle], Draft("read", "Observation", roles={"observed": quoted("vehicle")})
    if table.has("place", "latitude"):
        found.append(_place(table))
        seen.roles["place"] = quoted("place")
    set_property(table, seen, "date", moment)
    return [*found, seen]


def _place(table: Table) -> Draft:
    """A place: by the number that it has, or else by where it is."""
    number = next((each for each in table.named("place", "id") if can_be_in_template(each)), None)
    lat, lon = table.one("latitude"), table.one("longitude")
    if number is not None:
        ids = [f"place:{place(number)}"]
    elif lat and lon:
        ids = [f"place:{place(lat)},{place(lon)}"]
    else:
        ids = [_fallback(table, "place")]
    draft = Draft("place", "Address", ids)
    table.use(*(each for each in (number,) if each))
    fill(
        table, draft, table.named("name", "latitude", "longitude", "street", "city", "postal_code", "region", "country")
    )
    set_property(table, draft, "full", table.one("address"))
    if number is not None and "name" not in draft.properties:
        draft.properties["name"] = [quoted(number.name)]
    others = [each for each in table.named("place") if each is not number]
    if others:
        said = "nothing maps it: does it say to which larger place this one belongs?"
        table.ask(f"{others[0].name}: {said} Map it, or leave it in `ignore`")
        table.asked.add(others[0].name)
    return draft


def _accounts(table: Table) -> list[Draft]:
    number = table.one("iban", "account", "id")
    account = Draft("account", "BankAccount", [f"account:{place(number)}" if number else _fallback(table, "account")])
    fill(table, account, table.named("iban", "account", "bic", "bank", "balance", "currency", "country"))
    if table.has("balance") and not table.has("currency"):
        table.ask('balance: in which currency? Add `currency = { value = "EUR" }` to the account')
    if number:
        table.use(number)
    holder = table.one("customer", "name", "organisation")
    if holder is None or not can_be_in_template(holder):
        return [account]
    party = Draft("holder", "LegalEntity", [f"party:{place(holder)}"], when=quoted(holder.name))
    if holder.meaning.name != "customer":
        set_property(table, party, "name", holder)
    table.use(holder)
    fill(table, party, table.named("name", "email", "phone", "country"))
    table.ask(f"{holder.name}: are holders persons, companies or both? Correct the schema LegalEntity")
    holding = Draft(
        "holding", "Holding", when=quoted(holder.name), roles={"holder": quoted("holder"), "held": quoted("account")}
    )
    return [account, party, holding]


def _simple(table: Table, name: str, schema: str, meaning: str) -> Draft:
    column = table.named(meaning)[0]
    draft = Draft(name, schema, [f"{name}:{place(column)}"])
    fill(table, draft, table.columns)
    return draft


def _parties(table: Table) -> list[Draft]:
    """Persons or companies, or both if a column says which; and the phones that they have."""
    kind = next((each for each in table.named("kind") if each.few), None)
    said = _kinds(table, kind) if kind else {}
    if kind and said:
        table.use(kind)
        found = [_party(table, schema, kind, values) for schema, values in said.items()]
    else:
        found = [_party(table, _schema(table))]
    used = [each for each in table.named("email", "phone", "website") if each.name not in table.used]
    for draft in found:
        before = set(table.used)
        fill(table, draft, used)
        table.used = before
    table.use(*used)
    return found


def _kinds(table: Table, kind: Column) -> dict[str, list[str]]:
    """The schemata that the values of a column name."""
    found: dict[str, list[str]] = {}
    for value in kind.few:
        words = set(pieces(value))
        schema = "Person" if words & _PERSONS else "Company" if words & _COMPANIES else ""
        if schema:
            found.setdefault(schema, []).append(value)
    left = len(kind.few) - sum(map(len, found.values()))
    if left and found:
        table.ask(
            f'{kind.name}: what are rows with {left} other values? Add records for them, or `otherwise = "nothing"`'
        )
    return found


def _schema(table: Table) -> str:
    if table.has(*_OF_PERSONS):
        return "Person"
    if table.has(*_OF_COMPANIES):
        return "Company"
    table.ask("what is a row about: a person, a company, something else? Correct the schema and its properties")
    return "LegalEntity"


def _party(table: Table, schema: str, kind: Column | None = None, values: Sequence[str] = ()) -> Draft:
    name = schema.lower() if schema != "LegalEntity" else "party"
    ids, numbers = _ids(table, name)
    draft, before = Draft(name, schema, ids), set(table.used)
    if kind is not None:
        listed = ", ".join(map(quoted, values))
        draft.when = f"{{ column = {quoted(kind.name)}, equals = [{listed}] }}"
    others = (
        "phone",
        "email",
        "website",
        "date",
        "moment",
        "start_date",
        "end_date",
        "weight",
        "amount",
        "currency",
        "country",
    )
    fill(table, draft, [each for each in table.columns if each.meaning.name not in others])
    fill(table, draft, table.named("country"))
    set_address(table, draft)
    _set_name(table, draft)
    table.use(*numbers)
    if not any(each in draft.properties for each in ("name", "lastName", "firstName")):
        text = next(
            (each for each in table.columns if each.kind == "text" and not each.few and each.name not in table.used),
            None,
        )
        if text is not None and not text.meaning.name:
            set_property(table, draft, "name", text)
            table.ask(f"{text.name}: is it the name?")
    if kind is not None:
        table.used, read = before | {kind.name}, table.used
        table.sample.said.setdefault("_read", set()).update(read)
    return draft


def _set_name(table: Table, draft: Draft) -> None:
    """Let the parts of a name make a whole one, where no column always has it: search and captions show that."""
    parts = [each for name in _NAME_PARTS for each in table.named(name)[:1]]
    parts = [each for each in parts if can_be_in_template(each) and each.name not in table.sample.several]
    whole = table.named("name", "organisation")
    if len(parts) > 1 and draft.schema == "Person" and not any(each.filled == each.rows for each in whole):
        template = " ".join(place(each) for each in parts)
        draft.properties.setdefault("name", []).append(f"{{ template = {quoted(template)} }}")
    elif "firstName" in draft.properties and not {"lastName", "name"} & draft.properties.keys():
        first = table.named("first_name")[0]
        cells = table.sample.cells(table.columns.index(first))
        if sum(" " in cell.strip() for cell in cells) * 2 > first.filled:
            draft.properties["name"] = draft.properties.pop("firstName")
            table.ask(f"{first.name}: is it the whole name?")


def _ids(table: Table, name: str) -> tuple[list[str], list[Column]]:
    """Ids by the best column, or by what else may tell; and the column."""
    ranked = [
        each for each in table.named(*_IN_AN_ID) if can_be_in_template(each) and each.name not in table.sample.several
    ]
    whole = next((each for each in ranked if each.is_unique), None)
    whole = whole or next(
        (each for each in table.columns if each.is_unique and each.kind in ("number", "text", "phone")), None
    )
    if whole is not None and can_be_in_template(whole):
        if whole.meaning.name != "id":
            table.ask(f"{whole.name}: no two rows of the sample have the same: does it identify a {name}?")
        return [f"{name}:{place(whole)}"], [whole]
    if ranked and ranked[0].meaning.name == "id" and ranked[0].filled == ranked[0].rows:
        return [f"{name}:{place(ranked[0])}"], ranked[:1]
    return [_fallback(table, name)], []


def _fallback(table: Table, name: str) -> str:
    """An id made of names, because nothing better is known."""
    names = [each for each in table.named(*_NAMES, "birth_date") if can_be_in_template(each)]
    chosen = names or [each for each in table.columns if each.filled and can_be_in_template(each)][:1]
    chosen = [each for each in chosen if each.filled == each.rows] or chosen[:1]
    table.ask(f"which columns identify a {name}? Its id is made of {', '.join(each.name for each in chosen)}")
    return f"{name}:{'/'.join(place(each) for each in chosen)}"
