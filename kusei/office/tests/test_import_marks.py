"""What nobody compared with its document, from the desk to publishing; and a first version beside what was imported."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from kusei.documents import operations
from kusei.documents.models import SourceDocument
from kusei.documents.tests.drafts import draft, item, row
from kusei.plans import operations as plans
from kusei.plans.drafting import Row
from kusei.plans.models import PlanVersion
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.slow


def text(answer: Any) -> str:
    return answer.content.decode()


def at(cast: Cast, rest: str) -> str:
    return f"/office/{cast.ward.key}/imports/{rest}"


def kept(cast: Cast, said: dict[str, Any], name: str) -> SourceDocument:
    return operations.keep_draft(
        ward=cast.ward,
        actor=cast.planner,
        name=name,
        content=name.encode(),
        pages=[(1, ["一", "二"])],
        draft=said,
    )


def key(document: SourceDocument, title: str) -> int:
    return int(PlanVersion.objects.get(pk=document.version_id).texts.get(title=title).item_id)


@pytest.fixture
def desk(cast: Cast) -> Client:
    return signed_in(cast.planner)


@pytest.fixture
def document(cast: Cast) -> SourceDocument:
    paper = draft(
        item("measure", "つながり", item("project", "見守り事業")),
        row("講座を開く", "12回開いた。"),
        ward="みらい区",
    )
    one = kept(cast, paper, "a.txt")
    operations.start_import(document=one, actor=cast.planner)
    return one


def test_what_nobody_compared_stays_marked_in_the_draft_until_somebody_looks(
    cast: Cast, desk: Client, document: SourceDocument
) -> None:
    course = key(document, "講座を開く")
    operations.look_at(document=document, items=[course], actor=cast.planner)
    page = text(desk.get(at(cast, f"{document.pk}/accept/")))
    assert 'value="draft" checked' in page  # while anything is open, drafting is what is proposed
    desk.post(at(cast, f"{document.pk}/accept/"), {"way": "draft"})
    version = PlanVersion.objects.get(status="draft")
    unseen = list(version.texts.filter(review="unseen").values_list("title", flat=True))
    assert (version.texts.count(), len(unseen), "講座を開く" in unseen) == (3, 2, False)
    office = f"/office/{cast.ward.key}/"
    assert "2件をまだ見ていない" in text(desk.get(f"{office}plans/"))
    assert "まだ見ていない 2件" in text(desk.get(office))
    assert "まだ見ていない（2件）" in text(desk.get(f"{office}drafts/{version.pk}/review/?state=unseen"))

    refused = desk.post(f"{office}drafts/{version.pk}/publish/", {"note": "はじめて"})

    assert refused.status_code == 409
    assert "まだ見ていない項目が2件あります" in text(refused)
    assert 'value="はじめて"' in text(refused)
    looked = version.texts.filter(review="unseen").values_list("item_id", flat=True)[0]
    desk.post(f"{office}drafts/{version.pk}/review/decide/", {"decision": "approve", "item": looked})
    assert "まだだれも見ていない項目が1件" in text(desk.get(f"{office}drafts/{version.pk}/publish/"))
    desk.post(f"{office}drafts/{version.pk}/publish/", {"unseen": "1"})
    published = PlanVersion.objects.get(status="published")
    assert set(published.texts.values_list("review", flat=True)) == {"kept"}


def test_what_the_version_in_force_says_too_needs_no_look(
    cast: Cast, desk: Client, document: SourceDocument
) -> None:
    operations.accept_import(document=document, actor=cast.planner)
    again = kept(cast, SourceDocument.objects.get().draft, "b.txt")
    version = operations.start_import(document=again, actor=cast.planner)
    text_now = version.texts.get(title="講座を開く")
    plans.edit_item(
        version=version,
        item=text_now.item_id,
        revision=1,
        changes={"title": "講座を毎月開く"},
        actor=cast.planner,
    )
    desk.post(at(cast, f"{again.pk}/accept/"), {"way": "draft"})
    draft_made = PlanVersion.objects.get(status="draft")
    assert list(draft_made.texts.filter(review="unseen").values_list("title", flat=True)) == [
        "講座を毎月開く"
    ]


def test_a_first_version_is_compared_with_what_was_imported(
    cast: Cast, desk: Client, document: SourceDocument
) -> None:
    operations.look_at(document=document, items=[key(document, "講座を開く")], actor=cast.planner)
    operations.accept_import(document=document, actor=cast.planner, as_draft=True)
    version = PlanVersion.objects.get(status="draft")
    course = version.texts.get(title="講座を開く")
    plans.edit_item(
        version=version,
        item=course.item_id,
        revision=1,
        changes={"title": "講座を毎月開く"},
        actor=cast.planner,
    )
    plans.add_item(version=version, row=Row(0, None, "measure", "手で加えた"), under=None, actor=cast.planner)
    office = f"/office/{cast.ward.key}/drafts/{version.pk}/"

    page = text(desk.get(f"{office}review/"))

    assert "講座を<del>開</del><ins>毎月開</ins>く" in page
    assert page.count("新しい項目") == 1  # only the one that the document did not have
    assert page.count("まだ見ていない</span>") == 2
    assert "変更なし" not in page
    assert f'href="{office}items/{course.item_id}/"' in page
    assert f'href="{office}"' in page  # the breadcrumb leads to the draft
    before_publishing = text(desk.get(f"{office}publish/"))
    assert "取り込んだ文書から変わったところ 2件" in before_publishing
    assert "4件の項目がすべて新しく出ます" in before_publishing


def test_all_items_of_a_group_are_chosen_by_one_box(
    cast: Cast, desk: Client, document: SourceDocument
) -> None:
    operations.accept_import(document=document, actor=cast.planner, as_draft=True)
    version = PlanVersion.objects.get(status="draft")
    office = f"/office/{cast.ward.key}/drafts/{version.pk}/"
    boxes = re.findall(r'name="group" value="([^"]+)"', text(desk.get(f"{office}review/")))
    assert sum(len(box.split()) for box in boxes) == 3
    desk.post(f"{office}review/decide/", {"decision": "approve", "group": boxes})
    assert set(version.texts.values_list("review", flat=True)) == {"approved"}
