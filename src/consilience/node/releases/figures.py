"""Charts of a page: from cells to SVG, wide and narrow; the style sheet shows the one that fits."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from consilience.node.releases.observations import Cell, Shown
from consilience.node.releases.sentences import in_words, unit_name
from consilience.publishing.charts import (
    Head,
    LineChart,
    Row,
    RowChart,
    Series,
    Tile,
    TileMap,
    bar_chart,
    generic_grid,
    line_chart,
    tile_map,
    world_grid,
)

WIDE, NARROW = 680, 330


@dataclass(frozen=True, slots=True)
class Picture:
    """One chart in two widths, ready to stand in a page. The charts escape whatever they are given."""

    wide: SafeString
    narrow: SafeString


@dataclass(frozen=True, slots=True)
class Caption:
    """What a chart says of itself: identifier, title, the sentence that says what it shows, unit of count."""

    ident: str
    title: str
    sentence: str
    unit: str


def _lang() -> str:
    return get_language() or "en"


def _head(caption: Caption, width: int, height: int = 320) -> Head:
    return Head(f"{caption.ident}-{width}", caption.title, caption.sentence, _lang(), width, height)


def _safe(svg: str) -> SafeString:
    return mark_safe(svg)  # noqa: S308 - written by consilience.publishing.charts, which escapes every text


def time_series(caption: Caption, cells: Sequence[Cell]) -> Picture:
    """Draw a series with its band, its gaps, its suppressed periods and its breaks."""
    drawings = [
        line_chart(_line(_head(caption, width, height), caption, cells))
        for width, height in ((WIDE, 340), (NARROW, 260))
    ]
    return Picture(*map(_safe, drawings))


def sparkline(caption: Caption, cells: Sequence[Cell]) -> SafeString:
    """Draw a series small, for a row of many."""
    return _safe(line_chart(_line(_head(caption, 300, 110), caption, cells, spark=True)))


def _line(head: Head, caption: Caption, cells: Sequence[Cell], *, spark: bool = False) -> LineChart:
    one = Series(
        caption.title,
        tuple(cell.value for cell in cells),
        tuple(cell.lower for cell in cells),
        tuple(cell.upper for cell in cells),
        withheld=tuple(index for index, cell in enumerate(cells) if cell.shown is Shown.SUPPRESSED),
    )
    breaks = tuple((index, gettext("break in series")) for index, cell in enumerate(cells) if cell.is_break)
    periods = tuple(cell.code for cell in cells)
    return LineChart(head, periods, (one,), unit_name(caption.unit), breaks, spark=spark)


def comparison(caption: Caption, cells: Sequence[tuple[str, Cell]], strong: str = "") -> Picture:
    """Draw labelled cells as bars with their intervals; the one whose code is `strong` stands out."""
    rows = tuple(
        Row(
            name,
            cell.value,
            cell.lower,
            cell.upper,
            "" if cell.value is not None else in_words(cell),
            cell.code == strong,
        )
        for name, cell in cells
    )
    drawings = [bar_chart(RowChart(_head(caption, width), rows, unit_name(caption.unit))) for width in (WIDE, NARROW)]
    return Picture(*map(_safe, drawings))


def area_map(caption: Caption, cells: Sequence[tuple[str, Cell]]) -> Picture:
    """Draw areas as tiles: countries on the world's grid, other areas in a plain one."""
    tiles = tuple(
        Tile(cell.code, name, cell.value, "" if cell.value is not None else in_words(cell)) for name, cell in cells
    )
    known = world_grid()
    codes = [tile.code for tile in tiles]
    on_world = len(codes) > 8 and all(code in known for code in codes)
    grids = [known if on_world else generic_grid(codes, columns) for columns in (min(len(codes), 5), 3)]
    drawings = [
        tile_map(TileMap(_head(caption, width), tiles, grid, unit_name(caption.unit), gettext("no record"), on_world))
        for width, grid in zip((WIDE, NARROW), grids, strict=True)
    ]
    return Picture(*map(_safe, drawings))
