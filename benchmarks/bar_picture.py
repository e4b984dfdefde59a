"""Draw bars in groups as an SVG: a logarithmic axis, one colour a tool. Knows nothing of what is measured."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH, ROW, LABEL, GAP, TOP = 760, 17, 170, 26, 34
_OURS, _OTHERS, _TEXT = "#0f766e", "#a8b3c2", "#1f2937"


@dataclass(frozen=True)
class Bar:
    """One bar: the group it stands in, what it is of, its length (more than 0)."""

    group: str
    name: str
    value: float


def draw_bars(title: str, bars: Sequence[Bar], *, ours: str = "DataPilot AI") -> str:
    """Return the picture; the bars named `ours` stand out. Colours hold on light and dark pages alike."""
    low = 10 ** math.floor(math.log10(min(bar.value for bar in bars)))
    high = max(bar.value for bar in bars)
    scale = (WIDTH - LABEL - 80) / max(math.log10(high / low), 1e-9)
    parts: list[str] = []
    y = TOP
    for group in dict.fromkeys(bar.group for bar in bars):
        parts.append(_text(4, y + 12, group, bold=True))
        y += ROW
        for bar in (one for one in bars if one.group == group):
            length = max(2.0, math.log10(bar.value / low) * scale)
            fill = _OURS if bar.name == ours else _OTHERS
            parts.append(_text(16, y + 12, bar.name, bold=bar.name == ours))
            parts.append(
                f'<rect x="{LABEL}" y="{y + 2}" width="{length:.1f}" height="{ROW - 4}" rx="2" fill="{fill}"/>'
            )
            parts.append(_text(LABEL + length + 5, y + 12, f"{bar.value:.3g}"))
            y += ROW
        y += GAP - ROW
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>{escape(title)}</title>'
        f'<rect width="{WIDTH}" height="{y}" fill="#ffffff"/>{_text(4, 18, title, bold=True)}{"".join(parts)}</svg>\n'
    )


def _text(x: float, y: float, text: str, *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y}" fill="{_TEXT}"{weight}>{escape(text)}</text>'
