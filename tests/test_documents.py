"""What the pages for people say is there: settings, commands, make targets, files that links point at."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

import dev
from kusei.config import cli
from tests.repository import ROOT, documents, is_test, tracked_files, tracked_text

_SETTING = re.compile(r"(?:KUSEI_[A-Z_]+|DATABASE_URL|PORT|CI)")
# set by the test plugin for its own processes
_INTERNAL = {"KUSEI_TEST_BASE"}


def _settings_read() -> set[str]:
    names = set()
    for path, text in tracked_text():
        if (
            path.suffix != ".py"
            or not _SETTING.search(text)
            or (is_test(path) and path.name != "conftest.py")
        ):
            continue
        for node in ast.walk(ast.parse(text)):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and _SETTING.fullmatch(node.value)
            ):
                names.add(node.value)
    return names | {"KUSEI_SEEDS"}  # read by the fixture `seeds`


def test_every_setting_is_documented() -> None:
    rows = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs/settings.md").read_text(), re.M))
    assert rows == _settings_read() - _INTERNAL


def _make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.M))


def test_make_offers_what_dev_offers() -> None:
    assert _make_targets() - {"list"} == set(dev.COMMANDS)


def test_pages_name_only_make_targets_that_exist() -> None:
    named = {target for _, text in documents() for target in re.findall(r"`(?:\w+=\S+ )*make ([a-z]+)", text)}
    named |= {
        target
        for _, text in documents()
        for target in re.findall(r"^ *(?:\w+=\S+ )*make ([a-z]+)", text, re.M)
    }
    assert "run" in named
    assert named <= _make_targets()


def test_pages_name_only_commands_that_exist() -> None:
    named = {
        command for _, text in documents() for command in re.findall(r"`(?:\S*/)?kusei ([a-z][a-z-]*)", text)
    }
    known = set(re.findall(r"\{([^}]*)\}|^    ([a-z-]+)(?: |$)", cli._parser().format_help(), re.M))
    words = {word for pair in known for part in pair for word in part.split(",")}
    assert {"read", "import", "serve"} <= words
    assert named <= words


def _links() -> list[tuple[Path, str]]:
    found = []
    for path, text in documents():
        outside_code = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.S)
        targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", outside_code)
        found += [
            (path, target) for target in targets if "://" not in target and not target.startswith("mailto:")
        ]
    return found


def test_links_between_pages_lead_somewhere() -> None:
    assert [
        f"{path} → {target}" for path, target in _links() if not (ROOT / path.parent / target).exists()
    ] == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_locked_lists_hold_what_the_project_asks_for(name: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = list(project["dependencies"])
    if name == "requirements-dev.txt":
        wanted += project["optional-dependencies"]["dev"]
    asked = {_package_name(entry) for entry in wanted}
    locked = {_package_name(line) for line in (ROOT / name).read_text().splitlines() if "==" in line}
    assert asked - locked == set()


def _package_name(entry: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=~!; ]", entry.strip())[0].lower())


def test_every_locked_package_has_a_hash() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        entries = re.split(r"\n(?=[a-z])", (ROOT / name).read_text().partition("make lock\n")[2])
        assert len(entries) > 20
        assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


_GUIDE = "docs/adding-a-service.md"
_BASES = ("", "kusei/", "kusei/services/activities/", "kusei/services/questions/")
"""Where a path of the guide may begin, as it says itself."""
_PATH = re.compile(r"[\w./-]*(?:/|/[a-z]+|\.(?:py|html|txt|md|toml|css|js))")
_NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*")
_DEFINED = re.compile(r"^((?: {4})?)(def |class |)(\w+)(?=\(|:|,$| = )", re.M)
"""A function, a class, what is assigned, a field, a line of a long import: at the left or within a class."""


def _spans() -> tuple[set[str], set[str]]:
    """Paths and names that the guide sets as code within its prose; examples in blocks of code are not meant."""
    prose = re.sub(r"```.*?```", "", (ROOT / _GUIDE).read_text(), flags=re.S)
    spans = {re.sub(r"\(.*\)$", "", span) for span in re.findall(r"`([^`\n]+)`", prose)}
    paths = {span for span in spans if _PATH.fullmatch(span)}
    return paths, {span for span in spans - paths if _NAME.fullmatch(span)}


def _names_of(path: Path, text: str) -> Iterator[str]:
    """A module and what it defines or passes on, by every end of the full name: operations.apply_for, apply_for."""
    module = path.with_suffix("").parts
    if path.stem == "__init__":  # passes on what it imports
        module = module[:-1]
        yield from (end for name in re.findall(r"\w+", text) for end in _ends((*module, name)))
    yield from _ends(module)
    within: tuple[str, ...] = ()
    for indent, word, name in _DEFINED.findall(text):
        if not indent:
            within = (name,) if word == "class " else ()
        yield from _ends((*module, *within, name) if indent else (*module, name))


def _ends(parts: tuple[str, ...]) -> Iterator[str]:
    return (".".join(parts[place:]) for place in range(len(parts)))


def test_the_guide_to_services_names_only_paths_that_exist() -> None:
    files = {path.relative_to(ROOT).as_posix() for path in tracked_files()}
    folders = {folder.as_posix() for name in files for folder in Path(name).parents}
    there = files | folders | {f"{folder}/" for folder in folders}
    paths, _names = _spans()
    assert len(paths) > 60
    lost = {path for path in paths if not any(base + path in there for base in _BASES)}
    assert lost == set(), f"{_GUIDE}: a path begins in one of {_BASES}, and git knows it"


def test_the_guide_to_services_names_only_what_is_in_the_code() -> None:
    _paths, names = _spans()
    assert len(names) > 100
    sources = [(path, text) for path, text in tracked_text() if path.suffix == ".py"]
    for path, text in sources:
        names.difference_update(_names_of(path, text))
    # What is left are arguments, values and words of Django: they stand in the code as they stand here.
    code = "\n".join(text for path, text in sources if path.name != Path(__file__).name)
    gone = {name for name in names if not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", code)}
    assert gone == set(), f"{_GUIDE} names what the code has no longer, or never had"


def test_what_the_guide_to_services_imports_is_there() -> None:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / _GUIDE).read_text(), flags=re.S)
    lines = re.findall(r"^from ([\w.]+) import ([\w, ]+?)(?: as \w+)?(?: +#.*)?$", "\n".join(blocks), re.M)
    assert len(lines) > 10
    missing = []
    for module, names in lines:
        found = import_module(module)
        missing += [
            f"{module}: {name}"
            for name in names.split(", ")
            if not hasattr(found, name) and find_spec(f"{module}.{name}") is None
        ]
    assert missing == []
