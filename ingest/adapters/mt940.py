"""Adapter `mt940`: statements of bank accounts as SWIFT's MT940 and MT942 write them. Each transaction is a unit.

A transaction is a field :61: with the :86: after it. What its statement says is under `^Statement`, also what stands
behind its transactions. A statement without transactions is a unit itself, because it tells a balance. The library
mt-940 takes the fields apart that have a fixed form. Details (:86:) are cut by `mt940_details`. An interim report
(MT942) has no opening balance: a floor limit (:34F:) tells its currency. Some banks count 30 days in each month: a
value date of 29 or 30 February is the last day of that month.
"""

import hashlib
import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date

from mt940.tags import BalanceBase, Statement, StatementGLS

from ingest.account import Account
from ingest.adapters.delimited import Form, form_of
from ingest.adapters.mt940_details import details
from ingest.adapters.mt940_fields import HEAD, Block, Field, Kind, blocks
from ingest.shapes import BadUnit, Branch, Frame, Readable, Reject, Row, Tree
from ingest.specs import Written

_LINE, _LONG_LINE, _BALANCE = Statement().re, StatementGLS().re, BalanceBase().re
# Transactions of a statement are held until its end is known, if they are not more than these.
_MOST_HELD = 1_000
_NAMES = {"20": "reference", "21": "related", "28": "number", "13": "created", "34": "floor"}
_BALANCES = {"60": "opening", "62": "closing", "64": "available", "65": "forward"}
_SUMS = {"90D": "debits", "90C": "credits"}
_FLOOR = re.compile(r"([A-Z]{3})[DC]?\d")
_MONTH = 30  # days that some banks count in each month
_CENTURY = 80  # years from 80 on are of 1900


def read(path: Readable, written: Written, account: Account) -> Iterator[Frame | Row | Reject]:
    """Yield each transaction, or its reject; FileRefused if the file is no MT940."""
    form = form_of(path, written)
    tails = _long_ones(path, form)
    statement: _Statement | None = None
    held: list[Block] = []
    for block in blocks(path, form):
        if block.kind is Kind.HEAD:
            statement, held = _Statement(path, form, block), []
            if block.statement in tails:
                yield from statement.ended(tails[block.statement])
        elif statement and block.kind is Kind.UNIT and block.statement in tails:
            yield statement.transaction(block)
        elif block.kind is Kind.UNIT:
            held.append(block)
        elif statement and block.statement not in tails:
            yield from statement.ended(block)
            yield from (statement.transaction(each) for each in held)
            if not held:
                yield statement.alone(block)


def _long_ones(path: Readable, form: Form) -> dict[int, Block]:
    """The ends of statements with more transactions than are held, by the statements' numbers."""
    found, units = dict[int, Block](), 0
    for block in blocks(path, form):
        units = 0 if block.kind is Kind.HEAD else units + (block.kind is Kind.UNIT)
        if block.kind is Kind.TAIL and units > _MOST_HELD:
            found[block.statement] = block
    return found


class _Statement:
    """A statement whose head was read: makes rows of its transactions."""

    def __init__(self, path: Readable, form: Form, head: Block) -> None:
        self._path, self._form, self._head = path, form, head
        self._frame, self._tree = Frame(b"", b""), dict[str, Branch]()
        self._bad: BadUnit | None = None

    def ended(self, tail: Block) -> Iterator[Frame]:
        """Take what stands behind its transactions, and yield what stands around them."""
        form = self._form
        after = tail.text()
        self._frame = Frame(form.mark + form.raw(self._head.text()), form.raw(f"\n{after}" if after else ""))
        try:
            self._tree = dict(_statement([*self._head.fields, *tail.fields]))
        except BadUnit as bad:
            self._bad = bad
        yield self._frame

    def transaction(self, block: Block) -> Row | Reject:
        """The row of a transaction, or its reject."""
        raw = self._form.raw(block.text())
        try:
            if self._bad:
                raise self._bad
            key = hashlib.sha256(raw.strip()).hexdigest()[:16]
            tree = {"^": "transaction", "key": key, **_transaction(block.fields)}
        except BadUnit as bad:
            return self._reject(block, raw, bad)
        return Row({**tree, "^Statement": self._tree}, self._locator(block), raw)

    def alone(self, tail: Block) -> Row | Reject:
        """The row of a statement without transactions: all of its bytes are the unit's."""
        raw = self._form.raw(self._head.text() + tail.text())
        self._frame = Frame(self._form.mark, b"")
        if self._bad:
            return self._reject(self._head, raw, self._bad)
        return Row({"^": "statement", "^Statement": self._tree}, self._locator(self._head), raw)

    def _locator(self, block: Block) -> str:
        return f"{self._path.name}:{block.line}"

    def _reject(self, block: Block, raw: bytes, bad: BadUnit) -> Reject:
        return Reject(self._locator(block), bad.reason, str(bad), raw, self._frame.before, self._frame.after)


