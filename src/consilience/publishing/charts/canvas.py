"""The sheet a chart is drawn on: escaping, coordinates, text runs, mirroring.

Positions along the line of writing are *logical*: x = 0 is where a line begins, on the left in English and on the right
in Arabic. A chart is laid out once; the canvas mirrors it.
"""

import math
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from consilience.publishing.charts.style import CHART_CSS
from consilience.publishing.charts.words import is_right_to_left, language_script, runs, wrap

_RTL_SCRIPTS = frozenset({"Arab", "Hebr"})
_FLIPPED = {"start": "end", "middle": "middle", "end": "start"}
_UNWRITABLE = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)], "\ufffd")


@dataclass(frozen=True, slots=True)
class Head:
    """What every chart says about itself.

    Attributes:
        ident: identifier of the chart, unique within a page; letters, digits and hyphens.
        title: what the chart is about; its accessible name.
        description: a sentence that says what it shows; its accessible description.
        lang: BCP 47 tag of its texts.
        width: width of the view box in px.
        height: height of the view box in px, for the charts whose height is free.
        standalone: whether the file must look right alone: it then carries its style and a visible title.
    """

    ident: str
    title: str
    description: str
    lang: str = "en"
    width: int = 720
    height: int = 360
    standalone: bool = False


@dataclass(slots=True)
class Canvas:
    """A drawing in progress. `top` is where the chart may begin, below the title where one is drawn."""

    head: Head
    height: float
    mirrored: bool = False
    top: float = 0.0
    parts: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, head: Head, height: float, *, mirror: bool = True) -> "Canvas":
        """Begin a drawing whose chart takes `height` px; a stand-alone one grows by its title.

        Geography is not mirrored: a map passes `mirror=False`.
        """
        lines = wrap(clean(head.title), 17, head.width - 16, 3) if head.standalone else ()
        top = 22.0 * len(lines) + 8 if lines else 0.0
        canvas = cls(head, height + top, is_right_to_left(head.lang) and mirror, top)
        if head.standalone:
            canvas.add(f'<rect class="ground" width="{head.width}" height="{px(canvas.height)}"/>')
        anchor = "end" if is_right_to_left(head.lang) and not mirror else "start"
        for index, line in enumerate(lines):
            canvas.text(8 if anchor == "start" else head.width - 8, 20 + 22 * index, line, anchor=anchor, style="head")
        return canvas

    def x(self, position: float) -> float:
        """Turn a logical position into one of the picture."""
        return self.head.width - position if self.mirrored else position

    def add(self, markup: str) -> None:
        """Append markup that is already escaped."""
        self.parts.append(markup)

    def line(self, start: tuple[float, float], end: tuple[float, float], style: str) -> None:
        """Draw a straight line between two logical points."""
        (x1, y1), (x2, y2) = start, end
        where = f'x1="{px(self.x(x1))}" y1="{px(y1)}" x2="{px(self.x(x2))}" y2="{px(y2)}"'
        self.add(f'<line class="{style}" {where}/>')

    def rect(self, corner: tuple[float, float], size: tuple[float, float], style: str, *, radius: float = 0) -> None:
        """Draw a rectangle from its logical start corner; an optional corner radius in px."""
        width, height = max(size[0], 0.0), max(size[1], 0.0)
        left = self.x(corner[0]) - (width if self.mirrored else 0)
        rounded = f' rx="{px(radius)}"' if radius else ""
        where = f'x="{px(left)}" y="{px(corner[1])}" width="{px(width)}" height="{px(height)}"'
        self.add(f'<rect class="{style}" {where}{rounded}/>')

    def path(self, points: list[tuple[float, float]], style: str, *, closed: bool = False, dash: str = "") -> None:
        """Draw a polyline or polygon through logical points."""
        steps = "L".join(f"{px(self.x(x))} {px(y)}" for x, y in points)
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.add(f'<path class="{style}" d="M{steps}{"Z" if closed else ""}"{dashes}/>')

    def mark(self, centre: tuple[float, float], shape: int, style: str, radius: float = 4) -> None:
        """Draw one of six marker shapes around a logical point: disc, square, triangle, diamond, ring of 5, of 6."""
        x, y = self.x(centre[0]), centre[1]
        if shape % 6 == 0:
            self.add(f'<circle class="{style}" cx="{px(x)}" cy="{px(y)}" r="{px(radius)}"/>')
            return
        corners, turn = ((4, 45), (3, 0), (4, 0), (5, 0), (6, 0))[shape % 6 - 1]
        angles = [math.radians(turn + 360 * corner / corners - 90) for corner in range(corners)]
        steps = "L".join(f"{px(x + 1.2 * radius * math.cos(a))} {px(y + 1.2 * radius * math.sin(a))}" for a in angles)
        self.add(f'<path class="{style}" d="M{steps}Z"/>')

    def text(self, x: float, y: float, text: str, *, anchor: str = "start", style: str = "") -> None:
        """Write one line of text at a logical point; `anchor` (start, middle, end) is logical too."""
        pieces = list(runs(clean(text), self.head.lang))
        if not pieces:
            return
        backwards = pieces[0][0] in _RTL_SCRIPTS
        side = anchor if backwards == self.mirrored else _FLIPPED[anchor]
        attributes = f'x="{px(self.x(x))}" y="{px(y)}"'
        attributes += f' class="{style}"' if style else ""
        attributes += "" if side == "start" else f' text-anchor="{side}"'
        attributes += ' direction="rtl"' if backwards else ' direction="ltr"' if self.mirrored else ""
        self.add(f"<text {attributes}{self._lang(pieces[0][0])}>{self._runs(pieces)}</text>")

    def _runs(self, pieces: list[tuple[str, str]]) -> str:
        first = escape(pieces[0][1])
        return first + "".join(
            f'<tspan direction="{"rtl" if script in _RTL_SCRIPTS else "ltr"}" lang="und-{script}">{escape(run)}</tspan>'
            for script, run in pieces[1:]
        )

    def _lang(self, script: str) -> str:
        return "" if script == language_script(self.head.lang) else f' lang="und-{script}"'

    def close(self) -> str:
        """Return the whole SVG document."""
        head, ident = self.head, f"cc-{clean(self.head.ident)}"
        size = f'viewBox="0 0 {head.width} {px(self.height)}" width="{head.width}" height="{px(self.height)}"'
        names = f"{ident}-title {ident}-desc"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="cc" id={quoteattr(ident)} {size} role="img"'
            f" lang={quoteattr(head.lang)} aria-labelledby={quoteattr(names)}>"
            f"<title id={quoteattr(ident + '-title')}>{escape(clean(head.title))}</title>"
            f"<desc id={quoteattr(ident + '-desc')}>{escape(clean(head.description))}</desc>"
            f"{f'<style>{CHART_CSS}</style>' if head.standalone else ''}"
            f'<g aria-hidden="true">{"".join(self.parts)}</g></svg>'
        )


def clean(text: str) -> str:
    """Replace characters that XML 1.0 cannot hold (section 2.2)."""
    return text.translate(_UNWRITABLE)


def px(value: float) -> str:
    """Write a coordinate with at most one decimal."""
    return (
        f"{value:.1f}".removesuffix(".0").replace("-0", "0") if -0.05 < value < 0 else f"{value:.1f}".removesuffix(".0")
    )
