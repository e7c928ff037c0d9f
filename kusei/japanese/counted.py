"""Counts in a Japanese text: 新規登録28件 → 28 件, labelled 新規登録.

A figure is a number with what it counts or measures: counts with zero, money, rates, frequencies, durations, lengths. Dates,
times of day, ages, ordinals (第2回, 2回目), limits (30人以内), numbers of laws and telephones, and numbers inside names
(100円バス, 4か月児健診) are none. A range (20~30人) has no one value and is left to a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from kusei.japanese.counted_numbers import NUMBER, as_money, value_of
from kusei.japanese.counted_units import NOUNS, PEOPLE, SCHOOL, is_name, unit_at
from kusei.japanese.folding import fold
from kusei.japanese.offsets import fold_with_offsets

_CIRCLED = dict.fromkeys((*range(0x2460, 0x249C), *range(0x24EA, 0x2500)), "・")  # ①20人 is no 120人

_BEHIND = 16  # characters looked at behind a unit
_BEFORE = 40  # and before a number

_SMALL_KANJI = "〇一二三四五六七八九十百千万億"
_NO_NUMBER = re.compile(
    r"(?:第\s?[0-9一二三四五六七八九十・、,~]*\s?|(?<![A-Za-z])[A-Za-z]|(?:No|NO|no|[Vv]ol|[Vv]er|P)\.?\s?|[№#][ ]?|"
    r"[0-9][-/:.,、・~]\s?|[0-9][年月日回人名件組園校台枚部]{0,2}~\s?|(?:令和|平成|昭和|大正|明治|西暦)\s?|(?<![一-龥々ァ-ヴー])数|[何幾]|その|ナンバー|番号[:は]?|時速|毎時|毎秒|上限[は:]?|満)\Z"
)
_KANJI_WORD = re.compile(
    r"[統唯均画随専逐単同両東西南北尾数]\Z"
)  # 統一, 唯一, 数十 …: the numeral belongs to a word
_KANJI_PLACE = re.compile(r"[町市村駅川橋寺池坂]|丁目|神社|通り")  # 三枚町, 百人町
_SIGN = re.compile(r"([△▲]|(?:(?:[(=:]|比|増減|差|変化)\s?)-)\s?\Z")
_SIGNS = {"△", "▲", "-"}
_DAYS = re.compile(
    r"(?:(?:毎?週|延べ|のべ|計|全|年間|年)(?:約)?|(?<![0-9〇一二三四五六七八九十今先来翌同毎当隔])月)\s?\Z"
)
_OF_A_MONTH = re.compile(
    r"(?:[0-9〇一二三四五六七八九十先来翌同毎当今元]\s?(?:月|年度?|/)の?|時間[、・]?)\s?\Z"
)
_PER_VISIT = re.compile(r"(?:延(?![長期焼命伸])|のべ)[^0-9、。\n]{0,10}\Z")
_TENTHS = re.compile(r"([1-9一二三四五六七八九])分")
_AGED = re.compile(
    r"(?:生後|満|妊娠|[0-9一二三四五六七八九十]歳(?:児?の?)?|[0-9一二三四五六七八九十]年)\s?\Z"
)
_AT_TIME = re.compile(r"(?:[0-9一二三四五六七八九十]時|徒歩|バスで?|車で)(?:で|約)?\s?\Z")
_IN_A_TEAM = re.compile(r"(?:[0-9]年|年生の?)\s?\Z")
_POINTED_AT = re.compile(r"(?:次|以下|この|これら|上記|下記|以上|その|ため|ほか|他)の?\s?\Z")
_THING = re.compile(r"の?((?!うち|とき|もの|こと|ほか)[一-龥々ァ-ヴー]{1,12}(?:り(?=[にをはがでと]))?)")
_IDEAS = re.compile(
    r"(?:柱|目標|視点|観点|方針|分野|課題|密|原則|要素|理由|段階|力|戦略|約束|テーマ|条件|ポイント|パターン|側面|重点|方向性?|取組|基本|機能|効果|役割|意味|点|目的|考え方|特徴|区分|目|子|星|葉)\Z"
)
_EACH_ONE = re.compile(r"[1一](?:人|名|校|社|店|町|村|家庭|世帯|自治会|団体|園|区|国)\s?\Z")
_ONE_BEHIND = re.compile(r"[1一](?:台|人|校|社|店|品|国|町|村|役|票|冊|鉢|運動|スポーツ|花|芸|部屋)")
_PRICE_OF_ONE = re.compile(r"[0-9][0-9,]*(?:円|[枚個本袋]入)")
_ALONE = re.compile(r"[暮ひ一1]|でも|では?[^、。]{0,4}(?:暮|生活)|親|も")
_ONE_IDLE = frozenset("部つ種面例案足口着首団角通両番門機度端輪")
_SOLD = {"人", "枚", "箱", "袋", "個", "本", "冊", "部", "口", "泊", "食"}
_ONLY = re.compile(r"しか|だけ|のみ")
_KANJI_MINUTES = {"十", "十二", "五"}
_HEADING_MONEY = {"千", "百万", "万", "億"}
_LONGEST_YEARS = 100

_QUOTED = re.compile(r"「[^「」\n]{1,20}」|『[^『』\n]{1,20}』|“[^“”\n]{1,20}”")
_STATEMENT = re.compile(r"[×=:、。]|開催|実施|参加|交付|延べ|計[0-9]|円")

# What may stand between the label and the number.
_LEAD = re.compile(
    r"(?:は|が|を|も|:|に|で|と|の)?(?:約|およそ|おおむね|概ね|計|延べ人数|延べ|のべ|合計|総計|全|各|毎年|毎月|毎週|隔月|年間で?|年に|年|月に|月|週に|週|うち|新たに|さらに|\+|△|▲|-|=|\s|\()*\Z"
)
_CUT = re.compile(
    r"[。、「」『』()\[\]【】:;\s×=※/]|[0-9.]+[/~.][0-9/~.]+|(?:する|した|して|された|では|での|には|基づき(?!\Z)|により(?!\Z)|から|まで|(?<!だ)より|及び|または?|うち|ため|など|等の)"
)
_PARTICLE = re.compile(r"[はをにでへ]|が(?!ん)|(?<=時点)の")
_COUNTED_BEFORE = re.compile(
    rf"^.*[0-9{_SMALL_KANJI}](?:年度|年|月|日|時|分|回|件|人|名|団体|か所|校|園|台|枚|部|組|社|%|円|歳の)(?:目の?)?(?![線暮親児間以ァ-ヴ])"
)
_KANA_BEFORE = re.compile(r"^[ぁ-ん]{1,3}(?=[一-龥々ァ-ヴA-Za-z])")
_VERB_BEFORE = re.compile(r"^[一-龥][一-龥ぁ-ん]{0,3}[うくぐすつぬぶむるただ](?=[一-龥々ァ-ヴー]{2})")
_EDGE_WORDS = re.compile(
    r"^(?:計|約|延べ|のべ|合計|年間|全|およそ|各|月|年|毎月|うち|そのうち|それぞれ|残る|他の|新た)+$"
)
_NO_LABEL = re.compile(
    r"^(?:実施|開催|参加|実績|区内|市内|町内|県内|全体|今年度|昨年度|通年週?|同一?じ?内容|新たな?|終了|配布|回答|内訳|総数|結果|延べ)$|[して]$|^[\W0-9ぁ-ん]+$|(?:時点|現在|当たり|当り|あたり|につき|入り|以上|以下)$|^(?!祭)[一-龥][ぁ-ん]{1,2}$|^No"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A figure of a text and where it stands: text[begin:end] is number and unit as printed."""

    value: Decimal
    unit: str
    label: str | None
    begin: int
    end: int


