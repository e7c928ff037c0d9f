"""What is printed around a heading: 【amount】, （amount）, ＜tag＞, 【body】, 【programme】, 【budget source】."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kusei.documents.reading.model import Amount

TAG_WORDS = "一部新規|一部新|新規|新設|拡大|拡充|重点|継続|再掲|縮小|廃止|見直し|完了|休止|終了|強化|充実|主要|特定|組替|臨時|公約|単独|補助|新|拡|区|局|国|県|市|デジタル|DX|ゼロ予算|令達|事項要求|皆増|重|継"  # longer words first
_TAG = re.compile(rf"^(?:{TAG_WORDS})$")
_TAG_LINE = re.compile(rf"^(?:[<\[【(《]?(?:{TAG_WORDS})(?:事業)?[>\]】)》]?[\s・、]*)+$")
_FUNDS = {"区", "局", "国", "県", "市"}
_SHORT_TAGS = {"区", "局", "国", "県", "市", "新", "拡"}

UNIT = r"(?:千円|百万円|十億円|百億円|億円|万円|兆円|円)"
_START = r"(?<!\d)(?<!\d,)"  # never in the middle of a number: that finds nothing, slowly
_NUMBER = rf"[△▲\-−]?\s?{_START}\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|[△▲\-−]?\s?{_START}\d+(?:\.\d+)?"
_SCALED = (
    r"(?:\d[\d,]*(?:\.\d+)?\s?兆)?(?:\d[\d,]*(?:\.\d+)?\s?億)?(?:\d[\d,]*(?:\.\d+)?\s?万)?(?:\d[\d,]*)?円"
)
MONEY = re.compile(rf"(?P<number>{_NUMBER})\s*(?P<unit>{UNIT})")
_MIXED_MONEY = re.compile(rf"[△▲\-]?\s?{_START}(?=\d[\d,]*(?:\.\d+)?\s?[兆億]\s?\d)(?P<scaled>{_SCALED})")
_PREVIOUS = re.compile(
    rf"(?:前年度?|昨年度)(?:当初)?(?:予算額?)?[:\s]*(?:(?=\d[\d,.]*\s?[兆億]\s?\d){_SCALED}|(?P<number>{_NUMBER})\s*(?P<unit>{UNIT})?)"
)

# A body's name ends so. (General endings of offices and organisations; no name of any one of them.)
BODY_END = "課|室|局|係|署|所|部|会|団|館|園|校|院|社|庁|省|センター|プラザ|拠点|担当|事務所|チーム|協議会|委員会|協会|連合会|自治会|町内会|法人|大学|消防|警察|保育園|幼稚園|病院|グループ|本部|支所|財団|組合|機構|クラブ|事業者|施設|区役所|市役所|グループ"
_BODY = re.compile(
    rf"^[^\d。、:!?()<>【】\[\]「」《》]{{1,24}}(?:{BODY_END})(?:\([^)]{{1,12}}\))?(?:長|等|ほか|など)?$"
)
_BODIES = {"市町村", "区市町村", "市区町村", "都道府県", "各市町村", "関係市町村", "関係機関"}
_NOT_A_BODY = re.compile(
    r"(?:事業|支援|推進|取組|活動|計画|状況|目標|について)$|^(?:地域の|区民の|.*づくり$)"
)
BUDGET_SOURCE = re.compile(
    r"(?:区配|事業費|会計|交付金|基金|補助金|特別会計|一般会計|繰入金|財源|推進費|予算)$"
)

_NO_PROGRAMME = re.compile(
    r"(?:主な|主要な?|重点|具体的な?|関連する?|その他の?|継続|新規|個別)?(?:事業|取組|プロジェクト|施策)(?:等|一覧|内容)?"
)
_BRACKET = re.compile(r"[【\[〔《<≪](?P<inside>[^【】\[\]〔〕《》<>≪≫]{1,60})[】\]〕》>≫]")
_PAREN_AMOUNT = re.compile(rf"\(\s*(?P<number>{_NUMBER})\s*(?P<unit>{UNIT})?\s*\)")


@dataclass(slots=True)
class Attributes:
    """What was found beside a heading; `title` is what is left of it."""

    title: str
    amount: Amount | None = None
    previous: Amount | None = None
    tags: list[str] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)
    programme: str | None = None
    budget_source: str | None = None
    notes: list[str] = field(default_factory=list)
    """Labelled pieces without a place of their own (いつ:6月); they go into the item's text."""

    @property
    def any(self) -> bool:
        return bool(
            self.amount or self.previous or self.tags or self.owners or self.programme or self.budget_source
        )


