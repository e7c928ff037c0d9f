"""The locked lists of packages: made from pyproject.toml, with a hash for every file that may be installed."""

from __future__ import annotations

from tools import environment
from tools.console import Refusal, call, say
from tools.environment import DEVELOP, LOCKED, PYTHON, ROOT, RUN, UV_ENVIRONMENT

_COMPILE = ["pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"]
# Which registry a machine uses is that machine's matter: no address and no path of it goes into the lists.
_NO_PLACES = [
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-config",
    "--custom-compile-command",
    "make lock",
]


def lock() -> int:
    """Write requirements.txt (to run Kusei) and requirements-dev.txt (that, and tests and checks).

    Versions locked before stay unless pyproject.toml asks for others; remove a line to let that package rise.
    """
    environment.ensure(RUN)
    uv = environment.find_uv()
    if not uv:
        raise Refusal("The lists are made with uv:  .venv/bin/python -m pip install uv")
    run_time = [uv, *_COMPILE, *_NO_PLACES, "pyproject.toml", "-o", LOCKED[RUN].name]
    tests_too = [uv, *_COMPILE, *_NO_PLACES, "--extra", "dev", "-c", LOCKED[RUN].name]
    code = call(run_time, cwd=str(ROOT), env=UV_ENVIRONMENT)
    return code or call(
        [*tests_too, "pyproject.toml", "-o", LOCKED[DEVELOP].name], cwd=str(ROOT), env=UV_ENVIRONMENT
    )


def bundle() -> int:
    """Fetch what `make run` installs into the folder `wheelhouse`, from which a machine without a network installs.

    The wheels are those of this machine's system and Python version.
    """
    environment.ensure(RUN)
    command = [str(PYTHON), "-m", "pip", "download", "--quiet", "--require-hashes", "--only-binary", ":all:"]
    code = call([*command, "-r", LOCKED[RUN].name, "-d", "wheelhouse"], cwd=str(ROOT))
    if code == 0:
        say(
            "wheelhouse/ is complete: copy it into the checkout on the other machine and start `make run` there."
        )
    return code
