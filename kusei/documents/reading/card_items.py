"""The labels and values of one card → one item."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kusei.documents.reading.attributes import read_attributes
from kusei.documents.reading.card_actions import actions_of, lists_deeds
from kusei.documents.reading.card_money import YearAmount, latest_two, yearly_amounts
from kusei.documents.reading.cells import amount_in, bullets_of, cell_text, has_bullets, split_owner_cell
from kusei.documents.reading.columns import GROUPS, Heading, Role, header_year, heading_of, read_headings
from kusei.documents.reading.figures import read_figures
from kusei.documents.reading.markers import find_marker
from kusei.documents.reading.model import Cell, DraftItem, Place, Unplaced
from kusei.documents.reading.normalise import clean
from kusei.documents.reading.rows import RowsRead
from kusei.japanese.folding import fold_name

_DESCRIPTION = re.compile(r"内容|概要|説明|要旨|趣旨|詳細|目的")
_BEFORE = re.compile(
    r"[(\[]\s?(?:前年度?|昨年度)(?:当初)?(?:予算|決算)?額?\s?[:]?\s?(?P<money>[\d,.]+[^\d\s()]*|-)\s?[)\]]$"
)
_MONEY = re.compile(r"予算|決算|事業費|経費|金額")


@dataclass(slots=True)
class Pair:
    """A label and its value, with where the value stands."""

    heading: Heading
    value: Cell
    label: str


def items_of_card(
    pairs: Sequence[Pair],
    read: RowsRead,
    *,
    unit: str | None,
    under: list[DraftItem] | None = None,
    years: list[int] | None = None,
) -> None:
    """One card → one item in `read.items` or `under`, below the measure that the card names.

    `years` are those of a line that heads the figures of several years.
    """
    pairs = _in_context([pair for pair in pairs if cell_text(pair.value)])
    if not pairs:
        return
    name = next(
        (p for role in (Role.PROJECT, Role.MATTER, Role.MEASURE) for p in pairs if p.heading.role is role),
        None,
    )
    if name is None:
        read.unplaced += [
            Unplaced(f"{p.label}:{cell_text(p.value)}", p.value.page, p.value.line) for p in pairs
        ]
        return
    attributes = read_attributes(cell_text(name.value), unit=unit, bare_amounts=False)
    marker = find_marker(attributes.title)
    number = None
    if marker is not None and marker.number and marker.rest and re.match(r"^\S{1,4}\s", attributes.title):
        number, attributes.title = marker.number, marker.rest
    item = DraftItem(
        "project",
        attributes.title,
        number=number,
        tags=attributes.tags,
        amount=attributes.amount,
        owners=attributes.owners,
    )
    item.places.append(_place(name.value, "title"))
    pairs = _planned(pairs, name)
    roles = {pair.heading.role for pair in pairs}
    is_row = Role.PLAN in roles and (
        Role.RESULT in roles or (Role.PERIOD in roles and not _of_project(name, pairs))
    )
    _take_years(item, pairs, unit, years)
    body: list[str] = []
    parents: list[Pair] = []
    for pair in pairs:
        if pair is name:
            continue
        if pair.heading.role in GROUPS and pair.heading.role is not name.heading.role:
            parents.append(pair)
        else:
            _take(item, pair, body, unit, is_row=is_row)
    if is_row:
        item.kind = "action"
    elif name.heading.role is Role.MEASURE:
        item.kind = "measure"
    item.body = "\n".join(body) or None
    siblings = read.items if under is None else under
    for pair in sorted(parents, key=lambda p: p.heading.role is Role.MEASURE):
        siblings = _parent(pair, siblings).children
    siblings.append(item)
    if read.header_year is None:
        read.header_year = header_year([pair.heading for pair in pairs])


def _of_project(name: Pair, pairs: Sequence[Pair]) -> bool:
    """Whether a card is that of a 事業 with its years: a period of fiscal years, or a plan year by year."""
    return any(
        (pair.heading.role is Role.PERIOD and re.search("年度", cell_text(pair.value)))
        or (pair.heading.role is Role.PLAN and re.search("年度別?|年次", pair.label))
        for pair in pairs
        if pair is not name
    )


def _planned(pairs: Sequence[Pair], name: Pair) -> list[Pair]:
    """When, who, and a list of things to do: without a label that says so, the list is the plan of an action."""
    roles = {pair.heading.role for pair in pairs}
    if not {Role.PERIOD, Role.OWNER} <= roles or roles & {Role.PLAN, Role.RESULT, Role.STATUS}:
        return list(pairs)
    listed = next(
        (
            pair
            for pair in pairs
            if pair is not name
            and pair.heading.role in {Role.BODY, Role.OTHER, Role.MATTER}
            and _begins_list(pair.value)
        ),
        None,
    )
    return [
        replace(pair, heading=replace(pair.heading, role=Role.PLAN)) if pair is listed else pair
        for pair in pairs
    ]


def _begins_list(cell: Cell) -> bool:
    """Whether the text of a cell begins with a bullet."""
    marker = find_marker(cell.text.strip().split("\n")[0])
    return marker is not None and not marker.number


def _take_years(item: DraftItem, pairs: Sequence[Pair], unit: str | None, years: list[int] | None) -> None:
    """The latest of several years' money that one label states; the whole line stays in the body."""
    found: list[YearAmount] = []
    for pair in pairs:
        if pair.heading.role in {Role.AMOUNT, Role.PREVIOUS} or _MONEY.search(pair.label):
            found = yearly_amounts(pair.value.text, unit=pair.heading.unit or unit, years=years)
            if found:
                item.amount, item.previous_amount = latest_two(found)
                item.places.append(_place(pair.value, "amount"))
                return


