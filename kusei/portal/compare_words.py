"""A comparison in words: what the two sides are called, and the finding on top."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kusei.portal.queries.compare import ALIKE, Comparison, Side
from kusei.press import formats


def side_name(side: Side, found: Comparison) -> str:
    """令和3年度 where both are one ward's, 泉区 令和3年度 otherwise."""
    year = formats.wareki(side.fiscal_year)
    return year if found.is_one_ward else f"{side.ward.name} {year}"


def comparison_sentence(found: Comparison) -> str:
    """The finding: what goes on or is alike, what only one has, and the money."""
    words = {
        "left": side_name(found.left, found),
        "right": side_name(found.right, found),
        "pairs": formats.whole(found.pairs),
        "only_left": formats.whole(len(found.only_left)),
        "only_right": formats.whole(len(found.only_right)),
    }
    if found.is_one_ward:
        told = _(
            "%(left)sから%(right)sへ、%(pairs)s事業が続いています。%(right)sだけにあるのは%(only_right)s事業、"
            "%(left)sだけにあるのは%(only_left)s事業です。"
        )
    elif any(row.pairing.basis == ALIKE for row in found.rows):
        told = _(
            "%(left)sと%(right)sには、言葉の似た事業が%(pairs)s組あります（同じ事業という意味ではありません）。"
            "%(left)sだけにあるのは%(only_left)s事業、%(right)sだけにあるのは%(only_right)s事業です。"
        )
    else:
        told = _(
            "%(left)sと%(right)sで名前の重なる事業は%(pairs)s組です。"
            "%(left)sだけにあるのは%(only_left)s事業、%(right)sだけにあるのは%(only_right)s事業です。"
        )
    return told % words + _money_sentence(found)


def _money_sentence(found: Comparison) -> str:
    left, right = found.left.total_yen, found.right.total_yen
    words = {"left": side_name(found.left, found), "right": side_name(found.right, found)}
    if left is None and right is None:
        return _("どちらの文書にも金額の記載がないため、お金は比べられません。")
    if left is None or right is None:
        words["side"] = words["left"] if left is None else words["right"]
        return _("%(side)sの公開文書には金額の記載がないため、お金は比べられません。") % words
    words |= {
        "before": formats.thousand_yen(left),
        "after": formats.thousand_yen(right),
        "difference": formats.signed_thousand_yen(right - left),
    }
    if found.is_one_ward:
        return _("公開文書にある予算の合計は%(before)sから%(after)s（%(difference)s）です。") % words
    return _("公開文書にある予算の合計は、%(left)sが%(before)s、%(right)sが%(after)sです。") % words
