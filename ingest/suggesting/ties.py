"""Draft the records of tables that are about transfers, calls, shares, or other ties of two sides."""

from typing import NamedTuple

from ingest.suggesting.columns import Column
from ingest.suggesting.drafts import Draft, Table, can_be_in_template, fill, place, quoted, set_property
from ingest.suggesting.entities import is_of_parties

_NO_END = frozenset(
    {
        "amount",
        "balance",
        "bank",
        "currency",
        "date",
        "moment",
        "start_date",
        "end_date",
        "transfer_type",
        "detail",
        "kind",
        "duration",
        "purpose",
        "transaction_number",
        "weight",
        "percentage",
        "notes",
        "country",
        "latitude",
        "longitude",
        "birth_date",
        "gender",
        "place",
    }
)
_NUMBERED = ("account", "iban", "phone", "id", "customer", "name", "organisation", "")
_NAMES = ("", "name", "organisation", "owner")
_OF_LEDGERS = ("account", "iban", "phone")
_FEW_COLUMNS = 3


class Ends(NamedTuple):
    """The two sides of a tie; a table may have one only."""

    source: Column
    target: Column | None


class _Kind(NamedTuple):
    """A kind of tie: its name and schema, its roles, and the name and schema of what it ties."""

    name: str
    schema: str
    source: str
    target: str
    end: str
    end_schema: str


_TRANSFER = _Kind("transfer", "Transfer", "payerAccount", "beneficiaryAccount", "account", "BankAccount")
_PAYMENT = _Kind("payment", "Payment", "payer", "beneficiary", "party", "LegalEntity")
_CALL = _Kind("call", "Call", "caller", "receiver", "phone", "Phone")
_SHARE = _Kind("share", "Ownership", "owner", "asset", "party", "LegalEntity")
_LINK = _Kind("link", "UnknownLink", "subject", "object", "person", "Person")


def ties(table: Table) -> list[Draft]:
    """The records of a table of ties; none if it is none."""
    ends = _ends(table)
    if ends is None:
        return []
    kind = _kind(table, ends)
    if kind is None:
        return []
    source, target = _end(table, kind, ends.source, "from"), None
    tie = Draft(kind.name, kind.schema, roles={kind.source: quoted(source.name)})
    found = [source]
    if ends.target is not None:
        target = _end(table, kind, ends.target, "to")
        tie.roles[kind.target] = quoted(target.name)
        found.append(target)
    _describe(table, kind, tie)
    _ask_about_ends(table, kind, ends)
    if not (ends.source.meaning.side and (ends.target is None or ends.target.meaning.side)):
        other = ends.target.name if ends.target else "nothing else"
        table.ask(f"{kind.name}: which way does it run? It is read from {ends.source.name} to {other}")
    return [*found, tie]


def _ask_about_ends(table: Table, kind: _Kind, ends: Ends) -> None:
    """Ask about rows that may run the other way, and about those that have one side alone."""
    typed = next((each for each in table.named("transfer_type", "kind") if len(each.few) > 1), None)
    if typed and kind in (_TRANSFER, _PAYMENT):
        said = f"does money run from {ends.source.name} for all its values, also for cash that is paid in?"
        table.ask(f"{typed.name}: {said} If not, write a {kind.name} for each way, with `when`")
    for each in ends:
        if each is not None and each.filled < each.rows:
            said = f"in {each.rows - each.filled} of {each.rows} rows the {kind.name} has one side alone, so no network"
            table.ask(f"{each.name}: {said} has it. Name another end, or leave them out with `when`")


