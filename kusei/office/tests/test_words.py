"""Districts and readings in the office."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kusei.wards import operations as wards
from kusei.wards.models import District, Reading
from kusei.wards.queries import districts_of
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.slow


def at(cast: Cast, name: str, *more: int) -> str:
    return reverse(f"office:{name}", args=[cast.ward.key, *more])


def test_a_planner_adds_orders_renames_ends_and_removes_districts(cast: Cast) -> None:
    client = signed_in(cast.planner)
    assert "地区はまだありません" in client.get(at(cast, "districts")).content.decode()
    for name in ("中央地区", "みどり野"):
        assert client.post(at(cast, "districts"), {"name": name}).status_code == 302
    first, second = districts_of(cast.ward)
    client.post(at(cast, "move_district", second.pk), {"to": "up"})
    assert [each.name for each in districts_of(cast.ward)] == ["みどり野", "中央"]
    client.post(at(cast, "rename_district", first.pk), {"name": "まんなか"})
    answer = client.post(at(cast, "end_district", first.pk), {"last_year": "令和6年度"}, follow=True)
    page = answer.content.decode()
    assert "まんなか" in page
    assert 'value="令和6年度"' in page
    assert District.objects.get(pk=first.pk).last_year == 2024
    assert "令和6年度" in client.get(at(cast, "districts")).content.decode()
    client.post(at(cast, "remove_district", second.pk))
    assert [each.name for each in districts_of(cast.ward)] == ["まんなか"]


def test_what_is_wrong_is_said_and_what_was_typed_stays(cast: Cast) -> None:
    client = signed_in(cast.planner)
    wards.add_district(ward=cast.ward, name="中央", actor=cast.operator)
    other = wards.add_district(ward=cast.ward, name="みどり野", actor=cast.operator)
    answer = client.post(at(cast, "districts"), {"name": "中央地区"})
    assert (answer.status_code, "登録済みです" in answer.content.decode()) == (422, True)
    answer = client.post(at(cast, "rename_district", other.pk), {"name": "中央"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="中央"' in page
    assert "<h1>みどり野</h1>" in page
    answer = client.post(at(cast, "end_district", other.pk), {"last_year": "いつか"})
    assert (answer.status_code, 'value="いつか"' in answer.content.decode()) == (422, True)


def test_a_district_of_another_ward_is_not_found(cast: Cast) -> None:
    theirs = wards.add_district(ward=cast.other_ward, name="中央", actor=cast.operator)
    client = signed_in(cast.planner)
    assert client.get(at(cast, "district", theirs.pk)).status_code == 404
    for name in ("rename_district", "move_district", "end_district", "remove_district"):
        assert client.post(at(cast, name, theirs.pk), {"name": "x", "to": "up"}).status_code == 404


def test_readings_are_added_changed_removed_and_tried_on_a_sentence(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    address = at(cast, "readings")
    assert "まだ言葉がありません" in client.get(address).content.decode()
    client.post(at(cast, "add_reading"), {"surface": "中田", "reading": "ナカダ"})
    word = Reading.objects.get()
    page = client.get(address, {"sentence": "中田の公園"}).content.decode()
    assert "<ruby>中田<rp>（</rp><rt>なかだ</rt><rp>）</rp></ruby>" in page
    client.post(at(cast, "change_reading", word.pk), {"reading": "なかた"})
    assert Reading.objects.get().reading == "なかた"
    answer = client.post(at(cast, "change_reading", word.pk), {"reading": "nakata"})
    assert answer.status_code == 422
    assert 'value="nakata" aria-invalid="true"' in answer.content.decode()
    client.post(at(cast, "remove_reading", word.pk))
    assert not Reading.objects.exists()


def test_a_word_that_is_there_already_is_said(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    wards.add_reading(ward=cast.ward, surface="中田", reading="なかた", actor=cast.operator)
    answer = client.post(at(cast, "add_reading"), {"surface": "中田", "reading": "なかだ"})
    assert (answer.status_code, "登録済み" in answer.content.decode()) == (422, True)
    assert Reading.objects.get().reading == "なかた"


def test_the_sheet_goes_out_and_comes_back_in(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    wards.add_reading(ward=cast.ward, surface="中田", reading="なかた", actor=cast.operator)
    out = client.get(at(cast, "readings_sheet"))
    assert out.headers["Content-Type"].startswith("text/csv")
    sheet = out.content.decode("utf-8-sig").replace("なかた", "なかだ") + "和泉,いずみ\r\n"
    answer = client.post(
        at(cast, "take_in_readings"),
        {"file": SimpleUploadedFile("a.csv", sheet.encode("cp932"))},
        follow=True,
    )
    assert "加えた言葉 1、直した言葉 1" in answer.content.decode()
    assert dict(Reading.objects.values_list("surface", "reading")) == {"中田": "なかだ", "和泉": "いずみ"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("言葉,よみがな\n中田,nakada\n", "2行目"),
        ("中田,なかだ\n", "1行目に"),
        ("", "空です"),
        ("言葉,よみがな\n" + "中田,なかだ\n" * 100_000, "大きすぎます"),
    ],
)
def test_a_sheet_that_cannot_be_taken_says_why_line_by_line(cast: Cast, content: str, said: str) -> None:
    answer = signed_in(cast.clerk).post(
        at(cast, "take_in_readings"), {"file": SimpleUploadedFile("a.csv", content.encode())}
    )
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Reading.objects.exists()


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("administrator", ["settings", "districts", "readings", "mails"]),
        ("planner", ["districts", "readings"]),
        ("clerk", ["readings"]),
        ("partner", []),
    ],
)
def test_everybody_finds_what_they_may_open_and_one_entry_for_it(
    cast: Cast, who: str, names: list[str]
) -> None:
    client = signed_in(getattr(cast, who))
    work = client.get(at(cast, "work")).content.decode()
    entry = [name for name in ("settings", "districts", "readings") if f'href="{at(cast, name)}"' in work]
    assert entry == names[:1]
    if names:
        page = client.get(at(cast, names[0])).content.decode()
        tabs = page.split('class="tabs"')[1].split("</nav>")[0]
        assert [
            name for name in ("settings", "districts", "readings", "mails") if at(cast, name) + '"' in tabs
        ] == names


def test_more_rows_take_no_more_queries(cast: Cast) -> None:
    client = signed_in(cast.planner)
    counts: dict[str, list[int]] = {"districts": [], "readings": []}
    for round_ in range(2):
        for number in range(1 + 2 * round_):
            wards.add_district(ward=cast.ward, name=f"地区その{round_}の{number}", actor=cast.operator)
            wards.add_reading(
                ward=cast.ward, surface=f"言葉{round_}の{number}", reading="ことば", actor=cast.operator
            )
        for name, found in counts.items():
            client.get(at(cast, name))
            with CaptureQueriesContext(connection) as queries:
                client.get(at(cast, name))
            found.append(len(queries))
    assert all(first == second for first, second in counts.values())
