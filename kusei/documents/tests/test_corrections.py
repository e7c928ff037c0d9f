"""What counts as said otherwise than the document, and what is only a slip of the reading put right."""

from __future__ import annotations

import pytest

from kusei.documents import operations
from kusei.documents.corrections import Correction, corrections_of
from kusei.documents.queries import documents_of_versions
from kusei.documents.tests.drafts import draft, item
from kusei.plans import operations as plans
from kusei.plans.drafting import Owner
from kusei.plans.models import PlanVersion
from kusei.plans.queries import trees_of, walk
from kusei.plans.rules import Money
from tests.cast import Cast

pytestmark = pytest.mark.slow

LINES = [
    "見守り事業【2,300千円】（地域振興課）",
    "高齢者を週1回訪ねます。発電機を3台置きます。",
    "避難所を見直します。",
]


def read(**said: object) -> dict[str, object]:
    return item(
        "project", "見守り事業",
        **{
            "body": "高齢者を週1回訪ねます。発電機を3台置きます。", "amount_thousand_yen": 2300, "amount_printed": "2,300",
            "amount_unit": "千円", "owners": ["地域振興課"], "source": {"page": None, "line": 1},
            "places": [{"field": "title", "page": None, "line": 1, "end_line": 1}, {"field": "body", "page": None, "line": 2, "end_line": 2}],
            **said,
        },
    )  # fmt: skip


def corrected(cast: Cast, paper: dict[str, object], **changes: object) -> tuple[Correction, ...]:
    """What is told once `paper` was read, changed at the desk and published."""
    document = operations.keep_draft(
        ward=cast.ward,
        actor=cast.planner,
        name="plan.txt",
        content=b"x",
        pages=[(1, LINES)],
        draft=draft(paper),
    )
    version = operations.start_import(document=document, actor=cast.planner)
    text = version.texts.get()
    if changes:
        plans.edit_item(
            version=version, item=text.item_id, revision=text.revision, changes=changes, actor=cast.planner
        )
    published = operations.accept_import(document=document, actor=cast.planner).version
    return told(published, cast)


def told(version: PlanVersion, cast: Cast) -> tuple[Correction, ...]:
    source = documents_of_versions(cast.ward, [version.pk])[version.pk]
    nodes = list(walk(trees_of([version.pk])[version.pk]))
    return corrections_of(source, nodes).get(nodes[0].item_id, ())


def test_nothing_is_told_of_what_stands_as_it_was_read(cast: Cast) -> None:
    assert corrected(cast, read()) == ()


@pytest.mark.parametrize(
    ("changes", "told_as"),
    [
        ({"title": "見守り隊事業"}, Correction("title", "見守り事業", "見守り隊事業")),
        (
            {"text": "高齢者を週1回訪ねます。発電機を4台置きます。"},
            Correction(
                "body", "高齢者を週1回訪ねます。発電機を3台置きます。", "高齢者を週1回訪ねます。発電機を4台置きます。"
            ),
        ),
    ],
)  # fmt: skip
def test_other_words_than_the_documents_are_told(cast: Cast, changes, told_as) -> None:
    assert corrected(cast, read(), **changes) == (told_as,)


def money(thousand_yen: int) -> tuple[Money, ...]:
    return (Money(2021, "current", "", thousand_yen * 1000, f"{thousand_yen:,}", "千円"),)


def test_another_amount_than_the_documents_is_told(cast: Cast) -> None:
    assert corrected(cast, read(), money=money(2400)) == (Correction("amount", 2_300_000, 2_400_000),)


def test_the_amount_that_the_document_prints_puts_the_reading_right(cast: Cast) -> None:
    assert corrected(cast, read(amount_thousand_yen=2800, amount_printed="2,800"), money=money(2300)) == ()


def test_an_amount_that_the_document_does_not_print_was_added(cast: Cast) -> None:
    plain = read(amount_thousand_yen=None, amount_printed=None, amount_unit=None)
    assert corrected(cast, plain, money=money(2400)) == (Correction("amount", None, 2_400_000),)


def test_another_body_is_told_and_a_body_read_by_mistake_is_not(cast: Cast) -> None:
    other = (Owner(cast.welfare.pk, cast.welfare.name),)
    told_as = (Correction("owner", "地域振興課", cast.welfare.name),)
    assert corrected(cast, read(), owners=other) == told_as


def test_a_body_that_the_document_prints_puts_the_reading_right(cast: Cast) -> None:
    promotion = (Owner(cast.promotion.pk, "地域振興課"),)
    assert corrected(cast, read(owners=["福祉保健課"]), owners=promotion) == ()


def test_words_that_the_document_prints_put_the_reading_right(cast: Cast) -> None:
    wrong = read(body="高齢者を週1回訪ねます。発電機を8台置きます。")
    assert corrected(cast, wrong, text="高齢者を週1回訪ねます。発電機を3台置きます。") == ()


def test_a_line_that_was_lost_and_joined_is_printed_too(cast: Cast) -> None:
    assert corrected(cast, read(), text=read()["body"] + "避難所を見直します。") == ()


def test_words_taken_off_the_end_may_have_gone_elsewhere(cast: Cast) -> None:
    assert corrected(cast, read(), text="高齢者を週1回訪ねます。") == ()


def test_a_later_version_that_the_office_made_is_compared_with_the_document_it_rests_on(cast: Cast) -> None:
    corrected(cast, read())
    first = PlanVersion.objects.get()
    again = plans.open_draft(
        ward=cast.ward, fiscal_year=first.plan.fiscal_year, kind=first.plan.kind, actor=cast.planner
    )
    text = again.texts.get()
    plans.edit_item(
        version=again, item=text.item_id, revision=1, changes={"title": "見守り隊事業"}, actor=cast.planner
    )
    second = operations.publish_draft(version=again, actor=cast.planner)

    assert told(first, cast) == ()
    assert told(second, cast) == (Correction("title", "見守り事業", "見守り隊事業"),)
