"""The sample wards: rich, in our own words, built once, and gone for good where a real document comes in."""

from __future__ import annotations

import json
import re
import stat
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from kusei.documents import operations
from kusei.documents.commands import sample, take_in
from kusei.documents.operations import Reading
from kusei.documents.sample.building import build_sample
from kusei.documents.sample.drafts import DATA, sample_document
from kusei.documents.sample.setting import BUDGET, POLICY, set_budget
from kusei.documents.targets import target_of
from kusei.documents.tests.drafts import draft, item
from kusei.documents.tests.test_operations import _own_storage  # noqa: F401 -- autouse: originals go to tmp_path
from kusei.files.models import StoredFile
from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.japanese.folding import fold
from kusei.plans.enums import LinkStatus
from kusei.plans.models import Item, ItemText, Link, Plan, PlanVersion
from kusei.results.models import Collection, ReportedFigure, ReportedResult
from kusei.wards import operations as wards
from kusei.wards.models import Person, Ward
from tests.repository import tracked_text

DOCUMENTS = sorted(path.stem for path in DATA.glob("*_*.json"))
_RUN = 20
_HEADINGS = {
    "goal",
    "stance",
    "measure",
    "focus",
    "project",
    "component",
    "related",
    "organisation",
    "column",
}


def _walk(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for each in items:
        found.append(each)
        found.extend(_walk(each["children"]))
    return found


def _of_kind(name: str, kind: str) -> list[dict[str, Any]]:
    return [each for each in _walk(sample_document(name).draft["items"]) if each["kind"] == kind]


def test_budget_adds_up_as_the_published_one_does() -> None:
    projects = _of_kind("izumi_2021_budget", "project")

    assert len(projects) == 12
    assert len(_of_kind("izumi_2021_budget", "component")) == 27
    assert len(_of_kind("izumi_2021_budget", "subcomponent")) == 18
    assert len(_of_kind("izumi_2021_budget", "related")) == 11
    assert sum(each["amount_thousand_yen"] for each in projects) == 26_397
    related = _of_kind("izumi_2021_budget", "related")
    assert sum(each["amount_thousand_yen"] or 0 for each in related) == 5_833
    for project in projects:
        parts = [each["amount_thousand_yen"] for each in project["children"] if each["kind"] == "component"]
        assert not parts or sum(parts) == project["amount_thousand_yen"]


def test_action_plan_is_rich() -> None:
    rows = _of_kind("izumi_2021_action_plan", "action")
    assert len(rows) >= 120
    assert len(_of_kind("izumi_2021_action_plan", "focus")) == 14
    assert all(row["owners"] and row["plan"] and row["result"] for row in rows)
    assert sum(1 for row in rows if row["figures"]) >= 50


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_item_knows_its_line(name: str) -> None:
    document = sample_document(name)
    for each in _walk(document.draft["items"]):
        assert each["title"] in document.lines[each["source"]["line"] - 1]


@pytest.mark.seeds
def test_no_wording_of_a_real_document_is_in_the_checkout(seeds: Path) -> None:
    """No run of 20 characters of running text; titles of headings, names of programmes and figures are facts."""
    facts = set()
    for name in DOCUMENTS:
        read = sample_document(name).draft
        facts.add(_bare(read["title"]))
        for each in _walk(read["items"]):
            if each["kind"] in _HEADINGS:
                facts |= {_bare(each["title"]), _bare(each["programme"] or "")}
    known = "\n".join(facts)
    runs: set[str] = set()
    for path in seeds.glob("*.txt"):
        text = _bare(path.read_text(encoding="utf-8"))
        runs |= {text[at : at + _RUN] for at in range(len(text) - _RUN + 1)}
    assert len(runs) > 30_000
    copied = []
    for path, text in tracked_text():
        bare = _bare(text)
        found = {bare[at : at + _RUN] for at in range(len(bare) - _RUN + 1)} & runs
        copied += [f"{path}: {run}" for run in sorted(found) if run not in known and not _is_figures(run)]
    assert copied == []


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", fold(text))


def _is_figures(run: str) -> bool:
    """Hardly a word in it: numbers, signs, names of fields."""
    return len(re.findall(r"[ぁ-ゖァ-ヺ一-鿿]", run)) < 10


@pytest.mark.slow
@pytest.mark.django_db
def test_sample_is_built_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert sample.run(Namespace(if_new=False)) == 0
    first = capsys.readouterr().out
    before = (Plan.objects.count(), Item.objects.count(), Link.objects.count(), StoredFile.objects.count())

    assert sample.run(Namespace(if_new=False)) == 0
    assert sample.run(Namespace(if_new=True)) == 0

    assert before == (
        Plan.objects.count(),
        Item.objects.count(),
        Link.objects.count(),
        StoredFile.objects.count(),
    )
    assert before[0] == 8
    again = capsys.readouterr().out
    password = first.rsplit("sample-kikaku / ", 1)[1].split()[0]
    assert again.count(password) == 2  # told every time
    planner = Person.objects.get(username="sample-kikaku")
    assert planner.check_password(password)
    grants = planner.role_grants.order_by("pk").values_list("role", "ward__name")
    assert list(grants) == [("planner", "泉区"), ("planner", "こもれび区")]
    mode = (Path(settings.DATA_DIR) / "sample-logins.json").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


@pytest.mark.slow
@pytest.mark.django_db
def test_sample_shows_one_programme_through_the_years() -> None:
    build_sample()

    texts = ItemText.objects.filter(title="地域力支援事業") | ItemText.objects.filter(
        programme="地域力支援事業"
    )
    assert sorted((text.version.plan.fiscal_year, text.version.plan.kind) for text in texts) == [
        (2019, "policy"),
        (2021, "budget"),
        (2021, "policy"),
    ]
    joined = Link.objects.filter(status=LinkStatus.CONFIRMED, from_item__in=[text.item_id for text in texts])
    assert {link.kind for link in joined} == {"continues", "funds"}
    outcomes = set(ReportedResult.objects.values_list("outcome", flat=True))
    assert {"done", "partly", "cancelled", "none", "ended"} <= outcomes
    assert set(Ward.objects.values_list("name", "is_sample")) == {
        ("横浜市", True),
        ("泉区", True),
        ("西区", True),
        ("みなと市", True),
        ("こもれび区", True),
    }
    assert Link.objects.filter(status=LinkStatus.PROPOSED).exists()


@pytest.mark.slow
@pytest.mark.django_db
def test_real_document_takes_the_place_of_the_sample_for_good(tmp_path: Path) -> None:
    build_sample()
    path = tmp_path / "policy.txt"
    path.write_text("本物", encoding="utf-8")
    read = draft(item("project", "本物の事業"))
    actor = wards.account_without_login("planner")

    preview = operations.preview_draft(read, target_of(read))
    done = operations.import_file(
        path=path, reading=Reading(read, ((1, ["本物"]),)), target=target_of(read), actor=actor
    )
    again = build_sample()

    assert (preview.replaces_sample, done.replaced_sample, done.version.number) == (True, True, 1)
    plan = Plan.objects.get(ward__name="泉区", fiscal_year=2021, kind="policy")
    assert (plan.is_sample, [text.title for text in ItemText.objects.filter(item__plan=plan)]) == (
        False,
        ["本物の事業"],
    )
    assert Ward.objects.get(name="泉区").is_sample is False
    assert (again.documents, again.real_wards) == ((), ("横浜市泉区",))
    assert not StoredFile.objects.filter(name="izumi_2021_policy.txt").exists()
    assert (
        Plan.objects.filter(ward__name="泉区", is_sample=True).count() == 3
    )  # the others stay until they are replaced


@pytest.mark.slow
@pytest.mark.django_db
def test_real_ward_gets_no_sample(capsys: pytest.CaptureFixture[str]) -> None:
    wards.find_or_add_ward("横浜市泉区", actor=wards.account_without_login("operator"))

    assert sample.run(Namespace(if_new=False)) == 0

    assert set(Plan.objects.values_list("ward__name", flat=True)) == {"西区", "こもれび区"}
    assert "横浜市泉区には取り込んだ文書がある" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.django_db
def test_an_invented_ward_has_two_years_of_results_a_correction_and_this_years_plan() -> None:
    build_sample()
    this_year = fiscal_year_of(timezone.localdate())

    versions = PlanVersion.objects.filter(ward__name="こもれび区", status="published")
    assert sorted(versions.values_list("plan__fiscal_year", "number")) == [
        (this_year - 2, 1), (this_year - 2, 2), (this_year - 1, 1), (this_year - 1, 2), (this_year - 1, 3), (this_year, 1),
    ]  # fmt: skip
    last = versions.get(plan__fiscal_year=this_year - 1, number=3)
    assert last.note
    outcomes = set(last.reported_results.values_list("outcome", flat=True))
    assert outcomes == {"done", "cancelled", "postponed", "none"}
    figures = ReportedFigure.objects.filter(result__version=last)
    assert figures.count() > 15
    assert not figures.filter(metric=None).exists()
    assert not figures.filter(as_of=None).exists()
    continued = Link.objects.filter(ward__name="こもれび区", kind="continues", status=LinkStatus.CONFIRMED)
    assert (
        continued.count() >= 2 * last.reported_results.count() - 1
    )  # one of the later year is there for the first time
    assert (
        Collection.objects.get(plan__fiscal_year=this_year, ward__name="こもれび区").due_on
        >= timezone.localdate()
    )
    assert Ward.objects.get(name="こもれび区").is_sample


@pytest.mark.slow
@pytest.mark.django_db
def test_failed_build_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **named: object) -> None:
        raise RuntimeError("no space left")

    monkeypatch.setattr("kusei.search.operations.rebuild", fail)
    with pytest.raises(RuntimeError):
        build_sample()
    assert (Ward.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_links_of_the_sample_name_its_items() -> None:
    titles = {each["title"] for name in DOCUMENTS for each in _walk(sample_document(name).draft["items"])}
    pairs = json.loads((DATA / "links.json").read_text(encoding="utf-8"))
    assert [pair for pair in pairs if not set(pair) <= titles] == []


@pytest.mark.slow
@pytest.mark.django_db
def test_papers_can_be_imported_without_a_word() -> None:
    said = {
        "ward": None,
        "year": None,
        "kind": None,
        "part": "",
        "title": None,
        "replace": False,
        "username": None,
        "require_in": lambda actor, ward: None,
    }
    assert take_in.run(Namespace(files=[str(POLICY), str(BUDGET)], accept=True, **said)) == 0

    amounts = ItemText.objects.filter(version__plan__kind="budget", kind="project")
    assert sorted(each.amounts.get(basis="current").amount_yen for each in amounts) == [
        400_000, 750_000, 960_000, 1_200_000, 1_840_000, 2_150_000, 6_300_000,
    ]  # fmt: skip
    assert Ward.objects.get().name == "みらい区"
    assert Link.objects.filter(kind="funds", is_automatic=True).count() >= 6


@pytest.mark.slow
def test_paper_is_what_its_source_sets() -> None:
    assert set_budget() == set_budget()
    assert BUDGET.stat().st_size == len(set_budget())
