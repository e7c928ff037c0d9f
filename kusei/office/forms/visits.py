"""Forms by which visiting lectures are set up, written down, arranged and recorded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kusei.office.forms.activities import (
    ActivityForm,
    check_field,
    moment_field,
    number_field,
    read_day,
    text_field,
)
from kusei.services.activities.enums import Arrival
from kusei.services.activities.models import VisitDate, VisitGroup
from kusei.services.activities.operations import ActivityError
from kusei.services.activities.operations.visiting import VisitAsked, VisitContact
from kusei.services.activities.operations.visits.asking import MOST_DATES
from kusei.services.activities.telephone import read_telephone
from kusei.services.activities.visit_enums import GroupKind
from kusei.services.activities.visiting import Terms
from kusei.wards.models import Body, District, Person

_INPUT = {"class": "input"}
_SHORT = {"class": "input input--short"}
_DAYS = [("0", gettext_lazy("月")), ("1", gettext_lazy("火")), ("2", gettext_lazy("水")), ("3", gettext_lazy("木")), ("4", gettext_lazy("金")), ("5", gettext_lazy("土")), ("6", gettext_lazy("日"))]  # fmt: skip


def _time(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label, widget=forms.TimeInput(attrs={**_SHORT, "type": "time"}, format="%H:%M"),
        error_messages={"required": gettext_lazy("時刻を入れてください。"), "invalid": gettext_lazy("時刻は 10:00 のように書いてください。")},
    )  # fmt: skip


class _Day(forms.CharField):
    """A day as people write it; None where it is left empty."""

    def __init__(self, label: Any) -> None:
        super().__init__(
            label=label, required=False, max_length=30, widget=forms.TextInput(attrs=_SHORT),
            help_text=gettext_lazy("例: 2026-06-10、R8.6.10　空けておくと、開庁日で5日後になります。"),
        )  # fmt: skip

    def clean(self, value: Any) -> Any:
        said = super().clean(value)
        return read_day(said) if said else None


class TermsForm(ActivityForm):
    """On what terms a theme is brought to groups."""

    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("行う曜日"), choices=_DAYS, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("行う曜日を一つは選んでください。")},
    )  # fmt: skip
    from_time = _time(gettext_lazy("何時から"))
    to_time = _time(gettext_lazy("何時まで"))
    on_holidays = check_field(gettext_lazy("祝日・年末年始にも行う"))
    without = text_field(
        gettext_lazy("ほかに行わない日"), 2000, lines=2, help_text=gettext_lazy("「、」か改行で区切って書きます。例: 2026-08-13、R8.8.14"),
    )  # fmt: skip
    lead_days = number_field(gettext_lazy("何日前までに申し込むか"), most=365, required=True)
    minutes = number_field(gettext_lazy("長さ（分）"), least=1, most=600, required=True)
    least_people = number_field(gettext_lazy("最少の人数"), least=1, required=True)
    most_people = number_field(
        gettext_lazy("最多の人数"), least=1, help_text=gettext_lazy("限りがないときは空けておきます。")
    )
    most_a_year = number_field(
        gettext_lazy("一年度に行う回数"), least=1, most=10_000,
        help_text=gettext_lazy("限りがないときは空けておきます。この回数になると、住民のページからは申し込めなくなります。"),
    )  # fmt: skip
    provides = text_field(
        gettext_lazy("団体に用意してもらうもの"),
        300,
        help_text=gettext_lazy("例: 会場、スクリーン、延長コード"),
    )
    only_in_ward = check_field(gettext_lazy("会場は区内だけ"))

    def clean_without(self) -> tuple[date, ...]:
        parts = re.split(r"[、,\s]+", self.cleaned_data["without"].strip())
        return tuple(read_day(each) for each in parts if each)

    def terms(self) -> Terms:
        said = self.cleaned_data
        return Terms(**{**said, "weekdays": tuple(int(each) for each in said["weekdays"])})

    @staticmethod
    def initial_of(terms: Terms) -> dict[str, Any]:
        """What stands in the fields for these terms."""
        said = {name: getattr(terms, name) for name in TermsForm.base_fields}
        said["weekdays"] = [str(each) for each in terms.weekdays]
        said["without"] = "、".join(each.isoformat() for each in terms.without)
        return said


class WriteDownVisitForm(ActivityForm):
    """A request that came by telephone, fax, post or at the counter. What the terms would refuse is the office's to judge."""

    way = forms.ChoiceField(
        label=gettext_lazy("どのように受けましたか"), widget=forms.Select(attrs=_INPUT),
        choices=[(each.value, each.label) for each in (Arrival.TELEPHONE, Arrival.COUNTER, Arrival.FAX, Arrival.POST)],
    )  # fmt: skip
    group_kind = forms.ChoiceField(label=gettext_lazy("団体の種類"), choices=GroupKind.choices, widget=forms.Select(attrs=_INPUT))  # fmt: skip
    group_name = text_field(gettext_lazy("団体の名前"), 80, required=True)
    body = forms.ModelChoiceField(
        Body.objects.none(), label=gettext_lazy("区の実施主体なら"), required=False, empty_label=gettext_lazy("実施主体ではない"),
        widget=forms.Select(attrs=_INPUT), help_text=gettext_lazy("選ぶと、名前の書き方が違っても同じ団体として数えます。"),
    )  # fmt: skip
    place = text_field(gettext_lazy("会場"), 120, required=True, help_text=gettext_lazy("例: みどり集会所 2階　個人のお宅は書きません。"))  # fmt: skip
    district = forms.ModelChoiceField(District.objects.none(), label=gettext_lazy("地区"), required=False, empty_label=gettext_lazy("分からない"), widget=forms.Select(attrs=_INPUT))  # fmt: skip
    people = number_field(gettext_lazy("参加する見込みの人数"), least=1, required=True)
    audience = text_field(gettext_lazy("どんな人が参加するか"), 200)
    name = text_field(gettext_lazy("連絡する人の名前"), 80, required=True)
    reach = text_field(gettext_lazy("電話番号かメールアドレス"), 200, required=True)
    note = text_field(gettext_lazy("メモ"), 1000, lines=3)
    ticket = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, districts: Any, bodies: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        self.fields["district"].queryset = districts  # type: ignore[attr-defined]
        self.fields["body"].queryset = bodies  # type: ignore[attr-defined]
        for place in range(MOST_DATES):
            self.fields[f"at-{place}"] = moment_field(
                _("第%(n)d希望の始まり") % {"n": place + 1}, required=place == 0
            )
        first = [f"at-{place}" for place in range(MOST_DATES)]
        self.order_fields(["way", "group_kind", "group_name", "body", *first])

    def clean_reach(self) -> str:
        text = str(self.cleaned_data["reach"]).strip()
        try:
            return text if "@" in text else read_telephone(text)
        except ActivityError as error:
            raise forms.ValidationError(str(error)) from None

    def asked(self) -> VisitAsked:
        said = self.cleaned_data
        starts = [said[f"at-{place}"] for place in range(MOST_DATES) if said.get(f"at-{place}")]
        return VisitAsked(
            starts, said["place"], said["people"], GroupKind(said["group_kind"]), said["group_name"], said["audience"],
            said["district"], body=said["body"],
        )  # fmt: skip

    def contact(self) -> VisitContact:
        said = self.cleaned_data
        reach = {"mail" if "@" in said["reach"] else "telephone": said["reach"]}
        return VisitContact(said["name"], note=said["note"], **reach)


