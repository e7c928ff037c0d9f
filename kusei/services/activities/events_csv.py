"""Open data: イベント一覧, as data of columns. Two editions: the 推奨データセット that cities publish and programs read (its header as in
NEC-FIWARE/smart-data-models, cio/06_イベント一覧, read 2026-11), and the fields of the GIF's event (43C), of whose CSV no header was found
published. A line is a session; what we do not know stays empty."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from kusei.japanese.furigana import WordList, annotate
from kusei.notices.telephone import WRITTEN
from kusei.services.activities.enums import ActivityKind, SessionState
from kusei.services.activities.models import Activity, ActivityTranslation, Session
from kusei.services.activities.queries.calendar import Intakes, Listed
from kusei.services.activities.queries.languages import translations_into
from kusei.wards.models import Ward
from kusei.wards.queries import readings_of

STANDARD, GIF = "standard", "gif"
_ROOM = re.compile(r"[\s　（(]|(地下|B)?[0-9０-９]+階|本館|別館|新館|会議室|講堂|ロビー")
_KANA = str.maketrans({chr(code): chr(code + 0x60) for code in range(0x3041, 0x3097)})
_PREFECTURES = (
    "北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県", "栃木県", "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県",
    "新潟県", "富山県", "石川県", "福井県", "山梨県", "長野県", "岐阜県", "静岡県", "愛知県", "三重県", "滋賀県", "京都府", "大阪府", "兵庫県",
    "奈良県", "和歌山県", "鳥取県", "島根県", "岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県", "高知県", "福岡県", "佐賀県", "長崎県",
    "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県",
)  # fmt: skip
_KINDS = {
    ActivityKind.COURSE: "教室・講座",
    ActivityKind.TRAINING: "教室・講座",
    ActivityKind.CONSULTATION: "相談",
    ActivityKind.MEETING: "会議",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One session, and what else its row is made of."""

    ward: Ward
    session: Session
    intake: Intakes | None
    url: str
    words: WordList | None
    english: ActivityTranslation | None

    @property
    def activity(self) -> Activity:
        return self.session.activity


@dataclass(frozen=True, slots=True)
class Table:
    """The heading and its rows."""

    heading: tuple[str, ...]
    rows: list[list[str]]


def events_table(
    ward: Ward, lines: Iterable[Listed], *, url_of: Callable[[Activity], str], edition: str = STANDARD
) -> Table:
    """The sessions as a table of the edition."""
    columns = EDITIONS[edition]
    readings = readings_of(ward.key)
    words = WordList(readings) if readings else None
    shown = list(lines)
    english = translations_into("en", [each.session.activity_id for each in shown])
    rows = []
    for each in shown:
        line = Line(
            ward,
            each.session,
            each.intake,
            url_of(each.session.activity),
            words,
            english.get(each.session.activity_id),
        )
        rows.append([told(line) for told in columns.values()])
    return Table(tuple(columns), rows)


def number_of(session: Session) -> str:
    """E000123: begins with a letter, so that no spreadsheet takes it for an amount."""
    return f"E{session.pk:06d}"


def katakana(text: str, words: WordList | None = None) -> str:
    """The reading of a title by dictionary and the ward's own words, in katakana: アカチャンキョウシツ."""
    return "".join(piece.reading or piece.surface for piece in annotate(text, words)).translate(_KANA)


def _prefecture(ward: Ward) -> str:
    number = int(ward.code[:2]) if ward.code else 0
    return _PREFECTURES[number - 1] if 1 <= number <= len(_PREFECTURES) else ""


def _day(line: Line, moment: str) -> str:
    return timezone.localdate(getattr(line.session, moment)).isoformat()


def _time(line: Line, moment: str) -> str:
    return f"{timezone.localtime(getattr(line.session, moment)):%H:%M}"


def _closes(line: Line, form: str) -> str:
    return f"{timezone.localtime(line.intake.intake.closes_at):{form}}" if line.intake else ""


def _opens(line: Line, form: str) -> str:
    return f"{timezone.localtime(line.intake.intake.opens_at):{form}}" if line.intake else ""


def _room_at_office(line: Line) -> str | None:
    """4階会議室 for 区役所4階会議室; "" for the ward office itself, None for any other place (区役所通り公園 is one)."""
    name = line.ward.name
    for office in (f"{line.ward.full_name}役所", f"{name}役所", f"{name[-1:]}役所"):
        if line.session.place.startswith(office):
            room = line.session.place.removeprefix(office)
            return room.strip("　 （）()") if not room or _ROOM.match(room) else None
    return None


def _address(line: Line) -> str:
    """Of the places only the ward office is known with its address."""
    return line.ward.contact_address if _room_at_office(line) is not None else ""


def _telephone(line: Line) -> str:
    found = WRITTEN.search(line.activity.contact)
    return found[0] if found else line.ward.contact_telephone


def _description(line: Line) -> str:
    activity = line.activity
    return activity.text or activity.audience or activity.title


def _how(line: Line) -> str:
    if line.intake is None:
        return "申込不要"
    return (
        "ホームページ又は電話（抽選）"
        if line.intake.intake.way == "lottery"
        else "ホームページ又は電話（先着順）"
    )


def _state(line: Line) -> str:
    return {SessionState.CALLED_OFF: "中止", SessionState.HELD: "終了"}.get(
        SessionState(line.session.state), "予定"
    )


