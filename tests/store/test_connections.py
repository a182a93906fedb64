"""Each way in which a connection fails, on real servers, in words that say what to do; and logins from settings."""

import gc
import http.server
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.servers import driver
from tests.store.connecting import SECRET, at, fails
from tests.stores import fresh_url
from workbench import settings
from workbench.errors import InputError, NoStore, StoreMismatch, UsageError
from workbench.store.login import Login, shown, without_passwords
from workbench.store.neo4j.address import address_of
from workbench.store.neo4j.probe import reason
from workbench.view.store import open_store

pytestmark = pytest.mark.usefixtures("hasty")
ON_A_SERVER = pytest.mark.neo4j_only(reason="connects to real servers")
OURS = "CALL dbms.listConnections() YIELD userAgent WHERE userAgent = 'joint-workbench' RETURN count(*)"
ENCODED = "a%2Fp%40ss%3Fw%23rd%2541"


# -- URLs -----------------------------------------------------------------------------------


def test_a_url_is_taken_apart() -> None:
    address = address_of(f"neo4j+s://ann:{ENCODED}@[::1]:7000/case.1")
    assert (address.user, address.password, address.database) == ("ann", SECRET, "case.1")
    assert (address.shown, address.host, address.port) == ("neo4j+s://[::1]:7000/case.1", "::1", 7000)
    assert SECRET not in repr(address)


def test_what_a_url_does_not_say_the_login_does() -> None:
    login = Login("ann", SECRET)
    assert address_of("neo4j://host", login)[1:3] == ("ann", SECRET)
    assert address_of("neo4j://bo@host", login)[1:3] == ("bo", SECRET)
    assert address_of("neo4j://bo:other@host", login)[1:3] == ("bo", "other")
    assert address_of("neo4j://host")[1:3] == ("neo4j", "")
    assert SECRET not in repr(login)


@pytest.mark.parametrize(
    "url",
    [
        f"neo4j://ann:{SECRET}@host",
        f"neo4j://ann:{SECRET}",
        f"bolt://ann:12/{SECRET}@host",
        f"neo4j+x://ann:{SECRET}@host",
        f"neo5j://ann:{SECRET}@host",
        f"neo4j:ann:{SECRET}@host",
        f"neo4j:/ann:{SECRET}@host/db",
        f"ann:{SECRET}@host",
        "neo4j://ann:secret",
        "neo4j://",
        "neo4j://host/system",
        "neo4j://host/a b",
    ],
)
def test_a_url_that_is_none_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(UsageError) as told:
        open_store(url)
    said = without_passwords(str(told.value))
    for part in (SECRET, "p@ss", "ss?w", "secret"):
        assert part not in said


def test_urls_in_messages_lose_their_passwords() -> None:
    said = without_passwords(f"not (neo4j://a:{ENCODED}@h:1/d), bolt+s://b:p@ss@[::1] but me@example.org")
    assert said == "not (neo4j://h:1/d), bolt+s://[::1] but me@example.org"
    assert shown("sqlite:///a/b@c.db") == "sqlite:///a/b@c.db"


# -- settings -------------------------------------------------------------------------------


def test_the_password_is_read_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "password"
    monkeypatch.setenv("WORKBENCH_NEO4J_PASSWORD_FILE", str(file))
    with pytest.raises(InputError, match=r"WORKBENCH_NEO4J_PASSWORD_FILE names .* can't be read"):
        settings.login()
    file.write_text(f"{SECRET} \n", "utf-8")
    assert settings.login().password == f"{SECRET} "
    monkeypatch.setenv("WORKBENCH_NEO4J_PASSWORD", "other")
    assert settings.login().password == "other"  # noqa: S105 - of nobody


def test_the_target_of_a_copy_has_settings_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.target_login() == Login()
    monkeypatch.setenv("WORKBENCH_NEO4J_USER", "ann")
    monkeypatch.setenv("WORKBENCH_NEO4J_PASSWORD", "common")
    assert settings.target_login() == settings.login() == Login("ann", "common")
    file = tmp_path / "password"
    file.write_text(f"{SECRET}\n", "utf-8")
    monkeypatch.setenv("WORKBENCH_TO_NEO4J_PASSWORD_FILE", str(file))
    assert settings.target_login() == Login("ann", SECRET)
    monkeypatch.setenv("WORKBENCH_TO_NEO4J_USER", "bo")
    monkeypatch.setenv("WORKBENCH_TO_NEO4J_PASSWORD", "own")
    assert settings.target_login() == Login("bo", "own")
    assert settings.login() == Login("ann", "common")
    monkeypatch.delenv("WORKBENCH_TO_NEO4J_PASSWORD")
    file.unlink()
    with pytest.raises(InputError, match="WORKBENCH_TO_NEO4J_PASSWORD_FILE names"):
        settings.target_login()


