"""Forms about the ledger: how numbers came, what is counted, closing and reopening a year."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kusei.ledger.enums import Arrival
from kusei.ledger.operations import Proof

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
