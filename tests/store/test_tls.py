"""TLS with real servers that accept nothing else: trust, and error messages."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.servers import LINE, tool
from tests.store.connecting import at, fails
from tests.stores import leased
from workbench.store.login import Login
from workbench.store.neo4j.address import address_of
from workbench.store.neo4j.connection import Database

pytestmark = [pytest.mark.neo4j_only(reason="connects to real servers"), pytest.mark.usefixtures("hasty")]

_ENCRYPTED = f"test-{os.getpid()}-9000"  # like those of the pool: what a killed run leaves, the next one removes


@pytest.fixture(scope="module")
def encrypted() -> Iterator[tuple[str, Path]]:
    """A server that takes nothing but TLS, and only reads; its URL, and the authority to trust."""
    name = _ENCRYPTED
    small = ("--heap", "512m", "--page-cache", "32m", "--quick")
    start = ("start", "--name", name, "--line", LINE, *small, "--tls")
    with leased(Path(), kind="neo4j"):  # says why there is no server, if there is none
        tool(*start)
    tool("stop", "--name", name)  # the database has to be made before it may only be read
    started = tool(*start, "--set", "server.databases.read_only=neo4j")
    assert started.returncode == 0, started.stderr
    found = re.search(r"trusting (\S+)", tool("status", "--name", name).stdout)
    assert found
    yield started.stdout.strip(), Path(found[1])
    tool("remove", "--name", name)


@pytest.mark.parametrize("scheme", ["neo4j+s", "bolt+s"])
def test_a_certificate_is_trusted_by_setting(encrypted: tuple[str, Path], scheme: str) -> None:
    url, authority = encrypted
    with closing(Database(address_of(at(url, scheme=scheme), Login(certificates=authority)))) as database:
        assert database.read("RETURN 1") == [[1]]


@pytest.mark.parametrize("scheme", ["neo4j+ssc", "bolt+ssc"])
def test_any_certificate_is_trusted_where_the_url_says_so(encrypted: tuple[str, Path], scheme: str) -> None:
    with closing(Database(address_of(at(encrypted[0], scheme=scheme)))) as database:
        assert database.read("RETURN 1") == [[1]]


@pytest.mark.parametrize("scheme", ["neo4j+s", "bolt+s"])
def test_a_certificate_that_nobody_signed(encrypted: tuple[str, Path], scheme: str) -> None:
    said = fails(at(encrypted[0], scheme=scheme))
    assert "is not signed by an authority trusted by this system" in said
    assert "WORKBENCH_NEO4J_CA" in said


@pytest.mark.parametrize("scheme", ["neo4j+s", "bolt+s"])
def test_a_certificate_of_another_host(encrypted: tuple[str, Path], scheme: str) -> None:
    url, authority = encrypted
    said = fails(at(url, scheme=scheme, host="localhost"), login=Login(certificates=authority))
    assert "the server's certificate is not for localhost" in said


@pytest.mark.parametrize("scheme", ["neo4j+s", "bolt+ssc"])
def test_a_server_with_tls_that_stalls(encrypted: tuple[str, Path], scheme: str) -> None:
    url, authority = encrypted
    (process,) = re.findall(r" pid (\d+)", tool("status", "--name", _ENCRYPTED).stdout)
    os.kill(int(process), signal.SIGSTOP)
    try:
        said = fails(at(url, scheme=scheme), login=Login(certificates=authority))
    finally:
        os.kill(int(process), signal.SIGCONT)
    assert "the server is away: it accepts connections but does not answer" in said
    assert said.endswith("then try again")
    assert "without +s" not in said
    with closing(Database(address_of(at(url, scheme=scheme), Login(certificates=authority)))) as database:
        assert database.read("RETURN 1") == [[1]]


@pytest.mark.parametrize("scheme", ["neo4j", "bolt"])
def test_no_tls_at_a_server_that_wants_it(encrypted: tuple[str, Path], scheme: str) -> None:
    said = fails(at(encrypted[0], scheme=scheme))
    assert "the server wants TLS: write neo4j+s://" in said


def test_a_database_that_may_only_be_read(encrypted: tuple[str, Path]) -> None:
    said = fails(encrypted[0], login=Login(certificates=encrypted[1]))
    assert "or the database is read-only" in said
