"""The door to everything, dev.py, and what stands behind it."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.repository import ROOT
from tools import environment, serving, suite
from tools.console import Refusal
from tools.postgres import find_server_programs, throwaway_cluster


def test_dev_without_a_command_lists_them() -> None:
    shown = subprocess.run([sys.executable, ROOT / "dev.py"], capture_output=True, text=True, check=False)
    assert shown.returncode == 0
    assert "start Kusei with the sample wards" in shown.stdout


def test_dev_with_an_unknown_command_fails() -> None:
    assert (
        subprocess.run([sys.executable, ROOT / "dev.py", "rnu"], capture_output=True, check=False).returncode
        == 2
    )


def test_kusei_command_works_in_a_folder_with_blanks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "区の 計画 it's"
    (root / "kusei/config").mkdir(parents=True)
    (root / "kusei/config/cli.py").write_text(
        "import sys\ndef main():\n    print(sys.argv[1:])\n    return 3\n"
    )
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", root / ".venv"], check=True)
    monkeypatch.setattr(environment, "ROOT", root)
    monkeypatch.setattr(environment, "BIN", root / ".venv/bin")
    monkeypatch.setattr(environment, "PYTHON", root / ".venv/bin/python")

    environment._link_package()

    shown = subprocess.run(
        [root / ".venv/bin/kusei", "a b"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (shown.returncode, shown.stdout) == (3, "['a b']\n")


def test_environment_of_another_folder_is_not_used() -> None:
    assert environment._is_usable({"root": "/somewhere/else"}) is False


def test_missing_venv_module_is_told_with_its_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(Refusal, match="sudo apt install python3-venv"):
        environment._make_venv()


def test_port_in_use_is_told_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(Refusal, match=rf"Port {port} is in use.*PORT=8001 make run"):
            serving._port()


@pytest.mark.parametrize("given", ["abc", "0", "65536", "-1"])
def test_port_that_is_none_is_refused(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", given)
    with pytest.raises(Refusal, match="a port is a number"):
        serving._port()


@pytest.mark.parametrize(
    ("variables", "strict"),
    [
        ({}, False),
        ({"CI": "true"}, True),
        ({"KUSEI_REQUIRE_ALL": "1"}, True),
        ({"CI": "false"}, False),
        ({"CI": ""}, False),
    ],
)
def test_strict_in_ci_only(variables: dict[str, str], strict: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CI", "KUSEI_REQUIRE_ALL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert suite.is_strict() is strict


def test_missing_programs_fail_the_suite_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(suite, "find_chromium", lambda: None)
    with pytest.raises(Refusal, match="Chromium"):
        suite.run_all([])


def test_every_check_runs_and_tells_what_it_found(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def command(name: str) -> list[str]:
        fails = name in {"lint", "migrations"}
        return [sys.executable, "-c", f"print('found by {name}'); raise SystemExit({int(fails)})"]

    monkeypatch.setattr(environment, "ensure", lambda *_names: None)
    monkeypatch.setattr(suite, "_command", command)
    monkeypatch.setattr(suite, "run_fast", lambda _arguments: 5)

    assert suite.check([]) == 1
    told = capfd.readouterr().out
    for name in ("lint", "format", "types", "imports", "migrations"):
        assert f"== {name}\nfound by {name}\n" in told
    assert told.endswith("FAILED: lint, migrations, fast tests\n")


@pytest.mark.parametrize(("on_postgres", "outcome"), [(0, 0), (1, 1), (5, 0)])
def test_the_second_run_may_have_nothing_to_do(
    monkeypatch: pytest.MonkeyPatch, on_postgres: int, outcome: int
) -> None:
    """What was asked for needs no database: the run on SQLite alone decides."""
    runs: list[list[str]] = []

    def pytest_run(arguments: list[str], variables: dict[str, str]) -> int:
        runs.append(arguments)
        return on_postgres if variables["DATABASE_URL"] else 0

    monkeypatch.setattr(environment, "ensure", lambda *_names: None)
    monkeypatch.setattr(suite, "find_server_programs", lambda: Path("/programs"))
    monkeypatch.setattr(suite, "find_chromium", lambda: "chromium")
    monkeypatch.setattr(suite, "throwaway_cluster", lambda _programs: nullcontext("postgres:///"))
    monkeypatch.setattr(suite.signal, "signal", lambda *_: None)
    monkeypatch.setattr(suite, "_pytest", pytest_run)

    assert suite.run_all(["-k", "rules"]) == outcome
    assert [("--only-with-database" in each, each[-2:]) for each in runs] == [
        (False, ["-k", "rules"]),
        (True, ["-k", "rules"]),
    ]


@pytest.mark.slow
def test_cluster_is_gone_after_a_failure() -> None:
    programs = find_server_programs()
    if not programs:
        pytest.skip("PostgreSQL is not installed")
    folders = []

    def fail_inside() -> None:
        with throwaway_cluster(programs) as url:
            import psycopg

            folders.append(Path(url.partition("?host=")[2].replace("%2F", "/")))
            port = url.split(":")[2].split("/")[0]
            with psycopg.connect(
                host=str(folders[0]), port=port, user="kusei", dbname="postgres"
            ) as connection:
                assert connection.execute("show fsync").fetchone() == ("off",)
            raise RuntimeError("a test failed")

    with pytest.raises(RuntimeError):
        fail_inside()
    assert not folders[0].exists()


def test_tests_have_a_data_folder_of_their_own() -> None:
    from django.conf import settings

    assert str(settings.DATA_DIR).startswith(os.path.realpath(os.environ["KUSEI_TEST_BASE"]))