def figures_in(text: str) -> list[Found]:
    """Every figure that `text` states, in order and without overlap. Runs once over the text, however long it is.

    `unit` is as printed in NFKC (か所 and 箇所 stay two spellings); people counted per visit are 延べ人. Money keeps a printed
    multiple (1,080千円 → 1080 千円), sums of multiples and kanji numbers are told in 円. `label` is the noun that says what is
    counted, None where none stands right before the number.

        延べ1,251人参加        1251 延べ人
        計44,450,120円を交付   44450120 円
        応募は149団体          149 団体, labelled 応募
        年間24回               24 回
        18小学校               18 校, labelled 小学校
        一部中止               nothing
    """
    text = text.translate(_CIRCLED)
    spread = fold_with_offsets(text.replace("\n", "\v"))  # a line break is no blank to be joined here
    folded = fold(text)
    if len(folded) != len(spread.text):
        folded = spread.text.replace("\v", "\n")
    return [
        Found(value, unit, label, *spread.raw_span(begin, end))
        for value, unit, label, begin, end in _scan(folded)
    ]


def counts_in(text: str) -> Iterator[tuple[Decimal, str, str | None]]:
    """The same figures without their places: value, unit, label."""
    for value, unit, label, _, _ in _scan(fold(text.translate(_CIRCLED))):
        yield value, unit, label


def _scan(folded: str) -> Iterator[tuple[Decimal, str, str | None, int, int]]:
    names = _names(folded)
    last = 0
    for number in NUMBER.finditer(folded):
        begin, at = number.span()
        if begin < last:
            continue
        before = folded[max(last, begin - _BEFORE) : begin]
        window = folded[max(0, begin - _BEFORE) : begin]
        found = _figure(folded, number[0], window, at, in_name=_inside(names, begin))
        if found is None:
            continue
        value, unit, noun, end = found
        if window.rstrip()[-1:] in _SIGNS and _SIGN.search(window):
            value = -value
        yield value, unit, noun or _label(before), begin, end
        last = end


