"""The test database: on SQLite, made by the migrations once and copied for each test process afterwards.

The copy is kept in pytest's cache under a hash of all that it was made from; `--create-db` lets the migrations
run again, as `make test` does. PostgreSQL is always made by the migrations.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django
import pytest

from kusei.config.tests.environment import DATA_FOLDER

_ROOT = Path(__file__).resolve().parent.parent
_IMPORT = re.compile(r"^\s*(?:from|import) (kusei[\w.]*)(?: import (\([^)]*\)|.*))?", re.M)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """On SQLite, test in a file as in real life: a live server's threads then have connections of their own."""
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(DATA_FOLDER / "test.sqlite3")
        options = connection.settings_dict["OPTIONS"]
        options["init_command"] = options.get("init_command", "") + " PRAGMA synchronous=OFF;"
        if not request.config.getoption("create_db") and request.config.cache is not None:
            folder = request.config.cache.mkdir("test-database")
            creation = connection.creation
            creation.create_test_db = functools.partial(_copied, creation.create_test_db, folder)  # type: ignore[method-assign]


def sources_of_the_database() -> Iterator[Path]:
    """All files that the test database is made from: migrations, settings, what they import, and the locked packages."""
    waiting = [
        *sorted((_ROOT / "kusei").rglob("migrations/*.py")),
        _ROOT / "kusei/config/settings.py",
        _ROOT / "kusei/ledger/declared.py",  # written into the database after every migration
    ]
    seen = set(waiting)
    while waiting:
        path = waiting.pop()
        yield path
        found = set(_imported(path.read_text(encoding="utf-8"))) - seen
        seen |= found
        waiting += sorted(found)
    yield _ROOT / "requirements-dev.txt"
    yield Path(__file__)


def _imported(source: str) -> Iterator[Path]:
    """The files of the modules of ours that a source imports."""
    for module, names in _IMPORT.findall(source):
        for name in [module, *(f"{module}.{name}" for name in re.findall(r"\w+", names))]:
            folder = _ROOT / name.replace(".", "/")
            yield from filter(Path.is_file, (folder.with_suffix(".py"), folder / "__init__.py"))


def _copied(create: Callable[..., str], folder: Path, *arguments: Any, **options: Any) -> str:
    """Copy the test database that the migrations made earlier, or let them make it and keep a copy."""
    from django.conf import settings
    from django.db import connection

    kept = folder / f"{_fingerprint()}.sqlite3"
    name = connection.settings_dict["TEST"]["NAME"]
    if not kept.exists():
        create(*arguments, **options)
        _keep(kept)
        return name
    connection.close()
    shutil.copyfile(kept, name)
    settings.DATABASES[connection.alias]["NAME"] = connection.settings_dict["NAME"] = name
    connection.ensure_connection()
    return name


def _fingerprint() -> str:
    digest = hashlib.sha256(django.__version__.encode())
    for path in sources_of_the_database():
        digest.update(f"{path.relative_to(_ROOT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:24]


def _keep(path: Path) -> None:
    """Write the database to `path` at one stroke, as other test processes look for it, and drop what it replaces."""
    from django.db import connection

    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.unlink(missing_ok=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(unfinished)])
    unfinished.replace(path)
    for old in path.parent.glob("*.sqlite3"):
        if old != path:
            old.unlink(missing_ok=True)
