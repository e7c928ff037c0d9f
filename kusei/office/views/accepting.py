"""What taking a document in would change, the decision, and what was done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kusei.documents import desk, operations
from kusei.documents.comparing import Comparison, compared_with_force
from kusei.documents.models import SourceDocument
from kusei.documents.targets import DocumentError
from kusei.office.queries.review import money_told
from kusei.office.views.frame import office_page
from kusei.office.views.imports import document_crumb, document_or_404, import_crumb
from kusei.plans.draft_fields import FIELD_LABELS
from kusei.plans.enums import ItemKind, LinkStatus, PlanStatus
from kusei.plans.models import Link
from kusei.plans.operations import AnotherDocument, DraftIsOpen, PlanError
from kusei.plans.permissions import may_plan
from kusei.plans.queries.drafts import tree_of
from kusei.plans.rules import Entry
from kusei.press.differences import text_pieces
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Body, Ward
from kusei.wards.operations import WardError

WAYS = ("publish", "draft")
SHOWN = 300


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_plan)
def accept(request: OfficeRequest, ward: Ward, document_id: int) -> HttpResponse:
    """The differences with the choice (no `way`), the confirmation (`way` in the address), the decision (POST)."""
    document = document_or_404(ward, document_id)
    if desk.stage_of(document) != "mending":
        return redirect("office:import", key=ward.key, document_id=document.pk)
    given = request.POST if request.method == "POST" else request.GET
    way = given.get("way", "")
    way = way if way in WAYS else ""
    problem, may_replace = "", False
    unseen = 0
    if document.version is not None:
        progress = desk.progress_of(document, tree_of(document.version))
        unseen = progress.items - progress.items_seen
    if request.method == "POST" and way == "publish" and unseen and "unseen" not in request.POST:
        problem = _(
            "文書と見くらべていない項目が%(number)d件あります。見くらべるか、そのまま公開するときは下の欄を選んでもう一度押してください。"
        ) % {"number": unseen}
    elif request.method == "POST" and way:
        try:
            done_now = operations.accept_import(
                document=document,
                actor=request.user,
                as_draft=way == "draft",
                replace_plan="replace" in request.POST,
            )
        except AnotherDocument:
            problem = _(
                "いま公開している計画と、共通の項目がほとんどありません。別の文書なら、取り込む先（年度・種類・分冊）を変えてください。この文書に置き換えるなら、下の欄を選んでもう一度押してください。"
            )
            may_replace = True
        except DraftIsOpen as error:
            problem = str(error)
        except (DocumentError, PlanError, WardError) as error:
            problem = str(error)
        else:
            if done_now.ended_logins:
                messages.warning(
                    request,
                    _("区は見本でなくなりました。サンプルのログインは終わり、あなたのものだけ、二段階認証を設定すれば今日のうちは使えます。Kuseiを動かしている機械で kusei ward %(ward)s --administrator メールアドレス を実行すると、区の管理者を招待するリンクが出ます。")
                    % {"ward": ward.full_name},
                )  # fmt: skip
            if done_now.is_unchanged:
                messages.info(
                    request,
                    _("公開中の版と同じ内容だったので、新しい版は作らず、文書も残していません。"),
                )
                return redirect("office:imports", key=ward.key)
            return redirect("office:import_done", key=ward.key, document_id=document.pk)
    if problem:  # what was rolled back in the database still stands on the object
        document = document_or_404(ward, document_id)
    compared = compared_with_force(document)
    version = document.version
    assert version is not None
    return office_page(
        request,
        "office/imports/accept.html" if not way else "office/imports/confirm.html",
        ward,
        title=_("公開中の版との違い") if not way else _("取り込みの確認"),
        section="imports",
        crumbs=[import_crumb(ward), document_crumb(ward, document)],
        context={
            "document": document,
            "version": version,
            "plan_name": desk.plan_name(document),
            "compared": compared,
            "progress": progress,
            "unseen": unseen,
            "accepts_unseen": "unseen" in request.POST,
            "way": way,
            "problem": problem,
            "may_replace": may_replace or compared.is_another_document,
            **({} if way else _shown(compared)),
        },
        status=409 if problem else 200,
    )


def _shown(compared: Comparison) -> dict[str, Any]:
    found = compared.differences
    return {
        "added": [_named(each, compared.new) for each in found.added[:SHOWN]],
        "removed": [_named(each, compared.old) for each in found.removed[:SHOWN]],
        "changed": [
            {
                **_named(each.new, compared.new),
                "fields": [
                    {
                        "label": FIELD_LABELS.get(name, _("置き場所")),
                        "pieces": text_pieces(
                            _field(each.old, name, compared.old), _field(each.new, name, compared.new)
                        ),
                    }
                    for name in each.fields
                ],
            }
            for each in found.changed[:SHOWN]
        ],
        "results": [
            {"title": each.title, "pieces": text_pieces(each.old, each.new)}
            for each in compared.results[:SHOWN]
        ],
        "more": {
            name: max(0, len(every) - SHOWN)
            for name, every in (
                ("added", found.added),
                ("removed", found.removed),
                ("changed", found.changed),
                ("results", compared.results),
            )
        },
    }


def _named(entry: Entry, tree: tuple[Entry, ...]) -> dict[str, Any]:
    above: list[str] = []
    parent = entry.parent
    while parent is not None:
        above.insert(0, tree[parent].title)
        parent = tree[parent].parent
    return {"kind": ItemKind(entry.kind).label, "number": entry.number, "title": entry.title, "above": above}


def _field(entry: Entry, name: str, tree: tuple[Entry, ...]) -> str:
    if name == "parent":
        return tree[entry.parent].title if entry.parent is not None else _("いちばん上の段")
    if name == "kind":
        return str(ItemKind(entry.kind).label)
    if name == "money":
        return "\n".join(map(money_told, entry.money))
    value = getattr(entry, name)
    if name == "plan_bullets":
        return "\n".join(value)
    return "、".join(value) if isinstance(value, tuple) else str(value)


@require_safe
@in_office(may_plan)
def done(request: OfficeRequest, ward: Ward, document_id: int) -> HttpResponse:
    """What taking it in did, with ways on."""
    document = document_or_404(ward, document_id)
    version = document.version
    if desk.stage_of(document) != "done" or version is None:
        return redirect("office:import", key=ward.key, document_id=document.pk)
    return office_page(
        request,
        "office/imports/done.html",
        ward,
        title=_("取り込みました"),
        section="imports",
        crumbs=[import_crumb(ward)],
        context={
            "document": document,
            "version": version,
            "plan": version.plan,
            "plan_name": desk.plan_name(document),
            "is_published": version.status == PlanStatus.PUBLISHED,
            "is_draft": version.status in {PlanStatus.DRAFT, PlanStatus.REVIEW},
            "items": version.texts.count(),
            "new_bodies": list(Body.objects.filter(ward=ward, pk__in=document.new_bodies)),
            "links": _links(document),
        },
    )


def _links(document: SourceDocument) -> dict[str, int]:
    assert document.version is not None
    items = document.version.texts.values("item_id")
    return Link.objects.filter(Q(from_item__in=items) | Q(to_item__in=items)).aggregate(
        confirmed=Count("pk", filter=Q(status=LinkStatus.CONFIRMED)),
        proposed=Count("pk", filter=Q(status=LinkStatus.PROPOSED)),
    )