def test_pages_are_handed_a_url_without_password(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WORKBENCH_STORE", "WORKBENCH_NEO4J_USER", "WORKBENCH_NEO4J_PASSWORD"):
        monkeypatch.setenv(name, "")
    settings.hand_down(f"neo4j://ann:{ENCODED}@host/db", None, None)
    assert settings.store_url(None) == "neo4j://host/db"
    assert settings.login() == Login("ann", SECRET)


def test_certificates_that_are_none_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    for text in (None, "no certificate"):
        if text:
            file.write_text(text, "utf-8")
        with pytest.raises(UsageError, match=r"WORKBENCH_NEO4J_CA names .* give a PEM file"):
            address_of("neo4j+s://host", Login(certificates=file))
        assert address_of("neo4j://host", Login(certificates=file)).certificates is None


# -- nobody there, or somebody else -------------------------------------------------------------


@contextmanager
def listening(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """The port of a server that answers each connection with a given function."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def run() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    with connection:
                        answer(connection)

        threading.Thread(target=run, daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


@contextmanager
def web_server() -> Iterator[int]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("scheme", ["neo4j", "bolt", "neo4j+s"])
def test_no_such_host(scheme: str) -> None:
    said = fails(f"{scheme}://ann:{ENCODED}@nosuch.invalid:7687")
    assert "there is no host nosuch.invalid: correct the URL" in said


@pytest.mark.parametrize("scheme", ["neo4j", "bolt", "bolt+s"])
def test_nothing_listens(scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    said = fails(f"{scheme}://ann:{ENCODED}@127.0.0.1:{port}")
    assert f"the server is away: nothing listens at 127.0.0.1:{port}: check that the server runs" in said


@pytest.mark.parametrize("scheme", ["neo4j", "bolt"])
def test_a_web_server(scheme: str) -> None:
    with web_server() as port:
        said = fails(f"{scheme}://ann:{ENCODED}@127.0.0.1:{port}")
    assert "is a web server, not Neo4j's Bolt: use the Bolt port, 7687" in said


def test_another_server() -> None:
    with listening(lambda connection: connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")) as port:
        assert "is not Neo4j: correct the URL" in fails(f"bolt://ann:{ENCODED}@127.0.0.1:{port}")


def test_a_server_that_speaks_no_version_of_bolt_that_is_offered() -> None:
    with listening(lambda connection: connection.sendall(bytes(4 * len(connection.recv(20)) // 20))) as port:
        assert "too old or too new for this driver" in fails(f"bolt://ann:{ENCODED}@127.0.0.1:{port}")


def test_tls_where_nobody_speaks_it() -> None:
    with listening(lambda connection: connection.sendall(b"HTTP/1.0 400 Bad\r\n\r\n")) as port:
        assert "does not speak TLS there: write neo4j:// without +s" in fails(f"bolt+s://a:{ENCODED}@127.0.0.1:{port}")


@pytest.mark.parametrize("scheme", ["bolt", "bolt+s", "bolt+ssc", "neo4j+s"])
def test_a_machine_that_takes_connections_and_says_nothing(scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        said = fails(f"{scheme}://ann:{ENCODED}@127.0.0.1:{port}")
        why = reason(address_of(f"{scheme}://127.0.0.1:{port}"))
    assert "the server is away: it accepts connections but does not answer" in said
    assert said.endswith("then try again")
    assert "without +s" not in said
    assert why is not None
    assert not why.lasts


def test_a_machine_that_hangs_up_says_nothing_of_tls() -> None:
    with listening(lambda connection: None) as port:
        said = fails(f"bolt+s://ann:{ENCODED}@127.0.0.1:{port}")
    assert "the server is away: it accepts connections but does not answer" in said


def test_tls_of_another_kind() -> None:
    with listening(lambda connection: connection.sendall(bytes.fromhex("15030300020228"))) as port:  # handshake failure
        said = fails(f"bolt+s://ann:{ENCODED}@127.0.0.1:{port}")
    assert "this machine and the server do not agree on TLS" in said
    assert "without +s" not in said


# -- a real server ------------------------------------------------------------------------------


@ON_A_SERVER
def test_a_wrong_password_an_unknown_user_and_none_at_all(tmp_path: Path) -> None:
    url = fresh_url(tmp_path)
    assert "refused the user nosuch or the password" in fails(at(url, user="nosuch", password=ENCODED))
    assert "no password was given for nosuch: set WORKBENCH_NEO4J_PASSWORD" in fails(
        at(url, user="nosuch", password="")
    )


@contextmanager
def user(url: str, name: str, change: str) -> Iterator[None]:
    """A user of the database, whose password is the secret."""
    with driver(url) as admin:
        make = f"CREATE USER {name} SET PASSWORD $secret CHANGE {change}"
        admin.execute_query(make, secret=SECRET, database_="system")
        try:
            yield
        finally:
            admin.execute_query(f"DROP USER {name}", database_="system")


@ON_A_SERVER
def test_too_many_wrong_passwords(tmp_path: Path) -> None:
    url = fresh_url(tmp_path)
    with user(url, "forgetful", "NOT REQUIRED"):
        said = [fails(at(url, user="forgetful", password="wrong" + ENCODED)) for _ in range(5)]
    assert "refused the user forgetful" in said[0]
    assert "too many wrong passwords: wait some seconds" in said[-1]


@ON_A_SERVER
def test_a_password_that_has_to_be_changed(tmp_path: Path) -> None:
    url = fresh_url(tmp_path)
    with user(url, "novice", "REQUIRED"):
        said = fails(at(url, user="novice", password=ENCODED))
    assert "the user has to change the password first" in said


@ON_A_SERVER
def test_the_connections_of_a_store_that_is_let_go_are_closed(tmp_path: Path) -> None:
    url = fresh_url(tmp_path)
    with driver(url) as admin:

        def connections() -> int:
            return int(admin.execute_query(OURS).records[0][0])

        store = open_store(url)
        store.agencies()
        assert connections()
        del store
        gc.collect()
        for _ in range(500):
            if not connections():
                return
            time.sleep(0.01)
    raise AssertionError("they are still open")


@ON_A_SERVER
@pytest.mark.parametrize("scheme", ["neo4j", "bolt"])
def test_no_such_database(tmp_path: Path, scheme: str) -> None:
    said = fails(at(fresh_url(tmp_path), scheme=scheme, database="nosuch"))
    assert "no database with that name: correct the end of the URL" in said


@ON_A_SERVER
@pytest.mark.parametrize("scheme", ["neo4j+s", "neo4j+ssc", "bolt+s", "bolt+ssc"])
def test_tls_at_a_server_without(tmp_path: Path, scheme: str) -> None:
    said = fails(at(fresh_url(tmp_path), scheme=scheme))
    assert "the server does not speak TLS there: write neo4j:// without +s" in said


@ON_A_SERVER
def test_a_foreign_graph_and_a_newer_store(tmp_path: Path) -> None:
    url = fresh_url(tmp_path)
    with driver(url) as admin:
        admin.execute_query("CREATE (:Car {name: 'Dee'})")
        assert "holds a graph that is not a workbench store" in fails(url, StoreMismatch)
        admin.execute_query("MATCH (n) DETACH DELETE n CREATE (:Migration {name: '9999 something'})")
        assert "was written by a newer workbench (9999 something): upgrade this one" in fails(url, StoreMismatch)


@ON_A_SERVER
def test_reading_makes_no_store(tmp_path: Path) -> None:
    url = fresh_url(tmp_path)
    with driver(url) as admin:
        for _, name in admin.execute_query("SHOW CONSTRAINTS YIELD name RETURN 0, name").records:
            admin.execute_query(f"DROP CONSTRAINT {name}")  # of stores before
        with pytest.raises(NoStore, match="load something into it first"):
            settings.existing_store(url)
        counted = admin.execute_query("MATCH (n) RETURN count(n)").records[0][0]
        assert counted == 0
        assert admin.execute_query("SHOW CONSTRAINTS").records == []
        open_store(url).close()
        settings.existing_store(url).close()


@ON_A_SERVER
def test_a_url_without_password_works_by_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = fresh_url(tmp_path)
    address = address_of(url)
    monkeypatch.setenv("WORKBENCH_NEO4J_USER", "neo4j")
    monkeypatch.setenv("WORKBENCH_NEO4J_PASSWORD", address.password)
    store = settings.open_store(address.shown)
    assert store.url == address.shown
    store.close()