class TakeOnForm(ActivityForm):
    """Who sees to a request."""

    person = forms.ModelChoiceField(Person.objects.none(), label=gettext_lazy("担当"), empty_label=None, widget=forms.Select(attrs=_INPUT))  # fmt: skip


class AskBackForm(ActivityForm):
    """Something to ask the group."""

    text = text_field(
        gettext_lazy("尋ねること"), 1000, required=True, lines=3, help_text=gettext_lazy("団体にそのまま伝わります。"),
    )  # fmt: skip
    answer_by = _Day(gettext_lazy("返事の期限"))


class ProposeForm(ActivityForm):
    """Other dates; each lasts as long as the lecture."""

    first = moment_field(gettext_lazy("案内する日時"))
    second = moment_field(gettext_lazy("二つ目"), required=False)
    third = moment_field(gettext_lazy("三つ目"), required=False)
    answer_by = _Day(gettext_lazy("返事の期限"))

    def dates(self, minutes: int) -> list[tuple[datetime, datetime]]:
        """(begin, end) of those that were written."""
        said = [self.cleaned_data.get(name) for name in ("first", "second", "third")]
        return [(each, each + timedelta(minutes=minutes)) for each in said if each]


class DecideForm(ActivityForm):
    """When and where the visit is, and who comes: one of the dates that were named, or another."""

    date = forms.ChoiceField(
        label=gettext_lazy("日"),
        widget=forms.Select(attrs=_INPUT),
        error_messages={"required": gettext_lazy("日を選んでください。")},
    )
    starts_at = moment_field(gettext_lazy("ほかの日時のとき: 始まり"), required=False)
    minutes = number_field(gettext_lazy("長さ（分）"), least=1, most=600, required=True)
    place = text_field(gettext_lazy("会場"), 120, required=True)
    district = forms.ModelChoiceField(District.objects.none(), label=gettext_lazy("地区"), required=False, empty_label=gettext_lazy("選ばない"), widget=forms.Select(attrs=_INPUT))  # fmt: skip
    who_comes = text_field(
        gettext_lazy("だれが伺うか"),
        200,
        help_text=gettext_lazy("団体に伝わります。例: 地域振興課 防災担当 2人"),
    )

    def __init__(
        self, *arguments: Any, dates: Sequence[tuple[VisitDate, str]], districts: Any, **words: Any
    ) -> None:
        super().__init__(*arguments, **words)
        self.dates = {str(each.pk): each for each, _label in dates}
        choices = [(str(each.pk), label) for each, label in dates]
        self.fields["date"].choices = [*choices, ("other", _("ほかの日時"))]  # type: ignore[attr-defined]
        self.fields["district"].queryset = districts  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("date") == "other" and not found.get("starts_at") and "starts_at" not in self.errors:
            self.add_error("starts_at", _("日時を入れてください。"))
        return found

    def period(self) -> tuple[datetime, datetime]:
        said = self.cleaned_data
        begin = said["starts_at"] if said["date"] == "other" else self.dates[said["date"]].starts_at
        return begin, begin + timedelta(minutes=said["minutes"])


