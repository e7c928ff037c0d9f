"""Words on the terminal, and programs called from it."""

from __future__ import annotations

import os
import subprocess
import sys


class Refusal(Exception):
    """Something that the person at the terminal has to put right; its text says what and how."""


def say(text: str = "") -> None:
    """Print one line at once, so that it stands before the output of the program called next."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def call(command: list[str], *, cwd: str, env: dict[str, str] | None = None) -> int:
    """Run a program with our terminal and return its exit code. `env` is added to the environment."""
    return subprocess.run(command, cwd=cwd, env={**os.environ, **(env or {})}, check=False).returncode
