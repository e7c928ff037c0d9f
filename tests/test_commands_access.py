"""Every command states who may run it, and keeps to it: each role, another body, another ward, and the machine's operator."""

from __future__ import annotations

import argparse
import getpass
from importlib import import_module
from pathlib import Path

import pytest
from django.db import connection

from kusei.config import cli
from kusei.config.command_rules import RULES, Scope
from kusei.wards import operations as wards
from kusei.wards.models import AuditEntry, Person
from tests.cast import Cast

WARD = "みらい区"
PEOPLE = (
    "administrator", "planner", "clerk", "colleague", "other_clerk", "partner", "resident", "former", "stranger",
)  # fmt: skip
OPERATOR: set[str] = set()
"""Allowed to nobody by name: only without --as, to whoever has a shell of the machine."""
STAFF = {"planner", "clerk", "colleague", "other_clerk"}
BUDGET = "令和3年度 みらい区 予算\n\n施策1 まちを育てる 1,500千円\n\n1 花いっぱい事業\n【1,000】\n公園に花を植えます。\n"

# Each way to use each command: who of the cast may. FILE is a document of the ward.
WAYS: dict[str, list[tuple[list[str], set[str]]]] = {
    "import": [(["FILE", "--accept"], {"planner"}), (["FILE"], {"planner"})],
    "links": [([WARD], {"planner"}), ([WARD, "--confirm", "1"], {"planner"}), ([WARD, "--refuse", "1"], {"planner"})],
    "export-plan": [
        ([WARD, "--year", "2021", "--kind", "budget", "--output", "OUT"], STAFF | {"administrator", "partner"}),
        ([WARD, "--year", "R3", "--kind", "budget", "--draft", "--output", "-"], STAFF | {"administrator", "partner"}),
    ],
    "export-results": [
        ([WARD, "--year", "2021", "--kind", "budget", "--output", "OUT"], STAFF | {"administrator"}),
        ([WARD, "--year", "R3", "--kind", "budget", "--live", "--output", "-"], STAFF | {"administrator"}),
    ],
    "export-events": [
        ([WARD, "--output", "OUT"], STAFF | {"partner"}),
        ([WARD, "--year", "R8", "--edition", "gif", "--output", "-"], STAFF | {"partner"}),
    ],
    "translations": [
        ([WARD, "--language", "en", "--export", "OUT"], STAFF),
        ([WARD, "--language", "en", "--import", "FILE"], STAFF),
    ],
    "readings": [
        ([WARD], STAFF | {"administrator"}),
        ([WARD, "--put", "中田", "なかだ"], STAFF | {"administrator"}),
        ([WARD, "--remove", "中田"], STAFF | {"administrator"}),
    ],
    "ward": [
        (["横浜市泉区"], OPERATOR),
        ([WARD, "--administrator", "new@example.jp"], OPERATOR),
        (["--list"], OPERATOR),
    ],
    "account": [
        (["clerk"], OPERATOR),
        (["planner", "--take-second-factor", "--reason", "x"], OPERATOR),
        (["clerk", "--password-link", "--reason", "x"], OPERATOR),
    ],
    "notices": [([], OPERATOR), (["--send"], OPERATOR), (["--purge"], OPERATOR)],
    "activities": [
        (["list", "--ward", WARD], STAFF | {"partner"}),
        (["verify-draw", "--ward", WARD, "--json"], STAFF | {"partner"}),
    ],
    "serve": [([], OPERATOR)],
    "worker": [([], OPERATOR)],
    "sample": [([], OPERATOR), (["--if-new"], OPERATOR)],
    "demo": [([], OPERATOR), (["--reset"], OPERATOR)],
    "forms": [([WARD, "FILE"], STAFF | {"partner"})],
    "reindex": [([], OPERATOR)],
    "reconcile": [
        ([], OPERATOR),
        ([WARD], {"planner"}),
        ([WARD, "--rebuild-sums"], {"planner"}),
    ],
}  # fmt: skip
WITHOUT_PERSON = {"read", "manage"}
"""`read` touches no database; `manage` hands its arguments to Django, which knows no --as."""


def _commands() -> dict[str, argparse.ArgumentParser]:
    parser = cli._parser()
    actions = [each for each in parser._actions if isinstance(each, argparse._SubParsersAction)]
    return dict(actions[0].choices)


