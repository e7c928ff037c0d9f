"""Telephone numbers as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kusei.notices.errors import NoTelephone
from kusei.notices.telephone import digits_of, read_telephone


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", ""),
        (" \u3000", ""),
        ("045-123-4567", "045-123-4567"),
        ("０４５（１２３）４５６７", "045-123-4567"),
        ("０４５ー１２３ー４５６７", "045-123-4567"),
        ("045－123－4567", "045-123-4567"),
        ("045・123・4567", "045-123-4567"),
        ("(045)123-4567", "045-123-4567"),
        ("0451234567", "045-123-4567"),
        ("0312345678", "03-1234-5678"),
        ("電話：045-123-4567", "045-123-4567"),
        ("TEL 090 1234 5678", "090-1234-5678"),
        ("+81 45 123 4567", "045-123-4567"),
        ("+81-90-1234-5678", "090-1234-5678"),
        ("045-123-4567 内線 12", "045-123-4567 内線12"),
        ("045-123-4567（内線１２３）", "045-123-4567 内線123"),
        ("045-123-4567 ext.7", "045-123-4567 内線7"),
        ("+1 650 253 0000", "+1 650-253-0000"),
        ("000-0000-0000", "000-0000-0000"),
        ("00000000000", "000-0000-0000"),
        ("090-0000-0000", "090-0000-0000"),
        ("+81 90 0000 0000", "090-0000-0000"),
    ],
)
def test_numbers_are_read_as_people_write_them(written: str, read: str) -> None:
    assert read_telephone(written) == read
    assert read_telephone(read) == read


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("123-4567", "市外局番から"),
        ("119", "市外局番から"),
        ("0", "市外局番から"),
        ("045-1234-56789012", "桁が多すぎます"),
        ("なし", "電話番号として読めません"),
        ("花子のスマホ", "電話番号として読めません"),
        ("045-123-4567、090-1234-5678", "一つだけ"),
        ("045-123-4567 または 090-1234-5678", "一つだけ"),
        ("+999 12345678", "国番号"),
        ("045-123-4567\x00", "電話番号として読めません"),
    ],
)
def test_what_is_no_number_is_told_kindly(written: str, told: str) -> None:
    with pytest.raises(NoTelephone, match=told):
        read_telephone(written)


@given(st.text(alphabet="0123456789０１-ー() +内線x、か\u3000", max_size=24))
def test_reading_again_changes_nothing(text: str) -> None:
    try:
        once = read_telephone(text)
    except NoTelephone:
        return
    assert read_telephone(once) == once
    assert digits_of(once).isdigit() or once == ""
