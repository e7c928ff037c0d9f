"""Fixtures for all tests: the real documents (`seeds`), and a browser that may not leave the machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from tools.suite import is_strict

pytest_plugins = [
    "tests.browser",
    "tests.cast",
    "tests.database",
    "tests.directory",
    "kusei.ledger.tests.ground",
]

# Hypothesis' limit of 200 ms an example says more about a busy machine than about the code.
hypothesis_settings.register_profile("kusei", deadline=None, print_blob=True)
hypothesis_settings.load_profile("kusei")


def pytest_configure(config: pytest.Config) -> None:
    # Warnings are errors where our own code causes them, and where Django says that it will break.
    config.addinivalue_line("filterwarnings", r"error:::kusei\.")
    config.addinivalue_line("filterwarnings", "error::django.utils.deprecation.RemovedInDjango60Warning")
    _ease_settings()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deal out the long tests, and put them before the others: pytest-xdist gives each process an equal stretch of the list,
    and in the end, when one takes over from another, only short ones are left."""
    from tests.database import may_use_database

    processes = getattr(config, "workerinput", {}).get("workercount", 1)
    if processes == 1:
        return
    browser, slow, short = [], [], []
    for item in items:
        marks = {mark.name for mark in item.iter_markers()}
        (browser if "browser" in marks else slow if "slow" in marks else short).append(item)
    items.clear()
    for process in range(processes):
        long = (browser + slow)[process::processes]
        if process:  # the first makes the database meanwhile
            long.sort(key=may_use_database)
        begin, end = (len(short) * each // processes for each in (process, process + 1))
        items += long + short[begin:end]


def _ease_settings() -> None:
    """Leave out what only costs time in tests: gathered static files and slow password hashes."""
    from django.conf import settings

    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.WHITENOISE_AUTOREFRESH = True  # otherwise every test client lists all static files first
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder with the real documents, named by KUSEI_SEEDS; the test is skipped where there is none.

    A folder that is named but missing fails in CI: a test that was meant to run must not vanish.
    """
    named = os.environ.get("KUSEI_SEEDS", "")
    if not named:
        pytest.skip("the real documents are not here (KUSEI_SEEDS names their folder)")
    folder = Path(named).resolve()
    if not folder.is_dir():
        message = f"KUSEI_SEEDS={named}: there is no such folder"
        pytest.fail(message) if is_strict() else pytest.skip(message)
    return folder


@pytest.fixture(scope="session", autouse=True)
def _append_only_tables_can_be_emptied() -> None:
    """Browser tests empty the database afterwards; what no one may delete must go then too, and be guarded again."""
    from django.db import connection

    from kusei.wards import append_only

    operations = type(connection.ops)
    empty = operations.execute_sql_flush

    def unguarded(self: object, sql_list: list[str]) -> None:
        with connection.schema_editor() as editor:
            for table in append_only.TABLES:
                append_only.allow_changes(editor, table)
        empty(self, sql_list)
        with connection.schema_editor() as editor:
            for table in append_only.TABLES:
                append_only.forbid_changes(editor, table)

    operations.execute_sql_flush = unguarded  # type: ignore[method-assign]
