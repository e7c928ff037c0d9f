"""The real documents: every query finds the blocks that a regular expression over their folded text finds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kusei.japanese.offsets import fold_for_search
from kusei.search.operations import index_entries
from kusei.search.queries import WORDS, search
from kusei.search.registry import SearchDocument
from kusei.wards.models import Ward

pytestmark = [
    pytest.mark.seeds,
    pytest.mark.django_db,
]

# What is typed, and what stands in the text (folded, small letters, without blanks) where it is meant.
QUERIES = [
    ("防災", "防災"),
    ("子育て", "子育て"),
    ("見守る", "見守[らりるれろっ]"),
    ("見守り", "見守[らりるれろっ]"),
    ("ＩＣＴ", "ict"),
    ("ICT", "ict"),
    ("ｉｃｔ", "ict"),
    ("令和３年度", "令和3年度"),
    ("令和三年度", "令和3年度"),
    ("取り組む", "取組|取り組[まみむめもん]"),
    ("子供", "こども|子ども|子供"),
    ("高齢", "高齢"),
    ("区民", "(?<!地)区民"),
    ("支え合う", "支え合[いうえおわっ]|(?:支え|ささえ)あ[いうえおわっ]"),
    ("ﾊﾟﾄﾛｰﾙ", "パトロール"),
    ("問合せ", "問い?合わ?せ"),
    ("障害", "障がい|障害"),
    ("地域力支援事業", "地域力支援事業"),
    ("備える", "備え"),
    ("ＳＯＳ", "sos"),
    ("認知症サポーター", "認知症サポーター"),
    ("避難する", "避難"),
    ("学校", "学校"),
    ("担い手", "担い手"),
    ("つながる", "つなが[らりるれろっ]"),
]


def blocks(folder: Path) -> list[str]:
    """The documents in pieces of whole lines, about 250 characters each."""
    found = []
    for path in sorted(folder.glob("*.txt")):
        block = ""
        for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
            block += line
            if len(block.strip()) > 250:
                found.append(block)
                block = ""
        found.append(block)
    return found


def test_queries_find_the_right_blocks(seeds: Path) -> None:
    ward = Ward.objects.create(key="seed", name="見本区")
    texts = blocks(seeds)
    index_entries(
        SearchDocument(ward_id=ward.pk, kind="block", target_id=number, title="", body=text, url="/")
        for number, text in enumerate(texts)
    )
    dense = [re.sub(r"\s", "", fold_for_search(text)).casefold() for text in texts]
    right = extra = missed = 0

    for query, pattern in QUERIES:
        wanted = {number for number, text in enumerate(dense) if re.search(pattern, text)}
        result = search(query, ward=ward, limit=len(texts))
        found = {hit.entry.target_id for hit in result.hits}
        assert wanted, query
        assert result.how == WORDS, query
        assert result.total == len(found), query
        for hit in result.hits:
            assert any(piece.is_hit for piece in hit.snippet), query
        right += len(found & wanted)
        extra += len(found - wanted)
        missed += len(wanted - found)

    assert right / (right + extra) >= 0.99
    assert right / (right + missed) >= 0.98
