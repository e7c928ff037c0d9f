"""Forms by which people are registered, asked for and recorded."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kusei.japanese.fiscal_year import parse_date
from kusei.services.activities.dispatch_enums import EnvoyRole, FeePer
from kusei.services.activities.dispatching import words_of
from kusei.services.activities.models import Activity, Envoy
from kusei.services.activities.operations import EnvoyWords, Known, When
from kusei.services.activities.operations.assigning import MOST_NEEDED
from kusei.services.activities.operations.dispatch_records import MOST_MINUTES, MOST_YEN
from kusei.services.activities.operations.envoys import MOST_FEE
from kusei.wards.models import District

_INPUT = {"class": "input"}
_SHORT = {"class": "input input--short"}
_NUMBER = {**_SHORT, "inputmode": "numeric"}


def _text(
    label: Any, most: int, *, required: bool = False, help_text: Any = "", **attrs: Any
) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=required, help_text=help_text, widget=forms.TextInput(attrs=_INPUT | attrs)
    )  # fmt: skip


def _number(
    label: Any, most: int, *, least: int = 0, required: bool = False, **words: Any
) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, required=required, widget=forms.TextInput(attrs=_NUMBER),
        error_messages={"invalid": gettext_lazy("数で書いてください。")}, **words,
    )  # fmt: skip


def _day(text: str) -> date:
    try:
        found = parse_date(text.strip().replace("-", "/"))
    except ValueError:
        found = None
    if found is None or not abs(found - timezone.localdate()) < timedelta(days=36500):
        raise forms.ValidationError(
            _("「%(text)s」は日として読めません。2026-06-10 か R8.6.10 のように書いてください。")
            % {"text": text[:20]}
        )
    return found


def _time(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label, widget=forms.TimeInput(attrs={**_SHORT, "type": "time"}),
        error_messages={"required": gettext_lazy("時刻を入れてください。"), "invalid": gettext_lazy("時刻は 10:00 のように書いてください。")},
    )  # fmt: skip


class _Form(forms.Form):
    use_required_attribute = False

    def __init__(self, *arguments: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        self.label_suffix = ""


class EnvoyForm(_Form):
    """Everything of one person in the register."""

    name = _text(gettext_lazy("名前"), 80, required=True, autocomplete="off")
    kana = _text(gettext_lazy("かな"), 80, autocomplete="off")
    telephone = _text(
        gettext_lazy("電話"), 40, help_text=gettext_lazy("045-123-4567 のように。"), autocomplete="off"
    )
    mail = _text(
        gettext_lazy("メールアドレス"),
        200,
        help_text=gettext_lazy("あれば、メールのリンクで返事をもらえます。"),
        autocomplete="off",
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("役割"), choices=EnvoyRole.choices, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("役割を一つは選んでください。")},
    )  # fmt: skip
    languages = _text(
        gettext_lazy("言語"),
        200,
        help_text=gettext_lazy("「ベトナム語、中国語」のように「、」で区切ります。"),
    )
    themes = _text(
        gettext_lazy("テーマ"), 300, help_text=gettext_lazy("「防災、健康体操」のように「、」で区切ります。")
    )
    districts = forms.ModelMultipleChoiceField(
        District.objects.none(), label=gettext_lazy("行ける地区"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("どこへでも行ける人は、選ばないでおきます。"),
    )  # fmt: skip
    cannot = forms.CharField(
        label=gettext_lazy("行けない日時"), max_length=1000, required=False, widget=forms.Textarea(attrs={**_INPUT, "rows": 2}),
        help_text=gettext_lazy("例: 月・水の午前、金 13:00～15:00、祝日、2026-12-28～2027-01-04。「、」で区切ります。"),
    )  # fmt: skip
    fee_yen = _number(
        gettext_lazy("謝金（円）"), MOST_FEE, help_text=gettext_lazy("払わないときは空けておきます。")
    )
    fee_per = forms.ChoiceField(
        label=gettext_lazy("謝金の単位"), choices=FeePer.choices, widget=forms.Select(attrs=_INPUT)
    )
    pays_expenses = forms.BooleanField(label=gettext_lazy("交通費などの実費を払う"), required=False)
    active_until = _text(
        gettext_lazy("登録の終わり"),
        30,
        help_text=gettext_lazy("頼める最後の日。決まっていないときは空けておきます。例: 2027-03-31"),
    )
    note = _text(gettext_lazy("メモ"), 200, help_text=gettext_lazy("名簿を持つ課・団体の人だけに見えます。"))

    def __init__(self, *arguments: Any, districts: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        self.fields["districts"].queryset = districts  # type: ignore[attr-defined]

    def clean_active_until(self) -> date | None:
        text = self.cleaned_data["active_until"]
        return _day(text) if text else None

    def words(self) -> EnvoyWords:
        said = self.cleaned_data
        return EnvoyWords(
            Known(*(said[name] for name in ("name", "kana", "mail", "telephone", "note"))), tuple(said["roles"]),
            words_of(said["languages"]), words_of(said["themes"]), tuple(each.pk for each in said["districts"]),
            said["cannot"], said["fee_yen"] or 0, said["fee_per"], said["pays_expenses"], said["active_until"],
        )  # fmt: skip


def envoy_initial(envoy: Envoy, known: Known) -> dict[str, Any]:
    """What stands in the form of somebody registered."""
    return {
        "name": known.name, "kana": known.kana, "telephone": known.telephone, "mail": known.mail, "note": known.note,
        "roles": envoy.roles, "languages": "、".join(envoy.languages), "themes": "、".join(envoy.themes),
        "districts": list(envoy.districts.all()), "cannot": envoy.cannot, "fee_yen": envoy.fee_yen or None,
        "fee_per": envoy.fee_per, "pays_expenses": envoy.pays_expenses,
        "active_until": envoy.active_until.isoformat() if envoy.active_until else "",
    }  # fmt: skip


class FreeForm(_Form):
    """Who is free on that day at that hour; empty asks nothing."""

    on = _text(gettext_lazy("空いている日"), 30, type="date")
    begins = _time(gettext_lazy("から"))
    ends = _time(gettext_lazy("まで"))

    def __init__(self, *arguments: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        for name in ("on", "begins", "ends"):
            self.fields[name].required = False

    def clean_on(self) -> date | None:
        text = self.cleaned_data["on"]
        return _day(text) if text else None

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("begins") and found.get("ends") and found["ends"] <= found["begins"]:
            self.add_error("ends", _("終わりは、始まりより後にしてください。"))
        if (found.get("begins") or found.get("ends")) and not found.get("on") and "on" not in self.errors:
            self.add_error("on", _("日も入れてください。"))
        return found

    def time(self) -> tuple[datetime, datetime] | None:
        """The time asked for, the whole day where no hour is given; None where nothing is."""
        said = self.cleaned_data
        if not said.get("on"):
            return None
        begin = datetime.combine(said["on"], said.get("begins") or datetime.min.time())
        end = datetime.combine(said["on"], said["ends"]) if said.get("ends") else datetime.combine(said["on"], datetime.min.time()) + timedelta(days=1)  # fmt: skip
        return timezone.make_aware(begin), timezone.make_aware(end)


class NeedForm(_Form):
    """So many of a role."""

    role = forms.ChoiceField(
        label=gettext_lazy("役割"), choices=EnvoyRole.choices, widget=forms.Select(attrs=_INPUT)
    )
    language = _text(
        gettext_lazy("言語"), 30, help_text=gettext_lazy("通訳のときだけ。名簿と同じ書き方で。例: ベトナム語")
    )
    count = _number(gettext_lazy("人数"), MOST_NEEDED, least=1, required=True, initial=1)
    purpose = _text(
        gettext_lazy("用件"),
        200,
        help_text=gettext_lazy("頼む人に伝わります。相手の名前や住所は書かないでください。"),
    )


class DispatchForm(NeedForm):
    """A request: its activity, place, time and purpose."""

    activity = forms.ModelChoiceField(
        Activity.objects.none(), label=gettext_lazy("派遣の事業"), empty_label=None, widget=forms.Select(attrs=_INPUT),
        error_messages={"required": gettext_lazy("派遣の事業を選んでください。")},
    )  # fmt: skip
    on = _text(gettext_lazy("日"), 30, required=True, help_text=gettext_lazy("例: 2026-06-10、R8.6.10"))
    begins = _time(gettext_lazy("始まり"))
    ends = _time(gettext_lazy("終わり"))
    place = _text(gettext_lazy("場所"), 120, required=True)
    district = forms.ModelChoiceField(
        District.objects.none(), label=gettext_lazy("地区"), required=False, empty_label=gettext_lazy("選ばない"), widget=forms.Select(attrs=_INPUT)
    )  # fmt: skip
    field_order = (
        "activity",
        "purpose",
        "on",
        "begins",
        "ends",
        "place",
        "district",
        "role",
        "language",
        "count",
    )

    def __init__(self, *arguments: Any, choices: Any, districts: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        self.fields["activity"].queryset = choices  # type: ignore[attr-defined]
        self.fields["district"].queryset = districts  # type: ignore[attr-defined]
        self.fields["purpose"].required = True

    def clean_on(self) -> date:
        return _day(self.cleaned_data["on"])

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("begins") and found.get("ends") and found["ends"] <= found["begins"]:
            self.add_error("ends", _("終わりは、始まりより後にしてください。"))
        return found

    def when(self) -> When:
        said = self.cleaned_data
        begin, end = (
            timezone.make_aware(datetime.combine(said["on"], said[name])) for name in ("begins", "ends")
        )
        return When(begin, end, said["place"], said["district"])


class RecordForm(_Form):
    """What became of one request."""

    minutes = _number(gettext_lazy("時間（分）"), MOST_MINUTES, least=1, required=True)
    fee_yen = _number(gettext_lazy("謝金（円）"), MOST_YEN)
    expenses_yen = _number(gettext_lazy("実費（円）"), MOST_YEN)
    note = _text(gettext_lazy("メモ"), 200)


class AlongForm(_Form):
    """Who came along and is in no register."""

    role = forms.ChoiceField(
        label=gettext_lazy("役割"), choices=EnvoyRole.choices, widget=forms.Select(attrs=_INPUT)
    )
    who = _text(
        gettext_lazy("団体・職種"), 80, help_text=gettext_lazy("例: 市立病院 看護師。人の名前は書きません。")
    )
    count = _number(
        gettext_lazy("人数"), 1000, required=True, initial=1, help_text=gettext_lazy("0にすると消えます。")
    )
