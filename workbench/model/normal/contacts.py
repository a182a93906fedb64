"""Normal forms of phones and e-mail addresses."""

from email.utils import parseaddr

from workbench.model.text import fold

_FEWEST_DIGITS, _LAST_DIGITS = 7, 9

# Mailboxes that belong to a role and not to somebody: the common ones of RFC 2142.
_ROLES = frozenset(
    [
        "abuse",
        "admin",
        "contact",
        "hostmaster",
        "info",
        "mail",
        "marketing",
        "no-reply",
        "noc",
        "noreply",
        "office",
        "postmaster",
        "sales",
        "security",
        "support",
        "webmaster",
    ]
)


def line(phone: str) -> str:
    """The last digits of a phone number, with or without the country; "" for too few."""
    digits = "".join(str(int(each)) for each in phone if each.isdecimal())
    return digits[-_LAST_DIGITS:] if len(digits) >= _FEWEST_DIGITS else ""


def mailbox(address: str) -> str:
    """The mailbox in an e-mail address; "" for one that belongs to a role."""
    plain = fold(parseaddr(address)[1] or address)
    return "" if plain.partition("@")[0] in _ROLES else plain
