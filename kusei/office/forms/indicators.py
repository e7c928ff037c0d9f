"""Forms about indicators: what is counted and how it is judged, and the targets of years."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kusei.ledger.models import Metric
from kusei.ledger.rules import from_smallest, to_smallest
from kusei.office.forms.fields import FiscalYearField
from kusei.plans.drafting import Row
from kusei.press.formats import wareki
from kusei.results.enums import Direction
from kusei.wards.models import Body

_TEXT = {"class": "input"}


class IndicatorForm(forms.Form):
    """A new indicator of an item. Numbers are typed as people write them, in the metric's unit."""

    name = forms.CharField(
        label=gettext_lazy("指標の名前"),
        max_length=120,
        widget=forms.TextInput(attrs=_TEXT),
        help_text=gettext_lazy("例: COPDを知っている人の割合"),
        error_messages={
            "required": gettext_lazy("指標の名前を書いてください。例: COPDを知っている人の割合"),
            "max_length": gettext_lazy("指標の名前は120文字までで書いてください。"),
        },
    )
    metric = forms.ModelChoiceField(
        label=gettext_lazy("数えるもの"),
        queryset=Metric.objects.none(),
        empty_label=gettext_lazy("選んでください"),
        widget=forms.Select(attrs=_TEXT),
        error_messages={
            "required": gettext_lazy("数えるものを一覧から選んでください。"),
            "invalid_choice": gettext_lazy("数えるものを一覧から選んでください。"),
        },
    )
    direction = forms.ChoiceField(
        label=gettext_lazy("望ましい向き"),
        choices=Direction.choices,
        widget=forms.Select(attrs=_TEXT),
        error_messages={
            "required": gettext_lazy("多いほどよいか、少ないほどよいかを選んでください。"),
            "invalid_choice": gettext_lazy("多いほどよいか、少ないほどよいかを選んでください。"),
        },
    )
    target = forms.CharField(
        label=gettext_lazy("目標値"), required=False, max_length=40,
        widget=forms.TextInput(attrs={"class": "input input--number", "inputmode": "decimal"}),
    )  # fmt: skip
    baseline = forms.CharField(
        label=gettext_lazy("基準値"), required=False, max_length=40,
        widget=forms.TextInput(attrs={"class": "input input--number", "inputmode": "decimal"}),
        help_text=gettext_lazy("取り組む前の値です。割合や登録者の数のように月ごとに足せないものは、これより良くなっているかで見ます。"),
    )  # fmt: skip
    baseline_year = FiscalYearField(required=False)
    body = forms.ModelChoiceField(
        label=gettext_lazy("担当"),
        queryset=Body.objects.none(),
        required=False,
        empty_label=gettext_lazy("決めない"),
        widget=forms.Select(attrs=_TEXT),
        error_messages={"invalid_choice": gettext_lazy("担当を一覧から選んでください。")},
    )
    items = forms.TypedMultipleChoiceField(
        label=gettext_lazy("数える項目"), coerce=int, required=False,
        error_messages={"invalid_choice": gettext_lazy("数える項目を一覧から選んでください。")},
    )  # fmt: skip

    def __init__(
        self,
        *arguments: Any,
        metrics: Iterable[Metric],
        bodies: Iterable[Body],
        rows: Sequence[Row],
        year: int,
        **words: Any,
    ) -> None:
        super().__init__(*arguments, **words)
        self.fields["metric"].queryset = Metric.objects.filter(pk__in=[each.pk for each in metrics])  # type: ignore[attr-defined]
        self.fields["body"].queryset = Body.objects.filter(pk__in=[each.pk for each in bodies])  # type: ignore[attr-defined]
        self.fields["items"].choices = [(row.item, row.title) for row in rows]  # type: ignore[attr-defined]
        self.fields["target"].label = _("%(year)sの目標値") % {"year": wareki(year)}
        self.fields["baseline_year"].label = _("基準値の年度")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        metric = given.get("metric")
        has_value = bool((given.get("baseline") or "").strip())
        for field in ("target", "baseline"):
            typed = (given.get(field) or "").strip()
            given[field] = None
            if typed and metric is not None:
                try:
                    given[field] = quantity_typed(typed, metric)
                except ValueError as error:
                    self.add_error(field, str(error))
        if has_value and given.get("baseline_year") is None and "baseline_year" not in self.errors:
            self.add_error(
                "baseline_year", _("基準値が何年度の値かを入れてください。例: 令和6年度、R6、2024")
            )
        if not has_value and given.get("baseline_year") is not None and "baseline" not in self.errors:
            self.add_error("baseline", _("基準値を入れるか、その年度を空けてください。"))
        return given

    @property
    def chosen(self) -> set[str]:
        """The items that are ticked."""
        return set(self.data.getlist("items")) if self.is_bound else set()  # type: ignore[attr-defined]


class ChangeForm(IndicatorForm):
    """What may be said otherwise of an indicator; what it counts stays."""

    def __init__(
        self, *arguments: Any, metric: Metric, bodies: Iterable[Body], year: int, **words: Any
    ) -> None:
        super().__init__(*arguments, metrics=[metric], bodies=bodies, rows=(), year=year, **words)
        self.kept_metric = metric
        for field in ("metric", "items", "target"):
            del self.fields[field]

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["metric"] = self.kept_metric
        return super().clean()


def quantity_typed(typed: str, metric: Metric) -> int:
    """What somebody typed, in the metric's smallest unit; the unit itself may stand behind it. Raises ValueError with words."""
    bare = typed.strip().removesuffix(metric.unit).removesuffix("％").strip()
    try:
        quantity = to_smallest(bare, metric.decimals)
    except ValueError:
        raise ValueError(
            _("「%(typed)s」は数として読めません。小数は%(decimals)dけたまでの数を入れてください。")
            % {"typed": typed[:20], "decimals": metric.decimals}
            if metric.decimals
            else _("「%(typed)s」は数として読めません。1,250 のような、小数のない数を入れてください。")
            % {"typed": typed[:20]}
        ) from None
    if quantity < 0:
        raise ValueError(_("0以上の数を入れてください。"))
    return quantity


@dataclass
class TargetField:
    """One year's target as it was shown and as it was typed."""

    year: int
    shown: str
    typed: str
    problem: str = ""
    quantity: int | None = None

    @property
    def id(self) -> str:
        return f"target-{self.year}"

    @property
    def is_changed(self) -> bool:
        return self.typed.strip() != self.shown.strip()


def target_fields(
    metric: Metric, years: Iterable[int], known: Mapping[int, int], given: Mapping[str, str] | None = None
) -> list[TargetField]:
    """A field for each year. What somebody else set meanwhile in a year that was not typed in stays as it is."""
    found = []
    for year in years:
        now = "" if year not in known else f"{from_smallest(known[year], metric.decimals):,}"
        if given is None:
            found.append(TargetField(year, now, now))
            continue
        field = TargetField(year, given.get(f"was-{year}", now), given.get(f"target-{year}", now)[:40])
        if field.is_changed and field.typed.strip():
            try:
                field.quantity = quantity_typed(field.typed, metric)
            except ValueError as error:
                field.problem = str(error)
        overtaken = field.is_changed and now != field.shown.strip() and known.get(year) != field.quantity
        if overtaken and not field.problem:
            field.problem = _("書いているあいだに、ほかの人がこの目標値を「%(now)s」にしました。確かめて、よければもう一度保存してください。") % {"now": now or _("空き")}  # fmt: skip
            field.shown = now
        found.append(field)
    return found
