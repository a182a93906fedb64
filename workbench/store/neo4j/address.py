"""The address of a database and the login for it, from a URL, completed from the settings."""

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
    "not the URL of a Neo4j server: write neo4j://USER:PASSWORD@HOST:PORT/DATABASE, or neo4j+s:// for TLS, with"
    " / ? # @ % in user or password as %2F %3F %23 %40 %25; all but HOST is optional, and user and password can be in"
    " WORKBENCH_NEO4J_USER and WORKBENCH_NEO4J_PASSWORD instead"
)


class Address(NamedTuple):
    """The address of a database, and the login for it."""

    server: str  # a URL without user, password and database
    user: str
    password: str
    database: str | None
    certificates: Path | None = None  # trusted instead of the system's

    @property
    def shown(self) -> str:
        """The URL without user and password."""
        return f"{self.server}/{self.database}" if self.database else self.server

    @property
    def host(self) -> str:
        """The server's host name or IP address."""
        return urlsplit(self.server).hostname or ""

    @property
    def port(self) -> int:
        """The server's port."""
        return urlsplit(self.server).port or _PORT

    @property
    def is_encrypted(self) -> bool:
        """Whether the connection uses TLS."""
        return "+" in self.server.partition(":")[0]

    @property
    def is_verified(self) -> bool:
        """Whether the server's certificate is verified."""
        return self.server.partition(":")[0].endswith("+s")

    def __repr__(self) -> str:
        return f"<Address {self.shown}>"


def address_of(url: str, login: Login = NOBODY) -> Address:
    """Parse a URL `neo4j://USER:PASSWORD@HOST:PORT/DATABASE`; UsageError if it is not one.

    `login` supplies user and password if the URL does not.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise UsageError(_HELP) from None  # the original error quotes the URL, which may hold a password
    database = unquote(parts.path.strip("/"))
    if parts.scheme not in SCHEMES or not host or parts.query or parts.fragment:
        raise UsageError(_HELP)
    if database == "system":
        raise UsageError("the database `system` is Neo4j's own: name another one, or none for the default database")
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
    """The file of certificates; UsageError, before any connection is made, if it can't be loaded."""
    if certificates is not None:
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(certificates)
        except OSError as error:  # SSLError is an OSError
            raise UsageError(
                f"WORKBENCH_NEO4J_CA names {certificates}, which holds no certificates ({error}): give a PEM file"
            ) from error
    return certificates
