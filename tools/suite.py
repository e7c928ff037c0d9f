"""The tests and checks, as `make test` and `make check` run them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence

from tools import environment
from tools.console import Refusal, call, say
from tools.environment import BIN, DEVELOP, PYTHON, ROOT
from tools.postgres import find_server_programs, throwaway_cluster

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_SOURCES = ["kusei", "tests", "tools", "benchmarks", "dev.py", "conftest.py"]
_WITHOUT_DATABASE = ["kusei/documents/reading", "kusei/japanese"]
"""Rooms that an import contract keeps from Django: not even looked through in the second run."""
_NOTHING_CHOSEN = 5
"""pytest's exit code when no test is left: what was asked for needs no database."""
_COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}
"""Compiled modules are kept even where a machine asks otherwise: each test process would compile all of them again."""
_CHECKS = {
    "lint": ["ruff", "check", "--quiet"],
    "format": ["ruff", "format", "--check", "--quiet"],
    "types": ["mypy", "--no-error-summary"],
    "imports": ["lint-imports", "--no-logo"],
    "migrations": ["kusei", "manage", "makemigrations", "--check", "--dry-run"],
}


def is_strict() -> bool:
    """Whether a missing PostgreSQL or Chromium fails the run (in CI) or is told and left out (on a desk)."""
    return any(
        os.environ.get(name, "").lower() not in {"", "0", "false"} for name in ("CI", "KUSEI_REQUIRE_ALL")
    )


def find_chromium() -> str | None:
    """The installed Chromium or Chrome, or None."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def run_all(arguments: Sequence[str]) -> int:
    """Run the whole suite on SQLite, browser tests included, then on PostgreSQL. `arguments` go to pytest.

    The last line is pytest's own summary. Raises Refusal in CI where a program that the suite needs is missing.
    """
    programs = find_server_programs()
    missing = []
    if not programs:
        missing.append("PostgreSQL (Debian: apt install postgresql): the suite does not run on it.")
    if not find_chromium():
        missing.append("Chromium (Debian: apt install chromium): the browser tests do not run.")
    if missing and is_strict():
        raise Refusal("Missing, and required here:\n  " + "\n  ".join(missing))
    environment.ensure(DEVELOP)
    for line in missing:
        say(f"SKIPPED, not installed: {line}")
    say("== The suite on SQLite")
    on_sqlite = _pytest(["--create-db", *arguments], {"DATABASE_URL": ""})
    if not programs:
        return on_sqlite
    say("== The suite on PostgreSQL (tests in a browser, and those that ask for no database, ran above)")
    if on_sqlite:
        say("   (the run on SQLite, above, FAILED)")
    # A cancelled job gets SIGTERM, which would end us before the cluster is stopped and removed.
    signal.signal(signal.SIGTERM, _interrupt)
    with throwaway_cluster(programs) as url:
        skipped = [f"--ignore={room}" for room in _WITHOUT_DATABASE]
        chosen = ["-m", "not browser", "--only-with-database", *skipped]
        on_postgres = _pytest([*chosen, *arguments], {"DATABASE_URL": url})
    return on_sqlite or (0 if on_postgres == _NOTHING_CHOSEN else on_postgres)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def run_fast(arguments: Sequence[str]) -> int:
    """Run the tests that take no browser and no patience, on SQLite, in a copy of the database as last migrated."""
    environment.ensure(DEVELOP)
    told = ["-q", "--durations=8", "--durations-min=1.0"]  # what wants the mark `slow`
    return _pytest([*told, "-m", "not slow and not browser", *arguments], {"DATABASE_URL": ""})


def check(arguments: Sequence[str]) -> int:
    """Lint, format, types, import rules, migrations and the fast tests; every part runs, all findings are shown."""
    environment.ensure(DEVELOP)
    running = {name: _begin(name) for name in _CHECKS}
    failed = []
    for name, process in running.items():
        found, _ = process.communicate()
        say(f"== {name}\n{found.rstrip()}".rstrip())
        if process.returncode != 0:
            failed.append(name)
    say("== fast tests")
    if run_fast(arguments) != 0:
        failed.append("fast tests")
    say(f"FAILED: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


def run_check(name: str) -> int:
    """Run one of the checks alone: lint, types, imports or migrations."""
    environment.ensure(DEVELOP)
    return _run(name)


def reformat(arguments: Sequence[str]) -> int:
    """Put the code in order: format it and mend what the linter can mend by itself."""
    environment.ensure(DEVELOP)
    call([str(BIN / "ruff"), "check", "--fix", "--quiet", *(arguments or _existing())], cwd=str(ROOT))
    return call([str(BIN / "ruff"), "format", *(arguments or _existing())], cwd=str(ROOT))


def _run(name: str) -> int:
    say(f"== {name}")
    return call(_command(name), cwd=str(ROOT), env=_COMPILED)


def _begin(name: str) -> subprocess.Popen[str]:
    """Start a check beside the others; what it finds comes by its `communicate`."""
    return subprocess.Popen(
        _command(name),
        cwd=ROOT,
        env={**os.environ, **_COMPILED},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _command(name: str) -> list[str]:
    program, *words = _CHECKS[name]
    paths = _existing() if program == "ruff" else ["kusei", "tools"] if program == "mypy" else []
    return [str(BIN / program), *words, *paths]


def _existing() -> list[str]:
    return [name for name in _SOURCES if (ROOT / name).exists()]


def _pytest(arguments: Sequence[str], variables: dict[str, str]) -> int:
    workers = str(max(2, min(os.cpu_count() or 2, 6)))
    command = [str(PYTHON), "-m", "pytest", "-n", workers, "--dist", "worksteal", *arguments]
    return call(command, cwd=str(ROOT), env={**_COMPILED, **variables})
