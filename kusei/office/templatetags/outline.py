"""The rows of a draft's outline. They are written in Python because there may be thousands: the template language took
four fifths of the page's time for them, and nobody designs a row without its style sheet (`office/plans.css`) anyway."""

from __future__ import annotations

from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kusei.office.queries.outlines import Outline, OutlineRow
from kusei.plans.drafting import Sum
from kusei.plans.enums import ItemKind, ReviewState
from kusei.press import formats
from kusei.press.templatetags.press import thousands

register = template.Library()

_CONTEXT = ' class="is-context"'
_STATUS = {
    ReviewState.RETURNED.value: "status status--wrong",
    ReviewState.UNSEEN.value: "status status--waiting",
    ReviewState.WORKING.value: "status status--waiting",
    ReviewState.SUBMITTED.value: "status status--waiting",
    ReviewState.APPROVED.value: "status status--done",
}


@register.simple_tag
def outline_rows(outline: Outline, at: int, has_focus: bool, query: str) -> SafeString:
    """Every row of the outline; the one of the item `at` is chosen, and gets the focus where `has_focus`.

    Rows without children have no button to fold them. `query` is what the links to the items carry on.
    """
    words = _Words(query)
    return mark_safe("".join(_row(each, words, each.row.item == at, has_focus) for each in outline.rows))


class _Words:
    """What every row says alike, looked up once."""

    def __init__(self, query: str) -> None:
        self.query = f"?{escape(query)}" if query else ""
        self.kinds = {each.value: escape(str(each.label)) for each in ItemKind}
        self.states = {
            each.value: f'<span class="{_STATUS.get(each.value, "muted")}">{escape(str(each.label))}</span>'
            for each in ReviewState
        }
        self.fold = escape(_("たたむ・ひらく"))
        self.sums_fit = f'<span class="status status--done">{escape(_("合っています"))}</span>'
        self.said = escape(_("コメント%(count)s"))


def _row(each: OutlineRow, words: _Words, is_chosen: bool, has_focus: bool) -> str:
    row = each.row
    item = str(row.item)
    title = escape(row.title) or "―"
    chosen = (" checked autofocus" if has_focus else " checked") if is_chosen else ""
    number = f'<span class="no">{escape(row.number)}</span> ' if row.number else ""
    tags = "".join(f' <span class="tag">{escape(tag)}</span>' for tag in row.tags)
    said = (
        f' <span class="said">{words.said % {"count": formats.whole(each.comments)}}</span>'
        if each.comments
        else ""
    )
    owners = escape("、".join(owner.printed for owner in row.owners))
    fold = (
        f'<button class="fold" type="submit" form="act" name="fold" value="{item}" aria-label="{words.fold}: {title}"'
        f' aria-expanded="{"false" if each.is_folded else "true"}"></button>'
        if each.has_children
        else ""
    )
    marks = f"{' hidden' if each.is_hidden else ''}{_CONTEXT if each.is_context else ''}"
    return (
        f'<tr id="i{item}" data-item="{item}" data-depth="{each.depth}"{marks}>'
        f'<td><input type="radio" form="act" name="item" value="{item}"{chosen} aria-labelledby="t{item}"></td>'
        f'<th scope="row">{fold}<a id="t{item}" href="items/{item}/{words.query}">{number}{title}</a>{tags}{said}</th>'
        f"<td>{words.kinds[row.kind]}</td><td>{owners}</td>"
        f'<td class="num">{thousands(each.current_yen)}</td><td class="num">{thousands(each.previous_yen)}</td>'
        f"<td>{_sum(each.sum, words)}</td><td>{words.states[row.review]}</td></tr>"
    )  # fmt: skip


def _sum(told: Sum | None, words: _Words) -> str:
    if told is None:
        return ""
    if not told.difference:
        return words.sums_fit
    parts, difference = thousands(told.parts_yen), formats.signed_thousands_of_yen(told.difference)
    both = escape(_("%(parts)s（%(difference)s）")) % {"parts": parts, "difference": escape(difference)}
    return f'<span class="status status--wrong">{both}</span>'
