"""On paper and in spreadsheets: sheets of an activity, who applied as a table, applications that look alike, who comes again."""

from __future__ import annotations

import io
import re
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from kusei.ledger.tests.ground import Ground
from kusei.office.tests.test_activities import at, text
from kusei.press.tests.test_paper import text as printed
from kusei.services.activities import operations as activities
from kusei.services.activities.models import Activity, Intake, Seat
from kusei.services.activities.paper_words import entry_form_words
from kusei.services.activities.papers import paper_number
from kusei.services.activities.queries.again import again, again_at_host, again_in_intakes, guarded
from kusei.services.activities.tests.ground import activity_of, intake_of
from kusei.services.activities.tests.test_door import on_the_day
from kusei.wards.models import AuditEntry
from tests.cast import signed_in
from tests.repository import ROOT

slow = pytest.mark.slow


@pytest.fixture
def client(ground: Ground) -> Client:
    return signed_in(ground.cast.clerk)


def applied(intake: Intake, *names: str, telephone: str = "045-111-2222") -> None:
    activities.apply_for(
        intake=intake, ticket=uuid4(), people=[activities.Someone(each, "いずみ はなこ") for each in names],
        contact=activities.Contact(telephone=telephone),
    )  # fmt: skip


@slow
def test_sheets_are_made_before_and_after_publishing(ground: Ground, client: Client) -> None:
    draft = activity_of(ground, published=False)
    for kind in ("leaflet", "poster"):
        assert "赤ちゃん教室" in printed(client.get(at(ground, "activity_paper", draft.pk, kind)).content)
    assert client.get(at(ground, "activity_paper", draft.pk, "book")).status_code == 404
    public = reverse("portal:activity_leaflet", args=[ground.cast.ward.key, draft.public_id])
    assert Client().get(public).status_code == 404
    activities.publish_activity(activity=draft, actor=ground.cast.clerk)
    answer = Client(headers={"accept-language": "en"}).get(public)
    assert "赤ちゃん教室" in printed(answer.content)
    assert "いつ・どこで" in printed(answer.content)
    has_it = {"If-None-Match": answer["ETag"]}
    with patch("kusei.portal.views.activity_leaflet.leaflet_pdf") as typeset:
        assert Client().get(public, headers=has_it).status_code == 304
    assert not typeset.called
    Activity.objects.filter(pk=draft.pk).update(title="赤ちゃんの会")
    assert "赤ちゃんの会" in printed(Client().get(public, headers=has_it).content)
    assert (
        signed_in(ground.cast.other_clerk).get(at(ground, "activity_paper", draft.pk, "poster")).status_code
        == 403
    )


@slow
def test_a_paper_form_carries_the_number_by_which_it_is_written_down(ground: Ground, client: Client) -> None:
    intake = intake_of(ground)
    number = paper_number(intake)
    form = client.get(at(ground, "entry_form", intake.activity_id, intake.pk))
    assert number in printed(form.content)
    found = client.get(at(ground, "activities"), {"q": number.replace("-", "－")})
    assert found["Location"] == at(ground, "new_application", intake.activity_id, intake.pk)
    for nothing in ("9999-1", "1-", "-", "1-x", "9" * 30 + "-1"):
        assert client.get(at(ground, "activities"), {"q": nothing}).status_code == 200


def test_a_form_knows_all_the_words_that_it_is_given() -> None:
    source = (ROOT / "kusei/press/typst/entry_form.typ").read_text()
    assert set(re.findall(r'(?:also|under|instead)\("([a-z_]+)"', source)) == set(entry_form_words(""))


@slow
def test_a_form_can_be_filled_in_in_a_language_of_the_activity_and_keyed_in_in_japanese(
    ground: Ground, client: Client
) -> None:
    intake = intake_of(ground)
    own, form = (
        at(ground, name, *numbers)
        for name, numbers in (
            ("activity", [intake.activity_id]),
            ("entry_form", [intake.activity_id, intake.pk]),
        )
    )
    english = f"{form}?language=en"
    assert "language=en" not in client.get(own).content.decode()
    assert client.get(english).status_code == 404
    activities.translate_activity(
        activity=intake.activity, language="en", words={"title": "Baby class"}, revision=intake.activity.revision, actor=ground.cast.clerk
    )  # fmt: skip
    assert f'href="{english}"' in client.get(own).content.decode()
    said = printed(client.get(english).content)
    for part in (
        paper_number(intake),
        "Baby class",
        intake.activity.title,
        "参加する人の名前",
        "Name of the person",
        "Telephone number",
        "電話番号",
        "職員が書くところ",
    ):
        assert part in said
    assert "太いわくの中" not in said
    assert "Telephone number" not in printed(client.get(form).content)
    Activity.objects.update(title="赤ちゃんの会")
    assert client.get(english).status_code == 404, "the translation is of what it was called before"


