"""The checkout as the whole-system tests see it: tracked files, sources, documents."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every file under version control that is there; the test is skipped outside a git checkout."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    paths = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return tuple(path for path in paths if path.is_file())


@cache
def tracked_text() -> tuple[tuple[Path, str], ...]:
    """The tracked files that are UTF-8 text, each with its text."""
    texts = []
    for path in tracked_files():
        content = path.read_bytes()
        if b"\0" in content:
            continue
        try:
            texts.append((path.relative_to(ROOT), content.decode()))
        except UnicodeDecodeError:
            continue
    return tuple(texts)


@cache
def python_sources() -> tuple[tuple[Path, ast.Module], ...]:
    """Our own Python files, parsed."""
    return tuple((path, ast.parse(text)) for path, text in tracked_text() if path.suffix == ".py")


def is_test(path: Path) -> bool:
    """Whether a file is only there for tests."""
    return "tests" in path.parts or path.name == "conftest.py"


def documents() -> list[tuple[Path, str]]:
    """README, docs and the other Markdown pages for people (not the reader's corpus)."""
    return [(path, text) for path, text in tracked_text() if path.suffix == ".md" and not is_test(path)]
