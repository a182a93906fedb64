"""Why a server can't be talked to: asked of its address, when the driver has given up.

The driver wraps what went wrong several times, in words about itself. A look at the address says more: who listens
there, whether he speaks TLS, whether his certificate holds, and whether he speaks Bolt.
"""

import socket
import ssl
from contextlib import suppress
from typing import NamedTuple

from workbench.store.neo4j.address import Address

_SECONDS = 1.5
# The greeting of Bolt, and the versions that the driver offers: 6.0, 5.0 to 5.8, 4.4.
_HELLO = bytes.fromhex("6060b017 00000006 00080805 00020404 00000000")
_NO_VERSION = bytes(4)
_TLS_RECORDS = (b"\x15", b"\x16")  # an alert, a handshake
_HTTP = b"HTTP"
_OTHER_HOST = (62, 64)  # OpenSSL's codes: the name, or the number, is not in the certificate
_EXPIRED = (9, 10)


class Reason(NamedTuple):
    """Why not, with what to do; and whether it stays so however long one waits."""

    told: str
    lasts: bool


_SILENT = Reason("it takes connections and says nothing: see its log, and that it is Neo4j's port of Bolt", False)


def reason(address: Address) -> Reason | None:
    """Why this server can't be talked to; None if it can, or nobody knows."""
    where = f"{address.host}:{address.port}"
    try:
        with socket.create_connection((address.host, address.port), _SECONDS) as plain:
            return _of_encrypted(address, plain) if address.is_encrypted else _of_plain(address, plain)
    except socket.gaierror:
        return Reason(f"there is no host {address.host}: correct the URL, or see that its name can be looked up", True)
    except ConnectionRefusedError:
        return Reason(f"nothing listens at {where}: see that the server runs, and that the port is right", False)
    except TimeoutError:
        return Reason(f"nobody answers at {where}: see that the server runs, and that no firewall is between", False)
    except OSError as error:
        return Reason(f"{where} can't be reached ({error}): see that the address is right", False)


def trusting(address: Address) -> ssl.SSLContext:
    """What a connection to this server trusts."""
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
    """Why there is no TLS: only who answers without it does not speak it."""
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
        return f"the server's certificate is not of {address.host}: write the host's name as the certificate has it"
    if error.verify_code in _EXPIRED:
        return "the server's certificate is not valid today: renew it, and see that the clocks are right"
    trusted = f"by {address.certificates}" if address.certificates else "by this system"
    todo = "name the file of the authority's certificate by WORKBENCH_NEO4J_CA"
    return f"the server's certificate is not signed by anybody who is trusted {trusted}: {todo}"


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
        return Reason("the server's version is too old or too new to talk to: it has to be 5.26 or newer", True)
    if answer == _HTTP:
        said = "a web server, not Neo4j's Bolt"
        return Reason(f"at {where} listens {said}: give the port of Bolt, 7687 if nobody changed it", True)
    if len(answer) == len(_NO_VERSION) and answer[:2] == bytes(2):
        return None
    return Reason(f"what listens at {where} is no Neo4j: correct the URL", True) if answer else None


def _speaks_tls(address: Address) -> bool:
    anybody = ssl.create_default_context()
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    said = ssl.MemoryBIO()  # no SSLSocket: one whose connection is reset as it is made is never closed
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