def _in_context(pairs: Sequence[Pair]) -> list[Pair]:
    """The labels of a card, each in the light of the others: of several years' money, 成果 beside 計画 …"""
    headings = read_headings([pair.label for pair in pairs])
    return [
        replace(pair, heading=heading) if _over_columns(pair) else pair
        for pair, heading in zip(pairs, headings, strict=True)
    ]


def _over_columns(pair: Pair) -> bool:
    """Whether the label means on the card what it would mean over a column."""
    heading = heading_of(pair.label)
    return heading is not None and heading.role is pair.heading.role


def _parent(pair: Pair, siblings: list[DraftItem]) -> DraftItem:
    title, number = cell_text(pair.value), None
    marker = find_marker(title)
    if marker is not None and marker.number and marker.rest and re.match(r"^\S{1,6}\s", title):
        title, number = marker.rest, marker.number
    kind = "focus" if re.search("行動計画|重点分野", pair.label) else "measure"
    item = next(
        (one for one in siblings if one.kind == kind and fold_name(one.title) == fold_name(title)), None
    )
    if item is None:
        item = DraftItem(kind, title, number=number)
        siblings.append(item)
    item.places.append(_place(pair.value, "title"))
    return item


def _take(item: DraftItem, pair: Pair, body: list[str], unit: str | None, *, is_row: bool) -> None:
    text = cell_text(pair.value)
    role = pair.heading.role
    if role is Role.NUMBER and item.number is None:
        item.number = text
        item.places.append(_place(pair.value, "number"))
    elif role is Role.OWNER:
        item.owners += [owner for owner in _bodies(pair.value.text) if owner not in item.owners]
        if _says_more(text, item.owners):
            body.append(f"{pair.label}:{text}")
        item.places.append(_place(pair.value, "owner"))
    elif role in {Role.AMOUNT, Role.PREVIOUS} and not (
        yearly_amounts(pair.value.text, unit=unit) or (item.amount and len(re.findall(r"\d[\d,]*", text)) > 2)
    ):
        printed, before = pair.value.text, _BEFORE.search(clean(pair.value.text))
        if before is not None and before.start():
            printed = clean(printed)[: before.start()]
        amount, previous, rest = amount_in(printed, unit=pair.heading.unit or unit)
        if before is not None and before.start():
            previous = amount_in(before["money"], unit=pair.heading.unit or unit)[0]
        if rest and "円" not in text and not re.match(r"[(、,/・]", rest):
            amount, previous, rest = None, None, text  # a number of something else than money: 10人
        if role is Role.PREVIOUS:
            item.previous_amount = item.previous_amount or amount
        else:
            item.amount = item.amount or amount
            item.previous_amount = item.previous_amount or previous
        if rest:
            body.append(f"{pair.label}:{rest}")
        item.places.append(_place(pair.value, "amount" if role is Role.AMOUNT else "previous_amount"))
    elif role is Role.PLAN and is_row:
        bullets = bullets_of(pair.value)
        item.plan += (
            re.split(r"[／/]", bullets[0]) if len(bullets) == 1 and "／" in pair.value.text else bullets
        )
        item.places.append(_place(pair.value, "plan"))
    elif role is Role.RESULT and is_row:
        item.result = (item.result or "") + text
        item.figures = read_figures(item.result)
        item.places.append(_place(pair.value, "result"))
    elif role is Role.TAG:
        item.tags += [word for word in re.split(r"[\s・、/]+", text) if word]
    elif not is_row and lists_deeds(pair.label) and (deeds := actions_of(pair.value))[0]:
        item.children += deeds[0]
        if deeds[1]:
            body.append(f"{pair.label}:{deeds[1]}")
        item.places.append(_place(pair.value, "body"))
    else:
        plain = bool(_DESCRIPTION.search(pair.label)) and not has_bullets(pair.value) and not body
        if has_bullets(pair.value) and (listed := bullets_of(pair.value)):
            text = "\n".join(f"・{bullet}" for bullet in listed)
        body.append(text if plain else f"{pair.label}:{text}")
        if role in {Role.RESULT, Role.INDICATOR, Role.ACTUAL}:
            item.figures += read_figures(text)
        item.places.append(_place(pair.value, "body"))


def _bodies(text: str) -> list[str]:
    """The bodies of an owner's value; a section (生涯学習係) goes with the body that it is part of."""
    whole = re.sub(
        r"(?<=会|院|校|館|署|園)[ \t\u3000]+\S{1,10}(?:係|担当|班|グループ)(?=$|[\s、,/／・])", "", text
    )
    owners: list[str] = []
    for part in re.split(r"(?<=課|室)[、,，](?=\S*・\S*担当(?:$|[\s、,，]))", whole):
        owners += [owner for owner in split_owner_cell(part) if owner not in owners]
    return owners


def _says_more(text: str, owners: Sequence[str]) -> bool:
    """Whether the value names more than the bodies: a section (高齢者係), a person in charge, a telephone number."""
    rest = fold_name(text)
    for owner in sorted(owners, key=len, reverse=True):
        rest = rest.replace(fold_name(owner), "", 1)
    return len(re.sub(r"[\W_]|主担当|担当課?|所管|関係課|[主副]|なし|未定|調整中|同上", "", rest)) > 1


def _place(cell: Cell, name: str) -> Place:
    return Place(name, cell.page, cell.line, max(cell.line, cell.end_line), cell.box, cell.ref)
