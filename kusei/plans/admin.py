"""Bodies in the administration pages, with the action that joins two spellings of one body."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kusei.plans.operations import PlanError, merge_body
from kusei.wards.admin import BodyAdmin
from kusei.wards.models import Body

admin.site.unregister(Body)


@admin.register(Body)
class MergingBodyAdmin(BodyAdmin):
    """As in the room of wards; merging stands here because it moves the owners of items."""

    actions = ["merge_selected"]

    @admin.action(
        description=gettext_lazy(
            "選んだものを一つにまとめる（先に登録したものが残り、ほかは別の書き方になる）"
        ),
        permissions=["change"],
    )
    def merge_selected(self, request: HttpRequest, queryset: QuerySet[Body]) -> None:
        first, *others = queryset.order_by("pk")
        try:
            for body in others:
                merge_body(duplicate=body, into=first)
        except PlanError as error:
            self.message_user(request, str(error), messages.ERROR)
            return
        self.message_user(request, _("「%(name)s」にまとめました。") % {"name": first.name})