def _ends(table: Table) -> Ends | None:
    if any(each.is_unique for each in table.named("iban", "account")) and not table.has("amount", "duration"):
        return None  # each row is an account
    some = [
        each
        for each in table.columns
        if each.filled and each.kind != "date" and each.meaning.name not in _NO_END and can_be_in_template(each)
    ]
    some = sorted(some, key=lambda each: _NUMBERED.index(each.meaning.name) if each.meaning.name in _NUMBERED else 9)
    sources, targets = ([each for each in some if each.meaning.side == side] for side in ("from", "to"))
    plain = [each for each in some if not each.meaning.side]
    if sources and targets:
        return Ends(sources[0], targets[0])
    if targets or sources:
        known = (targets or sources)[0]
        other = next((each for each in plain if each.meaning.name == known.meaning.name), None)
        if other is not None:
            return Ends(other, known) if targets else Ends(known, other)
    ledger = [each for each in plain if each.meaning.name in _OF_LEDGERS]
    if ledger and table.has("amount", "duration") and table.has("date", "moment", "end_date"):
        alike = [each for each in ledger if each.meaning.name == ledger[0].meaning.name]
        return None if is_of_parties(table) else Ends(alike[0], alike[1] if len(alike) > 1 else None)
    owners = table.named("owner"), table.named("asset")
    if all(owners):
        return Ends(owners[0][0], owners[1][0])
    return _bare(table, plain)


def _bare(table: Table, plain: list[Column]) -> Ends | None:
    """Two columns without names, with numbers that come again: a list of ties."""
    two = [each for each in plain if not each.meaning.name][:2]
    is_list = len(table.columns) <= _FEW_COLUMNS and len(two) == 2 and not any(each.is_unique for each in two)
    return Ends(*two) if is_list and table.sample.said.get("header") is False else None


def _kind(table: Table, ends: Ends) -> _Kind | None:
    meanings = {ends.source.meaning.name, ends.target.meaning.name if ends.target else ""}
    if table.has("amount"):
        both = [each for each in ends if each]
        return _PAYMENT if all(each.kind == "text" and each.meaning.name in _NAMES for each in both) else _TRANSFER
    if table.has("duration") or (meanings == {"phone"} and table.has("moment", "date")):
        return _CALL
    if table.has("percentage") or meanings & {"owner", "asset"}:
        return _SHARE
    if len(table.columns) > 2 * _FEW_COLUMNS and not (
        ends.source.meaning.side and ends.target and ends.target.meaning.side
    ):
        return None
    return _LINK


def _end(table: Table, kind: _Kind, column: Column, side: str) -> Draft:
    """What stands at one side of a tie."""
    is_phone = kind is _CALL or column.meaning.name == "phone"
    banks = table.named("bank", side=side) if kind is _TRANSFER else []
    key = "/".join([*map(place, banks[:1]), place(column, "phone" if is_phone else "")])
    draft = Draft({"from": "source", "to": "target"}[side], kind.end_schema, [f"{kind.end}:{key}"])
    if column.filled < column.rows:
        draft.when = quoted(column.name)
    known = {"BankAccount": "accountNumber", "Phone": "number"}
    if column.meaning.name == "iban":
        set_property(table, draft, "iban", column)
    elif kind.end_schema in known:
        set_property(table, draft, known[kind.end_schema], column)
    else:
        draft.properties["name"] = [quoted(column.name)]
        table.use(column)
        table.ask(f"{kind.name}: what does it tie? Correct the schema {kind.end_schema} of source and target")
    for bank in banks[:1]:
        set_property(table, draft, "bankName", bank)
    return draft


def _describe(table: Table, kind: _Kind, tie: Draft) -> None:
    """Let the other columns say more of a tie."""
    numbers = [each for each in table.named("transaction_number", "id") if each.is_unique and can_be_in_template(each)]
    if numbers:
        tie.ids = [f"{kind.name}:{place(numbers[0])}"]
        table.use(numbers[0])
    elif kind is _LINK or kind is _SHARE:
        table.ask(f"{kind.name}: it has no id, so equal rows count apart; is that right?")
    moment = next((each for each in table.named("moment", "date") if each.kind == "date"), None)
    set_property(table, tie, "date", moment)
    for each in table.named("amount")[:1]:
        set_property(table, tie, "amount", each)
        if len(table.named("amount")) > 1:
            table.ask(f"{each.name}: there are {len(table.named('amount'))} columns of amounts: which is it?")
    wanted = (
        "currency",
        "duration",
        "transfer_type",
        "purpose",
        "percentage",
        "weight",
        "notes",
        "start_date",
        "end_date",
    )
    fill(table, tie, [each for name in wanted for each in table.named(name)[:1]])
    if table.has("amount") and not table.has("currency"):
        table.ask(f'amount: in which currency? Add `currency = {{ value = "EUR" }}` to the {kind.name}')
