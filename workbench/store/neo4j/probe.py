"""Find out why a server can't be reached, after the driver has given up.

The driver's errors say little about the cause. Probing the address says more: whether anything listens there, whether
it speaks TLS, whether its certificate is valid, and whether it speaks Bolt.
"""

import socket
import ssl
from contextlib import suppress
from typing import NamedTuple

from workbench.store.neo4j.address import Address

_SECONDS = 1.5
# Bolt's handshake, with the versions that the driver offers: 6.0, 5.0 to 5.8, 4.4.
_HELLO = bytes.fromhex("6060b017 00000006 00080805 00020404 00000000")
_NO_VERSION = bytes(4)
_TLS_RECORDS = (b"\x15", b"\x16")  # an alert, a handshake
_HTTP = b"HTTP"
_OTHER_HOST = (62, 64)  # OpenSSL's codes: host name or IP address not in the certificate
_EXPIRED = (9, 10)


class Reason(NamedTuple):
    """A reason with advice; `lasts` if waiting does not help."""

    told: str
    lasts: bool


_SILENT = Reason("it accepts connections but does not answer: see its log, and check that this is the Bolt port", False)


def reason(address: Address) -> Reason | None:
    """Why this server can't be reached; None if it can be, or the reason is not known."""
    where = f"{address.host}:{address.port}"
    try:
        with socket.create_connection((address.host, address.port), _SECONDS) as plain:
            return _of_encrypted(address, plain) if address.is_encrypted else _of_plain(address, plain)
    except socket.gaierror:
        return Reason(f"there is no host {address.host}: correct the URL, or check that its name can be resolved", True)
    except ConnectionRefusedError:
        return Reason(f"nothing listens at {where}: check that the server runs, and that the port is right", False)
    except TimeoutError:
        return Reason(f"{where} does not answer: check that the server runs, and that no firewall blocks it", False)
    except OSError as error:
        return Reason(f"{where} can't be reached ({error}): check that the address is right", False)


def trusting(address: Address) -> ssl.SSLContext:
    """The certificates that a connection to this server trusts."""
    context = ssl.create_default_context(cafile=address.certificates)
    if not address.is_verified:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _of_encrypted(address: Address, plain: socket.socket) -> Reason | None:
    try:
        with trusting(address).wrap_socket(plain, server_hostname=address.host) as encrypted:
            return _of_answer(_greeted(encrypted), address)
    except ssl.SSLCertVerificationError as error:
        return Reason(_of_certificate(error, address), True)
    except TimeoutError:
        return _SILENT
    except (ssl.SSLError, ConnectionError) as error:
        return _of_no_tls(error, address)


def _of_no_tls(error: OSError, address: Address) -> Reason:
    """Why TLS failed: the server speaks no TLS only if it answers without it."""
    answer = b""
    with suppress(OSError), socket.create_connection((address.host, address.port), _SECONDS) as plain:
        answer = _greeted(plain)
    if answer and answer[:1] not in _TLS_RECORDS:
        said = "the server does not speak TLS there"
        return Reason(f"{said}: write neo4j:// without +s, or turn TLS on (server.bolt.tls_level)", True)
    if answer or not isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError | ConnectionError):
        return Reason(f"this machine and the server do not agree on TLS ({error}): see dbms.ssl.policy.bolt", True)
    return _SILENT


def _of_certificate(error: ssl.SSLCertVerificationError, address: Address) -> str:
    if error.verify_code in _OTHER_HOST:
        return f"the server's certificate is not for {address.host}: write the host name as the certificate has it"
    if error.verify_code in _EXPIRED:
        return "the server's certificate is not valid today: renew it, and check the clocks"
    trusted = f"by {address.certificates}" if address.certificates else "by this system"
    todo = "name the authority's certificate file in WORKBENCH_NEO4J_CA"
    return f"the server's certificate is not signed by an authority trusted {trusted}: {todo}"


def _of_plain(address: Address, plain: socket.socket) -> Reason | None:
    answer = b""
    with suppress(TimeoutError, ConnectionResetError):
        answer = _greeted(plain)
    if answer:
        return _of_answer(answer, address)
    if _speaks_tls(address):
        return Reason("the server wants TLS: write neo4j+s:// (or bolt+s://) in the URL", True)
    if _speaks_http(address):
        return _of_answer(_HTTP, address)
    return _SILENT


def _greeted(connection: socket.socket) -> bytes:
    connection.sendall(_HELLO)
    return connection.recv(4)


def _of_answer(answer: bytes, address: Address) -> Reason | None:
    where = f"{address.host}:{address.port}"
    if answer == _NO_VERSION:
        return Reason("the server's version is too old or too new for this driver: it must be 5.26 or newer", True)
    if answer == _HTTP:
        said = "a web server, not Neo4j's Bolt"
        return Reason(f"{where} is {said}: use the Bolt port, 7687 by default", True)
    if len(answer) == len(_NO_VERSION) and answer[:2] == bytes(2):
        return None
    return Reason(f"{where} is not Neo4j: correct the URL", True) if answer else None


def _speaks_tls(address: Address) -> bool:
    anybody = ssl.create_default_context()
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    said = ssl.MemoryBIO()  # not an SSLSocket: one whose connection is reset during the handshake is never closed
    with suppress(ssl.SSLWantReadError):
        anybody.wrap_bio(ssl.MemoryBIO(), said, server_hostname=address.host).do_handshake()
    with suppress(OSError), socket.create_connection((address.host, address.port), _SECONDS) as plain:
        plain.sendall(said.read())
        return plain.recv(1) in _TLS_RECORDS
    return False


def _speaks_http(address: Address) -> bool:
    with suppress(OSError), socket.create_connection((address.host, address.port), _SECONDS) as plain:
        plain.sendall(b"HEAD / HTTP/1.0\r\n\r\n")
        return plain.recv(4) == _HTTP
    return False
