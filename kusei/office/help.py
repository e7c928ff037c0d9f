"""Help where the question arises, and the words of the office: short texts by key, each a plain sentence or two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

ROLES = ("administrator", "planner", "staff", "partner")
"""Roles that have a printed guide."""


@dataclass(frozen=True, slots=True)
class Help:
    """A question as somebody before the screen would ask it, and the answer."""

    question: Any
    answer: Any


HELP: dict[str, Help] = {
    "review": Help(
        _("確認の状態とは"),
        _("課が直した項目は「作成中」です。直し終えたら確認を求めると「確認待ち」になり、企画担当が「確認済み」にするか、理由を付けて「差し戻し」ます。確認済みの項目も、課が直すと作成中に戻ります。企画担当が自分で直した項目は、そのまま確認済みになります。"),
    ),
    "publish": Help(
        _("公開すると何が起こりますか"),
        _("住民のページが新しい版に代わります。前の版も同じアドレスで読めます。公開した版は直せないので、まちがいに気づいたときは新しい下書きを始め、直して公開し直します。"),
    ),
    "roles": Help(
        _("役割と任期とは"),
        _("役割は、その人ができることを決めます。使える最後の日を過ぎると自動で使えなくなり、その人がした仕事の名前は残ります。一人に複数の役割を加えられます。"),
    ),
    "second-factor": Help(
        _("二段階認証とは"),
        _("パスワードのほかに、スマートフォンなどの認証アプリに出る6けたの数字を入れます。企画担当と区の管理者に必要です。端末をなくしたときは、控えておいた回復コードで入れます。"),
    ),
    "aliases": Help(
        _("別の書き方とは"),
        _("文書には、同じ課や団体が「高齢障害支援課」「高齢・障害支援課」のように違う形で書かれます。ここに加えると、次に取り込む文書から自動で同じものとして扱います。"),
    ),
    "colour": Help(
        _("区の色はどこに使われますか"),
        _("住民のページと職員用ページの、ボタン・リンク・見出しに使います。文字が読みにくくなる薄い色は選べません。"),
    ),
    "districts": Help(
        _("地区を分けたり、名前を変えたりするときは"),
        _("名前が変わった地区は、新しい地区として登録し、前の地区に最後の年度を付けます。前の年度のページには前の地区が、新しい年度のページには新しい地区が出ます。書きまちがいを直すときだけ、名称を変えてください。"),
    ),
    "readings": Help(
        _("よみがなはどこに出ますか"),
        _("住民が画面の設定で「ふりがな」を選ぶと、すべてのページの漢字に付きます。ここに無い言葉は辞書の読み方です。長い言葉が先に当てはまります（「中田」より「中田駅」）。"),
    ),
    "trail": Help(
        _("変更の記録には何がありますか"),
        _("だれが、いつ、何を、何から何に変えたかが残り、消したり直したりはできません。言葉は名前・題名・理由を探します。一つの項目の記録は、その項目のページの下にもあります。"),
    ),
}  # fmt: skip

GLOSSARY: tuple[tuple[Any, Any], ...] = (
    (_("地区"), _("区の中の一部で、文書の中に名前で出てきます。住民は自分の地区から項目をさがせます。")),
    (_("区の管理者"), _("利用者を招待し、役割と任期を決め、区の色や問い合わせ先を設定する人です。")),
    (_("企画担当"), _("文書を取り込み、下書きを始め、課が直した項目を確かめて公開する人です。")),
    (_("職員"), _("所属する課が担当する項目を直し、確認を求める人です。")),
    (_("協力団体の担当者"), _("区役所の外の団体で、その団体が担当する項目を直す人です。")),
    (_("実施主体"), _("計画の項目を担当する課・団体・施設などです。")),
    (_("別の書き方"), _("文書に出てくる、同じ実施主体の違う書き方です。")),
    (_("項目"), _("計画の中の一つのまとまりです。施策・事業・内訳・取組などの種類があります。")),
    (_("版"), _("公開した計画の一つの状態です。公開し直すと次の版になり、前の版も読めます。")),
    (_("下書き"), _("公開する前の計画です。職員用ページでだけ見えます。")),
    (_("作成中"), _("直したあと、まだ確認を求めていない項目の状態です。")),
    (_("確認待ち"), _("企画担当が見るのを待っている項目の状態です。")),
    (_("差し戻し"), _("企画担当が理由を付けて、課に戻した項目の状態です。")),
    (_("確認済み"), _("企画担当が認めた項目の状態です。")),
    (_("取り込み"), _("PDFやExcelの文書を読み取り、元の文書と見くらべて直し、計画にすることです。")),
    (_("注意"), _("読み取りで確かめたほうがよいところです。合計が合わない、読めない数字がある、などです。")),
    (_("つながり"), _("年度や計画をまたいで同じ事業であることを示す線です。提案を確かめて確定します。")),
    (_("区配"), _("区に配られた予算のことで、市の局の予算を区が使うものです。")),
    (_("変更の記録"), _("だれが何を何に変えたかの記録です。消せません。")),
    (_("二段階認証"), _("パスワードのほかに、認証アプリの数字で本人を確かめることです。")),
    (_("回復コード"), _("認証アプリが使えないときに1回ずつ使える数字です。紙に控えて保管します。")),
)  # fmt: skip


def glossary(words: str = "") -> list[tuple[str, str]]:
    """The words with their meanings that hold everything looked for; all of them without `words`."""
    told = [(str(name), str(meaning)) for name, meaning in GLOSSARY]
    return [
        (name, meaning) for name, meaning in told if all(part in name + meaning for part in words.split())
    ]


def answers(words: str = "") -> list[Help]:
    """The help texts that hold everything looked for; all of them without `words`."""
    return [
        each
        for each in HELP.values()
        if all(part in f"{each.question}{each.answer}" for part in words.split())
    ]
