"""Forms of when an activity is before the public, from when people apply, and when they are reminded."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from kusei.office.forms.activities import ActivityForm, moment_field, number_field, text_field
from kusei.services.activities.enums import TemplateFor
from kusei.services.activities.reminding import MOST_DAYS


class PublishAtForm(ActivityForm):
    """When a draft goes before the public."""

    publish_at = moment_field(gettext_lazy("公開する日時"))


class WindowForm(ActivityForm):
    """From when to when people apply."""

    opens_at = moment_field(gettext_lazy("申込みの始まり"))
    closes_at = moment_field(gettext_lazy("申込みの終わり"))


class RemindersForm(ActivityForm):
    """How many days before each session people are reminded."""

    days = number_field(
        gettext_lazy("一度目（何日前）"),
        most=MOST_DAYS,
        required=True,
        help_text=gettext_lazy("0は送りません。"),
    )
    again_days = number_field(gettext_lazy("二度目（何日前）"), most=MOST_DAYS, required=True)


class ReopenForm(ActivityForm):
    """Why something that was called off is held after all."""

    reason = text_field(
        gettext_lazy("取りやめる理由"), 200, required=True,
        help_text=gettext_lazy("申し込んだ人にそのまま伝わります。例: 手違いで中止のお知らせを送ってしまいました"),
    )  # fmt: skip


class TemplateForm(ActivityForm):
    """Who may make new ones like it."""

    template = forms.ChoiceField(
        label=gettext_lazy("ひな型"), required=False, widget=forms.Select(attrs={"class": "input"}),
        choices=[("", gettext_lazy("ひな型にしない")), *TemplateFor.choices],
        help_text=gettext_lazy("ひな型にすると「講座・催しを作る」で選べます。申し込んだ人は写しません。"),
    )  # fmt: skip
