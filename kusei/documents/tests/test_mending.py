"""Taking a document in with a person's own eyes: started, mended, left and found again, accepted or thrown away."""

from __future__ import annotations

import pytest

from kusei.documents import operations
from kusei.documents.enums import DocumentStatus
from kusei.documents.models import SourceDocument
from kusei.documents.queries import documents_of_versions
from kusei.documents.tests.drafts import draft, item, row
from kusei.files.models import StoredFile
from kusei.plans import operations as plans
from kusei.plans.models import Item, Plan, PlanVersion
from kusei.results.models import ReportedResult
from kusei.wards.models import Body
from kusei.wards.permissions import NotAllowed
from tests.cast import Cast

pytestmark = pytest.mark.slow


def paper() -> dict[str, object]:
    return draft(
        item(
            "measure",
            "つながり",
            item(
                "project", "見守り事業", owners=["地域振興課"],
                amount_thousand_yen=3000, amount_printed="3000", amount_unit="千円",
            ),
            row("講座を開く", "12回開いた。", "はじめての課"),
        ),
        ward="みらい区",
    )  # fmt: skip


@pytest.fixture
def document(cast: Cast) -> SourceDocument:
    return operations.keep_draft(
        ward=cast.ward, actor=cast.planner, name="plan.txt", content=b"x", pages=[(1, ["x"])], draft=paper()
    )


@pytest.fixture
def started(document: SourceDocument, cast: Cast) -> PlanVersion:
    return operations.start_import(document=document, actor=cast.planner)


def mend(version: PlanVersion, said: str, cast: Cast, **changes: object) -> None:
    text = version.texts.get(title=said)
    plans.edit_item(
        version=version, item=text.item_id, revision=text.revision, changes=changes, actor=cast.planner
    )


def test_a_started_import_can_be_mended_and_shows_nothing_to_residents(
    started: PlanVersion, cast: Cast
) -> None:
    assert (started.status, started.texts.count()) == ("import", 3)
    assert ReportedResult.objects.get().text == "12回開いた。"
    mend(started, "見守り事業", cast, title="見守り隊事業")
    assert started.texts.filter(title="見守り隊事業").exists()
    assert not PlanVersion.objects.filter(status="published").exists()
    with pytest.raises(operations.AlreadyAccepted):
        operations.start_import(document=SourceDocument.objects.get(), actor=cast.planner)


@pytest.mark.parametrize("name", ["administrator", "clerk", "partner", "resident", "former", "stranger"])
def test_only_planners_take_documents_in(document: SourceDocument, cast: Cast, name: str) -> None:
    actor = getattr(cast, name)
    with pytest.raises(NotAllowed):
        operations.start_import(document=document, actor=actor)
    operations.start_import(document=document, actor=cast.planner)
    for refused in (operations.accept_import, operations.discard_import):
        with pytest.raises(NotAllowed):
            refused(document=document, actor=actor)
    with pytest.raises(NotAllowed):
        operations.settle(document=document, what="warnings", number=0, actor=actor)
    assert SourceDocument.objects.get().status == DocumentStatus.DRAFT


def test_what_was_mended_is_published(document: SourceDocument, started: PlanVersion, cast: Cast) -> None:
    mend(started, "見守り事業", cast, title="見守り隊事業")

    done = operations.accept_import(document=document, actor=cast.planner)

    assert (done.version.status, done.version.number) == ("published", 1)
    assert list(done.version.texts.values_list("title", flat=True)) == [
        "つながり",
        "見守り隊事業",
        "講座を開く",
    ]
    assert ReportedResult.objects.get(version=done.version).text == "12回開いた。"
    assert (PlanVersion.objects.count(), Item.objects.count()) == (1, 3)  # nothing is left of the mending
    document.refresh_from_db()
    assert (document.status, document.version, document.accepted_by) == (
        "accepted",
        done.version,
        cast.planner,
    )
    with pytest.raises(operations.NotMendable):
        operations.accept_import(document=document, actor=cast.planner)


