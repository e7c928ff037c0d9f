"""`kusei serve`: granian serves the WSGI application; static files come with it (whitenoise)."""

from __future__ import annotations

import argparse
import sys

_TARGET = "kusei.config.wsgi:application"


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
    from granian import Granian
    from granian.constants import Interfaces

    _tell(f"http://{options.host}:{options.port} で動いています（終了は Ctrl-C）")
    Granian(
        _TARGET,
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=max(1, options.workers),
        websockets=False,
    ).serve()
    return 0


def waiting_migrations() -> list[str]:
    """The migrations that the database has not seen yet."""
    from django.db import DEFAULT_DB_ALIAS, connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def _tell(message: str) -> None:
    sys.stderr.write(f"{message}\n")
