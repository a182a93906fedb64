"""Explains failures of the server or the connection, and what to do about them."""

from collections.abc import Iterator
from contextlib import contextmanager

from neo4j.exceptions import (
    AuthError,
    ClientError,
    ConfigurationError,
    ConnectionAcquisitionTimeoutError,
    DriverError,
    Forbidden,
    IncompleteCommit,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
)

from workbench.errors import StoreBusy, StoreError
from workbench.store.neo4j.address import Address
from workbench.store.neo4j.probe import reason

_NO_ROOM = ("no space left on device", "low disk space")

_OLDER = ("Neo.TransientError.Transaction.BookmarkTimeout", "Neo.ClientError.Transaction.InvalidBookmark")
# The second is for a query that waited for a lock.
_TIMED_OUT = ("Neo.ClientError.Transaction.TransactionTimedOut", "Neo.ClientError.Transaction.LockClientStopped")

_READ_ONLY = (
    "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase",
    "Neo.ClientError.General.WriteOnReadOnlyAccessDatabase",
)

_STOPPED = (
    "the database stopped itself, as when its disk is full: kill it, see its log, make room, start it; then try again"
)
_HALF_DONE = (
    "the server stopped in the middle of a commit, as when its disk is full, so it may or may not have happened: kill"
    " it, see its log, make room, start it; then check, and try again"
)

# Raised even with `… IF NOT EXISTS`, if two processes create the same at once.
_MADE_MEANWHILE = frozenset(
    f"Neo.ClientError.Schema.{what}AlreadyExists"
    for what in ("EquivalentSchemaRule", "Constraint", "Index", "ConstraintWithName", "IndexWithName")
)

# By the beginning of the server's code; the first match counts.
_BY_CODE = (
    ("Neo.DatabaseError.Transaction.TransactionCommitFailed", _HALF_DONE),
    ("Neo.DatabaseError.Transaction.TransactionLogError", _STOPPED),
    ("Neo.DatabaseError.Transaction.TransactionStartFailed", _STOPPED),
    ("Neo.ClientError.Database.DatabaseNotFound", "there is no database with that name: correct the end of the URL"),
    ("Neo.TransientError.General.MemoryPoolOutOfMemoryError", "the server is out of memory: give it more heap"),
    ("Neo.TransientError.General.OutOfMemoryError", "the server is out of memory: give it more heap"),
    *((code, "the database is in an older state than before: if it was restored, try again") for code in _OLDER),
    ("Neo.ClientError.Security.CredentialsExpired", "the user has to change the password first: see cypher-shell"),
    ("Neo.ClientError.Security.AuthenticationRateLimit", "too many wrong passwords: wait some seconds, correct it"),
    *((code, "the database is read-only: see server.databases.default_to_read_only") for code in _READ_ONLY),
    ("Neo.ClientError.Security", "the server refused the user: see WORKBENCH_NEO4J_USER and its password"),
    (
        "Neo.ClientError.Schema.ConstraintValidationFailed",
        "something that must be unique would have been written twice, so nothing was written: please report this",
    ),
    (
        "Neo.DatabaseError.Schema.ConstraintCreationFailed",
        "something that must be unique exists twice, so a constraint can't be created: restore the newest backup that"
        " `workbench doctor` finds well",
    ),
    ("Neo.TransientError.General.DatabaseUnavailable", "the database is not available: start it, or try again"),
    ("Neo.TransientError", "the server could not do it now: try again"),
)

_OF_TARGET = " (for the target of a copy, the settings that begin with WORKBENCH_TO_NEO4J)"


@contextmanager
def as_store_error(address: Address) -> Iterator[None]:
    """Turn the driver's exceptions into StoreError, with an explanation."""
    try:
        yield
    except (Neo4jError, DriverError) as error:
        shown = address.shown
        if isinstance(error, Neo4jError) and (error.code or "").startswith(_TIMED_OUT):
            raise StoreBusy(f"{shown}: timed out, because others are writing there: try again") from error
        raise StoreError(f"{shown}: {_told(error, address)}") from error


def is_older(error: Neo4jError) -> bool:
    """Whether the server reports that its database is older than what this process has read."""
    return error.code in _OLDER


def may_pass(error: Neo4jError | DriverError) -> bool:
    """Whether a retry may succeed: the server was away or busy, or another process created the same index meanwhile."""
    return error.is_retryable() or (isinstance(error, Neo4jError) and (error.code or "") in _MADE_MEANWHILE)


def _told(error: Neo4jError | DriverError, address: Address) -> str:
    message = " ".join(str((isinstance(error, Neo4jError) and error.message) or error).split())
    if any(sign in message.lower() for sign in _NO_ROOM):
        return f"the server's disk is full ({message}): make room on it, then try again"
    if "database is in read-only mode" in message.lower():
        todo = "make room on it, or change server.databases.read_only and default_to_read_only"
        return f"the server's disk is full, or the database is read-only ({message}): {todo}"
    if isinstance(error, AuthError):
        return _of_login(address)
    if isinstance(error, Forbidden):
        return f"the database user may not do this ({message}): give it the roles publisher and architect"
    if isinstance(error, IncompleteCommit):
        return "the connection broke during a commit, so it may or may not have happened: check, then try again"
    if isinstance(error, ServiceUnavailable | SessionExpired | ConfigurationError):
        return _of_connection(error, message, address)
    if isinstance(error, ConnectionAcquisitionTimeoutError):
        return f"the server did not answer in time ({message}): check that it runs, then try again"
    if isinstance(error, Neo4jError):
        known = next((todo for code, todo in _BY_CODE if (error.code or "").startswith(code)), None)
        if known is not None:
            return f"{known} ({message})"
    if isinstance(error, ClientError):
        return f"the server did not understand this workbench ({message}): is its version supported?"
    return f"the server failed ({message}): see its log"


def _of_login(address: Address) -> str:
    if not address.password:
        return (
            f"no password was given for {address.user}: set WORKBENCH_NEO4J_PASSWORD, or WORKBENCH_NEO4J_PASSWORD_FILE"
            f"{_OF_TARGET}"
        )
    return (
        f"the server refused the user {address.user} or the password: see WORKBENCH_NEO4J_USER and"
        f" WORKBENCH_NEO4J_PASSWORD, or the URL{_OF_TARGET}"
    )


def _of_connection(error: Neo4jError | DriverError, message: str, address: Address) -> str:
    within = error.__cause__.exceptions if isinstance(error.__cause__, ExceptionGroup) else ()
    for each in within:  # the errors of all servers that were asked for routes
        if isinstance(each, Neo4jError):
            return _told(each, address)
    why = None if isinstance(error, SessionExpired) else reason(address)
    if why is not None:
        return why.told if why.lasts else f"the server is away: {why.told}; then try again"
    if isinstance(error, ConfigurationError):
        return f"the connection can't be made ({message}): correct the URL or the certificates"
    return f"the server is away ({message}): check that it runs and that the address is right, then try again"
