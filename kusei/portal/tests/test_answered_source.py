"""What a body answered after a document printed something else: the page names the body, not the old line, as the source."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kusei.plans.enums import ItemKind, PlanKind
from kusei.plans.models import ItemText
from kusei.portal.tests.factories import make_document, make_item, make_result, make_version
from kusei.results import operations as results
from kusei.results.enums import Outcome
from kusei.results.models import Answer
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def published(cast: Cast, *, printed: str, said: str, note: str = "") -> ItemText:
    """A plan that was read with a result (or none), and what its division answered after it, published."""
    version = make_version(cast.ward, 2021, PlanKind.ACTION_PLAN, title="アクションプラン")
    action = make_item(version, ItemKind.ACTION, "健康教室", owners=(cast.welfare,))
    action.places = [
        {"field": "title", "page": 1, "line": 1},
        *([{"field": "result", "page": 1, "line": 2}] if printed else []),
    ]
    action.save(update_fields=["places"])
    if printed:
        make_result(action, printed, Outcome.CANCELLED)
    make_document(version, [["健康教室", printed or "－"]])
    collection = results.open_collection(
        plan=version.plan, due_on=timezone.localdate() + timedelta(days=9), actor=cast.planner
    )
    answer = Answer.objects.get(collection=collection)
    answer = results.write_answer(
        answer=answer, was={}, mine={"outcome": Outcome.DONE, "text": said}, actor=cast.planner
    )
    answer = results.submit_answer(answer=answer, actor=cast.planner)
    results.approve_answers(answers=[(answer, answer.revision)], actor=cast.planner)
    results.publish_results(collection=collection, actor=cast.planner, note=note)
    return action


def page_of(address: str, *arguments: object) -> str:
    page = Client().get(reverse(address, args=arguments))
    assert page.status_code == 200
    return page.content.decode()


def source_of(body: str) -> str:
    return body.split('id="source"')[1].split("</section>")[0]


def test_the_source_is_the_bodys_answer_and_the_document_what_it_printed_before(cast: Cast) -> None:
    action = published(cast, printed="感染拡大のため中止しました。", said="7回開きました。")
    source = source_of(page_of("portal:item", cast.ward.key, action.item.public_id))
    assert "「したこと」は、福祉保健課の回答です。" in source
    answered, document = source.split("/documents/", 1)
    assert "第2版" in answered  # the answer's version, before any word of the document
    place = document.split("実施した取組結果")[1].split("</li>")[0]
    assert "今の結果は、この行のものではありません" in place


def test_the_row_says_when_who_and_that_nobody_said_why(cast: Cast) -> None:
    action = published(cast, printed="感染拡大のため中止しました。", said="7回開きました。")
    for body in (
        page_of("portal:results", cast.ward.key, 2021),
        page_of("portal:item", cast.ward.key, action.item.public_id),
    ):
        head = body.split('class="corrected__head"')[1].split("</p>")[0]
        assert "福祉保健課の回答により訂正しました。" in head
        assert "訂正の理由の記載はありません。" in head


def test_the_reason_is_told_where_there_is_one(cast: Cast) -> None:
    published(cast, printed="中止しました。", said="7回開きました。", note="集計を改めたため。")
    body = page_of("portal:results", cast.ward.key, 2021)
    assert "集計を改めたため。" in body
    assert "訂正の理由の記載はありません。" not in body


def test_the_changes_say_plainly_that_no_reason_was_given(cast: Cast) -> None:
    published(cast, printed="中止しました。", said="7回開きました。")
    for body in (
        page_of("portal:changes", cast.ward.key),
        page_of("portal:version_changes", cast.ward.key, 2021, "action_plan", 2),
    ):
        assert "訂正の理由の記載はありません。" in body
        assert "福祉保健課" in body


def test_a_result_told_first_by_its_body_names_the_body_and_no_line(cast: Cast) -> None:
    action = published(cast, printed="", said="7回開きました。")
    source = source_of(page_of("portal:item", cast.ward.key, action.item.public_id))
    assert "「したこと」は、福祉保健課の回答です。" in source
    assert "今の結果は、この行のものではありません" not in source


def test_what_the_document_prints_keeps_the_document_as_its_source(cast: Cast) -> None:
    version = make_version(cast.ward, 2021, PlanKind.ACTION_PLAN)
    action = make_item(version, ItemKind.ACTION, "健康教室", owners=(cast.welfare,))
    make_result(action, "7回開きました。")
    make_document(version, [["健康教室", "7回開きました。"]])
    source = source_of(page_of("portal:item", cast.ward.key, action.item.public_id))
    assert "回答です" not in source
