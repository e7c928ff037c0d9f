"""Words between divisions about an item: written, answered, settled. A comment that calls a body waits for it."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.japanese.folding import fold_name
from kusei.plans.enums import PlanVerb
from kusei.plans.errors import CommentNotFound, PlanError
from kusei.plans.models import Comment, Item, ItemText
from kusei.plans.permissions import may_see_drafts
from kusei.wards import audit, permissions
from kusei.wards import operations as wards
from kusei.wards.models import Body, Person, Ward

_CALL = re.compile(r"[@＠]([^\s@＠、。,，:：!！?？()（）「」]+)")


def called_bodies(ward: Ward, text: str) -> list[Body]:
    """The bodies that a text calls by @ and a name or another spelling of it: @高齢・障害支援課 に確認をお願いします.

    Japanese puts no blank behind a name, so the longest known name at the beginning counts (@総務課に → 総務課).
    """
    known = wards.known_bodies(ward)
    found: dict[int, Body] = {}
    for match in _CALL.finditer(text):
        name = match.group(1)
        for end in range(len(name), 0, -1):
            body = known.get(fold_name(name[:end]))
            if body is not None:
                found[body.pk] = body
                break
    return list(found.values())


@transaction.atomic
def write_comment(*, ward: Ward, item: Item, text: str, actor: Person) -> Comment:
    """Say something about an item to the others in the office. Bodies called by @ find it among their work.

    Raises PlanError for an empty text, NotAllowed.
    """
    permissions.require(may_see_drafts(permissions.rights_of(actor), ward))
    text = text.strip()
    if not text:
        raise PlanError(_("コメントが空です。伝えたいことを書いてください。"))
    if item.ward_id != ward.pk:
        raise PlanError(_("この項目は%(ward)sのものではありません。") % {"ward": ward.full_name})
    comment = Comment.objects.create(ward=ward, item=item, author=actor, text=text)
    comment.mentions.set(called_bodies(ward, text))
    audit.record(ward=ward, actor=actor, verb=PlanVerb.COMMENTED, target=item, label=_title(item))
    return comment


@transaction.atomic
def note_answer(
    *,
    ward: Ward,
    item: Item,
    text: str,
    said_by: str,
    asked_by: Body | None = None,
    actor: Person | None = None,
    recorded_as: str = "",
) -> Comment:
    """What somebody without an account said about an item, under their name; it waits like a comment until it is settled.

    `actor` is who typed it, None where it came by a signed link. ASSUMPTION: the caller has checked the link, or may_see_drafts
    of the actor. `asked_by`, if given, is called like by @; `recorded_as` stands in the trail, which nothing can be taken
    out of, instead of `said_by`. Raises PlanError for an empty text or name.
    """
    text, said_by = text.strip(), said_by.strip()
    if not text or not said_by:
        raise PlanError(_("コメントが空です。伝えたいことを書いてください。"))
    if item.ward_id != ward.pk:
        raise PlanError(_("この項目は%(ward)sのものではありません。") % {"ward": ward.full_name})
    comment = Comment.objects.create(ward=ward, item=item, author_name=said_by[:200], text=text)
    if asked_by is not None:
        comment.mentions.add(asked_by)
    audit.record(
        ward=ward, actor=actor, verb=PlanVerb.COMMENTED, target=item, label=_title(item),
        actor_name="" if actor else recorded_as or said_by,
    )  # fmt: skip
    return comment


@transaction.atomic
def settle_comment(*, ward: Ward, comment_id: int, actor: Person) -> Comment:
    """Mark a comment as done: it waits for nobody any more. Raises CommentNotFound, NotAllowed."""
    permissions.require(may_see_drafts(permissions.rights_of(actor), ward))
    settled = Comment.objects.filter(ward=ward, pk=comment_id, settled_at__isnull=True).update(
        settled_at=timezone.now(), settled_by=actor
    )
    comment = Comment.objects.filter(ward=ward, pk=comment_id).select_related("item").first()
    if comment is None:
        raise CommentNotFound(_("このコメントはもうありません。"))
    if settled:
        audit.record(
            ward=ward,
            actor=actor,
            verb=PlanVerb.COMMENT_SETTLED,
            target=comment.item,
            label=_title(comment.item),
        )
    return comment


def _title(item: Item) -> str:
    newest = ItemText.objects.filter(item=item).order_by("-version__number")
    return newest.values_list("title", flat=True).first() or str(item)
