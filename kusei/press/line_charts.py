"""Lines over the months of a year as SVG: each line with its label at its end, the target as a dashed line across."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from kusei.press.charts import ACCENT, INK, LINE, MUTED

_LEFT, _RIGHT, _TOP, _FLOOR = 12, 128, 26, 216
_WIDTH, _HEIGHT = 680, 246
_APART = 18
"""How far the labels at the right stand apart at least."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a value for each place on the axis, None where there is none (yet). `label` stands at its end.

    `is_emphasised`: the line that the chart is about; the others are drawn thin and dashed, so that colour is not needed.
    """

    values: tuple[float | None, ...]
    label: str
    is_emphasised: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """A value that goes across: a target."""

    value: float
    label: str


def line_chart(
    lines: Sequence[Line],
    places: Sequence[str],
    *,
    title: str,
    description: str,
    name: str,
    level: Level | None = None,
) -> SafeString:
    """Lines from a zero baseline. Nothing where no line has a value. `name` makes the ids unique on the page."""
    drawn = [line for line in lines if any(value is not None for value in line.values)]
    if not drawn:
        return mark_safe("")
    values = [value for line in drawn for value in line.values if value is not None]
    highest = max([*values, level.value if level else 0, 1e-9])
    lowest = min([0, *values])
    step = (_WIDTH - _LEFT - _RIGHT) / max(len(places) - 1, 1)

    def x(place: int) -> float:
        return _LEFT + step * place

    def y(value: float) -> float:
        return _FLOOR - (value - lowest) / (highest - lowest) * (_FLOOR - _TOP)

    pieces = [
        format_html(
            '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}"/>',
            _n(x(0)),
            _n(y(0)),
            _n(x(len(places) - 1)),
            _n(y(0)),
            INK,
        ),
        *(
            format_html(
                '<text x="{}" y="{}" text-anchor="middle" font-size="13" fill="{}">{}</text>',
                _n(x(number)),
                _n(_FLOOR + 22),
                MUTED,
                label,
            )
            for number, label in enumerate(places)
        ),
    ]
    ends: list[tuple[float, float, str, bool]] = []
    if level is not None:
        pieces.append(
            format_html(
                '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="1.5" stroke-dasharray="2 4"/>',
                _n(x(0)),
                _n(y(level.value)),
                _n(x(len(places) - 1)),
                _n(y(level.value)),
                INK,
            )
        )
        ends.append((x(len(places) - 1), y(level.value), level.label, False))
    for line in sorted(drawn, key=lambda each: each.is_emphasised):
        points = [(x(number), y(value)) for number, value in enumerate(line.values) if value is not None]
        pieces.append(_drawn(points, line.is_emphasised))
        ends.append((points[-1][0], points[-1][1], line.label, line.is_emphasised))
    pieces.extend(_labels(ends))
    return format_html(
        '<svg class="chart chart--lines" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-labelledby="{}-t {}-d">'
        '<title id="{}-t">{}</title><desc id="{}-d">{}</desc>{}</svg>',
        str(_WIDTH),
        str(_HEIGHT),
        str(_WIDTH),
        str(_HEIGHT),
        name,
        name,
        name,
        title,
        name,
        description,
        mark_safe("".join(pieces)),
    )


def _drawn(points: list[tuple[float, float]], is_emphasised: bool) -> SafeString:
    path = " ".join(f"{_n(across)},{_n(down)}" for across, down in points)
    if not is_emphasised:
        return format_html(
            '<polyline points="{}" fill="none" stroke="{}" stroke-width="2" stroke-dasharray="6 4"/>',
            path,
            MUTED,
        )
    dots = mark_safe(
        "".join(
            format_html(
                '<circle cx="{}" cy="{}" r="3.5" fill="{}" class="in-accent"/>', _n(across), _n(down), ACCENT
            )
            for across, down in points
        )
    )
    return format_html(
        '<polyline points="{}" fill="none" stroke="{}" stroke-width="3" class="in-accent-line"/>{}',
        path,
        ACCENT,
        dots,
    )


def _labels(ends: list[tuple[float, float, str, bool]]) -> list[SafeString]:
    """The labels in a column at the right, none upon another; a thin line leads from where a line ends early."""
    found = []
    last = -1e9
    column = _WIDTH - _RIGHT + 10
    for across, down, label, is_emphasised in sorted(ends, key=lambda end: end[1]):
        stands = max(down, last + _APART)
        last = stands
        if across < column - 20:
            found.append(
                format_html(
                    '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="1"/>',
                    _n(across + 6),
                    _n(down),
                    _n(column - 4),
                    _n(stands),
                    LINE,
                )
            )
        found.append(
            format_html(
                '<text x="{}" y="{}" font-size="13" font-weight="{}" fill="{}">{}</text>',
                _n(column),
                _n(stands + 4),
                "700" if is_emphasised else "400",
                ACCENT if is_emphasised else INK,
                label,
            )
        )
    return found


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
