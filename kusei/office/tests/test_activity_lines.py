"""Groups and rooms of a series: how they are written, and when one application would be for two places at once. No database."""

from __future__ import annotations

from datetime import date, time

import pytest

from kusei.office.forms.activity_lines import Lines
from kusei.office.forms.activity_starting import SeriesForm
from kusei.office.queries.activity_starting import Line
from kusei.wards.models import District

SERIES = {
    "first_on": "2027-01-19", "begins": "10:00", "ends": "11:30", "count": "1", "rhythm": "weekly", "place": "区役所",
}  # fmt: skip
GROUPS = (("", "申込み不要"), ("5", "A組"), ("6", "B組"))


def test_a_room_is_named_with_its_own_times_or_with_those_of_all() -> None:
    form = SeriesForm(
        SERIES | {"parts": "A組 会議室1\nB組 12:00-13:00 会議室2\nC組"},
        districts=District.objects.none(),
        intakes=[],
    )
    assert form.is_valid(), form.errors
    lines, _left = form.lines()
    assert [(each.part, each.begins, each.ends, each.place) for each in lines] == [
        ("A組", time(10), time(11, 30), "区役所 会議室1"),
        ("B組", time(12), time(13), "区役所 会議室2"),
        ("C組", time(10), time(11, 30), "区役所"),
    ]


@pytest.mark.parametrize("wrong", ["A組 10:00", "A組 10時 会議室1", "A組 11:00-10:00 会議室1"])
def test_times_that_cannot_be_read_are_no_room(wrong: str) -> None:
    form = SeriesForm(SERIES | {"parts": wrong}, districts=District.objects.none(), intakes=[])
    assert "のように書いてください" in str(form.errors["parts"])


def table(*lines: Line) -> Lines:
    return Lines(lines, districts=(), groups=GROUPS)


def test_one_application_for_two_rooms_at_the_same_time_is_told() -> None:
    day = date(2027, 1, 19)

    def line(begins: int, ends: int, group: str, *, keep: bool = True) -> Line:
        return Line(day, time(begins), time(ends), "組", "室", group=group, keep=keep)

    assert table(line(9, 11, "5"), line(10, 12, "5")).asks_for_two_places
    assert not table(line(9, 11, "5"), line(10, 12, "6")).asks_for_two_places, "two groups to apply for"
    assert not table(line(9, 11, ""), line(10, 12, "")).asks_for_two_places, "nobody applies"
    assert not table(line(9, 11, "5"), line(11, 12, "5")).asks_for_two_places, "one after the other"
    assert not table(line(9, 11, "5"), line(10, 12, "5", keep=False)).asks_for_two_places, "not held"


def test_every_place_has_the_days_and_its_own_weekday_where_it_names_one() -> None:
    form = SeriesForm(
        SERIES | {"count": "2", "places": "北台地区センター\n南台会館　第2火曜\n", "intake": "5"},
        districts=District.objects.none(),
        intakes=[("5", "教室")],
    )
    assert form.is_valid(), form.errors
    lines, _left = form.lines()
    assert [(each.place, each.day.isoformat(), each.group) for each in lines] == [
        ("北台地区センター", "2027-01-19", "like-5"), ("北台地区センター", "2027-01-26", "like-5"),
        ("南台会館", "2027-02-09", "like-5"), ("南台会館", "2027-03-09", "like-5"),
    ]  # fmt: skip
    each_for_itself = Lines(
        [Line(date(2027, 1, 19), time(10), time(11), place=place, group="like-5") for place in "ab"],
        districts=(), groups=(*GROUPS, ("like-5", "会場ごと")),
    )  # fmt: skip
    assert not each_for_itself.asks_for_two_places


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ("北台 10:00-11:00", "時刻は次の表で"),
        ("北台\n南台\n北台", "2行あります"),
        ("\n".join(f"第{n}会館" for n in range(41)), "40か所まで"),
        ("\n".join(f"第{n}会館" for n in range(13)), "合わせて130回"),
    ],
)
def test_places_that_cannot_be_read_or_are_too_many_are_refused_in_words(places: str, said: str) -> None:
    form = SeriesForm(
        SERIES | {"count": "10", "places": places}, districts=District.objects.none(), intakes=[]
    )
    assert said in str(form.errors)