def plain_number(text: str) -> str:
    """`26,397` → `26397`; a printed minus (△ ▲) becomes -."""
    return re.sub(r"^[△▲−]", "-", text.replace(",", "").replace(" ", ""))


def is_body(name: str) -> bool:
    """Whether `name` reads like an office or organisation (ends like one, and is no programme or topic)."""
    return name in _BODIES or (bool(_BODY.match(name)) and not _NOT_A_BODY.search(name))


def split_bodies(text: str) -> list[str]:
    """`総務課、区政推進課` → both; [] unless every piece reads like a body. A middle dot inside a name is kept."""
    text = re.sub(
        r"^(?:担当課?|所管課?|実施主体|主管課?|担当部署|所管部署|担当部局)[:：\s]+", "", text.strip()
    )
    pieces = [
        piece.strip()
        for piece in re.split(r"[、,，/／\n;]|\s+|及び|と(?=[^ぁ-ん]{2,}(?:課|室|局|所)$)", text)
        if piece.strip()
    ]
    if len(pieces) == 1 and "・" in pieces[0]:
        halves = [half for half in pieces[0].split("・") if half]
        if all(is_body(half) for half in halves):
            pieces = halves
    if pieces and all(is_body(piece) for piece in pieces):
        return pieces
    return []


_OWNER_LABEL = r"(?:(?:実施|推進|取組|事業)主体|(?:担当|所管|主管|関係|関連)(?:課|部署|部局|課等|部課)?)"
_LABELLED_OWNERS = re.compile(
    rf"^(?:[【\[〔(]\s*{_OWNER_LABEL}\s*[::]\s*(?P<boxed>[^【】\[\]〔〕()。]{{1,80}})[】\]〕)]|{_OWNER_LABEL}\s*[::]\s*(?P<open>[^\s:。]{{1,80}}))\s*(?P<rest>.*)$"
)


def labelled_owners(text: str) -> tuple[list[str], str] | None:
    """The bodies that a line names behind a label, and what stands behind them (money or nothing): with the label, a name
    need not end like one of an office. None for any other line."""
    match = _LABELLED_OWNERS.match(text) if len(text) <= 160 else None
    if match is None or (match["rest"] and money_line(match["rest"].strip("【】[]〔〕()")) is None):
        return None
    names = match["boxed"] or match["open"]
    owners = split_bodies(names) or [name for name in re.split(r"\s*[、,/]\s*", names.strip()) if name]
    return owners, match["rest"].strip("【】[]〔〕()")


def tags_in_line(text: str) -> list[str]:
    """The tags of a line that holds nothing but tags (重点 新規); [] for any other line."""
    if len(text) > 20 or not _TAG_LINE.match(text):
        return []
    words = re.findall(TAG_WORDS, text)
    return [] if words and all(word in _SHORT_TAGS for word in words) and len(text) > 3 else words


def money_in(text: str) -> Amount | None:
    """The first amount with a unit in `text` (12億3,400万円 keeps its printed form, with the unit 円)."""
    mixed = _MIXED_MONEY.search(text)
    plain = MONEY.search(text)
    if mixed and (plain is None or mixed.start() <= plain.start()):
        return Amount(plain_number(mixed[0].removesuffix("円")), "円")
    return Amount(plain_number(plain["number"]), plain["unit"]) if plain else None


