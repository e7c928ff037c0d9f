"""A sheet of readings: which files can be read, and that it is taken in whole or not at all."""

from __future__ import annotations

import pytest

from kusei.wards import operations as wards
from kusei.wards.models import AuditEntry, Person, Reading, Ward
from kusei.wards.permissions import NotAllowed
from kusei.wards.queries import readings_of
from kusei.wards.reading_sheet import MOST_ROWS, ReadingRow, UnreadableReadings, read_readings

SHEET = "言葉,よみがな\r\n中田,なかだ\r\n\r\n和泉,いずみ\r\n"
ROWS = [ReadingRow(2, "中田", "なかだ"), ReadingRow(4, "和泉", "いずみ")]


@pytest.mark.parametrize(
    "content",
    [
        SHEET.encode("utf-8-sig"),
        SHEET.encode(),
        SHEET.encode("cp932"),
        SHEET.replace(",", "\t").encode("utf-16"),
        "よみがな,備考,言葉\nなかだ,x,中田\n,,\nいずみ,y,和泉\n".encode(),
    ],
    ids=["utf-8 with mark", "utf-8", "shift_jis", "unicode text", "other columns"],
)
def test_what_spreadsheets_save_can_be_read(content: bytes) -> None:
    assert read_readings(content) == ROWS


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\xff\xfe\x80\x81", "中田,なかだ\n".encode(), b"PK\x03\x04 no sheet", ("言葉,よみがな\n" + "中田,なかだ\n" * (MOST_ROWS + 1)).encode()],
    ids=["empty", "no text", "no heading", "another file", "too long"],
)  # fmt: skip
def test_what_is_no_such_sheet_is_said(content: bytes) -> None:
    with pytest.raises(UnreadableReadings, match="。"):
        read_readings(content)


@pytest.fixture
def clerk(db: None) -> Person:
    return wards.account_without_login("clerk")


@pytest.fixture
def ward(clerk: Person) -> Ward:
    ward = wards.add_ward("みらい区", actor=clerk)
    wards.add_reading(ward=ward, surface="中田", reading="なかた", actor=clerk)
    wards.add_reading(ward=ward, surface="和泉", reading="いずみ", actor=clerk)
    wards.add_reading(ward=ward, surface="上飯田", reading="かみいいだ", actor=clerk)
    return ward


def test_new_words_are_added_known_ones_changed_others_stay(ward: Ward, clerk: Person) -> None:
    rows = [*ROWS, ReadingRow(5, "領家", "リョウケ")]
    done = wards.take_readings(ward=ward, rows=rows, actor=clerk)
    assert (done.added, done.changed, done.unchanged) == (1, 1, 1)
    assert dict(readings_of(ward.key)) == {
        "中田": "なかだ", "和泉": "いずみ", "上飯田": "かみいいだ", "領家": "りょうけ",
    }  # fmt: skip
    assert AuditEntry.objects.filter(verb="wards.change_reading").count() == 1


def test_one_wrong_line_and_nothing_is_taken(ward: Ward, clerk: Person) -> None:
    before = list(Reading.objects.values())
    rows = [
        *ROWS,
        ReadingRow(5, "領家", "ryouke"),
        ReadingRow(6, "ひらがな", "ひらがな"),
        ReadingRow(7, "中田", "なかた"),
        ReadingRow(8, "", "から"),
    ]
    with pytest.raises(wards.ReadingsNotTaken) as refused:
        wards.take_readings(ward=ward, rows=rows, actor=clerk)
    assert [each.split(":")[0] for each in refused.value.problems] == ["5行目", "6行目", "7行目", "8行目"]
    assert "2行目にもあります" in refused.value.problems[2]
    assert "4行に直すところ" in str(refused.value)
    assert list(Reading.objects.values()) == before
    assert not AuditEntry.objects.filter(verb="wards.change_reading").exists()


def test_strangers_take_nothing_in(ward: Ward) -> None:
    with pytest.raises(NotAllowed):
        wards.take_readings(ward=ward, rows=ROWS, actor=Person.objects.create(username="stranger"))