def test_every_command_of_the_parser_states_its_rule_and_is_walked_here() -> None:
    commands = _commands()
    assert set(commands) == set(RULES) == set(WAYS) | WITHOUT_PERSON
    stated = {name: parser.get_default("rule") for name, parser in commands.items()}
    assert stated == RULES
    assert [name for name, rule in RULES.items() if rule.scope is not Scope.NOTHING and not rule.may] == []
    for name, parser in commands.items():
        takes_person = any("--as" in action.option_strings for action in parser._actions)
        assert takes_person == (name in WAYS), name


@pytest.fixture
def given(tmp_path: Path) -> dict[str, str]:
    """What stands for FILE and OUT."""
    file = tmp_path / "budget.txt"
    file.write_text(BUDGET, encoding="utf-8")
    return {"FILE": str(file), "OUT": str(tmp_path / "out.csv")}


def _everything() -> dict[str, int]:
    """How many rows each table has."""
    names = connection.introspection.table_names()
    with connection.cursor() as cursor:
        counts = {}
        for name in names:
            cursor.execute(f'SELECT COUNT(*) FROM "{name}"')
            counts[name] = cursor.fetchone()[0]
    return counts


@pytest.mark.parametrize("name", sorted(WAYS))
def test_who_may_not_is_refused_in_words_and_nothing_changes(
    cast: Cast, given: dict[str, str], capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """The command itself runs, not a stand-in for it."""
    before = _everything()
    for arguments, allowed in WAYS[name]:
        said = [given.get(each, each) for each in arguments]
        for who in sorted(set(PEOPLE) - allowed):
            code = cli.main([name, *said, "--as", getattr(cast, who).username])
            told = capsys.readouterr()
            assert (code, told.out) == (1, ""), (arguments, who, told.out)
            assert "の役割が必要です" in told.err or "操作者" in told.err, (arguments, who)
    assert _everything() == before
    assert not Path(given["OUT"]).exists()


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(WAYS) - {"import"}))
def test_who_may_comes_to_the_command(
    cast: Cast, given: dict[str, str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Only the gate is looked at: what a command does has its own tests. None is the operator of the machine."""
    reached: list[str | None] = []

    def run(options: argparse.Namespace) -> int:
        reached.append(options.username)
        return 0

    module = import_module(_commands()[name].get_default("module"))
    monkeypatch.setattr(module, "run", run)
    for arguments, allowed in WAYS[name]:
        said = [given.get(each, each) for each in arguments]
        for who in (*PEOPLE, None):
            reached.clear()
            username = getattr(cast, who).username if who else None
            code = cli.main([name, *said, *(["--as", username] if username else [])])
            may = who is None or who in allowed
            assert (code, reached) == ((0, [username]) if may else (1, [])), (arguments, who)


def test_a_document_is_taken_in_by_the_planner_of_its_ward_and_by_the_operator(
    cast: Cast, given: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["import", given["FILE"], "--as", cast.planner.username]) == 1  # shown, not accepted
    assert "最初の版" in capsys.readouterr().out
    assert cli.main(["import", given["FILE"], "--accept", "--as", cast.planner.username]) == 0
    assert cli.main(["import", given["FILE"], "--accept"]) == 0


def test_a_new_ward_comes_in_with_a_document_of_the_operator_only(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "budget.txt"
    file.write_text(BUDGET.replace(WARD, "ゆめ区"), encoding="utf-8")
    assert cli.main(["import", str(file), "--accept", "--as", cast.planner.username]) == 1
    told = capsys.readouterr()
    assert (told.out, "操作者" in told.err) == ("", True)
    assert cli.main(["import", str(file), "--accept"]) == 0


def test_an_account_that_is_not_there_and_a_ward_that_is_not_there_are_told(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["reindex", "--as", "nobody-of-that-name"]) == 1
    assert "登録されていません" in capsys.readouterr().err
    assert cli.main(["readings", "ない区"]) == 1
    assert "登録されていません" in capsys.readouterr().err


def test_somebody_of_the_office_named_like_the_machines_user_is_not_the_operator(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: cast.clerk.username)
    assert cli.main(["readings", WARD, "--put", "中田", "なかだ"]) == 0
    actor = AuditEntry.objects.get(verb="wards.add_reading").actor
    assert actor is not None
    assert (actor.username, actor.is_operator) == (f"{cast.clerk.username}@machine", True)
    assert Person.objects.get(pk=cast.clerk.pk).is_operator is False
    assert wards.find_person(cast.clerk.username) == cast.clerk
