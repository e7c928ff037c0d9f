#!/usr/bin/env python3
"""One door to everything a developer or an operator does with this checkout: `python3 dev.py run` and so on.

Needs nothing but Python: it makes its own environment in `.venv`. The Makefile's targets call it.
This file keeps to syntax that Python 3.6 reads, so that an old Python gets a message and not a traceback.
"""

import os
import shutil
import subprocess
import sys

OLDEST = (3, 11)


def main(arguments: list) -> int:
    """Run one command; print the list of commands when none is named. Returns the exit code."""
    if sys.version_info < OLDEST:
        return _start_again_with_newer_python(arguments)
    if not arguments or arguments[0] not in COMMANDS:
        return _print_commands(arguments)
    from tools.console import Refusal, say

    command, _ = COMMANDS[arguments[0]]
    try:
        return command(arguments[1:])
    except Refusal as refusal:
        say("\n" + str(refusal))
        return 2
    except KeyboardInterrupt:
        say("")
        return 130


def _run(arguments: list) -> int:
    from tools import serving

    return serving.run()


def _setup(arguments: list) -> int:
    from tools import environment

    environment.ensure(environment.DEVELOP)
    return 0


def _sample(arguments: list) -> int:
    from tools import serving

    return serving.make_sample()


def _test(arguments: list) -> int:
    from tools import suite

    return suite.run_all(arguments)


def _check(arguments: list) -> int:
    from tools import suite

    return suite.check(arguments)


def _lint(arguments: list) -> int:
    from tools import suite

    return suite.run_check("lint")


def _format(arguments: list) -> int:
    from tools import suite

    return suite.reformat(arguments)


def _types(arguments: list) -> int:
    from tools import suite

    return suite.run_check("types")


def _imports(arguments: list) -> int:
    from tools import suite

    return suite.run_check("imports")


def _migrations(arguments: list) -> int:
    from tools import suite

    return suite.run_check("migrations")


def _messages(arguments: list) -> int:
    from tools import messages

    return messages.run()


def _lock(arguments: list) -> int:
    from tools import locking

    return locking.lock()


def _bundle(arguments: list) -> int:
    from tools import locking

    return locking.bundle()


def _bench(arguments: list) -> int:
    from tools import benches

    return benches.run(arguments)


COMMANDS = {
    "run": (_run, "start Kusei with the sample wards on http://localhost:8000 (PORT names another port)"),
    "setup": (_setup, "make the environment in .venv, with all that tests and checks need"),
    "sample": (_sample, "build the sample wards that are missing"),
    "test": (_test, "the whole suite on SQLite and PostgreSQL, browser tests included"),
    "check": (_check, "lint, format, types, import rules, migrations, fast tests: under a minute"),
    "lint": (_lint, "look for mistakes (ruff)"),
    "format": (_format, "put the code in order (ruff)"),
    "types": (_types, "check the types (mypy)"),
    "imports": (_imports, "check that imports run one way (import-linter)"),
    "migrations": (_migrations, "say whether a model has changed without its migration"),
    "messages": (
        _messages,
        "find the strings that residents see, and compile their translations (needs gettext)",
    ),
    "lock": (_lock, "write requirements*.txt from pyproject.toml, with hashes"),
    "bundle": (_bundle, "fetch all packages into wheelhouse/, for a machine without a network"),
    "bench": (_bench, "run the benchmarks"),
}


def _print_commands(arguments: list) -> int:
    print("usage: python3 dev.py COMMAND\n")
    for name, (_, meaning) in COMMANDS.items():
        print(f"  {name:<12} {meaning}")
    return 2 if arguments and arguments[0] not in {"-h", "--help", "help"} else 0


def _start_again_with_newer_python(arguments: list) -> int:
    """Hand over to a Python that is new enough, if PATH has one; say what is needed if not."""
    for minor in (14, 13, 12, 11):
        found = shutil.which(f"python3.{minor}")
        # a version manager puts names on PATH for versions that it does not have: ask before handing over
        if found and subprocess.call([found, "-c", "import ensurepip"], stderr=subprocess.DEVNULL) == 0:
            return subprocess.call([found, os.path.abspath(__file__), *arguments])
    print(
        "Kusei needs Python 3.11 or newer; this is {}.{}.\n"
        "  Debian 12, Ubuntu 24.04:  sudo apt install python3 python3-venv\n"
        "  Python 3.11 以上が必要です。新しい Python を入れてから、もう一度実行してください。".format(
            *sys.version_info[:2]
        )
    )
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
