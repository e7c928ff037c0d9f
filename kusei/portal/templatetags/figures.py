"""Published figures: each leads to its own page, and says how it moved where an earlier year prints it, too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kusei.ledger.models import Metric
from kusei.plans.queries import Node
from kusei.portal.addresses import Addresses
from kusei.portal.figure_words import counted, label_of, slug_of, trend_sentence, written
from kusei.portal.templatetags.outcomes import outcome_mark
from kusei.portal.templatetags.translated import in_japanese
from kusei.portal.told_changes import FieldChange, result_fields
from kusei.press import formats
from kusei.press.languages import current
from kusei.press.sparks import spark
from kusei.press.templatetags.press import paragraphs
from kusei.results.queries import Figure, Result, ResultChange, Trend

register = template.Library()

_ARROWS = {
    1: '<path d="M8 2l6 7h-4v5H6V9H2z" fill="currentColor"/>',
    -1: '<path d="M8 14L2 7h4V2h4v5h4z" fill="currentColor"/>',
    0: '<path d="M2 6h12M2 10h12" stroke="currentColor" stroke-width="2"/>',
}


@register.simple_tag
def figure_chips(
    figures: Iterable[Figure],
    node: Node,
    addresses: Addresses,
    trends: Mapping[tuple[int, int], Trend] | str = "",
) -> SafeString:
    """The figures of a result as a list of links; those with an earlier year say how they moved."""
    known = trends if isinstance(trends, Mapping) else {}
    return format_html(
        '<ul class="chips">{}</ul>',
        format_html_join(
            "",
            '<li class="figure-chip"><a class="figure-chip__link" href="{}">{}{}</a>{}</li>',
            (
                (
                    addresses.of_figure(node.public_id, slug_of(figure)),
                    figure_number(figure.value, figure.unit),
                    format_html(' <span class="figure-chip__label">{}</span>', figure_label(figure))
                    if figure.label and figure.label != figure.unit
                    else "",
                    trend_fold(trend, node.fiscal_year)
                    if (trend := known.get((node.item_id, figure.position)))
                    else "",
                )
                for figure in figures
            ),
        ),
    )


@register.simple_tag
def reason_line(result: Result) -> SafeString:
    """Why something did not go as planned, or that nobody says; nothing for what did, and where the text says it."""
    if reason := result.plain_reason:
        return format_html(
            '<p class="results__why"><span class="results__why-label">{}</span>{}</p>',
            _("理由："),
            in_japanese(reason),
        )
    if result.lacks_reason:
        return format_html('<p class="results__why muted">{}</p>', _("理由の記載はありません。"))
    return mark_safe("")


@register.simple_tag
def told_result(
    result: Result,
    node: Node,
    addresses: Addresses,
    trends: Mapping[tuple[int, int], Trend] | str = "",
) -> SafeString:
    """A result whole: its mark, text, reason and figures. Drawn here, since plans have hundreds."""
    lang = _source_lang()
    text = format_html_join("", "<p{}>{}</p>", ((lang, each) for each in paragraphs(result.text)))
    return format_html(
        '<p class="pair__status">{}</p>{}{}{}',
        outcome_mark(result),
        text or format_html('<p class="muted">{}</p>', _("結果の記載なし")),
        reason_line(result),
        figure_chips(result.figures, node, addresses, trends) if result.figures else "",
    )


@register.simple_tag
def figure_url(figure: Figure, node: Node, addresses: Addresses) -> str:
    """The page of a figure."""
    return addresses.of_figure(node.public_id, slug_of(figure))


@register.simple_tag
def figure_number(value: Decimal, unit: str) -> SafeString:
    """28件, the unit small; 延べ26人 has a part of it in front."""
    before, behind = formats.around(unit)
    return format_html(
        '<span class="figure-chip__number"{}>{}{}<span class="unit">{}</span></span>',
        _source_lang(),
        format_html('<span class="unit">{}</span>', before) if before else "",
        formats.whole(value),
        behind,
    )


@register.filter
def figure_label(figure: Figure) -> SafeString | str:
    """What a number counts: in the language that is spoken where code knows it, else in Japanese, marked as such."""
    told = label_of(figure)
    return told if told != figure.label else in_japanese(told)


@register.filter
def metric_definition(metric: Metric) -> SafeString | str:
    """What a metric counts and how, likewise."""
    told = counted(metric.definition, metric)
    return told if told != metric.definition else in_japanese(told)


@register.simple_tag
def trend_words(trend: Trend, fiscal_year: int) -> SafeString:
    """An arrow's shape and the words: never colour, and neither way is called good."""
    way = (trend.difference > 0) - (trend.difference < 0)
    return format_html(
        '<span class="trend__words"><svg class="trend__arrow" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" '
        'focusable="false">{}</svg>{}</span>',
        mark_safe(_ARROWS[way]),
        trend_sentence(trend, fiscal_year),
    )


@register.simple_tag
def trend_fold(trend: Trend, fiscal_year: int) -> SafeString:
    """The words with a line as small as they are; opened, the years as a table."""
    return format_html(
        '<details class="trend"><summary class="trend__summary">{}{}</summary>'
        '<table class="trend__table"><thead><tr><th scope="col">{}</th><th scope="col" class="num">{}</th></tr></thead>'
        "<tbody>{}</tbody></table></details>",
        spark([float(point.value) for point in trend.points]) if len(trend.points) > 2 else "",
        trend_words(trend, fiscal_year),
        _("年度"),
        _("数値"),
        format_html_join(
            "",
            '<tr><th scope="row">{}</th><td class="num"{}>{}</td></tr>',
            (
                (
                    formats.wareki(point.fiscal_year),
                    _source_lang(),
                    written(point.value, point.figure.unit),
                )
                for point in reversed(trend.points)
            ),
        ),
    )


@register.simple_tag
def trend_title(trend: Trend, fiscal_year: int) -> str:
    """The words alone: what a chart of the years shows."""
    return trend_sentence(trend, fiscal_year)


@register.simple_tag
def field_changes(changes: Iterable[ResultChange]) -> tuple[FieldChange, ...]:
    """What a correction changed, in words."""
    return result_fields(changes)


def _source_lang() -> SafeString:
    return mark_safe("" if current().is_japanese else ' lang="ja"')
