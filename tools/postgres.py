"""A throw-away PostgreSQL cluster of its own: a folder under /tmp, a Unix socket, no port on any network."""

from __future__ import annotations

import glob
import os
import pwd
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from tools.console import Refusal

# Where distributions put the server's programs, which are seldom on PATH.
_PLACES = [
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
]
_START_SECONDS = 60
# The cluster lives for one test run: nothing of it has to survive a crash.
_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "60",
    "listen_addresses": "",
    "timezone": "UTC",
}
_RISKY = ("fsync", "synchronous_commit", "full_page_writes")


def find_server_programs() -> Path | None:
    """The folder with `initdb` and `postgres` (the newest version found), or None."""
    on_path = shutil.which("initdb")
    places = [Path(on_path).resolve().parent] if on_path else []
    for pattern in _PLACES:
        places += sorted(map(Path, glob.glob(pattern)), key=_version, reverse=True)
    return next(
        (place for place in places if (place / "initdb").exists() and (place / "postgres").exists()), None
    )


def _version(place: Path) -> float:
    digits = "".join(sign for sign in place.parent.name if sign.isdigit() or sign == ".")
    return float(digits or 0)


@contextmanager
def throwaway_cluster(programs: Path, *, durable: bool = False) -> Iterator[str]:
    """Start a new cluster, yield its DATABASE_URL, and always stop and remove it. `durable`: it waits for the disk as one in
    use does, for measurements.

    PostgreSQL refuses to run as root: then it runs as `postgres` or `nobody`, who own the folder.
    Raises Refusal, with the server's own words, if it does not start.
    """
    # Not TMPDIR: a socket's path may be 107 characters long at most, and macOS' TMPDIR is half of that.
    folder = Path(tempfile.mkdtemp(prefix="kusei-pg-", dir="/tmp" if os.path.isdir("/tmp") else None))
    owner = _server_account()
    as_owner: dict = {}
    if owner:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        as_owner = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    settings = {name: value for name, value in _FAST.items() if not durable or name not in _RISKY}
    port = random.randint(20000, 60000)  # only a part of the socket's name
    server: subprocess.Popen | None = None
    try:
        _initialise(programs, folder, as_owner)
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = [str(programs / "postgres"), "-D", str(folder / "data"), "-k", str(folder), "-p", str(port)]
        log = folder / "server.log"
        with log.open("wb") as output:
            # A session of its own: Ctrl-C reaches us first, and we stop the server after the tests.
            server = subprocess.Popen(
                [*command, *options],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                **as_owner,
            )
        _wait_until_ready(server, folder / "data" / "postmaster.pid", log)
        yield f"postgres://kusei@:{port}/postgres?host={quote(str(folder), safe='')}"
    finally:
        if server and server.poll() is None:
            server.send_signal(2)  # SIGINT: fast shutdown
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _server_account() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Refusal(
        "PostgreSQL does not run as root, and there is no account `postgres` or `nobody` to run it as."
    )


def _initialise(programs: Path, folder: Path, as_owner: dict) -> None:
    command = [str(programs / "initdb"), "-D", str(folder / "data"), "-U", "kusei", "-A", "trust"]
    command += ["--encoding=UTF8", "--locale=C", "--no-sync"]
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **as_owner)
    if made.returncode != 0:
        raise Refusal(f"PostgreSQL's initdb failed:\n{made.stderr.strip()}")


def _wait_until_ready(server: subprocess.Popen, state: Path, log: Path) -> None:
    """Wait for the word "ready", which the server writes on line 8 of its pid file."""
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            if state.read_text().splitlines()[7].strip() == "ready":
                return
        except (OSError, IndexError):
            pass
        time.sleep(0.05)
    raise Refusal(f"PostgreSQL did not start:\n{log.read_text(errors='replace').strip()}")