@slow
def test_applicants_are_taken_out_without_formulas_and_recorded(ground: Ground, client: Client) -> None:
    intake = intake_of(ground, 3)
    applied(intake, "=HYPERLINK(0)", "渡\ue000 花子")
    session = on_the_day(intake)[0]
    seat = Seat.objects.order_by("pk").first()
    activities.mark_presence(session=session, seat=seat, is_present=True, actor=ground.cast.clerk)
    address = at(ground, "take_out_applicants", intake.activity_id, intake.pk)
    before = AuditEntry.objects.filter(verb="activities.see_list").count()
    sheet = load_workbook(io.BytesIO(client.post(address, {"kind": "xlsx"}).content)).active
    rows = list(sheet.iter_rows())
    assert rows[1][1].value == "=HYPERLINK(0)"
    assert rows[1][1].data_type == "s"
    assert [cell.value for cell in rows[2][:7]] == [
        1,
        "渡\ue000 花子",
        "いずみ はなこ",
        "",
        "",
        "参加できます",
        "045-111-2222",
    ]
    assert rows[1][11].value == "出席"
    csv = client.post(address, {"kind": "csv"}).content.decode()
    assert "'=HYPERLINK(0)" in csv
    assert "渡\ue000 花子" in csv
    assert "渡〓" in printed(client.post(address, {"kind": "roster"}).content)
    assert AuditEntry.objects.filter(verb="activities.see_list").count() == before + 3
    assert client.post(address, {"kind": "zip"}).status_code == 404
    assert client.get(address).status_code == 405
    for who in (ground.cast.planner, ground.cast.other_clerk):
        assert signed_in(who).post(address, {"kind": "csv"}).status_code == 403


@slow
def test_who_applied_twice_is_hinted_to_staff_and_never_blocked(ground: Ground, client: Client) -> None:
    intake = intake_of(ground, 9)
    applied(intake, "泉 花子")
    applied(intake, "泉 花子", telephone="０４５（１１１）２２２２")
    applied(intake, "泉 花子", telephone="045-999-9999")
    page = text(client.get(at(ground, "applicants", intake.activity_id, intake.pk)))
    assert ("似た申込み: 2" in page, "似た申込み: 1" in page, page.count("似た申込み")) == (True, True, 2)
    activities.cancel_seats(application=intake.applications.first(), actor=ground.cast.clerk)
    assert "似た申込み" not in text(client.get(at(ground, "applicants", intake.activity_id, intake.pk)))


@slow
def test_who_comes_again_is_told_in_numbers_that_hide_the_few(ground: Ground, client: Client) -> None:
    intake = intake_of(ground, 20)
    activity = intake.activity
    for number in range(14):
        applied(intake, f"泉 花子{number}", telephone=f"045-111-22{number:02}")
    seats = list(Seat.objects.order_by("pk"))
    for place, session in enumerate(on_the_day(intake)[:2]):
        present = {seat.pk for seat in (seats if place == 0 else seats[:6])}
        activities.mark_from_paper(session=session, present=present, actor=ground.cast.clerk)
        activities.count_session(
            session=session, heads=len(present), revision=session.revision, actor=ground.cast.clerk
        )
    assert again_in_intakes(activity)[0][1].counts == (8, 6, 0, 0)
    year = session.starts_at.year if session.starts_at.month > 3 else session.starts_at.year - 1
    assert again_at_host(ground.cast.ward, activity.host, year).counts == (8, 6, 0, 0)
    page = text(client.get(at(ground, "who_comes_again", activity.pk)))
    assert "泉" not in page
    assert "8 6 0 0 14" in page


def test_the_few_are_hidden_with_another() -> None:
    assert again([1] * 9 + [2] * 3).counts == (None, None, 0, 0)
    assert again([1] * 9 + [2] * 8 + [7] * 2).counts == (9, None, 0, None)
    assert again([]).counts == (0, 0, 0, 0)
    assert again([3]).counts == (0, 0, None, 0)


@given(st.lists(st.integers(0, 40), min_size=4, max_size=4))
def test_nothing_hidden_can_be_worked_out_from_the_total(counts: list[int]) -> None:
    shown = guarded(counts)
    hidden = [count for count, told in zip(counts, shown, strict=True) if told is None]
    assert all(told is None or told == 0 or told >= 5 for told in shown)
    assert len(hidden) != 1 or sum(map(bool, counts)) == 1
