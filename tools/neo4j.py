#!/usr/bin/env python3
"""A real Neo4j (Community) for tests and development, without Docker: plain Python, Java and Maven.

    python3 tools/neo4j.py start [--name NAME] [--line 5|2026]   prints neo4j://neo4j:PASSWORD@127.0.0.1:PORT
    python3 tools/neo4j.py status|stop|kill|remove [--name NAME]
    python3 tools/neo4j.py list
    python3 tools/neo4j.py admin [--name NAME] -- database dump neo4j --to-path=FOLDER

With --tls the URL is neo4j+s://, and WORKBENCH_NEO4J_CA=… for the authority to trust is on stderr, and in `status`.
An instance is a server with one database and a name. It keeps data, password and port until `remove`; `kill` sends
SIGKILL, for tests of faults. Jars are cached in `$XDG_CACHE_HOME`, instances are in `$XDG_STATE_HOME`, both under
`joint-workbench/neo4j`. Servers listen on 127.0.0.1 only.

Exit code: 0 done, 1 failed, 2 wrong use, 3 not running, 4 no Java for this line.
"""

import argparse
import json
import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import neo4j_gds
from neo4j_arguments import arguments
from neo4j_jars import LINES, Failed, Line, administer, end_of, find_java, folder_of, jars, locked, say
from neo4j_tls import authority, certify, trusting

HOST = "127.0.0.1"
# Below the range of ports for outgoing connections, so that a free port stays free.
PORTS = range(17000, 30000)
BOLT_HELLO = bytes.fromhex("6060b017 00000405 00000004 00000000 00000000")
THROUGHPUT = ("-XX:+UseParallelGC",)  # a load of 400,000 records on 2 cores: 10,400 a second; with G1 7,900
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")  # little compilation, few threads
OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")


class NotRunning(Failed):
    """The instance is not running."""

    code = 3


@dataclass(frozen=True)
class Instance:
    """A server's name, and the settings that stay the same when it restarts."""

    name: str
    line: str
    version: str
    port: int
    password: str
    tls: bool = False

    @property
    def url(self) -> str:
        return f"neo4j{'+s' if self.tls else ''}://neo4j:{self.password}@{HOST}:{self.port}"


# -- places ------------------------------------------------------------------------------


def state() -> Path:
    """The folder of all instances."""
    return folder_of("XDG_STATE_HOME", ".local/state")


def home(name: str) -> Path:
    """The folder of an instance."""
    return state() / name


def read(name: str) -> Instance | None:
    """The instance with this name; None if there is none."""
    file = home(name) / "instance.json"
    return Instance(**json.loads(file.read_text())) if file.is_file() else None


