"""`kusei worker`: does what waits in the background. `kusei serve` starts one beside the site and keeps it running."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import threading
from types import FrameType

_RESTART_SECONDS = 3.0
_EVERY_SECONDS = 60.0
_COUNT_SECONDS = 600.0


def run(options: argparse.Namespace) -> int:
    """Work until stopped; a second signal is not needed: the job at hand is put down and taken up again later."""
    from django.conf import settings

    from kusei.config.serving import waiting_migrations
    from kusei.jobs.running import Regular, work_until
    from kusei.notices.throttle import forget_attempts
    from kusei.services.activities.operations import (
        close_days,
        count_due,
        expire_offers,
        invite_due,
        publish_due,
        remind,
    )

    if waiting := waiting_migrations():
        sys.stderr.write(
            f"データベースの更新が {len(waiting)}件残っています。先に kusei manage migrate を実行してください。\n"
        )
        return 1
    stop = threading.Event()

    def asked_to_stop(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():  # a long job: its lease runs out, and another worker takes it up
            raise KeyboardInterrupt
        stop.set()

    signal.signal(signal.SIGTERM, asked_to_stop)
    signal.signal(signal.SIGINT, asked_to_stop)
    parent = os.getppid()
    if not options.with_site:
        sys.stderr.write("読み取りなどの仕事を始めます（終了は Ctrl-C）\n")
    beside = [
        Regular(_EVERY_SECONDS, expire_offers),
        Regular(_EVERY_SECONDS, publish_due),
        Regular(_EVERY_SECONDS, remind),
        Regular(_EVERY_SECONDS, close_days),
        Regular(_EVERY_SECONDS, forget_attempts),
        Regular(_EVERY_SECONDS, invite_due),
        Regular(_COUNT_SECONDS, count_due),
    ]
    if settings.KUSEI_INBOX:
        from kusei.config.inbox import EVERY_SECONDS, Inbox

        beside.append(Regular(EVERY_SECONDS, Inbox(settings.KUSEI_INBOX).look))
    # A worker of `kusei serve` ends with it, however that ended.
    work_until(lambda: stop.is_set() or (options.with_site and os.getppid() != parent), beside)
    return 0


class Companion:
    """A worker process beside the site, started again when it dies (a file may be too much for its memory)."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        """Start it; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """End it with the site. A job at hand is taken up again by the next worker."""
        self._stop.set()
        process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)

    def _keep(self) -> None:
        while not self._stop.is_set():
            self._process = subprocess.Popen([sys.executable, "-m", "kusei", "worker", "--with-site"])
            while self._process.poll() is None and not self._stop.wait(0.2):
                pass
            if not self._stop.is_set():
                sys.stderr.write("読み取りの仕事をするプロセスが止まったため、もう一度始めます。\n")
                self._stop.wait(_RESTART_SECONDS)
