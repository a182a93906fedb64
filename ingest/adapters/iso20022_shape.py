"""Give the units of all messages of ISO 20022 one shape: parents, parties, accounts, and who pays whom."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from ingest.adapters.iso20022_keys import account_key, first_text, party_key
from ingest.shapes import Branch, Row, Tree

_STATEMENTS = ("^Rpt", "^Ntfctn", "^Stmt")
_MESSAGES = (
    *("^BkToCstmrStmt", "^BkToCstmrAcctRpt", "^BkToCstmrDbtCdtNtfctn", "^CstmrCdtTrfInitn", "^CstmrDrctDbtInitn"),
    *("^FIToFICstmrCdtTrf", "^FIToFICstmrDrctDbt", "^FICdtTrf", "^PmtRtr"),
)
# What a group of orders says for all of them.
_OF_GROUP = ("Dbtr", "DbtrAcct", "DbtrAgt", "UltmtDbtr", "Cdtr", "CdtrAcct", "CdtrAgt", "UltmtCdtr")
_PARTIES = ("UltmtDbtr", "Dbtr", "Cdtr", "UltmtCdtr", "InitgPty")
_SIDES = {"Dbtr": "DbtrAcct", "Cdtr": "CdtrAcct"}
_ACCOUNTS = {"DbtrAcct": "DbtrAgt", "CdtrAcct": "CdtrAgt"}
_OTHER = {"Dbtr": "Cdtr", "Cdtr": "Dbtr"}


def shaped(row: Row, before: object) -> tuple[Row, object]:
    """A unit in the common shape, and the statement that it is of; `before` is that of the unit before it."""
    fields: dict[str, Any] = dict(row.fields) if isinstance(row.fields, Mapping) else {}
    name = fields.pop("^")
    around = {key: fields.pop(key) for key in list(fields) if key.startswith("^")}
    if name in ("Ntry", "Stmt", "Rpt", "Ntfctn", "PmtInf", "PmtRtr"):  # without a transaction in it
        around[f"^{name}"], fields = fields, {}
    named = _named(around)
    statement, entry = named.get("^Stmt", {}), named.get("^Ntry", {})
    fields |= {key: each for group in ("RltdPties", "RltdAgts") for key, each in _tree(fields.pop(group, {})).items()}
    for key in _OF_GROUP:
        if key in named.get("^PmtInf", {}):
            fields.setdefault(key, named["^PmtInf"].pop(key))
    header = dict(_tree(named.get("^Message", {}).get("GrpHdr", {})))
    if "InitgPty" in header:
        fields.setdefault("InitgPty", header.pop("InitgPty"))
        named["^Message"]["GrpHdr"] = header
    if name == "TxInf":
        fields |= _returned(fields)
    key = hashlib.sha256(json.dumps([name, fields, named], sort_keys=True).encode()).hexdigest()[:16]
    own = _own(statement)
    if entry and _is_exchanged(fields, entry, own):
        fields = _exchanged(fields)
    if entry.get("@units") in ("0", "1") and "Amt" in entry:
        fields["EntryAmt"] = entry.pop("Amt")
    message = first_text(header, "MsgId")
    _keyed(fields, statement, entry, {"": key, "InitgPty": message or key})
    told = _without_balances(named) if statement and statement.get("Id") == before else _signed(named)
    return row._replace(fields={"^": _kind(name), **fields, **told}), statement.get("Id")


def _kind(name: str) -> str:
    return "Stmt" if name in ("Rpt", "Ntfctn") else name


def _named(around: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The elements around a unit by names that are the same in all messages."""
    found: dict[str, dict[str, Any]] = {}
    for name, tree in around.items():
        if name in _MESSAGES:
            found["^Message"] = {"Name": name.removeprefix("^"), **_tree(tree)}
        else:
            found["^Stmt" if name in _STATEMENTS else name] = dict(_tree(tree))
    return found


def _tree(branch: Branch) -> Tree:
    return branch if isinstance(branch, Mapping) else {}


# -- who pays whom -----------------------------------------------------------------------


