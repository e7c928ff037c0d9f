"""The page behind a signed link on which a body outside tells what was done: all its open actions, no account."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from kusei.notices.errors import LinkNotUsable
from kusei.notices.throttle import is_allowed, is_spent
from kusei.portal.views.answers import WRONG_LINKS, link_page, private
from kusei.portal.views.questions import address_of
from kusei.results import operations as results
from kusei.results.answering import FIELDS, LONGEST_REASON, LONGEST_TEXT
from kusei.results.enums import ANSWERABLE, Outcome
from kusei.results.errors import AnswerClash, NotComplete, OutcomeUnknown, ResultError, TextTooLong
from kusei.results.queries.linked import Linked, open_for, titles_by_link
from kusei.wards.permissions import NotAllowed

_ANSWER = re.compile(r"text-(\d{1,15})")
_PART = re.compile(r"part-(\d{1,15})")
_SENT = re.compile(r"\A[0-9]{1,4}\Z")

_MISSING = {
    "outcome": gettext_lazy("状況（実施・中止など）を選んでください。"),
    "reason": gettext_lazy("一部実施・中止・延期などの理由を書いてください。"),
    "text": gettext_lazy("行ったことを書いてください。"),
    "figures": gettext_lazy("《 》の中の数が、まだ記録されていません。数を書いてください。"),
    "contributions": gettext_lazy(
        "いっしょに行う団体に、まだ書き終えていないところがあります。待たずに送るときは、送るボタンの上に印を付けてください。"
    ),
}


@csrf_exempt  # the token is what a forged form would lack; and a page without referrer sends no origin that could be checked
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Read what was planned and write what was done; it can be kept half-written, and goes on until all is sent in."""
    where = address_of(request)
    if is_spent("answer", where, **WRONG_LINKS):
        return link_page(request, "closed.html", _("少し待ってください"), {"is_waiting": True}, status=429)
    given = request.POST
    answers = [
        results.Written(pk, _fields(given, f"-{pk}", "was-"), _fields(given, f"-{pk}"))
        for pk in _numbers(given, _ANSWER)
    ]
    parts = [
        results.PartWritten(pk, _lines(given.get(f"was-part-{pk}", "")), _lines(given[f"part-{pk}"]))
        for pk in _numbers(given, _PART)
    ]
    try:
        if request.method == "POST":
            is_final = given.get("do") == "send"
            done = results.answer_by_link(
                token,
                answers=answers,
                parts=parts,
                name=given.get("name", "")[:80],
                is_final=is_final,
                without_contributions="without_contributions" in given,
            )  # fmt: skip
            if done.is_finished:
                return private(redirect("portal:answer_results_thanks"))
            if done.is_clean:
                return private(redirect(f"{request.path}?saved=1&sent={done.sent}"))
            return _page(request, done.collection, done.body, done.link, done=done)
        collection, body, link = results.open_answer_link(token)
    except LinkNotUsable as error:
        if request.method == "POST" and results.has_arrived(token, answers=answers, parts=parts):
            return private(redirect("portal:answer_results_thanks"))  # the second half of a double click
        is_allowed("answer", where, **WRONG_LINKS)
        words = {"why": str(error), "typed": "\n\n".join(_typed(given))}
        return link_page(request, "closed.html", _("このリンクは使えません"), words, status=404)
    except NotAllowed as error:
        words = {"why": str(error), "typed": "\n\n".join(_typed(given))}
        return link_page(request, "closed.html", _("このリンクは使えません"), words, status=404)
    return _page(request, collection, body, link)


@never_cache
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """Everything has arrived. The address holds nothing of the link."""
    return link_page(request, "results_thanks.html", _("取組結果を受け取りました"), {})