def _names(folded: str) -> list[tuple[int, int]]:
    """Short quotations that state nothing are names: a number in 「みどりの100人会」 counts nobody."""
    return [
        match.span() for match in reversed(list(_QUOTED.finditer(folded))) if not _STATEMENT.search(match[0])
    ]


def _inside(names: list[tuple[int, int]], place: int) -> bool:
    """Whether `place` lies in a name; names are taken from the end of the list as the places go on."""
    while names and names[-1][1] <= place:
        names.pop()
    return bool(names) and names[-1][0] <= place


def _figure(
    folded: str, printed: str, before: str, at: int, *, in_name: bool
) -> tuple[Decimal, str, str | None, int] | None:
    """The value, the unit, what is counted where the text names it behind the number, and where the figure ends."""
    counted = None if in_name else unit_at(folded, at)
    if counted is None:
        return None
    unit, end = counted
    if folded[at : at + 1] == " " and unit in NOUNS and before[-1:] in {"", "\n", "<", "■", "◆"}:
        return None  # the number of a heading
    after = folded[end : end + _BEHIND]
    kanji = not printed[0].isascii()
    if _is_no_count(printed, before, unit, after, kanji=kanji):
        return None
    value = value_of(printed)
    if value is None:
        return None
    if value == value.to_integral_value():
        value = Decimal(int(value))
    if unit == "円" and not kanji and (money := as_money(printed)):
        value, unit = money[0], f"{money[1]}円"
    if unit == "つ":
        noun = _counted_things(value, before, after)
        return (value, unit, noun, end) if noun else None
    if value == 1 and _is_idle_one(unit, before, after, kanji=kanji):
        return None
    if unit.endswith("年間") and value > _LONGEST_YEARS:
        return None
    if unit == "割" and (tenth := _TENTHS.match(after)) and value == int(value):
        value, end = value + (value_of(tenth[1]) or Decimal(0)) / 10, end + 2
    noun = None
    if SCHOOL.fullmatch(unit) and not unit.endswith("高校"):
        unit, noun = "校", unit
    elif unit in PEOPLE and _PER_VISIT.search(before[-14:]):
        unit = "延べ人"
    return value, unit, noun, end


def _is_no_count(printed: str, before: str, unit: str, after: str, *, kanji: bool) -> bool:
    if _NO_NUMBER.search(before[-12:]) or is_name(unit, after):
        return True
    if after[:1] == "~":
        return True
    if kanji and (
        _KANJI_WORD.search(before)
        or _KANJI_PLACE.match(after)
        or (unit == "円" and printed in _HEADING_MONEY)
    ):
        return True
    if unit == "日" and not before and after[:1] in {"", "。", "\n"}:
        return False  # a whole answer: a day of the month would name its month
    if unit == "日":
        return bool(_OF_A_MONTH.search(before)) or not (_DAYS.search(before) or (value_of(printed) or 0) > 31)
    if unit.endswith(("か月", "カ月", "ヶ月", "ヵ月", "箇月", "日分")):
        return bool(_AGED.search(before))
    if unit in {"分", "分間"}:
        return bool(_AT_TIME.search(before)) or (kanji and printed in _KANJI_MINUTES)
    if unit == "組":
        return bool(_IN_A_TEAM.search(before))
    return unit == "点" and bool(_POINTED_AT.search(before))


def _counted_things(value: Decimal, before: str, after: str) -> str | None:
    """What Nつ counts: 5つのミニ講座 → ミニ講座. None for one, for ideas (3つの柱) and where no noun follows."""
    noun = _THING.match(after)
    if value == 1 or noun is None or len(noun[1]) < 2 or _POINTED_AT.search(before) or _IDEAS.search(noun[1]):
        return None
    return noun[1]


def _is_idle_one(unit: str, before: str, after: str, *, kanji: bool) -> bool:
    """One of each (1人1台), alone (一人暮らし), and words written with 一 (一部, 一例)."""
    if (
        _EACH_ONE.search(before)
        or _ONE_BEHIND.match(after)
        or (unit == "組" and before.endswith(("人", "人で")))
    ):
        return True
    if unit in _SOLD and _PRICE_OF_ONE.match(after):
        return True
    if unit == "人" and (_ALONE.match(after) or before.endswith("誰")):
        return True
    return kanji and unit in _ONE_IDLE and not _ONLY.match(after)


def _label(before: str) -> str | None:
    """The word before a number: the last noun after any cut, without a particle."""
    tail = _LEAD.sub("", before[-28:])
    pieces = [piece for piece in _CUT.split(tail) if piece]
    if not pieces or not tail or _CUT.match(tail[-1]):
        return None
    word = _PARTICLE.split(pieces[-1])[-1].strip("・の")
    word = _COUNTED_BEFORE.sub("", word)
    word = _VERB_BEFORE.sub("", _KANA_BEFORE.sub("", word))
    if (len(word) < 2 and word not in {"男", "女"}) or _EDGE_WORDS.match(word) or _NO_LABEL.search(word):
        return None
    return word
