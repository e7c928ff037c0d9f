"""Tables of requests: pillars with their sums, projects and parts in one column, told apart by their numbers."""

from __future__ import annotations

import pytest

from kusei.documents.reading.model import Draft, Line
from kusei.documents.reading.reader import read_blocks

REQUEST = """令和９年度　みどり庁　概算要求の概要

要求の考え方
  自然の回復に重点を置く。

                                          （単位：億円）
  事　　　項                    令和９年度    令和８年度
                                  要求額        予算額
{one}里山の再生                        90            80
  {two}竹林の手入れ                    60            50
    {three}道具の貸出し                    40            30
       山に入る団体に道具を貸し出し、使い方の
       講習を開く。
    {three2}刃物の研ぎ直し                  20            20
  {two2}草地の維持                      30            30
{one2}川の再生                          50            40
  {two}魚道の整備                      30            20
  {two2}外来魚の駆除                    20            20
合計                             140           120
（注）１．端数の処理により、合計が合わないことがある。
      ２．他の庁に計上する経費を除く。
"""
MARKS = [
    ("１．", "２．", "（１）", "（２）", "① ", "② "),
    ("Ⅰ　", "Ⅱ　", "１　", "２　", "① ", "② "),
    ("一　", "二　", "１．", "２．", "ア　", "イ　"),
]


def read(text: str) -> Draft:
    lines = [Line(line, n) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    return read_blocks(lines)


def request(marks: tuple[str, ...]) -> str:
    one, one2, two, two2, three, three2 = marks
    return REQUEST.format(one=one, one2=one2, two=two, two2=two2, three=three, three2=three2)


@pytest.mark.parametrize("marks", MARKS)
def test_three_levels_of_rows_are_pillars_projects_and_their_parts(marks: tuple[str, ...]) -> None:
    draft = read(request(marks))

    assert [
        (item.title, item.kind, [(below.title, below.kind) for below in item.children])
        for item in draft.walk()
        if item.children
    ] == [
        ("里山の再生", "measure", [("竹林の手入れ", "project"), ("草地の維持", "project")]),
        ("竹林の手入れ", "project", [("道具の貸出し", "component"), ("刃物の研ぎ直し", "component")]),
        ("川の再生", "measure", [("魚道の整備", "project"), ("外来魚の駆除", "project")]),
    ]


def test_a_sentence_below_a_name_describes_it() -> None:
    """Its first line stands at the name's own edge, but it goes on to a full stop."""
    part = next(item for item in read(request(MARKS[0])).walk() if item.title == "道具の貸出し")

    assert part.body == "山に入る団体に道具を貸し出し、使い方の講習を開く。"
    assert part.amount is not None
    assert part.amount.printed == "40"


def test_counted_remarks_and_the_thought_behind_a_request_are_no_items() -> None:
    draft = read(request(MARKS[0]))

    loose = [text.text for text in draft.unplaced]
    assert [item.title for item in draft.items] == ["里山の再生", "川の再生"]
    assert {"要求の考え方", "自然の回復に重点を置く。", "2.他の庁に計上する経費を除く。"} <= set(loose)


def test_rows_that_hold_no_sums_stay_projects() -> None:
    text = (
        request(MARKS[0])
        .replace("        90 ", "        99 ")
        .replace("        50            40", "        77            40")
    )

    assert [item.kind for item in read(text).items] == ["project", "project"]


def test_a_list_counted_after_a_remark_with_a_heading_between_stays() -> None:
    text = """令和７年度　花園市　運営方針

１　花のまち
・花壇をつくります。
（注）１．花は市の花とする。

２　緑のまち
・木を植えます。
"""

    assert [item.title for item in read(text).items] == ["花のまち", "緑のまち"]
