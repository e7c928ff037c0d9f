"""What the paper form says, in the language that is spoken: beside its Japanese labels, or in place of its sentences."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _


def entry_form_words(until: str) -> Mapping[str, str]:
    """By the names that `press/typst/entry_form.typ` has for them. `until` is the last day, written in that language."""
    return {
        "form": _("申込書"),
        "until": _("申込みは %(day)s まで") % {"day": until},
        "how": _("太いわくの中を書いて、窓口・郵送・ファクスで出してください。往復はがきのときは、うら面に同じことを書き、返信の表にあなたの住所と名前を書いてください。"),
        "name": _("参加する人の名前（上にふりがな）"),
        "kana": _("ふりがな"),
        "age": _("年齢"),
        "quota": _("どれかに○"),
        "telephone": _("電話番号"),
        "mail": _("メールアドレス"),
        "mail_hint": _("あれば。結果をお知らせします"),
        "short": _("席が足りないとき"),
        "all": _("全員そろわなければ参加しない"),
        "some": _("座れる人だけでも参加する"),
        "purpose": _("名前と連絡先は、この講座・催しのためだけに使い、主催する課・団体の人だけが見ます。終わってから1年後に消します。"),
        "where": _("出すところ・問い合わせ"),
        "page": _("ページからも"),
    }  # fmt: skip
