"""The rules of the house that no single room owns (docs/structure.md): imports, models, names, sizes, texts."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import TextChoices

from tests.database import sources_of_the_database
from tests.repository import ROOT, is_test, python_sources, tracked_text

# Long, and one idea: say which.
LONG_FILES: dict[str, str] = {}
LONGEST = 600
# design: every row belongs to one tenant, except persons and log-ins, the tenants themselves and metrics that code declares
MODELS_WITHOUT_WARD = {"wards.Ward", "wards.Person", "ledger.Metric", "notices.Attempts"}
# kinds of records of the ledger that stand on no page of the office by a number of their own
RECORDS_WITHOUT_A_PAGE = {"results.printed", "results.typed", "activities.rally", "activities.meeting"}
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}


@pytest.mark.slow  # `make check` has a part of its own for it
def test_imports_run_one_way() -> None:
    program = str(Path(sys.executable).parent / "lint-imports")
    checked = subprocess.run([program, "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.slow  # `make check` has a part of its own for it
@pytest.mark.django_db
def test_every_model_change_has_its_migration(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        call_command("makemigrations", check_changes=True, dry_run=True)
    except SystemExit:
        pytest.fail(capsys.readouterr().out)


def test_the_kept_test_database_is_known_by_all_that_migrations_need() -> None:
    """What a migration imports from the house is hashed with it (tests/database.py): no stale copy is tested."""
    known = list(sources_of_the_database())
    assert len(known) == len(set(known))
    names = {path.relative_to(ROOT).as_posix() for path in known}
    migrations = {path.relative_to(ROOT).as_posix() for path in (ROOT / "kusei").glob("**/migrations/0*.py")}
    assert len(migrations) > 20
    assert migrations <= names
    assert {"kusei/wards/append_only.py", "kusei/config/database.py", "requirements-dev.txt"} <= names


def test_every_row_belongs_to_a_ward() -> None:
    own = [model for model in apps.get_models() if model.__module__.startswith("kusei.")]
    assert len(own) > 10
    astray = set()
    for model in own:
        ward = next((field for field in model._meta.fields if field.name == "ward"), None)
        if ward is None or ward.related_model is not apps.get_model("wards.Ward") or ward.null:
            astray.add(model._meta.label)
    assert astray == MODELS_WITHOUT_WARD, (
        "give the model `ward`, a ForeignKey to wards.Ward that is never null, also where a parent has it"
    )


def test_no_file_outgrows_its_reader() -> None:
    sizes = {path.as_posix(): text.count("\n") for path, text in tracked_text() if path.suffix == ".py"}
    long = {name: size for name, size in sizes.items() if size > LONGEST and "/migrations/" not in name}
    assert set(long) == set(LONG_FILES), f"over {LONGEST} lines: split them by noun: {long}"


def test_no_module_is_called_after_nothing() -> None:
    vague = {"utils", "helpers", "misc", "common"}
    sources = [each for each in tracked_text() if each[0].suffix == ".py"]
    assert len(sources) > 100
    assert [path for path, _ in sources if path.stem in vague or vague & set(path.parts)] == []


def test_links_to_hand_out_begin_with_the_address_of_the_site() -> None:
    """Not with what the request says (`settings.KUSEI_SITE_URL`): a page of the office and a mail may name a visitor's words no more than
    a machine's inner name. Pages for everybody name themselves; the office compares only where somebody came from."""
    asked = re.compile(r"build_absolute_uri|get_host\(|get_current_site")
    rooms = ("office", "services", "notices", "wards", "results", "plans", "ledger", "press", "documents")
    found = {
        str(path.relative_to(ROOT))
        for room in rooms
        for path in (ROOT / "kusei" / room).rglob("*.py")
        if "tests" not in path.relative_to(ROOT).parts and asked.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"kusei/office/unsent.py"}


def test_no_test_hides_another() -> None:
    """A second function of the same name replaces the first, which then never runs."""
    hidden = []
    for path, tree in python_sources():
        for scope in [tree, *(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))]:
            names = Counter(node.name for node in scope.body if isinstance(node, ast.FunctionDef))
            hidden += [
                f"{path}: {name}" for name, count in names.items() if count > 1 and name.startswith("test")
            ]
    assert hidden == []


def test_every_test_is_collected() -> None:
    missed = []
    for path, tree in python_sources():
        tests = [
            node.name for node in tree.body if isinstance(node, ast.FunctionDef) and _is_test_name(node.name)
        ]
        if tests and not (path.name.startswith("test_") and is_test(path)):
            missed.append(f"{path}: {tests}")
    assert missed == []


def _is_test_name(name: str) -> bool:
    return name.startswith("test_")


