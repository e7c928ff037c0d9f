"""Two people, or a double click, decide on one document: what was decided first counts."""

from __future__ import annotations

import pytest

from kusei.documents import operations
from kusei.documents.models import SourceDocument
from kusei.documents.tests.drafts import draft, item
from kusei.plans import operations as plans
from kusei.plans.models import Item, PlanVersion
from kusei.wards import operations as wards
from kusei.wards.enums import Role
from kusei.wards.models import AuditEntry, Body
from tests.cast import Cast

pytestmark = pytest.mark.slow


@pytest.fixture
def document(cast: Cast) -> SourceDocument:
    return operations.keep_draft(
        ward=cast.ward, actor=cast.planner, name="plan.txt", content=b"x", pages=[(1, ["x"])],
        draft=draft(
            item("measure", "つながり", item("project", "見守り事業", owners=["はじめての課"])), ward="みらい区"
        ),
    )  # fmt: skip


@pytest.fixture
def started(document: SourceDocument, cast: Cast) -> PlanVersion:
    return operations.start_import(document=document, actor=cast.planner)


def as_seen(document: SourceDocument) -> SourceDocument:
    """The document as a page had it before somebody else decided."""
    return SourceDocument.objects.select_related("ward", "file", "version__plan").get(pk=document.pk)


def test_a_double_click_starts_one_import(document: SourceDocument, cast: Cast) -> None:
    first, second = as_seen(document), as_seen(document)
    operations.start_import(document=first, actor=cast.planner)
    with pytest.raises(operations.AlreadyAccepted):
        operations.start_import(document=second, actor=cast.planner)
    assert PlanVersion.objects.get() == as_seen(document).version


def test_what_was_accepted_is_neither_accepted_again_nor_thrown_away(
    document: SourceDocument, started: PlanVersion, cast: Cast
) -> None:
    first, second, third = as_seen(document), as_seen(document), as_seen(document)
    done = operations.accept_import(document=first, actor=cast.planner)
    with pytest.raises(operations.NotMendable, match="取り込みの途中ではありません"):
        operations.accept_import(document=second, actor=cast.planner)
    with pytest.raises(operations.NotMendable, match="取り込み済み"):
        operations.discard_import(document=third, actor=cast.planner)
    kept = as_seen(document)
    assert (kept.status, kept.version) == ("accepted", done.version)
    assert kept.file.content.storage.exists(kept.file.content.name)


def test_what_was_thrown_away_is_gone_for_others(
    document: SourceDocument, started: PlanVersion, cast: Cast
) -> None:
    first, second = as_seen(document), as_seen(document)
    operations.discard_import(document=first, actor=cast.planner)
    with pytest.raises(operations.NotMendable, match="捨てられています"):
        operations.accept_import(document=second, actor=cast.planner)


def test_a_draft_that_was_published_keeps_its_document(
    document: SourceDocument, started: PlanVersion, cast: Cast
) -> None:
    version = operations.accept_import(document=as_seen(document), actor=cast.planner, as_draft=True).version
    old = PlanVersion.objects.select_related("plan", "ward").get(pk=version.pk)
    operations.publish_draft(version=version, actor=cast.planner)

    with pytest.raises(plans.NotEditable):
        operations.discard_draft(version=old, actor=cast.planner)
    kept = as_seen(document)
    assert (kept.status, kept.version) == ("accepted", version)


def test_a_document_that_is_being_taken_in_is_no_draft_to_throw_away(
    document: SourceDocument, started: PlanVersion, cast: Cast
) -> None:
    with pytest.raises(plans.NotEditable):
        operations.discard_draft(version=started, actor=cast.planner)
    assert as_seen(document).version == started


def test_bodies_that_came_with_a_document_go_with_it_and_the_trail_says_so(
    document: SourceDocument, started: PlanVersion, cast: Cast
) -> None:
    body = Body.objects.get(name="はじめての課")
    operations.discard_import(document=as_seen(document), actor=cast.planner)
    assert not Body.objects.filter(pk=body.pk).exists()
    entry = AuditEntry.objects.get(verb="wards.forget_body")
    assert (entry.target_id, entry.changes) == (str(body.pk), {"name": ["はじめての課", None]})


@pytest.mark.parametrize("what", ["invited", "called"])
def test_bodies_that_somebody_needs_stay(
    document: SourceDocument, started: PlanVersion, cast: Cast, what: str
) -> None:
    body = Body.objects.get(name="はじめての課")
    if what == "invited":
        wards.invite_person(
            ward=cast.ward, email="a@example.jp", role=Role.STAFF, body=body, actor=cast.administrator, site="https://x/"
        )  # fmt: skip
    else:
        plans.publish_version(
            ward=cast.ward, fiscal_year=2020, kind="policy", actor=cast.planner,
            entries=[each.entry for each in plans.stored_entries(started)][:1],
        )  # fmt: skip
        other = Item.objects.filter(plan__fiscal_year=2020).get()
        plans.write_comment(ward=cast.ward, item=other, text="@はじめての課 どうですか", actor=cast.planner)
    operations.discard_import(document=as_seen(document), actor=cast.planner)
    assert Body.objects.filter(pk=body.pk).exists()
