"""Forms of meetings: members, the record with its rows, who came, a paper, the next date, what came of a decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kusei.office.forms.activities import ActivityForm, moment_field, number_field, text_field
from kusei.services.activities.models import AgendaPoint, Decision, Minutes
from kusei.services.activities.operations import When
from kusei.services.activities.operations.meetings import Decided, MemberWords, Point, Written
from kusei.services.activities.operations.meetings.papers import ENDINGS
from kusei.wards.models import Body

_INPUT = {"class": "input"}
EMPTY_POINTS, EMPTY_DECISIONS = 3, 3


def _date(label: Any, **words: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"class": "input input--short", "type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("日は 2026-06-10 のように書いてください。"), "required": gettext_lazy("日を入れてください。")}, **words,
    )  # fmt: skip


class MemberForm(ActivityForm):
    """A body or a person, and where mails go."""

    body = forms.ModelChoiceField(Body.objects.none(), label=gettext_lazy("団体・課"), required=False, empty_label=gettext_lazy("団体ではない（名前を書く）"), widget=forms.Select(attrs=_INPUT))  # fmt: skip
    name = text_field(
        gettext_lazy("名前"), 80, help_text=gettext_lazy("団体を選んだときは空けておきます。主催の人だけが見られ、住民のページには出ません。")
    )  # fmt: skip
    mail = text_field(gettext_lazy("メールアドレス"), 200, help_text=gettext_lazy("会議の案内と、記録の確認のお願いを送ります。"))  # fmt: skip
    people = number_field(gettext_lazy("いつもの人数"), least=1, most=500, required=True, initial=1)

    def __init__(self, *arguments: Any, bodies: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        self.fields["body"].queryset = bodies  # type: ignore[attr-defined]

    def words(self) -> MemberWords:
        return MemberWords(**self.cleaned_data)


class PaperForm(ActivityForm):
    file = forms.FileField(
        label=gettext_lazy("ファイル"), widget=forms.FileInput(attrs={**_INPUT, "accept": ",".join(f".{each}" for each in ENDINGS)}),
        help_text=gettext_lazy("PDF、Word、Excel、PowerPoint、文章、画像。20MBまで。"),
        error_messages={"required": gettext_lazy("ファイルを選んでください。"), "empty": gettext_lazy("ファイルに中身がありません。もう一度選んでください。")},
    )  # fmt: skip
    title = text_field(gettext_lazy("資料の名前"), 120, help_text=gettext_lazy("空けておくとファイルの名前になります。"))  # fmt: skip
    point = forms.ModelChoiceField(AgendaPoint.objects.none(), label=gettext_lazy("議題"), required=False, empty_label=gettext_lazy("会議の全体"), widget=forms.Select(attrs=_INPUT))  # fmt: skip
    is_public = forms.BooleanField(
        label=gettext_lazy("記録といっしょに公開してよい"), required=False, initial=True
    )

    def __init__(self, *arguments: Any, agenda: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        self.fields["point"].queryset = agenda  # type: ignore[attr-defined]


class RoundForm(ActivityForm):
    until = _date(gettext_lazy("意見の期限"))


class NextForm(ActivityForm):
    """When and where the next meeting is."""

    starts_at = moment_field(gettext_lazy("始まり"))
    ends_at = moment_field(gettext_lazy("終わり"))
    place = text_field(gettext_lazy("場所"), 120)

    def when(self, minutes: Minutes) -> When:
        said = self.cleaned_data
        before = minutes.session
        return When(said["starts_at"], said["ends_at"], said["place"], before.district, before.online_url)


class DoneForm(ActivityForm):
    note = text_field(gettext_lazy("したこと"), 300, required=True)
    on = _date(gettext_lazy("済んだ日"))


class WhyForm(ActivityForm):
    reason = text_field(gettext_lazy("確定を解く理由"), 200, required=True)


class RecordRows:
    """The record as rows of a page: what stands, or what was typed. `problem` says why typed rows cannot be taken."""

    def __init__(self, minutes: Minutes, data: Mapping[str, Any] | None = None) -> None:
        self.problem = ""
        if data is None:
            self.agenda = [_point_row(each) for each in minutes.agenda.all()]
            self.decisions = [_decision_row(each) for each in minutes.decisions.all()]
            self.summary, self.is_public = minutes.summary, minutes.is_public
            self.closed_reason = minutes.closed_reason
        else:
            self.agenda = _typed(data, "p", ("pk", "title", "brought_by", "note"))
            self.decisions = _typed(data, "d", ("pk", "text", "doer", "due_on"))
            self.summary = without_nul(data.get("summary", ""))[:20_000]
            self.is_public = data.get("is_public") != "0"
            self.closed_reason = without_nul(data.get("closed_reason", ""))
        self.typed = (list(self.agenda), list(self.decisions))
        self.agenda = [*self.agenda, *({} for _each in range(EMPTY_POINTS))]
        self.decisions = [*self.decisions, *({} for _each in range(EMPTY_DECISIONS))]

    def written(self) -> Written | None:
        """What was typed; None where a date is none, with `problem`."""
        agenda, decisions = self.typed
        decided = []
        for row in decisions:
            due = _day(row["due_on"])
            if row["due_on"].strip() and due is None:
                self.problem = _("期限の「%(text)s」が日として読めません。2026-06-10 のように書いてください。") % {"text": row["due_on"][:20]}  # fmt: skip
                return None
            decided.append(Decided(_number(row["pk"]), row["text"], row["doer"], due))
        points = [Point(_number(row["pk"]), row["title"], row["brought_by"], row["note"]) for row in agenda]
        return Written(points, decided, self.summary, self.is_public, self.closed_reason)


def _point_row(point: AgendaPoint) -> dict[str, str]:
    return {"pk": str(point.pk), "title": point.title, "brought_by": point.brought_by, "note": point.note}


def _decision_row(decision: Decision) -> dict[str, str]:
    due = decision.due_on.isoformat() if decision.due_on else ""
    return {"pk": str(decision.pk), "text": decision.text, "doer": decision.doer, "due_on": due, "number": str(decision.number)}  # fmt: skip


def _typed(data: Any, letter: str, names: Sequence[str]) -> list[dict[str, str]]:
    columns = [[without_nul(each) for each in data.getlist(f"{letter}-{name}")[:80]] for name in names]
    rows = [dict(zip(names, row, strict=False)) for row in zip(*columns, strict=False)]
    return [row for row in rows if any(value.strip() for name, value in row.items())]


def without_nul(text: Any) -> str:
    """What was typed, without the sign that no database keeps in a text."""
    return str(text).replace("\x00", "")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip().replace("/", "-"))
    except ValueError:
        return None


def next_proposal(minutes: Minutes) -> dict[str, Any]:
    """The same weekday of the same week of the next month, at the same time and place."""
    from kusei.services.activities.series import Rhythm, days_of_series

    begin, end = timezone.localtime(minutes.session.starts_at), timezone.localtime(minutes.session.ends_at)
    days, _left = days_of_series(begin.date(), Rhythm.MONTHLY, 2, on_holidays=True)
    shift = days[-1] - begin.date()

    def moved(moment: datetime) -> datetime:
        return moment + shift

    return {"starts_at": moved(begin), "ends_at": moved(end), "place": minutes.session.place}
