"""`make run`: from a fresh checkout to the sample site in the browser, and again within seconds."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from tools import environment
from tools.console import Refusal, say
from tools.environment import BIN, ROOT, RUN

_READY_SECONDS = 60
_END_SECONDS = 10


def run() -> int:
    """Set up what is missing, then serve until Ctrl-C. The data of the last run stays."""
    port = _port()
    environment.ensure(RUN)
    _must(
        environment.kusei("manage", "migrate", "--verbosity", "0"),
        "the database could not be brought up to date",
    )
    _must(environment.kusei("sample", "--if-new"), "the sample wards could not be made")
    _collect_static()
    # A session of its own: Ctrl-C and whatever else ends us comes to us alone, and we end the server in good order.
    # (Its worker, told at the same time as its main process, has been seen to hang.)
    command = [str(BIN / "kusei"), "serve", "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup stays nohup
            signal.signal(number, _interrupt)
    try:
        if _is_answering(server, port):
            _greet(port)
        return server.wait()
    except KeyboardInterrupt:
        say("\n終了しました。データはそのまま残っています。 / Stopped; the data stays.")
        return 0
    finally:
        _end(server)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _end(server: subprocess.Popen) -> None:
    """End the server and its workers, whatever state they are in."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave workers behind
    if server.poll() is None:
        server.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(timeout=_END_SECONDS)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def make_sample() -> int:
    """Build the sample wards that are missing."""
    environment.ensure(RUN)
    _must(
        environment.kusei("manage", "migrate", "--verbosity", "0"),
        "the database could not be brought up to date",
    )
    return environment.kusei("sample")


def _must(code: int, what: str) -> None:
    if code != 0:
        raise Refusal(f"{what} (exit code {code}); the lines above say why.")


def _port() -> int:
    """The port from PORT, 8000 by default. Raises Refusal if it is no port or another program holds it."""
    given = os.environ.get("PORT") or "8000"
    if not given.isdigit() or not 0 < int(given) < 65536:
        raise Refusal(f"PORT={given}: a port is a number from 1 to 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(given)))
        except OSError as error:
            if error.errno == errno.EACCES:
                raise Refusal(
                    f"PORT={given}: this account may not open that port; take one above 1023."
                ) from error
            raise Refusal(
                f"ポート {given} は、ほかのプログラム（前に起動した Kusei かもしれません）が使っています。\n"
                f"  Port {given} is in use, perhaps by a Kusei started before. Take another one:  PORT=8001 make run"
            ) from error
    return int(given)


def _collect_static() -> None:
    """Gather style sheets and scripts under their hashed names, only when one of them has changed."""
    static = environment.data_folder() / "static"
    stamp = static / "kusei-stamp"
    digest = hashlib.sha256(environment.LOCKED[RUN].read_bytes())
    for path in sorted(ROOT.glob("kusei/**/static/**/*")):
        if path.is_file():
            state = path.stat()
            digest.update(f"{path.relative_to(ROOT)} {state.st_size} {state.st_mtime_ns}\n".encode())
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    code = environment.kusei("manage", "collectstatic", "--noinput", "--clear", "--verbosity", "0")
    _must(code, "style sheets and scripts could not be gathered")
    Path(stamp).write_text(digest.hexdigest())


def _is_answering(server: subprocess.Popen, port: int) -> bool:
    until = time.monotonic() + _READY_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return True
        except OSError:
            time.sleep(0.1)
    return False


def _greet(port: int) -> None:
    say(f"\n  Kusei を開く / Open:   http://localhost:{port}\n  終了 / Stop:           Ctrl-C\n")
