"""Certificates for a server of `tools/neo4j.py`, from its own authority made with openssl."""

import shutil
import ssl
import subprocess
from pathlib import Path

from neo4j_jars import Failed, end_of

_DAYS = "30"
_AUTHORITY = ("-subj", "/CN=authority of a local server", "-addext", "basicConstraints=critical,CA:TRUE")


def authority(home: Path) -> Path:
    """The certificate of the authority that signs an instance's certificate."""
    return home / "certificates" / "authority.pem"


def certify(home: Path, host: str) -> dict[str, str]:
    """Create missing certificates; returns the settings for a server that accepts TLS only."""
    folder = authority(home).parent
    if not authority(home).is_file():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        _openssl(folder, "req", "-x509", *_key("authority.key"), "-days", _DAYS, *_AUTHORITY, "-out", "part.pem")
        _openssl(folder, "req", *_key("private.key"), "-subj", f"/CN={host}", "-out", "request.pem")
        (folder / "names").write_text(f"subjectAltName=IP:{host}\n")
        signing = ("-CA", "part.pem", "-CAkey", "authority.key", "-CAcreateserial", "-extfile", "names")
        _openssl(folder, "x509", "-req", "-in", "request.pem", *signing, "-days", _DAYS, "-out", "public.crt")
        (folder / "part.pem").rename(authority(home))  # last, when everything else is there
    return {
        "server.bolt.tls_level": "REQUIRED",
        "dbms.ssl.policy.bolt.enabled": "true",
        "dbms.ssl.policy.bolt.base_directory": str(folder),
        "dbms.ssl.policy.bolt.private_key": "private.key",
        "dbms.ssl.policy.bolt.public_certificate": "public.crt",
        "dbms.ssl.policy.bolt.client_auth": "NONE",
    }


def trusting(home: Path) -> ssl.SSLContext:
    """The certificates that a client of this instance trusts."""
    return ssl.create_default_context(cafile=authority(home))


def _key(name: str) -> tuple[str, ...]:
    return ("-newkey", "rsa:2048", "-noenc", "-keyout", name)


def _openssl(folder: Path, *arguments: str) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        raise Failed("no openssl on PATH, which makes certificates: install it, or start without --tls")
    done = subprocess.run([openssl, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failed(f"openssl could not make certificates:\n{end_of(done.stderr)}")
