"""Forms about the ledger: how numbers came, what is counted, closing and reopening a year."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kusei.ledger.enums import Adding, Arrival, DistinctScope
from kusei.ledger.models import Metric
from kusei.ledger.operations import Proof
from kusei.wards.models import Ward

_TEXT = {"class": "input"}
BY_HAND = (Arrival.FORM, Arrival.TELEPHONE, Arrival.PAPER, Arrival.MAIL)


class ProofForm(forms.Form):
    """How the numbers reached the one who types them: a call leaves a note, a paper or a mail a note or the file itself."""

    way = forms.ChoiceField(
        label=gettext_lazy("どのように届きましたか"),
        choices=[(each.value, each.label) for each in BY_HAND],
        widget=forms.Select(attrs=_TEXT),
        error_messages={"invalid_choice": gettext_lazy("届いた方法を一覧から選んでください。")},
    )
    received_on = forms.DateField(
        label=gettext_lazy("届いた日"),
        widget=forms.DateInput(attrs={**_TEXT, "type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("届いた日を入れてください。"),
            "invalid": gettext_lazy("届いた日は、2026-06-10 のように入れてください。"),
        },
    )
    note = forms.CharField(
        label=gettext_lazy("だれから・どのように"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={**_TEXT, "rows": 2}),
        help_text=gettext_lazy("例: 事務局の担当者から電話。6月分"),
        error_messages={"max_length": gettext_lazy("2,000文字までで書いてください。")},
    )
    file = forms.FileField(
        label=gettext_lazy("紙やメールの写し"),
        required=False,
        max_length=255,
        widget=forms.ClearableFileInput(attrs=_TEXT),
        error_messages={
            "empty": gettext_lazy("このファイルは空です。もう一度選んでください。"),
            "max_length": gettext_lazy("ファイル名が長すぎます。短くしてから選んでください。"),
        },
    )

    def __init__(self, *arguments: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        self.initial = {"way": Arrival.FORM.value, "received_on": timezone.localdate(), **self.initial}

    def clean_received_on(self) -> Any:
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("届いた日が、今日より後になっています。"))
        return day

    def clean_file(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data.get("file")
        most = settings.KUSEI_UPLOAD_MEGABYTES
        if file and (file.size or 0) > most * 1024 * 1024:
            raise forms.ValidationError(
                _("ファイルが大きすぎます。%(most)dMBまでにしてください。") % {"most": most}
            )
        return file

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        note = (given.get("note") or "").strip()
        if given.get("way") == Arrival.TELEPHONE and not note and "note" not in self.errors:
            self.add_error("note", _("電話で聞いたときは、だれから聞いたかを書いてください。あとで確かめる手がかりになります。"))  # fmt: skip
        without = not note and not given.get("file") and not self.errors
        if given.get("way") in {Arrival.PAPER, Arrival.MAIL} and without:
            self.add_error("note", _("紙やメールで届いたときは、写しを付けるか、だれから届いたかを書いてください。"))  # fmt: skip
        return given

    def proof(self) -> Proof:
        """What the operation is told."""
        given = self.cleaned_data
        file: UploadedFile | None = given["file"]
        return Proof(
            way=given["way"],
            received_on=given["received_on"],
            note=given["note"],
            file=(file.name or "file", file.read()) if file else None,
        )


class MetricForm(forms.Form):
    """Something that the ward counts of its own. What does not go with the way of adding up is left aside."""

    name = forms.CharField(
        label=gettext_lazy("数えるもの"),
        max_length=80,
        widget=forms.TextInput(attrs=_TEXT),
        help_text=gettext_lazy("例: 見守りの訪問"),
        error_messages={
            "required": gettext_lazy("数えるものの名前を入れてください。例: 見守りの訪問"),
            "max_length": gettext_lazy("80文字までで書いてください。"),
        },
    )
    unit = forms.CharField(
        label=gettext_lazy("単位"),
        max_length=20,
        widget=forms.TextInput(attrs={"class": "input input--short"}),
        help_text=gettext_lazy("例: 回、人、延べ人、件、か所、m、%、円"),
        error_messages={
            "required": gettext_lazy("単位を入れてください。例: 回"),
            "max_length": gettext_lazy("単位は20文字までで書いてください。"),
        },
    )
    definition = forms.CharField(
        label=gettext_lazy("何を、どう数えるか"),
        max_length=2000,
        widget=forms.Textarea(attrs={**_TEXT, "rows": 3}),
        help_text=gettext_lazy(
            "だれが数えても同じ数になるように書きます。例: 家を訪ねて会えた件数。留守は数えない。"
        ),
        error_messages={
            "required": gettext_lazy("何を、どう数えるかを書いてください。数字を開いた人が読みます。"),
            "max_length": gettext_lazy("2,000文字までで書いてください。"),
        },
    )
    adding = forms.ChoiceField(
        label=gettext_lazy("合わせ方"),
        choices=Adding.choices,
        widget=forms.Select(attrs=_TEXT),
        help_text=gettext_lazy(
            "合計: 月の数を足します。最後の値: 登録者数のように、いちばん新しい数をその年の数にします。割合: ほかの二つの数から計算します（単位が % なら百分率、人/回・円/人 のような単位なら1つあたりの数）。実数: 同じ人を一度だけ数えます。"
        ),
    )
    decimals = forms.ChoiceField(
        label=gettext_lazy("小数の桁"),
        choices=[(str(n), str(n)) for n in range(4)],
        required=False,
        widget=forms.Select(attrs={"class": "input input--short"}),
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("実数の範囲"),
        choices=[("", gettext_lazy("実数ではない")), *DistinctScope.choices],
        required=False,
        widget=forms.Select(attrs=_TEXT),
        help_text=gettext_lazy("合わせ方が「実数」のときだけ選びます。"),
    )
    numerator = forms.ModelChoiceField(
        queryset=Metric.objects.none(),
        label=gettext_lazy("分子"),
        required=False,
        empty_label=gettext_lazy("割合ではない"),
        widget=forms.Select(attrs=_TEXT),
        help_text=gettext_lazy("合わせ方が「割合」のときだけ選びます。"),
    )
    denominator = forms.ModelChoiceField(
        queryset=Metric.objects.none(),
        label=gettext_lazy("分母"),
        required=False,
        empty_label=gettext_lazy("割合ではない"),
        widget=forms.Select(attrs=_TEXT),
    )

    def __init__(self, *arguments: Any, ward: Ward, **words: Any) -> None:
        super().__init__(*arguments, **words)
        usable = Metric.objects.filter(Q(ward=ward) | Q(ward__isnull=True), ended_on__isnull=True)
        for name in ("numerator", "denominator"):
            self.fields[name].queryset = usable.exclude(adding=Adding.RATE)  # type: ignore[attr-defined]

    def words(self) -> dict[str, Any]:
        """What `add_metric` is told."""
        given = self.cleaned_data
        return {**given, "decimals": int(given["decimals"] or 0)}


class DefinitionForm(forms.Form):
    """What a metric of the ward counts, said more exactly."""

    definition = MetricForm.base_fields["definition"]


class EndMetricForm(forms.Form):
    """The first day on which a metric is used no more; today where none is named."""

    ended_on = forms.DateField(
        label=gettext_lazy("この日から使わない"),
        required=False,
        widget=forms.DateInput(attrs={"class": "input input--short", "type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("空けておくと今日からです。前の日付の数は、その後も入れられます。"),
        error_messages={"invalid": gettext_lazy("日付は、2026-06-10 のように入れてください。")},
    )


class ReasonForm(forms.Form):
    """Why a year's books are closed or reopened."""

    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=1000,
        widget=forms.Textarea(attrs={**_TEXT, "rows": 2}),
        help_text=gettext_lazy("変更の記録に残り、あとから読めます。"),
        error_messages={
            "required": gettext_lazy(
                "理由を書いてください。あとで、なぜ締めたか・解いたかが分かるようにします。"
            ),
            "max_length": gettext_lazy("1,000文字までで書いてください。"),
        },
    )
