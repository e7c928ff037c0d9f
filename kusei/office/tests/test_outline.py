"""The rows of the outline, which are written without the template language: nothing typed gets into the page as markup."""

from __future__ import annotations

import re

import pytest

from kusei.office.tests.drafts import item_of, open_draft
from kusei.plans import operations as plans
from kusei.plans.drafting import Owner, Row
from kusei.plans.queries.drafts import tree_of
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.slow

MARKUP = '<b id="x">&amp;\'"'
ESCAPED = "&lt;b id=&quot;x&quot;&gt;&amp;amp;&#x27;&quot;"


def outline_of(cast: Cast, draft, query: str = "") -> str:
    return signed_in(cast.planner).get(f"/office/{cast.ward.key}/drafts/{draft.pk}/{query}").content.decode()


def row_of(page: str, item: int) -> str:
    found = re.search(rf'<tr id="i{item}".*?</tr>', page)
    assert found is not None
    return found[0]


@pytest.mark.parametrize("field", ["title", "number", "tags", "owners"])
def test_what_people_type_is_text_in_every_column(cast: Cast, field: str) -> None:
    draft = open_draft(cast)
    item = item_of(draft, "見守り事業")
    body = tree_of(draft).row(item).owners[0].body
    typed = {
        "title": MARKUP,
        "number": MARKUP,
        "tags": (MARKUP,),
        "owners": (Owner(body, MARKUP),),
    }
    plans.edit_item(version=draft, item=item, revision=1, changes={field: typed[field]}, actor=cast.planner)
    row = row_of(outline_of(cast, draft), item)
    assert ESCAPED in row
    assert MARKUP not in row


def test_what_the_address_holds_is_text_in_every_link(cast: Cast) -> None:
    draft = open_draft(cast)
    row = row_of(outline_of(cast, draft, "?level=2&kind=project&q=%E4%BA%8B"), item_of(draft, "健康事業"))
    assert f'href="items/{item_of(draft, "健康事業")}/?q=%E4%BA%8B&amp;kind=project&amp;level=2"' in row


def test_a_row_says_kind_owner_money_and_state_in_words(cast: Cast) -> None:
    draft = open_draft(cast)
    item = item_of(draft, "見守り事業")
    row = re.sub(r"<[^>]+>", "|", row_of(outline_of(cast, draft), item))
    told = [part for part in row.split("|") if part.strip()]
    assert told == [
        "1",
        " 見守り事業",
        "新規",
        "事業",
        "地域振興課",
        "3,000",
        "2,700",
        "（−300）",
        "変更なし",
    ]


def test_an_item_without_a_title_can_still_be_opened(cast: Cast) -> None:
    draft = open_draft(cast)
    top = item_of(draft, "つながり")
    item = plans.add_item(version=draft, row=Row(0, top, "project", ""), under=top, actor=cast.planner).item
    assert item is not None
    assert re.search(rf'<a id="t{item}" href="items/{item}/">―</a>', row_of(outline_of(cast, draft), item))