def money_line(text: str) -> tuple[Amount, Amount | None] | None:
    """A line that is money and nothing else: `26,397千円(前年度23,967千円)`, `予算額 6,588千円`."""
    previous = None
    if match := _PREVIOUS.search(text):
        previous = match
        rest = text[: match.start()] + text[match.end() :]
    else:
        rest = text
    amount = money_in(rest)
    if amount is None:
        return None
    before = None
    if previous:
        before = money_in(previous[0]) or Amount(plain_number(previous["number"]), amount.unit)
    left = _MIXED_MONEY.sub("", rest)
    left = MONEY.sub("", left, count=1)
    left = re.sub(
        r"(?:予算の(?:状況|執行状況)|(?:当初|本年度|今年度|令和\d+年度)?予算額?|執行額|決算額|(?:概算)?要求額|事業費|費用|総額|合計|計|うち|令和(?:\d+|元)年度|R\d+|約|当初)",
        "",
        left,
    )
    if re.search(r"[^\s:()【】\[\]<>、,-]", left):
        return None
    return amount, before


def read_attributes(text: str, *, unit: str | None, bare_amounts: bool) -> Attributes:
    """Take brackets with meaning off a heading.

    `unit`: the unit stated for the document, taken for bare numbers. `bare_amounts`: whether `(570)` at the end of a
    heading may be money (the document prints amounts so); a number with a unit always is.
    """
    found = Attributes(text)

    def take(match: re.Match[str]) -> str:
        inside = match["inside"].strip()
        if money := re.fullmatch(
            rf"(?:予算額?|事業費|R\d+)?[:\s]*(?P<number>{_NUMBER})\s*(?P<unit>{UNIT})?", inside
        ):
            if money["unit"] or "," in money["number"] or (bare_amounts and match[0][0] in "【[〔"):
                if found.amount is None:
                    found.amount = Amount(plain_number(money["number"]), money["unit"] or unit)
                return " "
            return match[0]
        if pair := money_line(inside):
            if found.amount is None:
                found.amount, found.previous = pair
            return " "
        words = re.split(r"[\s・、/]+", inside)
        if all(_TAG.match(word) for word in words):
            found.tags += words
            return " "
        if owners := split_bodies(inside):
            found.owners += owners
            return " "
        if (
            match[0][0] in "【[〔"
            and match.start() > 0
            and BUDGET_SOURCE.search(inside)
            and not inside.endswith("推進事業費予算")
            and found.budget_source is None
        ):
            found.budget_source = inside
            return " "
        if (
            match[0][0] in "【〔"
            and re.search(r"(?:事業|プロジェクト|プラン|制度)(?:等|ほか)?$", inside)
            and not _NO_PROGRAMME.fullmatch(inside)
            and found.programme is None
            and match.start() > 0
        ):
            found.programme = inside
            return " "
        return match[0]

    text = _trailing_money(text, found)
    if whole := re.fullmatch(r"[【〔《]([^【】〔〕《》]+)[】〕》]", text.strip()):
        inside = whole[1].strip()
        if (
            not split_bodies(inside)
            and not all(_TAG.match(word) for word in re.split(r"[\s・、/]+", inside))
            and not re.fullmatch(rf"{_NUMBER}(?:{UNIT})?", inside)
            and not money_line(inside)
        ):
            found.title = inside
            return found
    title = _BRACKET.sub(take, text)
    title = _paren_amount(title, found, unit=unit, bare_amounts=bare_amounts)
    title = _paren_words(title, found)
    found.title = re.sub(r"\s+", " ", title).strip(" :")
    return found


