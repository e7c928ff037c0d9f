"""The benchmarks: each a program of its own under `benchmarks/` that prints what it measured."""

from __future__ import annotations

from collections.abc import Sequence

from tools import environment
from tools.console import Refusal, call, say
from tools.environment import DEVELOP, PYTHON, ROOT


def run(names: Sequence[str]) -> int:
    """Run the named benchmarks, or all. Returns the exit code of the first that failed, else 0."""
    known = {path.stem: path for path in sorted((ROOT / "benchmarks").glob("[!_]*.py"))}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise Refusal(f"No such benchmark: {', '.join(unknown)}; there are {', '.join(known)}.")
    environment.ensure(DEVELOP)
    first_failure = 0
    for name in names or known:
        say(f"== {name}")
        first_failure = first_failure or call([str(PYTHON), str(known[name])], cwd=str(ROOT))
    return first_failure
