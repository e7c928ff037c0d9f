"""The test database: made by the migrations once in a run, and copied for each further test process.

On SQLite a copy is kept in pytest's cache as well, under a hash of all that it was made from, for the runs to come;
`--create-db` lets the migrations run again, as `make test` does. On PostgreSQL they run in every run.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import os
import re
import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
import pytest

from kusei.config.tests.environment import DATA_FOLDER

if TYPE_CHECKING:
    import pytest_django

_ROOT = Path(__file__).resolve().parent.parent
_OF_THE_DATABASE = {
    "db",
    "transactional_db",
    "live_server",
    "django_db_reset_sequences",
    "django_db_serialized_rollback",
}
_IMPORT = re.compile(r"^\s*(?:from|import) (kusei[\w.]*)(?: import (\([^)]*\)|.*))?", re.M)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-with-database", action="store_true", help="leave out the tests that ask for no database"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a mark or a fixture pytest-django lets no test near the database: it says the same on each of them."""
    if config.getoption("only_with_database"):
        without = [item for item in items if not may_use_database(item)]
        items[:] = [item for item in items if may_use_database(item)]
        config.hook.pytest_deselected(items=without)


def may_use_database(item: pytest.Item) -> bool:
    """Whether the test may ask the database, or is marked as one that lies with it all the same."""
    marked = any(item.get_closest_marker(name) for name in ("django_db", "database"))
    return marked or not _OF_THE_DATABASE.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest,
    django_db_modify_db_settings_parallel_suffix: None,
    django_db_blocker: pytest_django.DjangoDbBlocker,
) -> Iterator[None]:
    """On SQLite, test in a file as in real life: a live server's threads then have connections of their own."""
    from django.db import connection

    kept: _Kept = _KeptOnPostgres() if connection.vendor == "postgresql" else _KeptOnSqlite()
    kept.folder = DATA_FOLDER.parent / "databases"  # of this run, for all of its processes
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(DATA_FOLDER / "test.sqlite3")
        options = connection.settings_dict["OPTIONS"]
        options["init_command"] = options.get("init_command", "") + " PRAGMA synchronous=OFF;"
        if not request.config.getoption("create_db") and request.config.cache is not None:
            kept.folder = request.config.cache.mkdir("test-database")
    creation = connection.creation
    creation.create_test_db = functools.partial(_made_or_copied, creation.create_test_db, kept)  # type: ignore[method-assign]
    yield
    with django_db_blocker.unblock():
        kept.forget()


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


class _Kept(ABC):
    """The database as migrated, for other test processes."""

    folder: Path
    suffix = ".sqlite3"

    @contextmanager
    def alone(self) -> Iterator[Path]:
        """Keep other processes waiting meanwhile; yields the file that stands for what is kept, there or not."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self.folder / f"{_fingerprint()}{self.suffix}"

    @abstractmethod
    def keep(self, path: Path, name: str) -> None:
        """Keep a copy of the test database `name` for others."""

    @abstractmethod
    def copy(self, path: Path, name: str) -> None:
        """Make the test database `name` from the copy."""

    @abstractmethod
    def forget(self) -> None:
        """The run of this process is over."""


class _KeptOnSqlite(_Kept):
    def keep(self, path: Path, name: str) -> None:
        """Written at one stroke, and in the place of what it replaces."""
        from django.db import connection

        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.unlink(missing_ok=True)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(unfinished)])
        unfinished.replace(path)
        for old in path.parent.glob("*.sqlite3"):
            if old != path:
                old.unlink(missing_ok=True)

    def copy(self, path: Path, name: str) -> None:
        shutil.copyfile(path, name)

    def forget(self) -> None:
        """The file stays for the runs to come, or goes with the folder of this one."""


class _KeptOnPostgres(_Kept):
    """A database of its own beside those of the processes; the file holds its name."""

    suffix = ".name"
    made = False

    def keep(self, path: Path, name: str) -> None:
        copy = f"{name}_kept"
        self._execute(f'DROP DATABASE IF EXISTS "{copy}"', f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')
        path.write_text(copy)
        self.made = True

    def copy(self, path: Path, name: str) -> None:
        self._execute(
            f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}" TEMPLATE "{path.read_text()}"'
        )

    def forget(self) -> None:
        if self.made:
            with self.alone() as path:
                self._execute(f'DROP DATABASE "{path.read_text()}"')
                path.unlink()

    @staticmethod
    def _execute(*statements: str) -> None:
        from django.db import connection

        with connection.creation._nodb_cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


def _made_or_copied(create: Callable[..., str], kept: _Kept, *arguments: Any, **options: Any) -> str:
    """Copy the test database that the migrations made earlier, or let them make it and keep a copy."""
    from django.conf import settings
    from django.db import connection

    with kept.alone() as path:
        if path.exists():
            name = connection.creation._get_test_db_name()
            connection.close()
            kept.copy(path, name)
        else:
            name = create(*arguments, **options)
            connection.close()  # PostgreSQL copies no database that somebody uses
            kept.keep(path, name)
    settings.DATABASES[connection.alias]["NAME"] = connection.settings_dict["NAME"] = name
    connection.ensure_connection()
    return name


def _fingerprint() -> str:
    digest = hashlib.sha256(django.__version__.encode())
    for path in sources_of_the_database():
        digest.update(f"{path.relative_to(_ROOT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:24]