def _statement(fields: Sequence[Field]) -> Tree:
    """What the fields of a statement say; BadUnit if one can't be read."""
    found: dict[str, list[Branch]] = {}
    for field in fields:
        value, number = field.value(), field.tag[:2]
        if not field.tag and value.strip() in _SIGNS:
            continue
        if number in _BALANCES:
            found.setdefault(_BALANCES[number], []).append(_balance(field, value))
        elif field.tag == "25P":
            account, _, bank = value.partition("\n")
            found.setdefault("account", []).append(account)
            found.setdefault("bank", []).append(bank)
        else:
            name = _SUMS.get(field.tag) or _NAMES.get(number) or _OTHERS.get(number) or f"field {field.tag}"
            found.setdefault(name, []).append(value)
    if "opening" not in found and "floor" in found:
        found["interim"] = [_interim(found["floor"], found.pop("created", []))]
    for tag, name in (("25", "account"), ("60", "interim" if "interim" in found else "opening")):
        if len(found.get(name, ())) != 1:
            message = f"its statement has {len(found.get(name, ()))} fields :{tag}:, and needs one: repair it"
            raise BadUnit(f"statement without one :{tag}:", message)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _interim(floors: Sequence[Branch], created: Sequence[Branch]) -> Tree:
    """What an interim report (MT942) says of itself: the currency, by its first floor limit, and when it was made."""
    match = _FLOOR.match(str(floors[0]))
    if match is None:
        raise BadUnit("bad floor limit", f":34F:{floors[0]!r} is no limit, such as EURD500,: repair its statement")
    return {"currency": match[1], **({"created": str(created[0])} if created else {})}


_OTHERS = {"25": "account", "86": "information", "": "envelope"}
_SIGNS = frozenset({"", "-", "-}"})  # between statements


def _balance(field: Field, value: str) -> Tree:
    """The parts of a balance: `signed` is its amount with a minus if it is a debit."""
    match = _BALANCE.fullmatch(value.strip())
    if match is None:
        message = f":{field.tag}:{value[:40]!r} is no balance, such as C110522EUR3236,28: repair its statement"
        raise BadUnit(f"bad balance: {field.tag}", message)
    mark, amount = match["status"].upper(), _amount(match["amount"])
    day = _day(match["year"], match["month"], match["day"])
    said = {"mark": mark, "date": f"{day:%Y-%m-%d}", "currency": match["currency"].upper(), "amount": amount}
    kind = {"kind": field.tag[2:]} if field.tag[2:] else {}
    return {**said, "signed": f"-{amount}" if mark == "D" and amount.strip("0,") else amount, **kind}


def _transaction(fields: Sequence[Field]) -> Tree:
    """What a field :61: and the :86: after it say; BadUnit if they can't be read."""
    first, *others = fields
    for field in others:
        if field.tag[:2] in HEAD:
            message = f":{field.tag}: in line {field.line} stands among transactions: should it be :86:? Repair it"
            raise BadUnit(f"field out of place: {field.tag}", message)
    value = first.value()
    match = (_LONG_LINE if "//" in value else _LINE).fullmatch(value.strip())
    if match is None:
        message = f":61:{value[:60]!r} is no transaction, such as 1105240524D9,50N192NONREF: repair it"
        raise BadUnit("bad transaction", message)
    day = _day(match["year"], match["month"], match["day"])
    entered = _entered(day, match["entry_month"] or "", match["entry_day"] or "")
    said = {
        "value_date": f"{day:%Y-%m-%d}",
        "entry_date": f"{entered:%Y-%m-%d}" if entered else "",
        "mark": match["status"].upper(),
        "funds_code": match["funds_code"] or "",
        "amount": _amount(match["amount"]),
        "type": match["id"] or "",
        "reference": match["customer_reference"] or "",
        "bank_reference": match["bank_reference"] or "",
        "supplementary": match["extra_details"] or "",
    }
    told = [field.lines() for field in others if field.tag == "86"]
    more = {f"field {field.tag}": field.value() for field in others if field.tag != "86"}
    tree: dict[str, Branch] = {name: text for name, text in {**said, **more}.items() if text.strip()}
    if told:
        tree["details"] = details([line for lines in told for line in lines])
    return tree


def _amount(text: str) -> str:
    whole, _, part = text.partition(",")
    if not whole.isdigit() or "," in part or not whole.isascii():
        raise BadUnit("bad amount", f"{text!r} is no amount: digits, a comma, and digits after it: repair it")
    return f"{whole},{part}" if part else whole


def _day(year: str, month: str, day: str) -> date:
    """A day of six digits."""
    full = int(year) + (1900 if int(year) >= _CENTURY else 2000)
    in_month = int(day)
    if month == "02" and in_month <= _MONTH:
        in_month = min(in_month, monthrange(full, 2)[1])
    try:
        return date(full, int(month), in_month)
    except ValueError as error:
        raise BadUnit("no such day", f"{year}{month}{day} is no day as YYMMDD: repair it") from error


def _entered(day: date, month: str, of_month: str) -> date | None:
    """The day of an entry, of which only month and day are written: in the year in which it is nearest to its value."""
    if not (month.strip() and of_month.strip()):
        return None
    found = []
    for year in (day.year, day.year - 1, day.year + 1):
        try:
            found.append(date(year, int(month), int(of_month)))
        except ValueError:
            continue
    if not found:
        raise BadUnit("no such day", f"the entry's day {month}{of_month} is none as MMDD: repair it")
    return min(found, key=lambda each: abs(each - day))
