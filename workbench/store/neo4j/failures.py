"""What a failure of the server or the connection means, and what to do about it."""

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

_NO_ROOM = ("no space left on device", "low disk space", "database is in read-only mode")

_OLDER = ("Neo.TransientError.Transaction.BookmarkTimeout", "Neo.ClientError.Transaction.InvalidBookmark")
# The second where it waited for a lock.
_TIMED_OUT = ("Neo.ClientError.Transaction.TransactionTimedOut", "Neo.ClientError.Transaction.LockClientStopped")

# By the beginning of the server's code; the first that fits.
_BY_CODE = (
    ("Neo.ClientError.Database.DatabaseNotFound", "there is no database of that name: correct the end of the URL"),
    ("Neo.TransientError.General.MemoryPoolOutOfMemoryError", "the server is out of memory: give it more heap"),
    ("Neo.TransientError.General.OutOfMemoryError", "the server is out of memory: give it more heap"),
    *((code, "the database is older than what was read: if it was restored, try again") for code in _OLDER),
    ("Neo.ClientError.Security", "the server refused the user: see WORKBENCH_NEO4J_USER and its password"),
    ("Neo.TransientError.General.DatabaseUnavailable", "the database is not available: start it, or try again"),
    ("Neo.TransientError", "the server could not do it now: try again"),
)


@contextmanager
def as_store_error(shown: str) -> Iterator[None]:
    """Turn what the driver raises into an error of the store at an address that may be shown."""
    try:
        yield
    except (Neo4jError, DriverError) as error:
        if isinstance(error, Neo4jError) and (error.code or "").startswith(_TIMED_OUT):
            raise StoreBusy(f"{shown}: it was not done in time, as others are at work there: try again") from error
        raise StoreError(f"{shown}: {_told(error)}") from error


def is_older(error: Neo4jError) -> bool:
    """Whether the server says that its database is older than what was read of it."""
    return error.code in _OLDER


def _told(error: Neo4jError | DriverError) -> str:
    message = " ".join(str(error).split())
    if any(sign in message.lower() for sign in _NO_ROOM):
        return f"the server's disk is full ({message}): make room on it, then try again"
    if isinstance(error, AuthError):
        return "the server refused the user or the password: see WORKBENCH_NEO4J_USER and WORKBENCH_NEO4J_PASSWORD"
    if isinstance(error, Forbidden):
        return f"the database user may not do this ({message}): give it the rights of a publisher and of schemas"
    if isinstance(error, IncompleteCommit):
        return "the connection broke at a commit, so that it may or may not have happened: look, then try again"
    if isinstance(error, ServiceUnavailable | SessionExpired):
        return f"the server is away ({message}): see that it runs and that the address is right, then try again"
    if isinstance(error, ConnectionAcquisitionTimeoutError):
        return f"the server did not answer in time ({message}): see that it runs, then try again"
    if isinstance(error, ConfigurationError):
        return f"this connection can't be made ({message}): correct the URL or the certificates"
    if isinstance(error, Neo4jError):
        known = next((todo for code, todo in _BY_CODE if (error.code or "").startswith(code)), None)
        if known is not None:
            return f"{known} ({message})"
    if isinstance(error, ClientError):
        return f"the server did not understand this workbench ({message}): is its version supported?"
    return f"the server failed ({message}): see its log"
