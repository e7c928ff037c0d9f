"""Forms by which an activity is set up, and what happened is recorded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kusei.japanese.fiscal_year import parse_date
from kusei.japanese.folding import fold
from kusei.services.activities.asked_fields import AskedForm
from kusei.services.activities.enums import ActivityKind, Arrival, Reach, Way
from kusei.services.activities.models import Question
from kusei.services.activities.operations import ActivityError, Details, Given
from kusei.services.activities.series import MOST_SESSIONS, Rhythm
from kusei.services.activities.telephone import read_telephone
from kusei.wards.models import Body, District

_INPUT = {"class": "input"}
_SHORT = {"class": "input input--short"}
_NUMBER = {**_SHORT, "inputmode": "numeric"}


def text_field(
    label: Any, most: int, *, required: bool = False, help_text: Any = "", lines: int = 0
) -> forms.CharField:
    widget: forms.Widget = (
        forms.Textarea(attrs={**_INPUT, "rows": lines}) if lines else forms.TextInput(attrs=_INPUT)
    )
    return forms.CharField(
        label=label, max_length=most, required=required, help_text=help_text, widget=widget
    )


def number_field(
    label: Any, *, least: int = 0, most: int = 100_000, required: bool = False, **words: Any
) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, required=required, widget=forms.TextInput(attrs=_NUMBER),
        error_messages={"invalid": gettext_lazy("数で書いてください。")}, **words,
    )  # fmt: skip


def check_field(label: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False)


class _Moment(forms.DateTimeField):
    """A moment within ten years: who writes 26 for the year did not mean the Romans'."""

    def to_python(self, value: Any) -> datetime | None:
        try:
            found = super().to_python(value)
        except OverflowError:
            found = None
        if found is not None and not abs(found.year - timezone.localdate().year) <= 10:
            raise forms.ValidationError(_("年を4桁で確かめてください。"), code="invalid_year")
        return found


