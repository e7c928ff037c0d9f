"""Forms of a rally: its rules, a station, cards of paper, the counter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from kusei.office.forms.activities import ActivityForm, number_field, text_field
from kusei.services.activities.models import Rally, Station
from kusei.services.activities.operations import RallyRules, Stop
from kusei.services.activities.rallies import MOST_STATIONS
from kusei.wards.models import District


class RulesForm(ActivityForm):
    """How many stamps finish a card, and what for."""

    needed = number_field(
        gettext_lazy("達成に要るスタンプの数"), least=1, most=MOST_STATIONS, required=True, initial=3,
        help_text=gettext_lazy("場所の全部でなくてもかまいません。例: 5か所のうち3か所"),
    )  # fmt: skip
    prize = text_field(
        gettext_lazy("景品"), 120, help_text=gettext_lazy("住民のページに出ます。ないときは空けておきます。")
    )
    prize_place = text_field(
        gettext_lazy("景品の引換え場所"),
        200,
        help_text=gettext_lazy("例: 区役所1階 総合案内（平日9時～17時）"),
    )
    prize_total = number_field(
        gettext_lazy("景品の数"), least=1, help_text=gettext_lazy("決まっていないときは空けておきます。数を超えて渡す記録はできません。")
    )  # fmt: skip

    def rules(self) -> RallyRules:
        return RallyRules(**self.cleaned_data)


def rules_of(rally: Rally | None) -> dict[str, Any]:
    return {name: getattr(rally, name) for name in RulesForm.base_fields} if rally else {}


class StationForm(ActivityForm):
    """What people are told of a station."""

    name = text_field(gettext_lazy("名前"), 80, required=True)
    place = text_field(gettext_lazy("場所"), 120, help_text=gettext_lazy("例: 北台地区センター 1階入口"))
    directions = text_field(gettext_lazy("行き方"), 300, help_text=gettext_lazy("例: 地下鉄の駅の2番出口から歩いて5分"))  # fmt: skip
    hours = text_field(
        gettext_lazy("開いている時間"), 120, help_text=gettext_lazy("例: 9時～17時（月曜日は休み）")
    )
    district = forms.ModelChoiceField(
        District.objects.none(), label=gettext_lazy("地区"), required=False, empty_label=gettext_lazy("選ばない"),
        widget=forms.Select(attrs={"class": "input"}), help_text=gettext_lazy("スタンプの数が、この地区の実績になります。"),
    )  # fmt: skip
    position = number_field(
        gettext_lazy("順"), most=999, help_text=gettext_lazy("空けておくと最後になります。")
    )
    is_closed = forms.BooleanField(
        label=gettext_lazy("休止中（スタンプを押せないようにする）"), required=False
    )

    def __init__(self, *arguments: Any, districts: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        self.fields["district"].queryset = districts  # type: ignore[attr-defined]

    def stop(self) -> Stop:
        return Stop(**{**self.cleaned_data, "position": self.cleaned_data["position"] or 0})


class PrizeForm(ActivityForm):
    """What the person at the counter shows."""

    finish_code = text_field(
        gettext_lazy("達成コード"), 40, required=True, help_text=gettext_lazy("カードの画面に出ている6文字。間の空白はなくてもかまいません。")
    )  # fmt: skip

    def __init__(self, *arguments: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        self.fields["finish_code"].widget.attrs["class"] = "input input--short"


class PaperForm(ActivityForm):
    """Cards of paper that came in on one day."""

    cards = number_field(gettext_lazy("回収した紙のカード（枚）"), required=True, initial=0)
    finished = number_field(gettext_lazy("そのうち達成したカード（枚）"), required=True, initial=0)
    prizes = number_field(gettext_lazy("渡した景品（個）"), required=True, initial=0)

    def __init__(self, *arguments: Any, stations: Iterable[Station], **words: Any) -> None:
        super().__init__(*arguments, **words)
        self.stations = list(stations)
        for station in self.stations:
            self.fields[f"station-{station.pk}"] = number_field(station.name, initial=0)

    def stamp_fields(self) -> list[forms.BoundField]:
        return [self[f"station-{station.pk}"] for station in self.stations]

    def stamps(self) -> dict[int, int]:
        return {each.pk: self.cleaned_data[f"station-{each.pk}"] or 0 for each in self.stations}
