"""What stands beside an answer's text and helps to write it: sentences from the figures, what changed since the year before, what
a document printed already."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from kusei.documents.queries import documents_of_versions
from kusei.press.differences import TextPiece, text_pieces
from kusei.results import operations as results
from kusei.results import sentences
from kusei.results.answering import LONGEST_TEXT, OPEN
from kusei.results.models import Answer
from kusei.results.queries.answer_pages import Sheet, promised
from kusei.results.queries.moved import moved_figures
from kusei.results.queries.printed_now import printed_now
from kusei.results.queries.sentences import sentence_forms
from kusei.results.sentences import LONGEST_FORM
from kusei.wards.access import OfficeRequest

_DRAFT, _PRINTED = "draft:", "printed"


def text_wanted(request: HttpRequest, text: str) -> str:
    """The text with the sentence whose button was pressed; the text itself where none was."""
    do = request.POST.get("do", "")
    if not do.startswith(_DRAFT):
        return text
    sentence = do.removeprefix(_DRAFT)[: 4 * LONGEST_FORM]
    return f"{text.rstrip()}\n{sentence}" if text.strip() else sentence


def act(request: OfficeRequest, answer: Answer) -> str:
    """Do what a button beside the text asks for; returns what to tell, nothing where none was pressed. Raises ResultError."""
    do = request.POST.get("do", "")
    if do.startswith(_DRAFT):
        return _("文に入れました。直してから提出してください。")
    if do == _PRINTED:
        results.begin_with_printed(answer=answer, actor=request.user)
        return _("公表された結果を写しました。確かめて、足りないところを書いてから提出してください。")
    return ""


def beside(answer: Answer, sheet: Sheet, text: str, *, can_write: bool) -> dict[str, Any]:
    """What the page shows: `drafts`, `compared`, `printed` with the way to its document, `moved` since it was approved."""
    shown: dict[str, Any] = {
        "compared": compared(sheet, text),
        "moved": moved_figures([answer]).get(answer.pk),
    }
    if can_write:
        shown["drafts"] = sentences.drafts(sentence_forms(answer.ward), sheet.figures)
    if answer.state in OPEN and not answer.text:
        shown |= _printed(answer)
    return shown


def compared(sheet: Sheet, text: str) -> dict[str, tuple[TextPiece, ...]]:
    """This year's promise and result against last year's, as pieces; what is the same as then or has nothing to be compared
    with is left out."""
    last = sheet.last_year
    if last is None:
        return {}
    now = sheet.said(text) if len(text) <= LONGEST_TEXT else ""
    promise = promised(sheet.node) if sheet.node else ""
    return {
        name: text_pieces(before, after)
        for name, before, after in (("promise", last.promised, promise), ("result", last.text, now))
        if before and after and before != after
    }


def compared_text(request: HttpRequest, sheet: Sheet, text: str) -> str:
    """The result's part as HTML, for a page that is open while its text is saved."""
    return render_to_string(
        "office/results/parts/compared.html",
        {"compared": compared(sheet, text)},
        request,
    )


def _printed(answer: Answer) -> dict[str, Any]:
    found = printed_now(answer.collection, [answer.item_id]).get(answer.item_id)
    if found is None:
        return {}
    document = documents_of_versions(answer.ward, [found.version]).get(found.version)
    return {
        "printed": found,
        "printed_source": document.name if document else "",
        "printed_url": reverse("portal:document", args=[answer.ward.key, document.document_id])
        if document
        else "",
    }