def moment_field(label: Any, **words: Any) -> forms.DateTimeField:
    return _Moment(
        label=label, widget=forms.DateTimeInput(attrs={**_INPUT, "type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M"],
        error_messages={"invalid": gettext_lazy("日時は 2026-06-10 10:00 のように書いてください。"), "required": gettext_lazy("日時を入れてください。")}, **words,
    )  # fmt: skip


class ActivityForm(forms.Form):
    """What all of them have in common."""

    use_required_attribute = False

    def __init__(self, *arguments: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        self.label_suffix = ""
        for field in self.fields.values():
            if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
                chosen = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
                words_for_it = (
                    _("%(label)sを選んでください。") if chosen else _("%(label)sを入れてください。")
                )
                field.error_messages["required"] = words_for_it % {"label": field.label}


class DetailsForm(ActivityForm):
    """What an activity is."""

    title = text_field(gettext_lazy("名称"), 120, required=True)
    kind = forms.ChoiceField(
        label=gettext_lazy("種類"), choices=ActivityKind.choices, widget=forms.Select(attrs=_INPUT)
    )
    text = text_field(gettext_lazy("内容"), 4000, lines=5)
    reach = forms.ChoiceField(
        label=gettext_lazy("参加できる人"), required=False, widget=forms.Select(attrs=_INPUT),
        choices=[("", gettext_lazy("だれでも")), *Reach.choices],
        help_text=gettext_lazy("申込みの画面で、当てはまるかどうかを尋ねます。"),
    )  # fmt: skip
    audience = text_field(
        gettext_lazy("対象"), 200, help_text=gettext_lazy("例: 区内にお住まいの、0歳の子と保護者")
    )
    min_age = number_field(
        gettext_lazy("何歳から"), most=120, help_text=gettext_lazy("年齢を問わないときは空けておきます。")
    )
    max_age = number_field(gettext_lazy("何歳まで"), most=120)
    fee_yen = number_field(gettext_lazy("費用（円、一人）"), most=1_000_000)
    fee_note = text_field(gettext_lazy("費用について"), 200)
    bring = text_field(gettext_lazy("持ち物"), 200)
    contact = text_field(
        gettext_lazy("問い合わせ先"),
        200,
        help_text=gettext_lazy("電話番号と窓口。申し込んだ人に伝わります。"),
    )
    has_childcare = check_field(gettext_lazy("保育あり"))
    has_sign_language = check_field(gettext_lazy("手話通訳あり"))
    is_step_free = check_field(gettext_lazy("段差なし"))

    def details(self) -> Details:
        said = {name: self.cleaned_data[name] for name in DetailsForm.base_fields}
        return Details(**{**said, "kind": ActivityKind(said["kind"]), "fee_yen": said["fee_yen"] or 0})


class NewActivityForm(DetailsForm):
    """Who runs it and which action of the plan it serves, too."""

    item = forms.ChoiceField(
        label=gettext_lazy("計画の取組"), widget=forms.Select(attrs=_INPUT),
        help_text=gettext_lazy("実施した回数や参加者は、この取組の実績になります。"),
    )  # fmt: skip
    host = forms.ModelChoiceField(
        Body.objects.none(), label=gettext_lazy("主催"), widget=forms.Select(attrs=_INPUT), empty_label=None
    )
    cohosts = forms.ModelMultipleChoiceField(
        Body.objects.none(), label=gettext_lazy("共催"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("主催のほかに、申込みの一覧を見て記録できる課・団体。なければ選びません。"),
    )  # fmt: skip
    field_order = ("title", "kind", "item", "host", "cohosts")

    def __init__(
        self, *arguments: Any, items: list[tuple[str, Any]], hosts: Any, bodies: Any, **words: Any
    ) -> None:
        super().__init__(*arguments, **words)
        self.fields["item"].choices = [("", _("選んでください")), *items]  # type: ignore[attr-defined]
        self.fields["host"].queryset = hosts  # type: ignore[attr-defined]
        only = list(hosts[:2])
        others = bodies.exclude(pk=only[0].pk) if len(only) == 1 else bodies
        self.fields["cohosts"].queryset = others  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        found["cohosts"] = [each for each in found.get("cohosts", ()) if each != found.get("host")]
        return found


class IntakeForm(ActivityForm):
    """From when people apply, and how many."""

    name = text_field(
        gettext_lazy("コースの名前"), 80, help_text=gettext_lazy("募集が一つだけなら空けておきます。")
    )
    way = forms.ChoiceField(
        label=gettext_lazy("決め方"), choices=Way.choices, widget=forms.Select(attrs=_INPUT)
    )
    capacity = text_field(
        gettext_lazy("定員"), 200, required=True,
        help_text=gettext_lazy("例: 20　席を種類で分けるときは「一般 18、保育付き 2」（合わせて20人）のように書きます。"),
    )  # fmt: skip
    opens_at = moment_field(gettext_lazy("申込みの始まり"))
    closes_at = moment_field(gettext_lazy("申込みの終わり"))
    most_people = number_field(
        gettext_lazy("一度に申し込める人数"), least=1, most=20, required=True, initial=4
    )

    def clean_capacity(self) -> dict[str, int]:
        return read_quotas(self.cleaned_data["capacity"])


def read_quotas(text: str) -> dict[str, int]:
    """20 → {"": 20}; 大人 20、保育 5 → {"大人": 20, "保育": 5}. Raises ValidationError."""
    found: dict[str, int] = {}
    for part in re.split(r"[、,\n]", fold(text)):
        if not part.strip():
            continue
        match = re.fullmatch(r"\s*(\D*?)\s*(\d{1,6})\s*[人名]?\s*", part)
        if not match or match[1] in found:
            raise forms.ValidationError(
                _(
                    "定員は「20」か、種類ごとに「一般 18、保育付き 2」のように書いてください。どの数にも、種類の名前が要ります。"
                )
            )
        found[match[1]] = int(match[2])
    if not found or ("" in found and len(found) > 1):
        raise forms.ValidationError(
            _(
                "定員は「20」か、種類ごとに「一般 18、保育付き 2」のように書いてください。どの数にも、種類の名前が要ります。"
            )
        )
    return found


class SessionsForm(ActivityForm):
    """One session or a series."""

    first_on = forms.CharField(
        label=gettext_lazy("最初の日"), max_length=30, widget=forms.TextInput(attrs=_SHORT),
        help_text=gettext_lazy("例: 2026-06-10、R8.6.10、6月10日は年も書きます。"),
        error_messages={"required": gettext_lazy("日を入れてください。")},
    )  # fmt: skip
    begins = forms.TimeField(label=gettext_lazy("始まり"), widget=forms.TimeInput(attrs={**_SHORT, "type": "time"}), error_messages={"required": gettext_lazy("時刻を入れてください。"), "invalid": gettext_lazy("時刻は 10:00 のように書いてください。")})  # fmt: skip
    ends = forms.TimeField(label=gettext_lazy("終わり"), widget=forms.TimeInput(attrs={**_SHORT, "type": "time"}), error_messages={"required": gettext_lazy("時刻を入れてください。"), "invalid": gettext_lazy("時刻は 12:00 のように書いてください。")})  # fmt: skip
    count = number_field(gettext_lazy("回数"), least=1, most=MOST_SESSIONS, required=True, initial=1)
    rhythm = forms.ChoiceField(
        label=gettext_lazy("くり返し"), widget=forms.Select(attrs=_INPUT),
        choices=[(Rhythm.WEEKLY.value, gettext_lazy("毎週")), (Rhythm.FORTNIGHTLY.value, gettext_lazy("1週おき")), (Rhythm.MONTHLY.value, gettext_lazy("毎月同じ週の同じ曜日"))],
    )  # fmt: skip
    without = text_field(
        gettext_lazy("行わない日"),
        400,
        help_text=gettext_lazy("祝日と年末年始は自動で外れます。ほかに外す日を「、」で区切って書きます。"),
    )
    on_holidays = check_field(gettext_lazy("祝日にも行う"))
    place = text_field(gettext_lazy("場所"), 120)
    district = forms.ModelChoiceField(District.objects.none(), label=gettext_lazy("地区"), required=False, empty_label=gettext_lazy("選ばない"), widget=forms.Select(attrs=_INPUT))  # fmt: skip
    online_url = forms.URLField(label=gettext_lazy("オンラインの入口"), required=False, max_length=500, assume_scheme="https", widget=forms.URLInput(attrs=_INPUT), help_text=gettext_lazy("参加できる人だけに見えます。"), error_messages={"invalid": gettext_lazy("https:// で始まるアドレスを書いてください。")})  # fmt: skip
    intake = forms.ChoiceField(
        label=gettext_lazy("申込み"), required=False, widget=forms.Select(attrs=_INPUT)
    )

    def __init__(self, *arguments: Any, districts: Any, intakes: list[tuple[str, Any]], **words: Any) -> None:
        super().__init__(*arguments, **words)
        self.fields["district"].queryset = districts  # type: ignore[attr-defined]
        self.fields["intake"].choices = [("", _("申込み不要")), *intakes]  # type: ignore[attr-defined]

    def clean_first_on(self) -> date:
        return read_day(self.cleaned_data["first_on"])

    def clean_without(self) -> list[date]:
        return [
            read_day(each) for each in re.split(r"[、,\s]+", self.cleaned_data["without"].strip()) if each
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("begins") and found.get("ends") and found["ends"] <= found["begins"]:
            self.add_error("ends", _("終わりは、始まりより後にしてください。"))
        return found


def at_time(day: date, moment: time) -> datetime:
    """A day and a time of the ward's clock as a moment."""
    return timezone.make_aware(datetime.combine(day, moment))


def read_day(text: str) -> date:
    """2026-06-10, R8.6.10, 令和8年6月10日. Raises ValidationError."""
    plain = fold(text).strip().replace("-", "/")
    try:
        found = parse_date(plain)
    except ValueError:
        found = None
    if found is None or not abs(found - timezone.localdate()) < timedelta(days=3650):
        raise forms.ValidationError(
            _("「%(text)s」は日として読めません。2026-06-10 か R8.6.10 のように書いてください。")
            % {"text": text[:20]}
        )
    return found


class ReasonForm(ActivityForm):
    """Why something is called off."""

    reason = text_field(
        gettext_lazy("理由"),
        200,
        required=True,
        help_text=gettext_lazy("申し込んだ人と住民のページにそのまま出ます。例: 大雨のため"),
    )


class MoveForm(ActivityForm):
    """Another time or place."""

    starts_at = moment_field(gettext_lazy("始まり"))
    ends_at = moment_field(gettext_lazy("終わり"))
    place = text_field(gettext_lazy("場所"), 120)
    online_url = forms.URLField(label=gettext_lazy("オンラインの入口"), required=False, max_length=500, assume_scheme="https", widget=forms.URLInput(attrs=_INPUT))  # fmt: skip
    reason = text_field(gettext_lazy("理由"), 200, required=True)


class CountForm(ActivityForm):
    """How many came, in parts as far as they were told apart; empty where nobody counted."""

    heads = number_field(
        gettext_lazy("参加した人数"),
        most=1_000_000,
        help_text=gettext_lazy("数えなかったときは空けておきます。行ったことだけを記録します。"),
    )
    men = number_field(gettext_lazy("うち男性"), most=1_000_000)
    women = number_field(gettext_lazy("うち女性"), most=1_000_000)
    children = number_field(
        gettext_lazy("うち子ども"),
        most=1_000_000,
        help_text=gettext_lazy("分けて数えたものだけ書きます。合計を空けておくと、足した数になります。"),
    )


class SealForm(ActivityForm):
    seed_source = text_field(
        gettext_lazy("抽選に使う数"), 200, required=True,
        help_text=gettext_lazy("まだだれも知らず、後でだれでも調べられる数。例: 2026年12月1日の日経平均株価の終値"),
    )  # fmt: skip


class DrawForm(ActivityForm):
    seed = text_field(
        gettext_lazy("その値"),
        100,
        required=True,
        help_text=gettext_lazy("発表された数をそのまま書きます。例: 38,915.87"),
    )


def names_in(text: str) -> list[str]:
    """One line or one part between 、 for each person."""
    return [part.strip() for part in re.split(r"[、\n]", text) if part.strip()]


class WrittenDownForm(ActivityForm, AskedForm):
    """An application that came by telephone, fax, post or at the counter, in three fields."""

    names = forms.CharField(
        label=gettext_lazy("名前"), max_length=800, widget=forms.TextInput(attrs={**_INPUT, "autofocus": True, "autocomplete": "off"}),
        help_text=gettext_lazy("一人分だけでかまいません。ほかの人の名前も聞いたときは「、」で区切ります。例: 泉 花子（いずみ はなこ）32歳、泉 太郎"),
        error_messages={"required": gettext_lazy("名前を書いてください。")},
    )  # fmt: skip
    telephone = text_field(gettext_lazy("電話番号かメールアドレス"), 200, required=True)
    people = number_field(gettext_lazy("人数"), least=1, most=20, help_text=gettext_lazy("空けておくと、名前を書いた人の数です。"))  # fmt: skip
    way = forms.ChoiceField(
        label=gettext_lazy("どのように受けましたか"), widget=forms.Select(attrs=_INPUT),
        choices=[(each.value, each.label) for each in (Arrival.TELEPHONE, Arrival.COUNTER, Arrival.FAX, Arrival.POST)],
    )  # fmt: skip
    quota = forms.ChoiceField(label=gettext_lazy("枠"), required=False, widget=forms.Select(attrs=_INPUT))
    one_by_one = check_field(gettext_lazy("座れる人だけでも参加する"))
    belongs = forms.ChoiceField(
        label=gettext_lazy("対象の住まい・勤め先か"), required=False, widget=forms.Select(attrs=_INPUT),
        choices=[("", gettext_lazy("聞いていない")), ("1", gettext_lazy("当てはまる")), ("0", gettext_lazy("当てはまらない"))],
    )  # fmt: skip
    note = text_field(
        gettext_lazy("メモ"), 200,
        help_text=gettext_lazy("主催の人だけが見ます。対象の外の人を受け付けるときは、理由を書きます。"),
    )  # fmt: skip
    ticket = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, *arguments: Any, quotas: list[tuple[str, str]], questions: Sequence[Question] = (), most: int = 1,
        asks_belonging: bool = False, **words: Any,
    ) -> None:  # fmt: skip
        super().__init__(*arguments, **words)
        self.ask(questions, most, may_be_empty=True, empty_label=_("聞いていない"))
        if not asks_belonging:
            del self.fields["belongs"]
        if len(quotas) > 1:
            self.fields["quota"].choices = quotas  # type: ignore[attr-defined]
        else:
            del self.fields["quota"]

    def clean_telephone(self) -> str:
        text = str(self.cleaned_data["telephone"]).strip()
        try:
            return text if "@" in text else read_telephone(text)
        except ActivityError as error:
            raise forms.ValidationError(str(error)) from None

    def clean_belongs(self) -> bool | None:
        return {"1": True, "0": False}.get(self.cleaned_data["belongs"])

    def answers(self) -> Given:
        """What was asked; the persons in the order of the lines."""
        return self.given(range(len(names_in(self.cleaned_data["names"]))))
