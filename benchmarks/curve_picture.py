"""Draw curves side by side as an SVG, one panel a subject, both axes from zero: a straight line is linear growth. Knows
nothing of what is measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

PANEL, HEIGHT, LEFT, TOP, BOTTOM, GAP = 300, 220, 52, 56, 46, 40
_OURS, _OTHERS, _TEXT, _LINE = "#0f766e", "#a8b3c2", "#1f2937", "#d5dbe3"


@dataclass(frozen=True)
class Curve:
    """One curve: the panel it stands in, which names the horizontal axis, what it is of, and its points."""

    panel: str
    name: str
    points: tuple[tuple[float, float], ...]


def draw_curves(title: str, curves: Sequence[Curve], *, ours: str = "DataPilot AI") -> str:
    """Return the picture; curves named `ours` stand out. Colours hold on light and dark pages alike."""
    panels = list(dict.fromkeys(curve.panel for curve in curves))
    width, height = LEFT + len(panels) * (PANEL + GAP + LEFT) - LEFT, TOP + HEIGHT + BOTTOM
    parts = [_text(8, 20, title, bold=True)]
    for place, panel in enumerate(panels):
        parts += _panel(LEFT + place * (PANEL + GAP + LEFT), panel, [one for one in curves if one.panel == panel], ours)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>{escape(title)}</title>'
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>{"".join(parts)}</svg>\n'
    )


def _panel(left: float, name: str, curves: Sequence[Curve], ours: str) -> list[str]:
    across = max(x for curve in curves for x, _ in curve.points)
    up = max(y for curve in curves for _, y in curve.points) * 1.05

    def at(x: float, y: float) -> tuple[float, float]:
        return left + x / across * PANEL, TOP + HEIGHT - y / up * HEIGHT

    parts = [
        f'<path d="M{left} {TOP}V{TOP + HEIGHT}H{left + PANEL}" fill="none" stroke="{_LINE}"/>',
        _text(left + PANEL / 2, TOP + HEIGHT + 36, name, anchor="middle"),
    ]
    for share in (0.5, 1.0):
        x, y = at(across * share, up * share)
        parts.append(_text(x, TOP + HEIGHT + 16, f"{across * share:,.0f}", anchor="middle"))
        parts.append(_text(left - 6, y + 4, f"{up * share:.2g} s", anchor="end"))
    for curve in curves:
        colour = _OURS if curve.name == ours else _OTHERS
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in (at(*point) for point in curve.points))
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'
            for x, y in (at(*point) for point in curve.points)
        ]
    for place, curve in enumerate(curves):
        colour = _OURS if curve.name == ours else _OTHERS
        y = TOP - 16 + place * 15
        parts.append(f'<rect x="{left + 8}" y="{y - 9}" width="10" height="10" fill="{colour}"/>')
        parts.append(_text(left + 24, y, curve.name, bold=curve.name == ours))
    return parts


def _text(x: float, y: float, text: str, *, bold: bool = False, anchor: str = "start") -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{_TEXT}"{weight}>{escape(text)}</text>'