class DeclineForm(ActivityForm):
    """Why the visit cannot be made."""

    reason = text_field(
        gettext_lazy("見送る理由"), 200, required=True, help_text=gettext_lazy("団体にそのまま伝わります。例: 希望の日はどれも講師の都合がつきません。"),
    )  # fmt: skip


class WithdrawnForm(ActivityForm):
    """The group withdrew, or the request was written down twice."""

    reason = text_field(
        gettext_lazy("理由"),
        200,
        help_text=gettext_lazy("空けておくと「団体から取下げの連絡があったため」になります。"),
    )
    is_double = check_field(gettext_lazy("二重に受け付けたもの（件数に数えず、団体にも知らせない）"))


class HoldForm(ActivityForm):
    """How many came, and what was done."""

    heads = number_field(
        gettext_lazy("参加した人数"), most=1_000_000, help_text=gettext_lazy("数えなかったときは空けておきます。行ったことだけを記録します。"),
    )  # fmt: skip
    done = text_field(gettext_lazy("行ったこと"), 2000, lines=3, help_text=gettext_lazy("例: 消火器の使い方と、避難場所の話。個人の名前は書きません。"))  # fmt: skip


class ChangeVisitForm(ActivityForm):
    """What was asked for, corrected."""

    people = number_field(gettext_lazy("参加する見込みの人数"), least=1, required=True)
    audience = text_field(gettext_lazy("どんな人が参加するか"), 200)
    place = text_field(gettext_lazy("会場"), 120, required=True)
    district = forms.ModelChoiceField(District.objects.none(), label=gettext_lazy("地区"), required=False, empty_label=gettext_lazy("選ばない"), widget=forms.Select(attrs=_INPUT))  # fmt: skip

    def __init__(self, *arguments: Any, districts: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        self.fields["district"].queryset = districts  # type: ignore[attr-defined]


class SameGroupForm(ActivityForm):
    """Which other group the request's group is."""

    other = forms.ModelChoiceField(VisitGroup.objects.none(), label=gettext_lazy("同じ団体"), widget=forms.Select(attrs=_INPUT), empty_label=gettext_lazy("選んでください"), error_messages={"required": gettext_lazy("同じ団体を選んでください。")})  # fmt: skip


class GroupBodyForm(ActivityForm):
    """Which of the ward's bodies the request's group is."""

    body = forms.ModelChoiceField(Body.objects.none(), label=gettext_lazy("区の実施主体なら"), required=False, empty_label=gettext_lazy("実施主体ではない"), widget=forms.Select(attrs=_INPUT))  # fmt: skip
