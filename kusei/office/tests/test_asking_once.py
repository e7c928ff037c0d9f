"""Asking a body outside by a double click, and addresses that are none."""

from __future__ import annotations

import re
import uuid

import pytest
from django.urls import reverse

from kusei.notices.models import Notice
from kusei.plans import operations as plans
from kusei.plans.models import PlanVersion
from kusei.plans.rules import Entry
from kusei.services.questions.models import BodyRequest, Question
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.slow


@pytest.fixture
def draft(cast: Cast) -> PlanVersion:
    plans.publish_version(
        ward=cast.ward, fiscal_year=2026, kind="budget", actor=cast.planner,
        entries=[Entry(0, None, 0, "project", "1", "見守り事業", owners=("地域振興課",))],
    )  # fmt: skip
    return plans.open_draft(ward=cast.ward, fiscal_year=2026, kind="budget", actor=cast.planner)


def test_a_double_click_asks_a_body_once(cast: Cast, draft: PlanVersion) -> None:
    client = signed_in(cast.planner)
    address = reverse("office:ask_body", args=[cast.ward.key, draft.pk])
    where = f"{address}?item={draft.texts.get().item_id}"
    once = re.search(r'name="once" value="(\w+)"', client.get(where).content.decode())
    assert once is not None
    sent = {"once": once[1], "body": cast.council.pk, "text": "よいですか。", "mail": "council@example.jp"}
    client.post(where, sent)
    answer = client.post(where, sent, follow=True)
    assert "二度目は何もしていません" in answer.content.decode()
    assert (BodyRequest.objects.count(), Notice.objects.count()) == (1, 1)


@pytest.mark.parametrize("about", ["//[", "http://[::1", "https://例え.jp/"])
def test_what_is_no_address_is_about_the_ward(cast: Cast, draft: PlanVersion, about: str) -> None:
    signed_in(cast.planner).post(
        reverse("office:new_question", args=[cast.ward.key]),
        {
            "way": "telephone",
            "kind": "question",
            "text": "いつですか。",
            "about": about,
            "ticket": str(uuid.uuid4()),
        },
    )
    assert Question.objects.get().about_path == f"/w/{cast.ward.key}/"