def test_no_text_is_put_together_before_it_is_translated() -> None:
    """gettext finds whole sentences only: `_(f"…")` and `_("…" % x)` never match a catalogue."""
    broken = []
    for path, tree in python_sources():
        for node in ast.walk(tree):
            if not (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GETTEXT
            ):
                continue
            if any(isinstance(argument, ast.JoinedStr | ast.BinOp) for argument in node.args):
                broken.append(f"{path}:{node.lineno}")
    assert broken == []


def test_no_path_of_a_machine_and_no_registry_is_named() -> None:
    forbidden = re.compile(
        "|".join(
            [
                r"(?<![\w.])/(?:work|root|home)/\w",
                "file:" + "//",
                r"pypi\." + "org",
                "pythonhosted" + r"\.org",
                "registry\\.npmjs",
                "deb\\.debian" + r"\.org",
                "--(?:extra-)?index-url" + r"[ =]\S",
            ]
        )
    )
    found = []
    for path, text in tracked_text():
        for number, line in enumerate(text.splitlines(), start=1):
            if forbidden.search(line):
                found.append(f"{path}:{number}: {line.strip()[:120]}")
    assert found == []


def test_pages_hold_nothing_that_the_policy_forbids() -> None:
    """The Content-Security-Policy allows no inline script or style; no page may name another machine's files."""
    forbidden = {
        "inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)", re.I),
        "inline style": re.compile(r"<style\b|\sstyle=", re.I),
        "inline handler": re.compile(r"<[^>]*\son[a-z]+=", re.I),
        "file from elsewhere": re.compile(
            r"(?:\bsrc=[\"']?|<link[^>]*href=[\"']?|url\([\"']?|@import\s+[\"'])(?:https?:)?//", re.I
        ),
    }
    found = []
    for path, text in tracked_text():
        if path.suffix not in {".html", ".css"} or is_test(path):
            continue
        found += [f"{path}: {name}" for name, pattern in forbidden.items() if pattern.search(text)]
    assert found == []


@pytest.mark.seeds
def test_no_sentence_of_a_real_document_is_in_the_checkout(seeds: Path) -> None:
    """Facts and figures may be used, wording not: no 24 characters before a full stop stand in our files."""
    tails = set()
    for document in sorted(seeds.glob("*.txt")):
        text = re.sub(r"\s+", "", document.read_text())
        tails |= {
            text[stop.start() - 24 : stop.end()] for stop in re.finditer("。", text) if stop.start() >= 24
        }
    assert len(tails) > 100
    copied = []
    for path, text in tracked_text():
        bare = re.sub(r"\s+", "", text)
        ours = {bare[stop.start() - 24 : stop.end()] for stop in re.finditer("。", bare)}
        copied += [f"{path}: {len(ours & tails)} sentences"] if ours & tails else []
    assert copied == []


def test_every_field_of_an_editable_item_has_a_name_in_the_trail() -> None:
    from kusei.plans.drafting import EDITABLE_FIELDS
    from kusei.wards.audit import field_label

    assert [field for field in (*EDITABLE_FIELDS, "review", "due_on") if field_label(field) == field] == []


def test_the_trail_knows_every_verb() -> None:
    from kusei.wards.audit import known_verbs

    known, unknown = set(known_verbs()), {}
    for kind in _kinds_of(TextChoices):
        if kind.__name__.endswith("Verb") and not set(kind.values) <= known:
            unknown[kind.__name__] = sorted(set(kind.values) - known)
    assert unknown == {}, (
        "`audit.declare_verbs` in `ready` of the room's apps.py, or the page prints raw words"
    )


def _kinds_of(kind: type) -> Iterator[type]:
    for each in kind.__subclasses__():
        yield each
        yield from _kinds_of(each)


def test_no_room_renames_the_field_of_another_in_the_trail() -> None:
    """What was declared last would be printed for both."""
    said: dict[tuple[str, str, str], set[str]] = {}
    for path, tree in python_sources():
        for call in ast.walk(tree) if path.name == "apps.py" else ():
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
                continue
            if call.func.attr in {"declare_fields", "declare_values"}:
                room = ast.unparse(call.args[0]) if call.args else ""
                for field in call.keywords:
                    key = (call.func.attr, room, field.arg or "")
                    said.setdefault(key, set()).add(ast.unparse(field.value))
    assert len(said) > 100
    assert {key: words for key, words in said.items() if len(words) > 1} == {}, (
        'name the room first where the field means something else there: `audit.declare_fields("lending", state=…)`'
    )


def test_every_kind_of_record_leads_to_its_page() -> None:
    """From an entry of the ledger to what it tells of."""
    from kusei.ledger import sources
    from kusei.office.queries.ledger import RECORD_PAGES

    assert {key for key, _kind in sources.kinds()} == set(RECORD_PAGES) | RECORDS_WITHOUT_A_PAGE, (
        "write the kind that was registered into RECORD_PAGES (kusei/office/queries/ledger.py), or above why it has no page"
    )
