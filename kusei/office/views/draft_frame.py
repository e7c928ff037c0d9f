"""What the pages of a draft have in common: finding it, its address, forms that count once, and words about what was done."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from kusei.office.queries.outlines import KEPT_IN_ADDRESS, Asked, is_folded
from kusei.office.views.frame import Crumb, office_page
from kusei.plans.drafting import Row, Tree
from kusei.plans.enums import OPEN
from kusei.plans.models import PlanVersion
from kusei.plans.operations.drafts import plan_label
from kusei.plans.permissions import may_plan
from kusei.plans.queries.drafts import draft_of
from kusei.wards.access import OfficeRequest
from kusei.wards.models import Ward

_ONCE_SECONDS = 3600


def draft_or_404(request: OfficeRequest, ward: Ward, version_id: int) -> PlanVersion:
    """A draft of this ward that can be edited. What is still being taken in is for those who take documents in."""
    version = draft_of(ward, version_id)
    if version is not None and version.status not in OPEN and not may_plan(request.rights, ward):
        version = None
    if version is None:
        raise Http404(
            _(
                "この下書きは見つかりません。公開されたか、捨てられたかもしれません。計画の一覧から開き直してください。"
            )
        )
    return version


def row_or_404(tree: Tree, item: int) -> Row:
    """An item of the draft."""
    if item not in tree:
        raise Http404(item_is_gone())
    return tree.row(item)


def item_is_gone() -> str:
    return _(
        "この項目はもう下書きにありません。ほかの人が外したか、まとめたのかもしれません。下書きから開き直してください。"
    )


def kept(request: HttpRequest) -> str:
    """The part of the address that says how the outline is narrowed and folded, to carry it through other pages."""
    return urlencode([(name, request.GET[name]) for name in KEPT_IN_ADDRESS if request.GET.get(name)])


def with_query(address: str, query: str) -> str:
    return f"{address}?{query}" if query else address


def outline_url(version: PlanVersion, query: str = "", at: int | None = None) -> str:
    """The draft's outline as it was narrowed and folded, with the focus on an item.

    The page itself gives the focus to the row (autofocus). A `#i12` in the address would take it away again: a browser
    that comes to a place on a page which cannot be focused lets go of what is.
    """
    address = reverse("office:draft", args=[version.ward.key, version.pk])
    return with_query(address, "&".join(filter(None, [query, "" if at is None else f"at={at}"])))


def opened(query: str, tree: Tree, item: int | None) -> str:
    """The outline's query with everything unfolded that hides an item: the focus is to come back to it."""
    if item is None or item not in tree:
        return query
    asked = Asked.from_address(QueryDict(query))
    above = tree.above(item)
    hiding = {
        row.item for place, row in enumerate(above, start=1) if is_folded(row.item, len(above) - place, asked)
    }
    return toggled(query, hiding) if hiding else query


def toggled(query: str, items: set[int]) -> str:
    """The outline's query with these rows folded that were not, and the reverse."""
    given = QueryDict(query, mutable=True)
    fold = {int(each) for each in given.get("fold", "").split(".") if number_of(each)} ^ items
    given.pop("fold", None)
    if fold:
        given["fold"] = ".".join(map(str, sorted(fold)))
    return given.urlencode()


def item_url(version: PlanVersion, item: int, query: str = "", name: str = "draft_item") -> str:
    return with_query(reverse(f"office:{name}", args=[version.ward.key, version.pk, item]), query)


def draft_page(
    request: OfficeRequest,
    template: str,
    version: PlanVersion,
    *,
    title: str,
    context: dict[str, Any] | None = None,
    crumbs: Sequence[Crumb] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a page about a draft. `once` is the mark by which a form that is sent twice is known."""
    query = kept(request)
    label = plan_label(version.plan)
    path = [
        Crumb(_("計画"), reverse("office:plans", args=[version.ward.key])),
        Crumb(label, outline_url(version, query)),
    ]
    return office_page(
        request,
        template,
        version.ward,
        title=title,
        section="plans",
        crumbs=path[:1] if crumbs is None else [*path, *crumbs],
        context={
            "version": version,
            "label": label,
            "query": query,
            "outline_url": outline_url(version, query),
            "once": uuid.uuid4().hex,
            **(context or {}),
        },
        status=status,
    )


def number_of(text: str) -> int | None:
    """A number as addresses and forms hold it; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def is_first_time(request: OfficeRequest) -> bool:
    """Whether this form comes for the first time: a double click and a page sent again do nothing a second time."""
    mark = request.POST.get("once", "")[:64]
    if not mark:
        return True
    return cache.add(f"once:{request.user.pk}:{mark}", 1, _ONCE_SECONDS)


def tell(request: OfficeRequest, text: str, *, can_undo: bool = True) -> None:
    """Say what was done, with a button that takes it back (the form `undo` stands on every page of a draft)."""
    if can_undo:
        text = format_html(
            '{} <button class="link-button" type="submit" form="undo">{}</button>', text, _("元に戻す")
        )
    messages.success(request, text)


def tell_again(request: OfficeRequest) -> None:
    """Say that the same form had come before."""
    messages.info(request, _("この操作は受け付け済みです。二度目は何もしていません。"))
