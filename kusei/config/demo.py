"""The demo mode (KUSEI_DEMO): what pages say about it, and the clock beside the site that begins it anew."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import Any

from django.http import HttpRequest

_LOOK_SECONDS = 30.0
_AFTER_FAILURE_SECONDS = 600.0


def demo(request: HttpRequest) -> dict[str, Any]:
    """For templates: when the next reset is, and on the log-in page the sample's log-ins. Nothing outside the demo mode."""
    from django.conf import settings
    from django.utils import timezone

    if not settings.KUSEI_DEMO:
        return {}
    from kusei.documents.sample.demo import next_reset
    from kusei.documents.sample.logins import read_logins

    return {"demo": {"next_reset": next_reset(timezone.now()), "logins": read_logins}}


class Clock:
    """Looks twice a minute whether a reset is due, in a process of its own. Several sites on one database may all look:
    one of them resets (`reset_demo` takes a lock)."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """End with the site."""
        self._stop.set()

    def _keep(self) -> None:
        from django.db import close_old_connections, connection
        from django.utils import timezone

        from kusei.documents.sample.demo import is_due

        while not self._stop.is_set():
            close_old_connections()
            try:
                due = is_due(timezone.now())
            except Exception as error:  # the database is away for a moment
                sys.stderr.write(f"お試しの時計: {error}\n")
                due = False
            finally:
                connection.close()
            if due:
                command = [sys.executable, "-m", "kusei", "demo", "--reset", "--if-due"]
                if subprocess.run(command, check=False).returncode:
                    # Refused, or a database that is away: the next try is soon enough for both, and no log fills up.
                    sys.stderr.write("お試しを最初の状態に戻せませんでした。10分後にもう一度試します。\n")
                    self._stop.wait(_AFTER_FAILURE_SECONDS)
                    continue
            self._stop.wait(_LOOK_SECONDS)
