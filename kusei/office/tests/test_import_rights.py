"""What is still being taken in is for those who take documents in, whatever address somebody tries."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kusei.documents import operations as documents
from kusei.documents.models import SourceDocument
from kusei.documents.tests.drafts import draft, item
from kusei.plans.models import PlanVersion
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.slow


@pytest.fixture
def imported(cast: Cast) -> PlanVersion:
    document = documents.keep_draft(
        ward=cast.ward, actor=cast.planner, name="plan.txt", content=b"x", pages=[(1, ["x"])],
        draft=draft(item("project", "見守り事業", owners=["地域振興課"]), ward="みらい区"),
    )  # fmt: skip
    return documents.start_import(document=document, actor=cast.planner)


PAGES = ("draft", "draft_steps", "draft_excel", "draft_workbook", "replace_text", "paste_table", "add_item")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["administrator", "clerk", "partner"])
def test_others_of_the_office_do_not_see_it(imported: PlanVersion, cast: Cast, name: str) -> None:
    client = signed_in(getattr(cast, name))
    text = imported.texts.get()
    addresses = [reverse(f"office:{page}", args=[cast.ward.key, imported.pk]) for page in PAGES]
    addresses.append(reverse("office:draft_item", args=[cast.ward.key, imported.pk, text.item_id]))
    assert {client.get(address).status_code for address in addresses} == {404}

    client.post(addresses[-1], {"revision": "1", "title": "他の題名"})
    client.post(f"{addresses[-1]}comments/", {"text": "見えた"})
    assert imported.texts.get().title == "見守り事業"
    assert not text.item.comments.exists()


def test_planners_see_the_trail_of_an_item_but_throw_nothing_away_there(
    imported: PlanVersion, cast: Cast
) -> None:
    client = signed_in(cast.planner)
    item_id = imported.texts.get().item_id
    panel = reverse("office:draft_item", args=[cast.ward.key, imported.pk, item_id])
    assert client.get(panel).status_code == 200  # the desk leads here

    address = reverse("office:discard_draft", args=[cast.ward.key, imported.pk])
    answer = client.post(address, {"reason": "まちがい"}, follow=True)
    assert "捨てました" not in answer.content.decode()
    assert SourceDocument.objects.get().version == imported