def _remarks(line: Line) -> str:
    session, activity = line.session, line.activity
    is_off = session.state == SessionState.CALLED_OFF
    parts = [
        f"中止（{session.reason}）" if is_off else f"変更（{session.reason}）" if session.reason else "",
        f"対象: {activity.audience}" if activity.audience else "",
        f"持ち物: {activity.bring}" if activity.bring else "",
        _accessible(line),
        "オンラインで参加できます" if session.online_url else "",
    ]
    return "。".join(part for part in parts if part)


def _accessible(line: Line) -> str:
    activity = line.activity
    return ";".join(
        name
        for name, holds in (("手話通訳", activity.has_sign_language), ("段差なし", activity.is_step_free))
        if holds
    )


def _where(line: Line) -> str:
    if line.session.online_url:
        return "ハイブリッド" if line.session.place else "オンライン"
    return "現地開催のみ"


def _capacity(line: Line) -> str:
    return str(line.intake.capacity) if line.intake else ""


def _english(line: Line) -> str:
    return line.english.title if line.english else ""


def _languages(line: Line) -> str:
    return ";".join(str(each.get_code_display()) for each in line.activity.languages.all())


def _nothing(_line: Line) -> str:
    return ""


_Columns = dict[str, Callable[[Line], str]]

_STANDARD: _Columns = {
    "都道府県コード又は市区町村コード": lambda line: line.ward.code or "",
    "NO": lambda line: number_of(line.session),
    "都道府県名": lambda line: _prefecture(line.ward),
    "市区町村名": lambda line: line.ward.full_name,
    "イベント名": lambda line: line.activity.title,
    "イベント名_カナ": lambda line: katakana(line.activity.title, line.words),
    "イベント名_英語": _english,
    "開始日": lambda line: _day(line, "starts_at"),
    "終了日": lambda line: _day(line, "ends_at"),
    "開始時間": lambda line: _time(line, "starts_at"),
    "終了時間": lambda line: _time(line, "ends_at"),
    "開始日時特記事項": lambda line: line.session.part,
    "説明": _description,
    "料金(基本)": lambda line: str(line.activity.fee_yen),
    "料金(詳細)": lambda line: line.activity.fee_note,
    "連絡先名称": lambda line: line.activity.contact or line.activity.host.name,
    "連絡先電話番号": _telephone,
    "連絡先内線番号": _nothing,
    "主催者": lambda line: line.activity.host.name,
    "場所名称": lambda line: line.session.place or "オンライン",
    "住所": lambda line: _address(line) or line.ward.full_name,
    "方書": lambda line: (_room_at_office(line) or "") if _address(line) else "",
    "緯度": _nothing,
    "経度": _nothing,
    "アクセス方法": _nothing,
    "駐車場情報": _nothing,
    "定員": _capacity,
    "参加申込終了日": lambda line: _closes(line, "%Y-%m-%d"),
    "参加申込終了時間": lambda line: _closes(line, "%H:%M"),
    "参加申込方法": _how,
    "URL": lambda line: line.url,
    "備考": _remarks,
}

_GIF: _Columns = {
    "全国地方公共団体コード": lambda line: line.ward.code or "",
    "ID": lambda line: number_of(line.session),
    "イベント名": lambda line: line.activity.title,
    "イベント名_カナ": lambda line: katakana(line.activity.title, line.words),
    "イベント名_英字": _english,
    "説明": _description,
    "イベント種類": lambda line: _KINDS.get(ActivityKind(line.activity.kind), "イベント"),
    "イベントURL": lambda line: line.url,
    "状態": _state,
    "開始日": lambda line: _day(line, "starts_at"),
    "終了日": lambda line: _day(line, "ends_at"),
    "開始時刻": lambda line: _time(line, "starts_at"),
    "終了時刻": lambda line: _time(line, "ends_at"),
    "日時説明": lambda line: line.session.reason,
    "開催場所": lambda line: line.session.place,
    "開催場所住所": _address,
    "Web開催": _where,
    "主催団体": lambda line: line.activity.host.name,
    "対象者": lambda line: line.activity.audience or "どなたでも",
    "定員": _capacity,
    "料金有無": lambda line: "有" if line.activity.fee_yen else "無",
    "料金": lambda line: str(line.activity.fee_yen),
    "料金説明": lambda line: line.activity.fee_note,
    "申込開始日": lambda line: _opens(line, "%Y-%m-%d"),
    "申込開始時刻": lambda line: _opens(line, "%H:%M"),
    "申込期限日": lambda line: _closes(line, "%Y-%m-%d"),
    "申込期限時刻": lambda line: _closes(line, "%H:%M"),
    "申込URL": lambda line: line.url if line.intake else "",
    "申込方法": _how,
    "連絡先情報": lambda line: line.activity.contact or line.activity.host.name,
    "外国語対応": _languages,
    "アクセシビリティ情報": _accessible,
    "子供預かり情報": lambda line: "有" if line.activity.has_childcare else "",
}

EDITIONS: dict[str, _Columns] = {STANDARD: _STANDARD, GIF: _GIF}
REQUIRED: Sequence[str] = (
    "イベント名", "イベント名_カナ", "開始日", "終了日", "開始時間", "終了時間", "説明", "場所名称", "住所",
)  # fmt: skip
"""What the standard edition may not leave empty."""
