"""The labels of cards: `事業名：…`, `【担当課】`, `■計画`, `成果 | …`, alone or several on one line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from kusei.documents.reading.card_names import named_by_headings
from kusei.documents.reading.card_words import Label, is_tag, legend_of, meaning_of, role_by_values
from kusei.documents.reading.columns import Heading, Role
from kusei.documents.reading.markers import find_marker
from kusei.documents.reading.model import Line
from kusei.documents.reading.normalise import clean
from kusei.documents.reading.padded_layout import pieces_of

NAMES = frozenset({Role.PROJECT, Role.MATTER})

# What stands on a card's left: words that are labels wherever they head a line.
_USUAL = (
    r"(?:(?:令和|平成|R|H)?(?:\d{1,2}|元)年度(?:の)?|年次|年度別?|本年度の?|今年度の?|当年度の?|主な|事業の?|取組の|施策の|具体的な)*"
    r"(?:(?:事務?事業|細事業|取組|取り組み|施策|政策|事業)(?:名称?|項目|コード)|件名|名称|事業|取組(?:項目)?|上位施策|基本目標|基本施策|施策|政策|重点(?:目標|分野)|"
    r"(?:主)?(?:担当|所管|主管)(?:部?課|部署|部局?|係|者)?名?|実施主体|(?:当初)?予算額?|(?:総)?事業費|決算額?|前年度(?:当初)?(?:予算|決算)?額?|"
    r"目的|ねらい|概要|内容|対象者?|手段|(?:事業|実施)?期間|(?:事業)?開始年度|根拠(?:法令等?)?|会計(?:名|区分)?|評価(?:対象)?年度|計画(?:の)?内容|(?:必要|有効|効率|妥当|公平|緊急|達成|優先)性|指標名?|事業費の推移|改善内容|現状と課題|実施(?:内容|状況|時期|計画|結果)|取組(?:内容|状況|結果)|計画|予定|目標|実績|成果|結果|効果|課題|"
    r"(?:総合|自己|内部|外部|一次|二次|事業)?評価|(?:今後の|見直しの|次年度の)?(?:方向性?|取組|課題|予定|方針|展開)|判定|(?:活動|成果|評価)指標|(?:整理|事業|取組|施策|通し|管理)?番号|備考|特記事項|改善点|(?i:plan|do|check|action|act)|達成状況|達成度|進捗(?:状況)?)"
    r"(?:[(](?!\d{1,2}[)]).{1,10}[)])?"
)
_USUAL_LABEL = re.compile(rf"^{_USUAL}$")
_MARK = r"[・○●◎■◆□◇▼▶◯*－\-]"
_NUMBER = r"(?:[(（]?[\d０-９]{1,2}[)）.．]?|[①-⑳]|[ア-コ][.．]?)[\s\u3000]+"
_BRACKET = re.compile(
    rf"^{_MARK}?[\s\u3000]*[【\[［〔<＜《](?P<words>[^】\]］〕>＞》]{{1,16}})[】\]］〕>＞》][\s\u3000]*[:：]?[\s\u3000]*(?P<value>.*)$"
)
_COLON = re.compile(
    rf"^(?:{_MARK}|{_NUMBER})?[\s\u3000]*(?:\*\*)?(?P<words>[^\s:：。、「」*()（）]{{1,16}}(?:[(（][^:：]{{1,10}}[)）])?(?:[\s\u3000][^\s:：。、「」]{{1,3}})?)(?:\*\*)?[\s\u3000]*[:：](?!//)(?:\*\*)?[\s\u3000]*(?P<value>.*)$"
)
_BAR = re.compile(
    rf"^{_MARK}?[\s\u3000]*(?P<words>[^\s|｜│]{{2,14}})[\s\u3000]*[|｜│][\s\u3000]*(?P<value>[^|｜│]*?)[\s\u3000]*[|｜│]?$"
)
_PLAIN = re.compile(
    rf"^(?P<mark>{_MARK}|{_NUMBER})?[\s\u3000]*(?P<words>[^\s。、]{{2,14}})(?:(?P<gap>[\s\u3000]+)(?P<value>\S.*))?$"
)
_SPREAD = re.compile(
    rf"^(?P<mark>{_MARK}?[\s\u3000]*)(?P<words>[一-龥](?:[\s\u3000]+[一-龥]){{1,3}})(?=[\s\u3000]*[:：|｜])"
)
_SET_WIDE = re.compile(
    rf"^(?P<mark>{_MARK}?[\s\u3000]*)(?P<words>[一-龥](?P<gap>[ \u3000]+)[一-龥](?:(?P=gap)[一-龥]){{0,4}})(?=[ \t\u3000]|$)"
)
_CARD_NUMBER = re.compile(
    rf"^{_MARK}?\s*[【\[<(]?(?P<words>(?:整理|事業|取組|施策|通し|管理)番号|(?:重点|主要|個別|具体的な?)?(?:取組|事業|施策)|No\.?|№)\s?[:(]?\s?(?P<number>\d{{1,3}}(?:-\d{{1,3}})*)[)】\]>]{{0,2}}$"
)
_INNER = re.compile(
    rf"(?<=\S)[\s\u3000/／]+(?=[【\[［〔][^】\]］〕]{{2,12}}[】\]］〕]|(?:{_MARK}[\s\u3000]*)?{_USUAL}[\s\u3000]*[:：])"
)


def labels_in(line: Line) -> list[Label]:
    """The labels of a line, each with its value; [] for a line that has none at its beginning."""
    text = line.text.strip(" \u3000\t|｜│\r\n")
    if not text or len(text) > 2000:
        return []
    text = _SPREAD.sub(lambda match: match["mark"] + re.sub(r"[\s\u3000]", "", match["words"]), text)
    text = _together(text)
    first = _numbered(text, line) or _label_of(text, line)
    if first is None:
        return []
    found = [first]
    first.value, *others = _INNER.split(first.value)
    for part in others:
        label = _label_of(part.strip(), line)
        if label is not None:
            found.append(label)
        else:
            found[-1].value += f"\u3000{part}"
    return [label for one in found for label in _side_by_side(one)]


def _numbered(text: str, line: Line) -> Label | None:
    """The number of a card on a line of its own: 整理番号１２, 重点取組　３, No.5."""
    match = _CARD_NUMBER.match(clean(text))
    if match is None:
        return None
    words = match["words"].rstrip(". ")
    return Label(Heading(Role.NUMBER, words), words, match["number"], "number", line)


def _side_by_side(label: Label) -> list[Label]:
    """A label, and those that stand right of its value in columns of their own: 事業名　朝市　　　担当　商工課."""
    if label.heading.role is Role.INDICATOR or label.form not in {"plain", "marked"}:
        return [label]
    found = [label]
    pieces = pieces_of(label.value)
    begin = 0
    for i, piece in enumerate(pieces[:-1]):
        words = clean(piece.text)
        if i == begin or piece.gap < 4 or not _USUAL_LABEL.match(words.replace(" ", "")):
            continue
        heading = meaning_of(words)
        if heading is None or _USUAL_LABEL.match(clean(pieces[i + 1].text)):
            continue
        found[-1].value = "\u3000".join(one.text for one in pieces[begin if begin == 0 else begin + 1 : i])
        found.append(Label(heading, words, "", label.form, label.line))
        begin = i
    if len(found) > 1:
        found[-1].value = "\u3000".join(one.text for one in pieces[begin + 1 :])
    return found


def _together(text: str) -> str:
    """A usual label that is set wide, 担　当　課　　交通政策課, with its characters together."""
    match = _SET_WIDE.match(text)
    if match is None:
        return text
    words = re.sub(r"[\s\u3000]", "", match["words"])
    return (
        f"{match['mark']}{words}{text[match.end() :]}"
        if len(words) > 1 and _USUAL_LABEL.match(words)
        else text
    )


def _label_of(text: str, line: Line) -> Label | None:
    for form, pattern in (("bracket", _BRACKET), ("colon", _COLON), ("bar", _BAR)):
        match = pattern.match(text)
        if match is None or (form == "bracket" and is_tag(match["words"])):
            continue
        if heading := _meaning(match["words"]):
            return Label(heading, clean(match["words"]), match["value"], form, line)
    match = _PLAIN.match(text)
    if match is None or _heads_columns(text):
        return None
    words = clean(match["words"])
    heading = meaning_of(words)
    if heading is None or not _USUAL_LABEL.match(words.replace(" ", "")):
        return None
    mark = (match["mark"] or "").strip()
    form = "marked" if mark else "plain"
    if not mark and match["value"] is None and words in {"事業", "取組", "施策", "計画", "評価", "概要"}:
        form = "word"
    return Label(heading, words, match["value"] or "", form, line)


def _heads_columns(text: str) -> bool:
    """A line of nothing but headings: 事業名　予算額　担当課."""
    pieces = [clean(piece.text).lstrip("■□◆◇○●") for piece in pieces_of(text)]
    return len(pieces) > 1 and all(_USUAL_LABEL.match(piece.replace(" ", "")) for piece in pieces)


def _meaning(words: str) -> Heading | None:
    folded = clean(words)
    if re.fullmatch(r"[\d\s.,()-]*", folded) or len(folded) > 16:
        return None
    heading = meaning_of(folded)
    if heading is None and re.fullmatch(r"[一-龥ぁ-んァ-ヺー・()A-Z\d]{2,12}", folded):
        heading = Heading(Role.OTHER, folded)
    return heading


def card_labels(lines: Sequence[Line]) -> dict[int, list[Label]]:
    """The labels of a whole document by index of their line. Loose forms count only where their words come again."""
    legend = legend_of(lines)
    found = {
        i: labels for i, line in enumerate(lines) if (labels := _lettered(line, legend) or labels_in(line))
    }
    found = _told_by_values(found)
    every = [label for labels in found.values() for label in labels]
    times = Counter((label.words, label.form) for label in every)
    forms = Counter(label.form for label in every if label.heading.role is not Role.OTHER)
    names = Counter(label.words for label in every if label.heading.role in NAMES)
    known = Counter(label.words for label in every if label.heading.role is not Role.OTHER)
    named = bool(names)  # without a label for the name there are as many cards as its second most usual label
    cards = max(names.values()) if named else sorted([0, 0, *known.values()])[-2]
    kept: dict[int, list[Label]] = {}
    for i, labels in found.items():
        first = labels[0]
        again = times[(first.words, first.form)] >= 2
        often = again and times[(first.words, first.form)] * 2 >= cards
        usual = bool(_USUAL_LABEL.match(first.words.replace(" ", "")))
        main_form = forms[first.form] * 4 >= sum(forms.values())
        if first.form in {"letter", "number"}:
            sure = True
        elif first.form == "word":
            sure = often and cards > 1 and usual
        elif first.heading.role is Role.OTHER:
            sure = (
                (again and cards > 1 and (named or often))
                or (usual and main_form)
                or (cards == 1 and main_form and first.form in {"bracket", "colon"})
            )
        elif first.form in {"bracket", "colon"}:
            sure = again or usual or main_form
        else:
            apart = len(pieces_of(_together(lines[i].text.strip()))) > 1 or first.heading.unit is not None
            sure = (again or (named and cards <= 1) or apart) and usual and main_form
            sure = sure or (usual and often and cards > 1 and _opens_list(lines, i, first))
        if sure:
            kept[i] = labels
    kept |= _of_same_mark(lines, kept)
    return named_by_headings(lines, dict(sorted(kept.items())))


def _of_same_mark(lines: Sequence[Line], kept: dict[int, list[Label]]) -> dict[int, list[Label]]:
    """Further labels behind the mark (■, ●) that the labels of the cards have: usual ones, and any whose words come again."""
    marks = Counter(
        lines[i].text.strip()[0] for i, labels in kept.items() if labels[0].form in {"marked", "colon"}
    )
    mark, times = marks.most_common(1)[0] if marks else ("", 0)
    if times < 4 or mark not in "○●◎■◆□◇▼▶◯":
        return {}
    words: dict[int, re.Match[str]] = {
        i: match
        for i, line in enumerate(lines)
        if i not in kept and line.text.strip().startswith(mark) and (match := _PLAIN.match(line.text.strip()))
    }
    often = Counter(clean(match["words"]) for match in words.values())
    found: dict[int, list[Label]] = {}
    for i, match in words.items():
        own = clean(match["words"])
        heading = meaning_of(own)
        if find_marker(own) is None and (often[own] >= 2 or (heading and _USUAL_LABEL.match(own))):
            found[i] = [
                Label(heading or Heading(Role.OTHER, own), own, match["value"] or "", "marked", lines[i])
            ]
    return found


def _opens_list(lines: Sequence[Line], i: int, label: Label) -> bool:
    """Whether a label stands alone on its line, with a list of bullets or lines set further in below it."""
    if i + 1 >= len(lines) or label.value:
        return False
    own, text = lines[i].text, lines[i + 1].text
    below = find_marker(text)
    further = len(text) - len(text.lstrip(" \t\u3000")) > len(own) - len(own.lstrip(" \t\u3000"))
    return further or (below is not None and bool(below.rest))


def _lettered(line: Line, legend: dict[str, str]) -> list[Label]:
    """A line behind a letter that the legend explains: 計　三か所を指定."""
    text = line.text.strip()
    if len(text) < 3 or text[0] not in legend or not re.match(r"[\s\u3000:：]", text[1]):
        return []
    words = legend[text[0]]
    heading = meaning_of(words) or Heading(Role.OTHER, words)
    return [Label(heading, words, text[1:].strip(" \u3000:："), "letter", line)]


def _told_by_values(found: dict[int, list[Label]]) -> dict[int, list[Label]]:
    """Labels whose words say nothing (動く人, 費用) mean what stands behind them on most cards."""
    values: dict[tuple[str, str], list[str]] = {}
    for labels in found.values():
        for label in labels:
            if label.heading.role is Role.OTHER:
                values.setdefault((label.words, label.form), []).append(label.value)
    roles = {key: role for key, own in values.items() if (role := role_by_values(own)) is not None}
    if not roles:
        return found
    return {
        i: [
            replace(label, heading=replace(label.heading, role=role))
            if (role := roles.get((label.words, label.form))) is not None and label.heading.role is Role.OTHER
            else label
            for label in labels
        ]
        for i, labels in found.items()
    }


def section_label(line: Line) -> Label | None:
    """A numbered heading inside a sheet (２　事業費, ３ 評価) as a label whose value stands below it."""
    marker = find_marker(line.text)
    if marker is None or not marker.number or len(marker.rest) > 12:
        return None
    heading = meaning_of(marker.rest)
    if heading is None or not _USUAL_LABEL.match(marker.rest.replace(" ", "")):
        return None
    return Label(heading, marker.rest, "", "section", line)
