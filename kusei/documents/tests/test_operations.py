"""Documents in: what accepting makes, what it refuses, and that a refusal leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from pytest_django import Settings

from kusei.documents import operations, targets
from kusei.documents.enums import DocumentStatus
from kusei.documents.models import SourceDocument, SourcePage
from kusei.documents.operations import Accepted, Reading
from kusei.documents.targets import target_of
from kusei.documents.tests.drafts import draft, item, row
from kusei.files.models import StoredFile
from kusei.plans import operations as plans
from kusei.plans.models import Item, ItemAmount, ItemText, Link, Plan, PlanVersion
from kusei.results.models import ReportedFigure, ReportedResult
from kusei.search.models import SearchEntry
from kusei.wards import operations as wards
from kusei.wards.models import Body, Person, Ward

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

Take = Callable[..., Accepted]


@pytest.fixture(autouse=True)
def _own_storage(settings: Settings, tmp_path: Path) -> None:
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path / "files", "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "default": default}


@pytest.fixture
def planner() -> Person:
    return wards.account_without_login("planner")


@pytest.fixture
def take(planner: Person, tmp_path: Path) -> Take:
    """Import a draft as if it had been read from a file."""

    def take_in(read: dict[str, Any], *, replace: bool = False, name: str = "a.txt", **said: Any) -> Accepted:
        path = tmp_path / name
        path.write_text(str(read), encoding="utf-8")
        reading = Reading(read, ((1, ["一行目", "二行目"]),))
        target = target_of(read, **said)
        return operations.import_file(
            path=path, reading=reading, target=target, actor=planner, replace=replace
        )

    return take_in


def in_force(**plan: Any) -> list[str]:
    version = plans.version_in_force(Plan.objects.get(**plan))
    assert version is not None
    return [text.title for text in version.texts.all()]


POLICY = draft(
    item(
        "goal",
        "みらいへ進もう！",
        item(
            "measure",
            "はぐくもう！ 地域の力",
            item("project", "地域力の醸成・向上", programme="地域力支援事業", body="地域を支えます。"),
            item("project", "賑わいづくり", programme="商店街振興支援事業"),
            number="2",
        ),
    )
)


def test_accepted_document_is_a_published_version_with_all_its_pieces(take: Take, planner: Person) -> None:
    read = draft(
        item(
            "project",
            "地域力支援事業",
            item("component", "地域協議会運営支援", number="(1)", amount_thousand_yen=570, amount_printed="570", amount_unit="千円"),
            number="1",
            amount_thousand_yen=6588,
            previous_amount_thousand_yen=6000,
            amount_printed="6588",
            amount_unit="千円",
            tags=["重点"],
            owners=["区政推進課", "福祉保健課"],
            source={"page": 2, "line": 8},
        ),
        kind="budget",
    )  # fmt: skip

    done = take(read)

    assert (done.version.number, done.version.published_by, done.is_unchanged) == (1, planner, False)
    document = SourceDocument.objects.get()
    assert (document.status, document.accepted_by, document.version) == (
        DocumentStatus.ACCEPTED,
        planner,
        done.version,
    )
    assert SourcePage.objects.get().lines == ["一行目", "二行目"]
    project, component = ItemText.objects.order_by("position")
    assert (component.parent, project.source_page, project.source_line) == (project, 2, 8)
    assert [tag.name for tag in project.tags.all()] == ["重点"]
    assert [owner.body.name for owner in project.owners.all()] == ["区政推進課", "福祉保健課"]
    assert [(each.fiscal_year, each.basis, each.amount_yen) for each in project.amounts.all()] == [
        (2020, "previous", 6_000_000),
        (2021, "current", 6_588_000),
    ]
    assert [body.name for body in done.new_bodies] == ["区政推進課", "福祉保健課"]
    assert SearchEntry.objects.filter(title="地域力支援事業").exists()


def test_amount_without_unit_keeps_the_printed_number_only(take: Take) -> None:
    take(draft(item("project", "防災対策事業", amount_printed="123")))

    amount = ItemAmount.objects.get()
    assert (amount.amount_yen, amount.printed, amount.printed_unit) == (None, "123", "")


def test_results_are_kept_with_outcome_and_figures(take: Take) -> None:
    figures = [{"value": 49, "unit": "人", "label": "参加"}]
    take(
        draft(
            row("子育てサロン", "24回開催し、49人が参加した。", "こども家庭支援課", figures=figures),
            row("防災フェア", "感染拡大のため中止した。", "総務課"),
            row("空欄の行", None, "総務課"),
            kind="action_plan",
        )
    )

    assert list(ReportedResult.objects.order_by("pk").values_list("outcome", flat=True)) == [
        "done",
        "cancelled",
        "unknown",
    ]
    figure = ReportedFigure.objects.get()
    assert (figure.value, figure.unit, figure.label) == (49, "人", "参加")


def test_plan_without_any_result_reports_nothing(take: Take) -> None:
    take(draft(row("子育てサロン", None, "こども家庭支援課"), kind="action_plan"))
    assert ReportedResult.objects.count() == 0


def test_same_document_again_makes_no_version(take: Take) -> None:
    first = take(POLICY)
    again = take(POLICY, name="copy.txt")

    assert (again.is_unchanged, again.version) == (True, first.version)
    assert PlanVersion.objects.count() == SourceDocument.objects.count() == StoredFile.objects.count() == 1


def test_corrected_document_is_the_next_version_of_the_same_items(take: Take) -> None:
    first = take(POLICY)
    before = dict(ItemText.objects.values_list("title", "item_id"))
    corrected = draft(
        item(
            "goal",
            "みらいへ進もう！",
            item(
                "measure",
                "はぐくもう！ 地域の力",
                item(
                    "project", "地域力の醸成と向上", programme="地域力支援事業", body="地域を支えます。"
                ),  # reworded
                item("project", "防災", programme="防災対策事業"),  # added; 賑わいづくり is gone
                number="2",
            ),
        )
    )

    second = take(corrected)

    assert (second.version.number, second.version.plan) == (2, first.version.plan)
    after = {text.title: text.item_id for text in second.version.texts.all()}
    assert after["地域力の醸成と向上"] == before["地域力の醸成・向上"]
    assert after["みらいへ進もう！"] == before["みらいへ進もう！"]
    assert [entry.title for entry in second.differences.added] == ["防災"]
    assert [entry.title for entry in second.differences.removed] == ["賑わいづくり"]
    assert [change.fields for change in second.differences.changed] == [("title",)]
    assert [text.title for text in first.version.texts.all()][
        -1
    ] == "賑わいづくり"  # the former stays readable
    assert Item.objects.count() == 5
    assert list(SourceDocument.objects.order_by("pk").values_list("status", flat=True)) == [
        "replaced",
        "accepted",
    ]


def test_item_that_comes_back_is_the_same_item(take: Take) -> None:
    take(POLICY)
    gone = ItemText.objects.get(title="賑わいづくり").item_id
    shorter = draft(item("goal", "みらいへ進もう！", item("measure", "はぐくもう！ 地域の力", number="2")))
    take(shorter)
    take(POLICY)

    assert ItemText.objects.get(title="賑わいづくり", version__number=3).item_id == gone


def test_changed_result_alone_makes_a_version(take: Take) -> None:
    take(draft(row("子育てサロン", "24回開催した。"), kind="action_plan"))
    done = take(draft(row("子育てサロン", "25回開催した。"), kind="action_plan"))

    assert (done.version.number, done.differences.is_empty) == (2, True)
    assert list(ReportedResult.objects.order_by("pk").values_list("text", flat=True)) == [
        "24回開催した。",
        "25回開催した。",
    ]
    assert Item.objects.count() == 1


@pytest.mark.slow
def test_another_document_is_refused_unless_told(take: Take) -> None:
    take(POLICY)
    other = draft(*(item("project", f"まったく別の事業その{word}") for word in "壱弐参四五六"))

    with pytest.raises(plans.AnotherDocument, match="--part"):
        take(other, name="other.txt")
    assert (PlanVersion.objects.count(), StoredFile.objects.count()) == (1, 1)

    take(other, part="別冊", name="other.txt")
    assert in_force(part="別冊")[0] == "まったく別の事業その壱"
    take(other, replace=True, name="third.txt")
    assert in_force(part="")[0] == "まったく別の事業その壱"


@pytest.mark.parametrize(
    ("read", "error", "word"),
    [
        (draft(item("project", "防災"), ward=None), targets.WardUnknown, "--ward"),
        (draft(item("project", "防災"), fiscal_year=None), targets.YearUnknown, "--year"),
        (draft(item("project", "防災"), kind="novel"), targets.KindUnknown, "policy"),
        (draft(item("project", "防災"), ward="泉区"), wards.AmbiguousWard, "横浜市泉区"),
        (draft(), plans.EmptyPlan, "取り込めません"),
    ],
)
def test_refusal_says_what_to_do_and_leaves_nothing(
    take: Take, read: dict[str, Any], error: type[Exception], word: str
) -> None:
    with pytest.raises(error, match=word):
        take(read)
    for model in (Ward, Plan, SourceDocument, StoredFile, Body):
        assert model.objects.count() == 0
    assert _kept_files() == []


def test_failure_on_the_way_leaves_no_row_and_no_file(take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **named: object) -> None:
        raise RuntimeError("the index is broken")

    monkeypatch.setattr("kusei.search.operations.rebuild", fail)
    with pytest.raises(RuntimeError):
        take(POLICY, name="broken.txt")
    assert (Ward.objects.count(), Plan.objects.count(), StoredFile.objects.count()) == (0, 0, 0)
    assert _kept_files() == []


def _kept_files() -> list[str]:
    if not default_storage.exists("originals"):
        return []
    years = default_storage.listdir("originals")[0]
    return [name for year in years for name in default_storage.listdir(f"originals/{year}")[1]]


def test_document_is_accepted_once(take: Take, planner: Person) -> None:
    take(POLICY)
    with pytest.raises(operations.AlreadyAccepted):
        operations.accept_document(document=SourceDocument.objects.get(), actor=planner)


def test_names_equal_after_folding_are_linked_and_marked_automatic(take: Take, planner: Person) -> None:
    take(POLICY)
    done = take(
        draft(
            item("project", "地域力支援事業"),
            item("project", "商店街 振興支援事業"),
            kind="budget",
            title=None,
        )
    )

    assert [link.kind for link in done.links_confirmed] == ["funds", "funds"]
    assert {(link.is_automatic, link.decided_by) for link in Link.objects.all()} == {(True, planner)}


@pytest.mark.slow
def test_variant_of_a_body_is_registered_apart_and_proposed(take: Take) -> None:
    take(draft(item("project", "つどい", owners=["区社会福祉協議会"])))
    done = take(draft(item("project", "つどい", owners=["泉区社会福祉協議会"])))

    assert [(new.name, known.name) for new, known in done.alias_proposals] == [
        ("泉区社会福祉協議会", "区社会福祉協議会")
    ]
    assert Body.objects.count() == 2


def test_preview_tells_what_would_change_and_changes_nothing(take: Take) -> None:
    take(POLICY)
    read = draft(
        item(
            "goal",
            "みらいへ進もう！",
            item("measure", "はぐくもう！ 地域の力", item("project", "防災", owners=["総務課"]), number="2"),
        )
    )

    preview = operations.preview_draft(read, target_of(read))

    assert [entry.title for entry in preview.differences.added] == ["防災"]
    assert len(preview.differences.removed) == 2
    assert preview.unknown_bodies == ("総務課",)
    assert (PlanVersion.objects.count(), Body.objects.count()) == (1, 0)


def test_value_too_long_for_its_column_is_cut_and_reported(take: Take) -> None:
    done = take(draft(item("project", "長い名前の担当", owners=["あ" * 200], number="9" * 30)))

    assert sorted(len(text) for text in done.cut) == [30, 200]
    assert len(Body.objects.get().name) == 120