def _paren_amount(title: str, found: Attributes, *, unit: str | None, bare_amounts: bool) -> str:
    if pair := re.search(rf"\((?P<inside>[^()]*{UNIT}[^()]*)\)", title):
        amounts = money_line(pair["inside"])
        if amounts and found.amount is None:
            previous_only = _PREVIOUS.match(pair["inside"])
            if not previous_only:
                found.amount, found.previous = amounts
                return title[: pair.start()] + " " + title[pair.end() :]
    before = re.search(
        rf"\(\s*(?:前年度?|昨年度)(?:当初)?(?:予算額?)?[:\s]*(?P<before>{_NUMBER})\s*(?P<unit>{UNIT})?\s*\)",
        title,
    )
    if before and found.previous is None and (before["unit"] or unit or bare_amounts):
        found.previous = Amount(plain_number(before["before"]), before["unit"] or unit)
        title = title[: before.start()] + " " + title[before.end() :]
    pair = re.search(
        rf"\(\s*(?P<now>{_NUMBER})\s*(?P<unit>{UNIT})?[\s、,/]*前年度?[:\s]*(?P<before>{_NUMBER})\s*(?:{UNIT})?\s*\)",
        title,
    )
    if pair and found.amount is None:
        found.amount = Amount(plain_number(pair["now"]), pair["unit"] or unit)
        found.previous = Amount(plain_number(pair["before"]), pair["unit"] or unit)
        return title[: pair.start()] + " " + title[pair.end() :]
    for match in _PAREN_AMOUNT.finditer(title):
        number = match["number"]
        looks_like_year = re.fullmatch(r"(?:19|20)\d\d", number)
        if (
            match["unit"]
            or "," in number
            or (bare_amounts and not looks_like_year and match.end() >= len(title.rstrip()) - 12)
        ):
            if found.amount is None:
                found.amount = Amount(plain_number(number), match["unit"] or unit)
            return title[: match.start()] + " " + title[match.end() :]
    return title


def _paren_words(title: str, found: Attributes) -> str:
    match = re.search(r"\(([^()]{1,30})\)\s*$", title)
    if match:
        words = re.split(r"[\s・、/]+", match[1])
        if all(_TAG.match(word) and word not in _FUNDS for word in words):
            found.tags += words
            return title[: match.start()]
        owners = split_bodies(match[1])
        if owners and all(
            re.search(r"(?:課|室|局|係|署|部|団|社|庁|委員会|協議会|センター|事務所|担当|本部|警察)$", owner)
            for owner in owners
        ):
            found.owners += owners
            return title[: match.start()]
    return title


_AMOUNT = rf"(?:(?=\d[\d,]*(?:\.\d+)?\s?[兆億]\s?\d){_SCALED}|(?:{_NUMBER})\s*{UNIT})"
_TAIL = re.compile(
    rf"(?:[\s:…・.]+|(?<=[^\d,.兆億万]))(?:(?:当初)?予算額?[:\s]*|事業費[:\s]*)?(?P<amount>{_AMOUNT})\s*(?P<rest>[(（](?P<inside>[^()（）]*)[)）])?\s*(?P<after>[【\[(（][^【】\[\]()（）]{{1,30}}[】\])）])?$"
)


def _trailing_money(title: str, found: Attributes) -> str:
    """Money at the end of a heading: `… 325億円(281億円)`, `… 960万円 【保育課】`; a second amount is the year before's."""
    match = _TAIL.search(title)
    if match is None:
        return title
    head = title[: match.start()].strip()
    if len(head) < 2 or (re.search(r"[ぁ-ん、]$", head) and not re.search(r"[】り]$|づくり$|まち$", head)):
        return title
    found.amount = money_in(match["amount"])
    after = match["after"] or ""
    if match["rest"]:
        inside = match["inside"].strip()
        if previous := money_in(inside):
            found.previous = previous
        elif _TAG.match(inside):
            found.tags.append(inside)
        else:
            after = match["rest"] + after
    return f"{head} {after}".strip()


def leading_tags(text: str) -> tuple[list[str], str]:
    """Tags printed before a name: `区 定住・転入促進事業` → (["区"], "定住・転入促進事業"). Only before a blank."""
    tags: list[str] = []
    while match := re.match(
        rf"^(?:[<\[【(≪《](?P<boxed>{TAG_WORDS})[>\]】)≫》]\s*|(?P<bare>{TAG_WORDS})\s+)(?=\S)", text
    ):
        tags.append(match["boxed"] or match["bare"])
        text = text[match.end() :]
    return tags, text


def trailing_tags(text: str) -> tuple[list[str], str]:
    """Tags printed after a name and a blank: `地域力支援事業 重点`."""
    tags: list[str] = []
    while match := re.search(rf"(?<=\S)\s+[<\[【(]?({TAG_WORDS})[>\]】)]?$", text):
        tags.insert(0, match[1])
        text = text[: match.start()]
    return tags, text
