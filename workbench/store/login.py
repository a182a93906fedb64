"""Logins for servers whose URL names none, and URLs without passwords, for messages."""

import re
from dataclasses import dataclass, field
from pathlib import Path

_SQLITE = "sqlite:"
# From the scheme to the last "@" before a blank: a password that is not percent-encoded may have any other character.
_SECRET = re.compile(r"([A-Za-z][\w+.-]*:/*)[^\s@]*@(?:[^\s@]*@)*")


@dataclass(frozen=True, slots=True)
class Login:
    """User and password for URLs that name none, and a file of certificates to trust instead of the system's."""

    user: str | None = None
    password: str | None = field(default=None, repr=False)
    certificates: Path | None = None


NOBODY = Login()


def shown(url: str) -> str:
    """A store's URL without user and password."""
    return url if url.startswith(_SQLITE) else _SECRET.sub(r"\1", url)


def without_passwords(text: str) -> str:
    """A message with user and password removed from all URLs in it.

    >>> without_passwords("what is neo4j://me:s3cret@host:7687/db?")
    'what is neo4j://host:7687/db?'
    """
    return re.sub(r"\S*:/\S*@\S*", lambda found: shown(found[0]), text)
