"""Situations of life as doors to a ward's plans: each is a list of words that search looks for, and the page says so."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Situation:
    """One situation. `words` are as documents write them; search finds their other spellings and forms."""

    key: str
    label: str | Promise
    line: str | Promise
    words: tuple[str, ...]


SITUATIONS = (
    Situation(
        "birth",
        _("妊娠・出産"),
        _("赤ちゃんを迎える前とあとの相談や教室"),
        ("妊娠", "妊婦", "出産", "産後", "母子保健", "赤ちゃん", "乳児"),
    ),
    Situation(
        "childcare",
        _("子育て"),
        _("子育てひろば、保育園、親子の居場所"),
        ("子育て", "保育", "親子", "乳幼児", "幼稚園"),
    ),
    Situation(
        "school",
        _("小中高生"),
        _("学校、放課後、青少年の活動"),
        ("小学生", "中学生", "高校生", "小学校", "中学校", "青少年", "学習支援", "子ども会"),
    ),
    Situation(
        "elderly",
        _("高齢者・介護"),
        _("介護、認知症、見守り、在宅の暮らし"),
        ("高齢者", "介護", "認知症", "見守り", "地域包括ケア", "在宅医療", "成年後見"),
    ),
    Situation(
        "disability",
        _("障害のある人"),
        _("暮らし、仕事、社会への参加"),
        ("障害", "障害者", "障害児", "手話", "バリアフリー", "自立支援"),
    ),
    Situation(
        "moving",
        _("引っ越し・住まい"),
        _("転入、住み続けること、空き家"),
        ("転入", "引っ越し", "定住", "住まい", "空き家"),
    ),
    Situation(
        "work",
        _("仕事・商売"),
        _("働くこと、商店街、会社、農業"),
        ("就労", "就職", "商店街", "企業", "農業", "自主製品"),
    ),
    Situation(
        "disaster",
        _("災害にそなえる"),
        _("防災訓練、避難、ふだんの備え"),
        ("防災", "災害", "避難", "地震", "備蓄", "要援護者"),
    ),
    Situation(
        "safety",
        _("防犯・交通安全"),
        _("犯罪や事故から身を守る"),
        ("防犯", "交通安全", "特殊詐欺", "通学路"),
    ),
    Situation(
        "health",
        _("健康"),
        _("健診、体操、食事、歯"),
        ("健康", "健診", "検診", "食生活", "体操", "介護予防"),
    ),
    Situation(
        "community",
        _("地域活動に参加する"),
        _("ボランティア、自治会町内会、趣味や学びの集まり"),
        ("ボランティア", "自治会町内会", "地域活動", "区民活動", "愛護会", "サロン"),
    ),
    Situation(
        "foreign",
        _("外国につながる人"),
        _("日本語、通訳、ちがう文化をもつ人どうしの交流"),
        ("外国人", "外国籍", "多文化", "日本語", "通訳"),
    ),
    Situation(
        "trouble",
        _("困ったとき・相談"),
        _("暮らしやお金、家庭の心配ごと"),
        ("相談", "生活困窮", "虐待", "ひとり親", "権利擁護"),
    ),
)


def situation_of(key: str) -> Situation | None:
    """The situation of that key, or None."""
    return next((each for each in SITUATIONS if each.key == key), None)
