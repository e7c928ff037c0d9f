"""Forms about districts and readings."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kusei.japanese.fiscal_year import parse_fiscal_year

_TEXT = {"class": "input"}


class DistrictForm(forms.Form):
    """A district's name."""

    name = forms.CharField(
        label=gettext_lazy("地区の名称"),
        max_length=60,
        widget=forms.TextInput(attrs=_TEXT),
        help_text=gettext_lazy("文書に出てくるとおりに、「地区」を付けずに書きます。例: 和泉北部"),
        error_messages={"required": gettext_lazy("地区の名称を入れてください。")},
    )


class DistrictTermForm(forms.Form):
    """The last fiscal year of a district."""

    last_year = forms.CharField(
        label=gettext_lazy("最後の年度"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"class": "input input--short", "placeholder": "令和7年度"}),
        help_text=gettext_lazy("この年度までのページに出ます。空けておくと、これからも続きます。"),
    )

    def clean_last_year(self) -> int | None:
        said: str = self.cleaned_data["last_year"].strip()
        if not said:
            return None
        year = parse_fiscal_year(said)
        if year is None:
            raise forms.ValidationError(_("年度は、令和7年度 や 2025 のように書いてください。"))
        return year


class ReadingForm(forms.Form):
    """A word with its reading."""

    surface = forms.CharField(
        label=gettext_lazy("言葉"),
        max_length=40,
        widget=forms.TextInput(attrs=_TEXT),
        error_messages={"required": gettext_lazy("言葉を入れてください。例: 中田")},
    )
    reading = forms.CharField(
        label=gettext_lazy("よみがな"),
        max_length=80,
        widget=forms.TextInput(attrs=_TEXT),
        error_messages={"required": gettext_lazy("よみがなを入れてください。例: なかだ")},
    )


class ReadingSheetForm(forms.Form):
    """A sheet of readings."""

    file = forms.FileField(
        label=gettext_lazy("表（CSV）"),
        widget=forms.FileInput(attrs={"class": "input", "accept": ".csv,.txt"}),
        help_text=gettext_lazy(
            "1行目は「言葉」「よみがな」。新しい言葉は加え、ある言葉はよみがなを直します。表にない言葉はそのままです。"
        ),
        error_messages={
            "required": gettext_lazy("表のファイルを選んでください。"),
            "empty": gettext_lazy("このファイルは空です。言葉とよみがなの入った表を選んでください。"),
        },
    )
