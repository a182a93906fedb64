"""Keys of parties and accounts in messages of ISO 20022: the same thing has one wherever it stands in a dataset."""

from ingest.shapes import TEXT, Branch, Tree

_BANK = ("FinInstnId.BICFI", "FinInstnId.BIC", "FinInstnId.ClrSysMmbId.MmbId", "FinInstnId.Othr.Id", "FinInstnId.Nm")
_ORGANISATION = (
    *("Id.OrgId.LEI", "FinInstnId.LEI", "Id.OrgId.AnyBIC", "Id.OrgId.BICOrBEI", "Id.OrgId.BEI", "Id.OrgId.BIC"),
    *("FinInstnId.BICFI", "FinInstnId.BIC"),
)
_CALLED = ("Nm", "FinInstnId.Nm", "Id.OrgId.Othr.Id", "Id.PrvtId.Othr.Id")


def first_text(branch: Branch, *ways: str) -> str:
    """The first text that stands at one of these paths; "" if none does."""
    return next((text for way in ways if (text := _text(branch, way.split(".")))), "")


def _text(branch: Branch, way: list[str]) -> str:
    for at, key in enumerate(way):
        if isinstance(branch, list):
            return next((text for each in branch if (text := _text(each, way[at:]))), "")
        if not isinstance(branch, dict) or key not in branch:
            return ""
        branch = branch[key]
    if isinstance(branch, str):
        return branch.strip()
    if isinstance(branch, list):
        return next((text for each in branch if (text := _text(each, []))), "")
    return _text(branch.get(TEXT, ""), []) if isinstance(branch, dict) else ""


def account_key(account: Tree, bank: Branch, holder: str) -> str:
    """The IBAN of an account, or its bank and number, or else its number and the name of who holds it.

    A number alone is not enough: two banks can have the same.
    """
    if iban := first_text(account, "Id.IBAN"):
        return iban.replace(" ", "").upper()
    number = first_text(account, "Id.Othr.Id", "Id.BBAN", "Id.UPIC", "Id.PrtryAcct.Id", "Prxy.Id", "Id")
    known = first_text(bank, *_BANK) or holder
    return f"{known}/{number}" if known and number else number


def party_key(party: Tree, account: str, place: str) -> str:
    """The LEI or BIC of a party, or the account that it holds and its name. Else it is one of its own at this place.

    A name alone joins nobody.
    """
    if code := first_text(party, *_ORGANISATION):
        return code
    called = first_text(party, *_CALLED)
    return f"{account}/{called}" if account and called else place


__all__ = ["account_key", "first_text", "party_key"]
