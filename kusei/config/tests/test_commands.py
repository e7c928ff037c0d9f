"""The command line: what it prints, asks, refuses, and with which exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kusei.config.cli import main
from kusei.documents.commands import take_in
from kusei.documents.tests.test_operations import _own_storage  # noqa: F401 -- autouse: originals go to tmp_path
from kusei.plans.enums import LinkStatus
from kusei.plans.models import Link, Plan, PlanVersion
from kusei.wards import operations as wards
from tests.cast import Cast

pytestmark = pytest.mark.slow

BUDGET = """令和3年度 みらい区 予算

施策1 まちを育てる 1,500千円

1 花いっぱい事業
【1,000】
【地域振興課】
公園に花を植えます。
(1) 苗の配布（600）
苗を配ります。
(2) 花壇の手入れ（400）
花壇を手入れします。

2 見守り事業
【500】
【福祉保健課】
声をかけ合います。
"""


@pytest.fixture
def budget(tmp_path: Path) -> Path:
    path = tmp_path / "budget.txt"
    path.write_text(BUDGET, encoding="utf-8")
    return path


def test_read_starts_without_django(budget: Path) -> None:
    code = (
        "import sys; from kusei.config.cli import main; "
        f"code = main(['read', {str(budget)!r}]); sys.exit(9 if 'django' in sys.modules else code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "budget.txt" in done.stdout


def test_python_m_kusei_is_the_same_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kusei", "--help"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "文書を取り込んで公開する" in done.stdout


def test_read_tells_counts_and_money(budget: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(budget)]) == 0

    told = capsys.readouterr().out
    assert "みらい区" in told
    assert "令和3年度" in told
    assert "事業 2" in told


def test_read_prints_one_object_or_a_list(budget: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["read", "--json", str(budget)])
    assert json.loads(capsys.readouterr().out)["fiscal_year"] == 2021

    main(["read", "--json", str(budget), str(budget)])
    assert [each["fiscal_year"] for each in json.loads(capsys.readouterr().out)] == [2021, 2021]


def test_unreadable_file_is_told_and_the_others_are_read(
    budget: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.txt").write_text("")

    assert main(["read", str(tmp_path / "empty.txt"), str(tmp_path / "none.pdf"), str(budget)]) == 2

    told = capsys.readouterr()
    assert [line.split(":")[0] for line in told.err.splitlines()] == ["empty.txt", "none.pdf"]
    assert "事業 2" in told.out
    assert "Traceback" not in told.err


@pytest.mark.django_db
def test_import_without_terminal_shows_and_takes_nothing(
    budget: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(budget)]) == 1

    told = capsys.readouterr()
    assert "この計画の最初の版になります" in told.out
    assert "--accept" in told.err
    assert Plan.objects.count() == 0


@pytest.mark.django_db
def test_import_with_accept_records_who(budget: Path, capsys: pytest.CaptureFixture[str], cast: Cast) -> None:
    assert main(["import", str(budget), "--accept", "--as", cast.planner.username]) == 0

    version = PlanVersion.objects.get()
    assert (version.published_by.username, version.plan.kind, version.plan.fiscal_year) == (
        "planner",
        "budget",
        2021,
    )
    assert "第1版" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["administrator", "clerk", "partner", "resident", "former", "stranger"])
def test_import_in_the_name_of_somebody_who_may_not_changes_nothing(
    budget: Path, capsys: pytest.CaptureFixture[str], cast: Cast, name: str
) -> None:
    assert main(["import", str(budget), "--accept", "--as", getattr(cast, name).username]) == 1

    assert "みらい区の「企画担当」の役割が必要です" in capsys.readouterr().err
    assert Plan.objects.count() == 0


@pytest.mark.django_db
def test_import_of_the_same_again_says_so(budget: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["import", str(budget), "--accept"])
    capsys.readouterr()

    assert main(["import", str(budget), "--accept"]) == 0

    assert "同じ内容" in capsys.readouterr().out
    assert PlanVersion.objects.count() == 1


@pytest.mark.slow
@pytest.mark.django_db
def test_import_of_a_correction_lists_the_differences(
    budget: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["import", str(budget), "--accept"])
    budget.write_text(
        BUDGET.replace("【500】", "【700】").replace("1,500千円", "1,700千円"), encoding="utf-8"
    )
    capsys.readouterr()

    assert main(["import", str(budget), "--accept"]) == 0

    told = capsys.readouterr().out
    assert "変更 2件" in told
    assert "見守り事業（金額）" in told
    assert "第2版" in told


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(("answer", "plans"), [("y", 1), ("はい", 1), ("", 0), ("n", 0)])
def test_import_asks_on_a_terminal(
    budget: Path, monkeypatch: pytest.MonkeyPatch, answer: str, plans: int
) -> None:
    monkeypatch.setattr(take_in, "is_interactive", lambda: True)
    monkeypatch.setattr("builtins.input", lambda question: answer)

    assert main(["import", str(budget)]) == (0 if plans else 1)
    assert Plan.objects.count() == plans


@pytest.mark.django_db
def test_import_names_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "notes.txt"
    path.write_text(
        "１ 花いっぱい事業\n公園に花を植えます。\n\n２ 見守り事業\n声をかけ合います。\n", encoding="utf-8"
    )

    assert main(["import", str(path), "--accept"]) == 1
    assert "--ward" in capsys.readouterr().err
    assert main(["import", str(path), "--accept", "--ward", "みらい区"]) == 1
    assert "--year" in capsys.readouterr().err
    assert (
        main(["import", str(path), "--accept", "--ward", "みらい区", "--year", "2022", "--kind", "policy"])
        == 0
    )
    assert main(["import", str(path), "--accept", "--as", "nobody"]) == 1
    assert "nobody" in capsys.readouterr().err


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "word"),
    [
        (["--year", "8"], "令和3年度"),  # slips of the keyboard made plans of the year 8
        (["--year", "20211"], "「20211」"),
        (["--year", "昨年度"], "昨年度"),
        (["--ward", "999999"], "999999"),  # no such code: told before anything is shown as new
    ],
)
def test_import_refuses_what_cannot_be(
    budget: Path, capsys: pytest.CaptureFixture[str], said: list[str], word: str
) -> None:
    assert main(["import", str(budget), "--accept", *said]) == 1

    told = capsys.readouterr()
    assert (word in told.err, told.out, Plan.objects.count()) == (True, "", 0)


@pytest.mark.django_db
def test_import_takes_a_year_as_it_is_written(budget: Path) -> None:
    for year in ("令和4年度", "R5", "2024"):
        assert main(["import", str(budget), "--accept", "--year", year]) == 0
    assert set(Plan.objects.values_list("fiscal_year", flat=True)) == {2022, 2023, 2024}


@pytest.mark.slow
@pytest.mark.django_db
def test_import_tells_where_it_departs_from_the_text(
    budget: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["import", str(budget), "--accept"])
    assert "文書には" not in capsys.readouterr().out

    main(["import", str(budget), "--accept", "--ward", "横浜市泉区", "--year", "R4"])
    told = capsys.readouterr().out
    assert "文書には「みらい区」とありますが、「横浜市泉区」の文書として取り込みます" in told
    assert "文書には令和3年度とありますが、令和4年度の文書として取り込みます" in told


def test_wrong_use_is_told_in_japanese(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["import"])
    assert (stopped.value.code, "kusei import --help" in capsys.readouterr().err) == (2, True)


@pytest.mark.slow
@pytest.mark.django_db
def test_links_are_listed_and_decided(budget: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["import", str(budget), "--accept"])
    budget.write_text(
        BUDGET.replace("令和3年度", "令和4年度").replace("苗の配布", "苗の配布と植え方教室"), encoding="utf-8"
    )
    main(["import", str(budget), "--accept"])
    proposed = Link.objects.filter(status=LinkStatus.PROPOSED).first()
    assert proposed is not None
    capsys.readouterr()

    assert main(["links", "みらい区"]) == 0
    assert f"{proposed.pk}  " in capsys.readouterr().out
    assert main(["links", "みらい区", "--confirm", str(proposed.pk)]) == 0
    assert main(["links", "みらい区", "--refuse", str(proposed.pk)]) == 1
    proposed.refresh_from_db()
    assert (proposed.status, proposed.is_automatic) == (LinkStatus.CONFIRMED, False)
    assert main(["links", "どこか区"]) == 1


@pytest.mark.slow
@pytest.mark.django_db
def test_reindex_counts_what_it_wrote(budget: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["import", str(budget), "--accept"])
    capsys.readouterr()

    assert main(["reindex"]) == 0
    assert "project: 2件" in capsys.readouterr().out


@pytest.mark.django_db
def test_operating_systems_user_gets_an_account_without_login(budget: Path) -> None:
    main(["import", str(budget), "--accept"])

    person = PlanVersion.objects.get().published_by
    assert person is not None
    assert (person.is_active, person.has_usable_password()) == (False, False)
    assert wards.find_person(person.username) == person


def test_reading_counts_headings_and_page_numbers_apart_from_lost_text(tmp_path, capsys) -> None:
    paper = tmp_path / "policy.txt"
    paper.write_text(
        "令和3年度 泉が丘区運営方針\n\nⅠ 基本目標\nだれもが住みよいまち\n\n- 1 -\n", encoding="utf-8"
    )

    assert main(["read", str(paper)]) == 0

    told = capsys.readouterr().out
    assert "項目ではない文 2件: 見出し 1、ページ番号 1" in told
    assert "置き場所が決まらない文" not in told
