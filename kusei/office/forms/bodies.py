"""Forms about bodies and the ward's own settings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kusei.japanese.fiscal_year import parse_fiscal_year
from kusei.wards import colours
from kusei.wards.enums import BodyKind
from kusei.wards.models import Body, Ward

_TEXT = {"class": "input"}


class _ParentField(forms.ModelChoiceField):
    def __init__(self) -> None:
        super().__init__(
            queryset=Body.objects.none(),
            label=gettext_lazy("上位の実施主体"),
            required=False,
            empty_label=gettext_lazy("なし"),
            widget=forms.Select(attrs=_TEXT),
        )


def _name_field() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("名称"),
        max_length=120,
        widget=forms.TextInput(attrs=_TEXT),
        error_messages={"required": gettext_lazy("名称を入れてください。")},
    )


class BodyForm(forms.Form):
    """A new body."""

    name = _name_field()
    kind = forms.ChoiceField(
        label=gettext_lazy("種類"),
        required=False,
        choices=[("", gettext_lazy("名称から決める")), *BodyKind.choices],
        widget=forms.Select(attrs=_TEXT),
    )
    parent = _ParentField()

    def __init__(self, *arguments: Any, ward: Ward, **words: Any) -> None:
        super().__init__(*arguments, **words)
        self.fields["parent"].queryset = Body.objects.standing().filter(ward=ward)  # type: ignore[attr-defined]


class RenameForm(forms.Form):
    """Another name; the old one becomes an alias."""

    name = _name_field()


class PlaceForm(forms.Form):
    """Kind and place of a body."""

    kind = forms.ChoiceField(
        label=gettext_lazy("種類"), choices=BodyKind.choices, widget=forms.Select(attrs=_TEXT)
    )
    parent = _ParentField()

    def __init__(self, *arguments: Any, body: Body, **words: Any) -> None:
        super().__init__(*arguments, **words)
        others = Body.objects.standing().filter(ward_id=body.ward_id).exclude(pk=body.pk)
        self.fields["parent"].queryset = others  # type: ignore[attr-defined]


class AliasForm(forms.Form):
    """Another spelling."""

    name = forms.CharField(
        label=gettext_lazy("加える書き方"),
        max_length=120,
        widget=forms.TextInput(attrs=_TEXT),
        error_messages={"required": gettext_lazy("文書での書き方を入れてください。")},
    )


class MergeForm(forms.Form):
    """The body that another one is joined to."""

    into = forms.ModelChoiceField(
        queryset=Body.objects.none(),
        label=gettext_lazy("まとめる先"),
        empty_label=gettext_lazy("選んでください"),
        widget=forms.Select(attrs=_TEXT),
        error_messages={"required": gettext_lazy("まとめる先を選んでください。")},
    )

    def __init__(self, *arguments: Any, body: Body, **words: Any) -> None:
        super().__init__(*arguments, **words)
        others = Body.objects.standing().filter(ward_id=body.ward_id).exclude(pk=body.pk)
        self.fields["into"].queryset = others  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """The last fiscal year of a body, and which one acts for it afterwards."""

    last_year = forms.CharField(
        label=gettext_lazy("最後の年度"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"class": "input input--short", "autocomplete": "off"}),
        help_text=gettext_lazy("例: 令和7年度、2025。空けて保存すると、これからも続くことになります。"),
    )
    successor = forms.ModelChoiceField(
        queryset=Body.objects.none(),
        label=gettext_lazy("引き継ぎ先"),
        required=False,
        empty_label=gettext_lazy("ない"),
        widget=forms.Select(attrs=_TEXT),
        help_text=gettext_lazy(
            "次の年度の下書き・取りまとめでは、この実施主体が担当になります。その利用者は、前の年度の分も扱えるようになります。"
        ),
    )

    def __init__(self, *arguments: Any, body: Body, **words: Any) -> None:
        super().__init__(*arguments, **words)
        others = Body.objects.standing().filter(ward_id=body.ward_id).exclude(pk=body.pk)
        self.fields["successor"].queryset = others  # type: ignore[attr-defined]

    def clean_last_year(self) -> int | None:
        said: str = self.cleaned_data["last_year"].strip()
        if not said:
            return None
        year = parse_fiscal_year(said)
        if year is None:
            raise forms.ValidationError(_("最後の年度は、令和7年度 や 2025 のように書いてください。"))
        return year


_OWN = "own"
_HOUSE = "#0017c1"
"""The house's own colour, as in tokens.css (--accent)."""


class WardForm(forms.ModelForm):
    """The ward's own settings. A colour is chosen (`swatch`) or typed; whichever of both was changed counts, the typed first."""

    swatch = forms.ChoiceField(required=False, choices=[("", "")])

    class Meta:
        model = Ward
        fields = ["name_kana", "name_en", "accent", "contact_office", "contact_telephone", "contact_address"]
        widgets = {
            "name_kana": forms.TextInput(attrs=_TEXT),
            "name_en": forms.TextInput(attrs={**_TEXT, "lang": "en"}),
            "accent": forms.TextInput(attrs={"class": "input input--short", "placeholder": "#0a6b3d"}),
            "contact_office": forms.TextInput(attrs=_TEXT),
            "contact_telephone": forms.TextInput(attrs={**_TEXT, "inputmode": "tel"}),
            "contact_address": forms.TextInput(attrs=_TEXT),
        }
        labels = {"accent": gettext_lazy("そのほかの色")}
        help_texts = {
            "name_kana": gettext_lazy("例: いずみく"),
            "name_en": gettext_lazy("外国語のページで使います。例: Izumi Ward"),
            "accent": gettext_lazy(
                "見出し・ボタン・区の印・グラフの棒の色です。#0a6b3d のように書きます。白地で読める濃さ（コントラスト比4.5以上）の色に限ります。空けておくと、もとの青です。"
            ),
            "contact_office": gettext_lazy("住民のページの下に出ます。例: 区政推進課 企画調整係"),
            "contact_telephone": gettext_lazy("例: 045-000-0000"),
        }

    def __init__(self, *arguments: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        choices = [("", _("もとの青")), *colours.SUGGESTED, (_OWN, _("そのほか（下に書きます）"))]
        self.fields["swatch"].choices = choices  # type: ignore[attr-defined]
        self.fields["swatch"].initial = self._swatch_of(self.instance.accent)

    def _swatch_of(self, accent: str) -> str:
        return accent if accent in {"", *dict(colours.SUGGESTED)} else _OWN

    @property
    def swatches(self) -> list[tuple[str, str, str, bool]]:
        """Each choice: its value, its name, the colour that is shown (none for one's own), whether it is chosen."""
        chosen = self["swatch"].value() or ""
        return [
            (value, str(label), "" if value == _OWN else value or _HOUSE, value == chosen)
            for value, label in self.fields["swatch"].choices  # type: ignore[attr-defined]
        ]

    def clean_accent(self) -> str:
        text: str = self.cleaned_data["accent"].strip()
        before = self.instance.accent
        swatch = self.data.get("swatch")
        is_chosen = swatch in {"", *dict(colours.SUGGESTED)} and swatch != self._swatch_of(before)
        if is_chosen and text in {before, ""}:
            return str(swatch)
        if text and colours.colour_of(text) is None:
            raise forms.ValidationError(
                _("色は #0a6b3d のように、# と6桁の英数字（0-9、a-f）で書いてください。")
            )
        return text

    def clean(self) -> dict[str, Any]:
        """What was chosen is in the colour by now."""
        return {name: value for name, value in self.cleaned_data.items() if name != "swatch"}

    def _post_clean(self) -> None:
        """Nothing is put on the ward here: the operation decides and changes."""