def _returned(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The sides of a return: those of its own chain, or else those of the first payment, exchanged."""
    chain, first = _tree(fields.get("RtrChain", {})), dict(_tree(fields.get("OrgnlTxRef", {})))
    sides = (*_PARTIES, *_ACCOUNTS, *_ACCOUNTS.values())
    unwrapped = {key: each for key, each in first.items() if key in sides}
    found = _exchanged(unwrapped) | {key: each for key, each in chain.items() if key in sides}
    rest = {key: each for key, each in first.items() if key not in sides}
    others = {key: each for key, each in chain.items() if key not in sides}
    return {**found, "OrgnlTxRef": rest, "RtrChain": others}


def _is_exchanged(fields: Mapping[str, Any], entry: Mapping[str, Any], own: str) -> bool:
    """Whether the sides of an entry are those of the payment that it takes back.

    The account of the statement tells, if it stands on one side; else what the entry says of itself.
    """
    mine, other = ("CdtrAcct", "DbtrAcct") if _is_credited(fields, entry) else ("DbtrAcct", "CdtrAcct")
    numbers = {side: first_text(_tree(fields.get(side, {})), "Id.IBAN", "Id.Othr.Id") for side in (mine, other)}
    if own and own in (numbers[mine], numbers[other]) and numbers[mine] != numbers[other]:
        return numbers[other] == own
    return first_text(entry, "RvslInd") in ("true", "1")


def _is_credited(fields: Mapping[str, Any], entry: Mapping[str, Any]) -> bool:
    return (first_text(fields, "CdtDbtInd") or first_text(entry, "CdtDbtInd")) == "CRDT"


def _exchanged(fields: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for key, each in fields.items():
        side = next((side for side in _OTHER if side in key), "")
        is_side = key in (*_PARTIES, *_ACCOUNTS, *_ACCOUNTS.values()) and side
        found[key.replace(side, _OTHER[side]) if is_side else key] = each
    return found


# -- keys --------------------------------------------------------------------------------


def _own(statement: Mapping[str, Any]) -> str:
    return first_text(_tree(statement.get("Acct", {})), "Id.IBAN", "Id.Othr.Id")


def _keyed(fields: dict[str, Any], statement: dict[str, Any], entry: Tree, places: Mapping[str, str]) -> None:
    """Move parties and accounts into their lists, and leave their keys where they stood.

    `places` are what keys of parties begin with that nothing else identifies.
    """
    key = places[""]
    mine = "Cdtr" if _is_credited(fields, entry) else "Dbtr"
    own = _own(statement)
    parties, accounts = list[dict[str, Any]](), list[dict[str, Any]]()
    if own:
        account = dict(_tree(statement.get("Acct", {})))
        owner, bank = dict(_unwrapped(account.pop("Ownr", {}))), account.pop("Svcr", {})
        own = number = account_key(account, bank, "")
        accounts.append({"Role": "Own", "Key": number, **account, "Agt": bank})
        statement["Acct"] = {"Key": number, "Ccy": account.get("Ccy", "")}
        if owner:
            parties.append(_party("Ownr", party_key(owner, number, f"{key}/Ownr"), owner, number))
            statement["Acct"] = {**statement["Acct"], "Ownr": {"Key": parties[-1]["Key"]}}
    for side, agent in _ACCOUNTS.items():
        account = dict(_tree(fields.get(side, {})))
        if account:
            holder = _unwrapped(fields.get(side.removesuffix("Acct"), {}))
            number = account_key(account, fields.get(agent, {}), first_text(holder, "Nm"))
            accounts.append({"Role": side, "Key": number, **account, "Agt": fields.pop(agent, {})})
            fields[side] = {"Key": number}
    for role in _PARTIES:
        party = dict(_unwrapped(fields.get(role, {})))
        if party:
            number = str(_tree(fields.get(_SIDES.get(role, ""), {})).get("Key", ""))
            known = party_key(party, number or (own if role == mine else ""), f"{places.get(role, key)}/{role}")
            parties.append(_party(role, known, party, number))
            fields[role] = {"Key": known}
    fields["Parties"] = parties
    fields["Accounts"] = [each for each in accounts if each["Key"]]


def _party(role: str, key: str, party: Tree, account: str) -> dict[str, Any]:
    """A party as it is in the list: what it is in the payment and by nature, and the account that it holds."""
    told = _tree(party.get("Id", {}))
    kind = "person" if "PrvtId" in told else "organisation" if "OrgId" in told or "FinInstnId" in party else ""
    said = {"Role": role, "Key": key, "Kind": kind, "Account": account}
    return {**{name: text for name, text in said.items() if text}, **party}


def _unwrapped(branch: Branch) -> Tree:
    """A party, without the element around it that newer versions have."""
    tree = _tree(branch)
    for name in ("Pty", "Agt"):
        if name in tree:
            return {**{key: each for key, each in tree.items() if key != name}, **_tree(tree[name])}
    return tree


# -- balances ----------------------------------------------------------------------------


def _without_balances(named: Mapping[str, Tree]) -> dict[str, Tree]:
    return {**named, "^Stmt": {key: each for key, each in named["^Stmt"].items() if key != "Bal"}}


def _signed(named: Mapping[str, Tree]) -> dict[str, Tree]:
    """What stands around a unit; each balance has its amount with a minus if it is a debit."""
    balances = named.get("^Stmt", {}).get("Bal")
    if balances is None:
        return dict(named)
    told = [_tree(each) for each in (balances if isinstance(balances, list) else [balances])]
    found: list[Branch] = [{**each, "Signed": _with_sign(each)} for each in told]
    return {**named, "^Stmt": {**named["^Stmt"], "Bal": found}}


def _with_sign(balance: Tree) -> str:
    amount = first_text(balance, "Amt")
    is_debit = first_text(balance, "CdtDbtInd") == "DBIT" and bool(amount.strip("0."))
    return f"-{amount}" if is_debit else amount


__all__ = ["shaped"]
