"""Budgets in blocks: a name with dots to its money, below it the earlier year and the body in brackets of their own."""

from __future__ import annotations

import pytest

from kusei.documents.reading.model import Line
from kusei.documents.reading.reader import read_blocks
from kusei.documents.reading.totals import are_accounts

TEXT = """令和７年度　まちづくり部　予算の主要事業
灰桜市

１　予算の規模
　　区　　分　　　　令和７年度　　　　令和６年度　　　　増減
　　一般会計　　　　１２，３００千円　　１１，０００千円　　１，３００千円
　　特別会計　　　　　２，５００千円　　　２，４００千円　　　１００千円
　　合　　計　　　　１４，８００千円　　１３，４００千円　　１，４００千円

２　事業の内容

◎ 橋の点検 ………………… ３，２００千円
　　〔前年度　３，０００千円〕　　　　〔道路課〕
　橋の点検を行う。

◎ 公園の改修 ………………… ５，１００千円
　　〔前年度　４，６００千円〕　　　　〔公園課、土木事務所〕
　遊具を改める。"""


@pytest.mark.parametrize("brackets", ["〔〕", "［］", "（）"])
def test_brackets_below_a_name_hold_the_earlier_year_and_the_body(brackets: str) -> None:
    text = TEXT.replace("〔", brackets[0]).replace("〕", brackets[1])
    draft = read_blocks(
        [Line(line, number) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    )
    assert [
        (
            item.title,
            item.amount and item.amount.thousand_yen,
            item.previous_amount and item.previous_amount.thousand_yen,
            item.owners,
        )
        for item in draft.walk()
    ] == [
        ("橋の点検", 3200, 3000, ["道路課"]),
        ("公園の改修", 5100, 4600, ["公園課", "土木事務所"]),
    ]
    assert any("一般会計" in piece.text for piece in draft.unplaced)


def test_the_accounts_of_a_whole_budget_are_no_items() -> None:
    assert are_accounts(["一般会計", "特別会計", "公営企業会計", "合　計"])
    assert not are_accounts(["一般会計", "橋の点検"])
    assert not are_accounts(["合計"])
    assert not are_accounts([])
