"""What a server is told about who asks, where its URL does not say; and how a URL is shown: without a password."""

import re
from dataclasses import dataclass, field
from pathlib import Path

_SQLITE = "sqlite:"
# From the scheme to the last "@" before a blank: a password that was not written as in URLs may hold any other sign.
_SECRET = re.compile(r"([A-Za-z][\w+.-]*:/*)[^\s@]*@(?:[^\s@]*@)*")


@dataclass(frozen=True, slots=True)
class Login:
    """User and password for URLs that name none, and a file of certificates to trust in place of the system's."""

    user: str | None = None
    password: str | None = field(default=None, repr=False)
    certificates: Path | None = None


NOBODY = Login()


def shown(url: str) -> str:
    """A store's URL as it may be shown: without user and password."""
    return url if url.startswith(_SQLITE) else _SECRET.sub(r"\1", url)


def without_passwords(text: str) -> str:
    """A message as it may be shown: URLs in it lose their user and password.

    >>> without_passwords("what is neo4j://me:s3cret@host:7687/db?")
    'what is neo4j://host:7687/db?'
    """
    return re.sub(r"\S*:/\S*@\S*", lambda found: shown(found[0]), text)