def _page(
    request: HttpRequest, collection: Any, body: Any, link: Any, *, done: results.ByLink | None = None
) -> HttpResponse:
    linked = open_for(collection, body)
    sheets = []
    for sheet in linked.sheets:
        pk = sheet.answer.pk
        problem = done.problems.get(pk) if done else None
        stored = {name: getattr(sheet.answer, name) for name in FIELDS}
        values, was, theirs = dict(stored), dict(stored), []
        if problem is not None and not isinstance(problem, NotComplete):  # what could not be kept stays typed
            values |= _fields(request.POST, f"-{pk}")
            if isinstance(problem, AnswerClash):
                theirs = [clash.theirs for clash in problem.clashes if clash.field != "outcome"]
            else:
                was |= _fields(request.POST, f"-{pk}", "was-")
        sheets.append({
            "sheet": sheet, "values": values, "was": was, "theirs": theirs,
            "problems": _told(problem), "outcomes": [(value, Outcome(value).label) for value in ANSWERABLE],
        })  # fmt: skip
    parts = []
    for part, sheet in linked.parts:
        problem = done.part_problems.get(part.pk) if done else None
        is_lost = problem is not None and not isinstance(problem, NotComplete)
        parts.append({
            "part": part, "sheet": sheet, "was": part.text,
            "text": _lines(request.POST.get(f"part-{part.pk}", part.text)) if is_lost else part.text,
            "theirs": [clash.theirs for clash in problem.clashes] if isinstance(problem, AnswerClash) else [],
            "problems": _told(problem),
        })  # fmt: skip
    problem_count = len(done.problems) + len(done.part_problems) if done else 0
    return link_page(
        request,
        "results.html",
        _("取組結果を書く"),
        {
            "collection": collection,
            "body": body,
            "link": link,
            "ward_name": collection.ward.full_name,
            "sheets": sheets,
            "parts": parts,
            "unkept": _unkept(request, linked, done) if done else [],
            "is_empty": linked.is_empty,
            "is_saved": request.GET.get("saved") == "1",
            "sent": done.sent if done else _sent_before(request),
            "problem_count": problem_count,
            "name": request.POST.get("name", "")[:80],
            "waits_for_others": any(sheet.open_parts for sheet in linked.sheets),
            "limits": {"reason": LONGEST_REASON},
        },
        status=422 if problem_count else 200,
    )


def _sent_before(request: HttpRequest) -> int:
    """How many were sent in by what led here, as the address says it."""
    told = _SENT.match(request.GET.get("sent", ""))
    return int(told[0]) if told else 0


def _unkept(request: HttpRequest, linked: Linked, done: results.ByLink) -> list[dict[str, Any]]:
    """What was written for actions that are not open any more: shown, so that it can be copied."""
    shown = {sheet.answer.pk for sheet in linked.sheets}
    shown_parts = {part.pk for part, _sheet in linked.parts}
    answers = {pk: problem for pk, problem in done.problems.items() if pk not in shown}
    parts = {pk: problem for pk, problem in done.part_problems.items() if pk not in shown_parts}
    if not answers and not parts:
        return []
    titles, part_titles = titles_by_link(done.collection, answers, parts)
    found = [
        (titles.get(pk, ""), problem, [_lines(request.POST.get(f"{name}-{pk}", "")) for name in ("reason", "text", "remark")])
        for pk, problem in answers.items()
    ] + [
        (part_titles.get(pk, ""), problem, [_lines(request.POST.get(f"part-{pk}", ""))])
        for pk, problem in parts.items()
    ]  # fmt: skip
    return [
        {"title": title, "problems": _told(problem), "text": "\n\n".join(filter(None, texts))}
        for title, problem, texts in found
    ]


def _told(problem: ResultError | None) -> list[str]:
    """What a refusal says to whoever holds the link, in their language."""
    match problem:
        case None:
            return []
        case NotComplete():
            return [str(_MISSING[each]) for each in problem.missing]
        case AnswerClash():
            return [
                _(
                    "書いているあいだに、ほかの人が同じところを書き換えました。下の文を見て直し、もう一度送ってください。"
                )
            ]
        case OutcomeUnknown():
            return [str(_MISSING["outcome"])]
        case TextTooLong():
            return [_("文が長すぎます。%(limit)d字までで書いてください。") % {"limit": LONGEST_TEXT}]
    return [_("この取組は、もう提出されています。直したいときは、区の担当に知らせてください。")]


def _fields(given: Any, after: str, before: str = "") -> dict[str, str]:
    return {
        name: _lines(given[f"{before}{name}{after}"]) for name in FIELDS if f"{before}{name}{after}" in given
    }


def _numbers(given: Any, pattern: re.Pattern[str]) -> list[int]:
    return [int(found[1]) for name in given if (found := pattern.fullmatch(name))]


def _typed(given: Any) -> list[str]:
    """What somebody wrote on a page whose link closed meanwhile: shown, so that it can be copied."""
    names = [name for name in given if _ANSWER.fullmatch(name) or _PART.fullmatch(name)]
    return [given[name] for name in names if given[name].strip()]


def _lines(text: str) -> str:
    """Browsers send lines with CR LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
