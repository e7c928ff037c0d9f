"""The addresses under which plans are kept: the list, a draft's outline, its items, and its ways in and out."""

from django.urls import URLPattern, path

from kusei.office.views import drafts, item_moves, items, last_year, plans, tables

_DRAFT = "<slug:key>/drafts/<int:version_id>/"
_ITEM = f"{_DRAFT}items/<int:item_id>/"

addresses: list[URLPattern] = [
    path("<slug:key>/plans/", plans.plan_list, name="plans"),
    path("<slug:key>/plans/start/", plans.start, name="start_draft"),
    path(_DRAFT, drafts.outline, name="draft"),
    path(f"{_DRAFT}act/", drafts.act, name="draft_act"),
    path(f"{_DRAFT}last-year/", last_year.last_year, name="last_year"),
    path(f"{_DRAFT}steps/", drafts.steps, name="draft_steps"),
    path(f"{_DRAFT}discard/", plans.discard, name="discard_draft"),
    path(f"{_DRAFT}replace/", tables.replace, name="replace_text"),
    path(f"{_DRAFT}paste/", tables.paste, name="paste_table"),
    path(f"{_DRAFT}excel/", tables.excel, name="draft_excel"),
    path(f"{_DRAFT}excel/file/", tables.workbook, name="draft_workbook"),
    path(f"{_DRAFT}items/add/", item_moves.add, name="add_item"),
    path(_ITEM, items.item, name="draft_item"),
    path(f"{_ITEM}split/", item_moves.split, name="split_item"),
    path(f"{_ITEM}merge/", item_moves.merge, name="merge_item"),
    path(f"{_ITEM}move/", item_moves.move, name="move_item"),
    path(f"{_ITEM}remove/", item_moves.remove, name="remove_item"),
    path(f"{_ITEM}comments/", items.comment, name="comment_item"),
    path(f"{_ITEM}comments/<int:comment_id>/settle/", items.settle, name="settle_comment"),
]