def test_a_corrected_document_becomes_the_next_version_of_the_same_items(
    document: SourceDocument, started: PlanVersion, cast: Cast
) -> None:
    first = operations.accept_import(document=document, actor=cast.planner)
    again = operations.keep_draft(
        ward=cast.ward, actor=cast.planner, name="plan2.txt", content=b"y", pages=[(1, ["y"])], draft=paper()
    )
    version = operations.start_import(document=again, actor=cast.planner)
    mend(version, "見守り事業", cast, title="見守り隊事業")

    second = operations.accept_import(document=again, actor=cast.planner)

    assert second.version.number == 3 or second.version.number == 2
    assert [change.fields for change in second.differences.changed] == [("title",)]
    assert set(first.version.texts.values_list("item", flat=True)) == set(
        second.version.texts.values_list("item", flat=True)
    )
    document.refresh_from_db()
    assert document.status == DocumentStatus.REPLACED


def test_accepted_as_a_draft_it_waits_for_the_divisions_and_is_published_later(
    document: SourceDocument, started: PlanVersion, cast: Cast
) -> None:
    done = operations.accept_import(document=document, actor=cast.planner, as_draft=True)
    assert (done.version.status, done.version.texts.count()) == ("draft", 3)
    text = done.version.texts.get(title="見守り事業")
    plans.edit_item(
        version=done.version, item=text.item_id, revision=1, changes={"text": "毎週"}, actor=cast.clerk
    )
    plans.approve_items(version=done.version, items=[text.item_id], actor=cast.planner)

    published = operations.publish_draft(version=done.version, actor=cast.planner)

    assert documents_of_versions(cast.ward, [published.pk])[published.pk].document_id == document.pk
    assert ReportedResult.objects.get(version=published).text == "12回開いた。"

    draft_again = plans.open_draft(
        ward=cast.ward, fiscal_year=published.plan.fiscal_year, kind=published.plan.kind, actor=cast.planner
    )
    mend(draft_again, "つながり", cast, title="つながる")
    corrected = operations.publish_draft(version=draft_again, actor=cast.planner)
    assert ReportedResult.objects.get(version=corrected).text == "12回開いた。"  # kept, not lost
    assert documents_of_versions(cast.ward, [corrected.pk])[corrected.pk].document_id == document.pk


def test_a_discarded_import_leaves_nothing(
    document: SourceDocument, started: PlanVersion, cast: Cast, django_capture_on_commit_callbacks: object
) -> None:
    assert Body.objects.filter(name="はじめての課").exists()
    operations.discard_import(document=document, actor=cast.planner, reason="違う文書")
    assert (SourceDocument.objects.count(), StoredFile.objects.count(), Plan.objects.count()) == (0, 0, 0)
    assert set(Body.objects.filter(ward=cast.ward)) == {cast.promotion, cast.welfare, cast.council}


def test_warnings_and_lost_texts_are_ticked_off(document: SourceDocument, cast: Cast) -> None:
    document.draft = {**document.draft, "unplaced": [{"text": "a"}, {"text": "b"}]}
    document.save()
    operations.settle(document=document, what="unplaced", number=1, actor=cast.planner)
    operations.settle(document=document, what="unplaced", number=0, actor=cast.planner)
    operations.settle(document=document, what="unplaced", number=1, actor=cast.planner, settled=False)
    assert SourceDocument.objects.get().settled == {"unplaced": [0]}
    with pytest.raises(operations.NotMendable):
        operations.settle(document=document, what="unplaced", number=2, actor=cast.planner)


def test_a_document_survives_the_draft_that_was_made_of_it(
    document: SourceDocument, started: PlanVersion, cast: Cast
) -> None:
    done = operations.accept_import(document=document, actor=cast.planner, as_draft=True)
    with pytest.raises(NotAllowed):
        operations.discard_draft(version=done.version, actor=cast.clerk)

    operations.discard_draft(version=done.version, actor=cast.planner, reason="やり直し")

    document.refresh_from_db()
    assert (document.status, document.version) == (DocumentStatus.DRAFT, None)
    assert operations.start_import(document=document, actor=cast.planner).texts.count() == 3
