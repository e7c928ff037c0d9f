"""The office's search beside what is published: drafts, comments, papers in hand and bodies, by the characters as typed."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kusei.documents.models import SourceDocument
from kusei.files.models import StoredFile
from kusei.office.queries.search import MOST, search_office
from kusei.plans.models import Comment, Item, ItemText, Plan, PlanVersion
from kusei.wards.models import Body, Person, RoleGrant, Ward
from kusei.wards.permissions import Rights, rights_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def ward() -> Ward:
    return Ward.objects.create(key="izumi", name="泉区")


@pytest.fixture
def rights(ward: Ward) -> Rights:
    planner = Person.objects.create(username="kikaku", last_name="泉", first_name="花子")
    RoleGrant.objects.create(
        ward=ward, person=planner, role="planner", starts_on="2020-04-01", granted_by=planner
    )
    return rights_of(planner)


def a_draft(ward: Ward, *titles: str, year: int = 2021, **fields: Any) -> PlanVersion:
    """An open draft with an item for each title."""
    plan = Plan.objects.create(ward=ward, fiscal_year=year, kind="budget")
    draft = PlanVersion.objects.create(ward=ward, plan=plan, number=1, status="draft")
    for position, title in enumerate(titles):
        item = Item.objects.create(ward=ward, plan=plan)
        ItemText.objects.create(
            ward=ward, version=draft, item=item, position=position, kind="project", title=title, **fields
        )
    return draft


def lines(hits: tuple[Any, ...]) -> list[str]:
    return [hit.title for hit in hits]


def test_each_list_says_what_it_is_and_leads_there(ward: Ward, rights: Rights) -> None:
    draft = a_draft(ward, "見守りの花", "緑")
    item = Item.objects.first()
    assert item is not None
    person = Person.objects.get()
    Comment.objects.create(ward=ward, item=item, author=person, text="花の話")
    Comment.objects.create(ward=ward, item=item, author_name="社協", text="電話で花の話")
    file = StoredFile.objects.create(ward=ward, sha256="0" * 64, name="花.pdf", media_type="x", size=1)
    SourceDocument.objects.create(ward=ward, file=file, reader_version="1")
    SourceDocument.objects.create(ward=ward, file=file, reader_version="1", title="花の計画")
    Body.objects.create(ward=ward, name="花の課", kind="division")

    found = search_office("花", ward=ward, rights=rights)

    today = f"{timezone.now():%Y-%m-%d}"
    assert [(hit.title, hit.about, hit.url) for hit in found.drafts] == [
        ("見守りの花", "令和3年度 予算　事業", reverse("office:review", args=["izumi", draft.pk]))
    ]
    page = reverse("portal:item", args=["izumi", item.public_id])
    assert [(hit.title, hit.about, hit.url) for hit in found.comments] == [
        ("電話で花の話", f"社協　{today}", page),
        ("花の話", f"泉 花子　{today}", page),
    ]
    work = reverse("office:work", args=["izumi"])
    assert [(hit.title, hit.about, hit.url) for hit in found.documents] == [
        ("花の計画", today, work),
        ("花.pdf", today, work),
    ]
    assert [(hit.title, hit.about) for hit in found.bodies] == [("花の課", "課・所属")]


def test_every_word_has_to_be_held_and_the_next_question_is_another(ward: Ward, rights: Rights) -> None:
    """The SQL of a list is kept between questions; the words, the ward and the drafts of the last one are not."""
    a_draft(ward, "花と緑", "花", "緑", year=2021)
    a_draft(ward, "花と緑の道", year=2023, text="小川")
    other = Ward.objects.create(key="nishi", name="西区")
    a_draft(other, "西の花と緑")

    assert lines(search_office("花 緑", ward=ward, rights=rights).drafts) == ["花と緑の道", "花と緑"]
    assert lines(search_office("緑 小川", ward=ward, rights=rights).drafts) == ["花と緑の道"]
    assert lines(search_office("道 花", ward=ward, rights=rights).drafts) == ["花と緑の道"]
    assert lines(search_office("花", ward=ward, rights=rights).drafts) == ["花と緑の道", "花と緑", "花"]
    assert search_office("花", ward=other, rights=rights).drafts == ()
    a_draft(ward, "花の丘", year=2025)
    assert lines(search_office("花", ward=ward, rights=rights).drafts)[0] == "花の丘"


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("%", ["達成率100%"]),
        ("_", ["a_b"]),
        ("\\", ["c\\d"]),
        ("A", ["a_b"]),
        ("-1", ["平成-1"]),
        ("\ue0000\ue000", []),
        ("'", []),
    ],
)
def test_signs_are_what_they_are(ward: Ward, rights: Rights, words: str, wanted: list[str]) -> None:
    a_draft(ward, "達成率100%", "a_b", "c\\d", "平成-1", "花")

    assert lines(search_office(words, ward=ward, rights=rights).drafts) == wanted


def test_there_is_one_more_than_is_shown(ward: Ward, rights: Rights) -> None:
    a_draft(ward, *[f"花{number}" for number in range(MOST + 5)])

    assert len(search_office("花", ward=ward, rights=rights).drafts) == MOST + 1


@pytest.mark.parametrize("items", [1, 3])
def test_the_number_of_queries_does_not_grow(ward: Ward, rights: Rights, items: int) -> None:
    a_draft(ward, *["花"] * items)
    for item in Item.objects.all():
        Comment.objects.create(ward=ward, item=item, author=Person.objects.get(), text="花")

    with CaptureQueriesContext(connection) as queries:
        found = search_office("花", ward=ward, rights=rights)

    assert (len(found.drafts), len(found.comments)) == (items, items)
    # Five for the lists; on PostgreSQL the published entries are asked for the newest first, twice, by words and characters.
    assert len(queries) == 5 + (2 if connection.vendor == "sqlite" else 4)
