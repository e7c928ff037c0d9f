"""`kusei serve`: granian serves the WSGI application; static files come with it (whitenoise)."""

from __future__ import annotations

import argparse
import errno
import hashlib
import os
import socket
import sys
from pathlib import Path

_TARGET = "kusei.config.wsgi:application"
THREADS = 8
"""Requests one worker process handles at once: each holds a database connection."""


def run(options: argparse.Namespace) -> int:
    """Serve until stopped; 1 if the database has to be brought up to date first, or the port is taken."""
    from django.db import DatabaseError

    try:
        waiting = waiting_migrations()
    except DatabaseError as error:
        _tell(f"データベースに接続できません: {error}")
        return 1
    if waiting:
        _tell(
            f"データベースの更新が {len(waiting)}件残っています。先に kusei manage migrate を実行してください。"
        )
        return 1
    if problem := listening_problem(options.host, options.port):
        _tell(problem)
        return 1
    _gather_static_files()
    from django.conf import settings
    from granian import Granian
    from granian.constants import Interfaces

    from kusei.config.demo import Clock
    from kusei.config.site_address import address_warning, remember_address, site_address
    from kusei.config.working import Companion

    remember_address(options.host, options.port, settings.DATA_DIR)
    settings.KUSEI_SITE_URL = site_address(
        os.environ, settings.DATA_DIR
    )  # for the processes forked from here
    _tell(f"http://{options.host}:{options.port} で動いています（終了は Ctrl-C）")
    if warning := address_warning(os.environ, settings.KUSEI_SITE_URL):
        _tell(warning)
    companion = None if options.no_worker else Companion()
    if companion is not None:
        companion.start()
    clock = Clock() if settings.KUSEI_DEMO else None
    if clock is not None:
        clock.start()
    site = Granian(
        _TARGET,
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=max(1, options.workers),
        blocking_threads=THREADS,
        backpressure=THREADS * 32,
        websockets=False,
    )
    try:
        site.serve()
    finally:
        if companion is not None:
            companion.stop()
        if clock is not None:
            clock.stop()
    return 0


def listening_problem(host: str, port: int) -> str | None:
    """Why nobody can listen there, in Japanese; None where all is well.

    Asked beforehand because granian shares a port that another server holds (SO_REUSEPORT), and visitors would reach now
    the one, now the other.
    """
    if not 0 < port < 65536:
        return f"ポート {port} はありません。1から65535までの番号を指定してください。"
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return (
                f"ポート {port} は、ほかのプログラム（前に起動した Kusei かもしれません）が使っています。"
                "--port 8001 のように別の番号を指定してください。"
            )
        return f"{host}:{port} では待ち受けられません（{error.strerror or error}）。"
    return None


def _gather_static_files() -> None:
    """Copy style sheets and scripts under names that hold their checksum, so that browsers may keep them for ever.

    Done again only when one of them has changed: compressing them takes seconds.
    """
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            digest.update(f"{name} {storage.size(name)} {storage.get_modified_time(name)}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".gathered"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(digest.hexdigest())


def waiting_migrations() -> list[str]:
    """The migrations that the database has not seen yet."""
    from django.db import DEFAULT_DB_ALIAS, connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def _tell(message: str) -> None:
    sys.stderr.write(f"{message}\n")