def _write_private(file: Path, text: str) -> None:
    part = file.with_name(f".{file.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(text)
    part.replace(file)


# -- making an instance ------------------------------------------------------------------


def _free_port() -> int:
    taken = {each.port for folder in state().iterdir() if (each := read(folder.name))}
    for port in random.sample(PORTS, 200):
        with socket.socket() as tried, suppress(OSError):
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((HOST, port))
            if port not in taken:
                return port
    raise Failed(f"no free port on {HOST} between {PORTS.start} and {PORTS.stop}")


def make(name: str, line: Line, java: Path, tls: bool) -> Instance:
    """Create an instance with its own password and port, without starting it."""
    folder = home(name)
    shutil.rmtree(folder, ignore_errors=True)  # left by an interrupted start
    (folder / "conf").mkdir(mode=0o700, parents=True)
    folder.chmod(0o700)
    with locked(state() / ".ports.lock"):
        made = Instance(name, line.name, line.version, _free_port(), secrets.token_hex(16), tls)
        _set_password(made, java)
        _write_private(folder / "instance.json", json.dumps(asdict(made)))
    return made


def _set_password(instance: Instance, java: Path) -> None:
    # In a file that picocli reads as arguments: everyone on the machine can read command lines.
    folder = home(instance.name)
    _write_settings(instance, {"server.memory.pagecache.size": "8m"})
    _write_private(folder / "password", instance.password)
    done = administer(LINES[instance.line], java, folder, "dbms", "set-initial-password", f"@{folder / 'password'}")
    (folder / "password").unlink()
    if done.returncode != 0:
        raise Failed(f"Neo4j did not take a first password:\n{end_of(done.stdout + done.stderr)}")


def _write_settings(instance: Instance, others: dict[str, str]) -> None:
    settings = {
        "server.default_listen_address": HOST,
        "server.default_advertised_address": HOST,
        "server.bolt.listen_address": f"{HOST}:{instance.port}",
        "server.bolt.advertised_address": f"{HOST}:{instance.port}",
        "server.http.enabled": "false",
        "server.https.enabled": "false",
        "server.bolt.telemetry.enabled": "false",
        "server.bolt.connection_keep_alive": "10s",  # clients give up a silent server after twice this
        "dbms.usage_report.enabled": "false",
        "db.tx_log.rotation.retention_policy": "2 files",
        "db.tx_log.preallocate": "false",
        **(certify(home(instance.name), HOST) if instance.tls else {}),
        **others,
    }
    text = "".join(f"{name}={value}\n" for name, value in settings.items())
    _write_private(home(instance.name) / "conf" / "neo4j.conf", text)


# -- the running server ------------------------------------------------------------------


def running(name: str) -> int | None:
    """The process id of the instance's server; None if it is not running.

    A process counts only if its command line names the instance's folder, because ids are reused.
    """
    file = home(name) / "pid"
    if not file.is_file():
        return None
    pid = int(file.read_text())
    return pid if f"--home-dir={home(name)}" in _command_line(pid) else None


def _command_line(pid: int) -> list[str]:
    if Path("/proc/self").exists():
        with suppress(OSError):
            said = Path(f"/proc/{pid}/cmdline").read_bytes()  # empty for a dead process
            return said.decode(errors="replace").split("\0")
        return []
    listed = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    return subprocess.run(listed, capture_output=True, text=True, check=False).stdout.split()


def answers(instance: Instance) -> bool:
    """Whether a Bolt server answers on its port."""
    with suppress(OSError), socket.create_connection((HOST, instance.port), timeout=2) as plain:
        context = trusting(home(instance.name)) if instance.tls else None
        with context.wrap_socket(plain, server_hostname=HOST) if context else plain as connection:
            connection.sendall(BOLT_HELLO)
            return len(connection.recv(4)) == 4
    return False


def _launch(instance: Instance, java: Path, heap: str, quick: bool) -> subprocess.Popen[bytes]:
    folder = home(instance.name)
    line = LINES[instance.line]
    packages = [f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in OPENED]
    least = "64m" if quick else heap  # a growing heap needs a full collection for each step
    options = [f"-Xms{least}", f"-Xmx{heap}", *(QUICK if quick else THROUGHPUT)]
    command = [
        str(java),
        *options,
        "-XX:+ExitOnOutOfMemoryError",
        *packages,
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        f"{folder / 'plugins'}/*:{jars(line)}/*",
        line.main,
    ]
    _log(instance.name).unlink(missing_ok=True)
    with (folder / "output.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, f"--home-dir={folder}", f"--config-dir={folder / 'conf'}"],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _write_private(folder / "pid", str(process.pid))
    return process


def _log(name: str) -> Path:
    return home(name) / "logs" / "neo4j.log"


def _logged(name: str) -> str:
    files = [home(name) / "output.log", _log(name)]
    return "".join(each.read_text() for each in files if each.is_file())


def _wait_until_started(instance: Instance, has_ended: Callable[[], bool], seconds: float) -> None:
    name, until = instance.name, time.monotonic() + seconds
    while time.monotonic() < until:
        if has_ended():
            raise Failed(f"Neo4j did not start: the end of {_log(name)}:\n{end_of(_logged(name))}")
        if "Started." in _logged(name) and answers(instance):
            return
        time.sleep(0.1)
    _signal(name, signal.SIGKILL)
    raise Failed(
        f"Neo4j did not answer in {seconds:g} s (--timeout): the end of {_log(name)}:\n{end_of(_logged(name))}"
    )


def _signal(name: str, number: signal.Signals) -> None:
    pid = running(name)
    if pid is not None:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def _gone(name: str, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while running(name) is not None:
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


# -- commands ----------------------------------------------------------------------------


def start(asked: argparse.Namespace) -> None:
    """Print the URL of a running server; create and start it first if needed."""
    line = LINES[asked.line]
    instance = read(asked.name)
    if instance is not None and (instance.version, instance.line) != (line.version, line.name):
        raise Failed(
            f"{asked.name} is of Neo4j {instance.version}, not {line.version}: `remove` it, or name another (--name)"
        )
    if instance is None or running(asked.name) is None:
        java = find_java(line)
        jars(line)
        instance = instance or make(asked.name, line, java, asked.tls)
        if answers(instance) or not _can_listen(instance.port):
            raise Failed(f"port {instance.port} of {asked.name} is taken by another process: stop it, or `remove`")
        settings = {"server.memory.pagecache.size": asked.page_cache, **dict(asked.settings)}
        if asked.gds:
            neo4j_gds.install(line, home(asked.name))
            settings |= neo4j_gds.SETTINGS
        _write_settings(instance, settings)
        process = _launch(instance, java, asked.heap, asked.quick)
        _wait_until_started(instance, lambda: process.poll() is not None, asked.timeout)
    else:  # perhaps just started by a command that was interrupted
        _wait_until_started(instance, lambda: running(asked.name) is None, asked.timeout)
    if instance.tls:
        say(f"WORKBENCH_NEO4J_CA={authority(home(asked.name))}")
    sys.stdout.write(f"{instance.url}\n")


def _can_listen(port: int) -> bool:
    with socket.socket() as tried, suppress(OSError):
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        tried.bind((HOST, port))
        return True
    return False


def stop(asked: argparse.Namespace) -> None:
    """Shut the server down cleanly; kill it if it does not end."""
    if running(asked.name) is None:
        raise NotRunning("not running")
    _signal(asked.name, signal.SIGTERM)
    if not _gone(asked.name, asked.timeout):
        say(f"not ended after {asked.timeout:g} s: killed")
        kill(asked)


def kill(asked: argparse.Namespace) -> None:
    """Kill the server, as a power cut would."""
    if running(asked.name) is None:
        raise NotRunning("not running")
    _signal(asked.name, signal.SIGKILL)
    if not _gone(asked.name, 30):
        raise Failed(f"process {running(asked.name)} does not end")


def status(asked: argparse.Namespace) -> None:
    """Print URL, process id and version."""
    instance, pid = read(asked.name), running(asked.name)
    if instance is None or pid is None:
        raise NotRunning("not running")
    trusted = f" trusting {authority(home(asked.name))}" if instance.tls else ""
    sys.stdout.write(f"{instance.url} pid {pid} version {instance.version}{trusted}\n")


def remove(asked: argparse.Namespace) -> None:
    """Delete the instance and its data."""
    if running(asked.name) is not None:
        kill(asked)
    shutil.rmtree(home(asked.name), ignore_errors=True)


def admin(asked: argparse.Namespace) -> None:
    """Run neo4j-admin, with the arguments after `--`, on a stopped instance."""
    instance = read(asked.name)
    if instance is None or running(asked.name) is not None:
        raise Failed(f"{asked.name} is running: stop it first" if instance else f"there is no {asked.name}")
    line = LINES[instance.line]
    done = administer(line, find_java(line), home(asked.name), *asked.arguments)
    sys.stdout.write(f"{end_of(done.stdout)}\n")
    if done.returncode != 0:
        raise Failed(f"neo4j-admin failed:\n{end_of(done.stderr)}")


def names(_: argparse.Namespace) -> None:
    """Print the names of all instances, one a line."""
    found = sorted(folder.name for folder in state().iterdir() if read(folder.name))
    sys.stdout.write("".join(f"{name}\n" for name in found))


COMMANDS = {
    "start": start,
    "stop": stop,
    "kill": kill,
    "status": status,
    "remove": remove,
    "list": names,
    "admin": admin,
}


def main() -> int:
    """Run a command, with a lock on its instance."""
    asked = arguments(__doc__ or "", list(COMMANDS))
    try:
        with locked(state() / f".{asked.name}.lock"):
            COMMANDS[asked.command](asked)
    except Failed as failed:
        sys.stderr.write(f"{failed}\n")
        return failed.code
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
