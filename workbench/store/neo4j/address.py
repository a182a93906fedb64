"""Where a database is, who asks, and how: taken from a URL, and from the settings where that does not say."""

import re
import ssl
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from workbench.errors import UsageError
from workbench.store.login import NOBODY, Login

SCHEMES = frozenset({"neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc"})
_PORT = 7687
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")  # of a database
_HELP = (
    "no URL of a Neo4j server: give neo4j://HOST:PORT, or neo4j+s:// for TLS; USER:PASSWORD@ and /DATABASE may be in it"
    " (there a / ? # @ % is written %2F %3F %23 %40 %25), or set WORKBENCH_NEO4J_USER and WORKBENCH_NEO4J_PASSWORD"
)


class Address(NamedTuple):
    """Where a database is, and who asks."""

    server: str  # a URL without user, password and database
    user: str
    password: str
    database: str | None
    certificates: Path | None = None  # trusted instead of the system's

    @property
    def shown(self) -> str:
        """The URL as it may be printed."""
        return f"{self.server}/{self.database}" if self.database else self.server

    @property
    def host(self) -> str:
        """The name or number of the server's machine."""
        return urlsplit(self.server).hostname or ""

    @property
    def port(self) -> int:
        """The server's port."""
        return urlsplit(self.server).port or _PORT

    @property
    def is_encrypted(self) -> bool:
        """Whether the connection is by TLS."""
        return "+" in self.server.partition(":")[0]

    @property
    def is_verified(self) -> bool:
        """Whether the server's certificate is looked at."""
        return self.server.partition(":")[0].endswith("+s")

    def __repr__(self) -> str:
        return f"<Address {self.shown}>"


def address_of(url: str, login: Login = NOBODY) -> Address:
    """Take a URL apart: `neo4j://USER:PASSWORD@HOST:PORT/DATABASE`; UsageError if it is none.

    What it does not say of user and password is the login's.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise UsageError(_HELP) from None  # the error quotes the URL, which may hold a password
    database = unquote(parts.path.strip("/"))
    if parts.scheme not in SCHEMES or not host or parts.query or parts.fragment:
        raise UsageError(_HELP)
    if database == "system":
        raise UsageError("the database `system` is Neo4j's own: name another, or none at all for the default one")
    if database and not _NAME.fullmatch(database):
        raise UsageError(_HELP)
    host = f"[{host}]" if ":" in host else host
    return Address(
        f"{parts.scheme}://{host}" + (f":{port}" if port else ""),
        unquote(parts.username) if parts.username else login.user or "neo4j",
        unquote(parts.password) if parts.password else login.password or "",
        database or None,
        _readable(login.certificates) if parts.scheme.endswith("+s") else None,
    )


def _readable(certificates: Path | None) -> Path | None:
    """A file of certificates; UsageError if it is none, before anybody is connected to."""
    if certificates is not None:
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(certificates)
        except OSError as error:  # SSLError is one
            raise UsageError(
                f"WORKBENCH_NEO4J_CA names {certificates}, which holds no certificates ({error}): give a PEM file"
            ) from error
    return certificates
