"""A map of tiles: every area the same size, so that a small state is as easy to see as a large one.

The places of the countries are in `data/world.txt`, a drawing in ISO 3166-1 alpha-2 codes. Subdivisions, which have no
such drawing, stand in a plain grid in the order of their codes. Geography is not mirrored in right-to-left languages.

>>> world_grid()["IS"], world_grid()["NZ"][1] > world_grid()["IS"][1]
((8, 1), True)
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from consilience.publishing.charts.canvas import Canvas, Head
from consilience.publishing.charts.scale import drawable, finite, nice_ticks
from consilience.publishing.charts.words import compact, is_right_to_left, shorten, text_width

CLASSES = 4
UNIT = 20.0
LEGEND = 22.0
WIDEST = 136.0


@dataclass(frozen=True, slots=True)
class Tile:
    """One area: `code` stands in the tile, `label` is its name; None and a `note` where no value is shown."""

    code: str
    label: str
    value: float | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class TileMap:
    """A map of tiles.

    Attributes:
        head: title, description, language and width; the height follows from the grid.
        tiles: the areas.
        grid: the (column, row) of each code; areas without a place are left out of the map.
        unit: what is counted; stands above the legend.
        missing: the legend's word for areas without a figure.
        whole_grid: whether to draw an empty tile for every code of the grid that has no area.
    """

    head: Head
    tiles: tuple[Tile, ...]
    grid: Mapping[str, tuple[int, int]]
    unit: str = ""
    missing: str = ""
    whole_grid: bool = False


@lru_cache(maxsize=1)
def world_grid() -> Mapping[str, tuple[int, int]]:
    """Return the (column, row) of every country, by ISO 3166-1 alpha-2 code."""
    text = (files(__package__) / "data" / "world.txt").read_text(encoding="ascii")
    places = {}
    for row, line in enumerate(text.splitlines()):
        for column, code in enumerate(line.split()):
            if code != "..":
                places[code] = (column, row)
    return MappingProxyType(places)


def generic_grid(codes: Sequence[str], columns: int = 0) -> dict[str, tuple[int, int]]:
    """Return a plain grid for `codes` in their order, about twice as wide as high unless `columns` says how wide."""
    across = columns or max(1, math.ceil(math.sqrt(2 * len(codes))))
    return {code: (index % across, index // across) for index, code in enumerate(codes)}


def tile_map(chart: TileMap) -> str:
    """Draw `chart`: tiles with code and figure, shaded in at most four classes, and a legend."""
    grid = _used(chart)
    columns = max((column for column, _ in grid.values()), default=0) + 1
    rows = max((row for _, row in grid.values()), default=0) + 1
    side = min(chart.head.width / columns, WIDEST)
    bounds = class_bounds([tile.value for tile in chart.tiles])
    legend = _legend_places(chart, bounds)
    above = UNIT + LEGEND * (legend[-1].row + 1)
    canvas = Canvas.open(chart.head, side * rows * _flat(side) + above, mirror=False)
    known = {tile.code: tile for tile in chart.tiles}
    left = (chart.head.width - side * columns) / 2 if columns > 8 else 0.0
    for code, (column, row) in grid.items():
        corner = (left + column * side, canvas.top + above + row * side * _flat(side))
        _tile(canvas, known.get(code) or Tile(code, code, None), corner, side, bounds)
    _legend(canvas, chart, legend)
    return canvas.close()


def _flat(side: float) -> float:
    """Large tiles are drawn flatter, to save height."""
    return 0.5 if side > 110 else 0.62 if side > 60 else 1.0


def _used(chart: TileMap) -> dict[str, tuple[int, int]]:
    codes = {tile.code for tile in chart.tiles}
    return {code: place for code, place in chart.grid.items() if chart.whole_grid or code in codes}


def class_bounds(values: Sequence[float | None]) -> tuple[float, ...]:
    """Return the upper bounds of at most four classes; empty where nothing is above zero.

    The classes are of equal width with round bounds; where one area outweighs the middle one a hundredfold, each class
    reaches ten times as far as the one before, or all but one area would look alike.
    """
    shown = sorted(value for value in finite(values) if value > 0)
    if not shown:
        return ()
    if shown[-1] > 100 * shown[len(shown) // 2]:
        top = math.ceil(math.log10(shown[-1]))
        return tuple(10.0**exponent for exponent in range(top - CLASSES + 1, top + 1))
    ticks = nice_ticks(0.0, shown[-1], CLASSES + 1)
    return ticks[1:] if len(ticks) <= CLASSES + 1 else (*ticks[2::2], *(ticks[-1:] if len(ticks) % 2 == 0 else ()))


def shade(value: float | None, bounds: Sequence[float]) -> str:
    """Return the class name of a value's shade: `none` without a value, `t0` for zero, else `t1` to `t4`."""
    number = drawable(value)
    if number is None:
        return "none"
    if number == 0 or not bounds:
        return "t0"
    return f"t{next((index for index, bound in enumerate(bounds, 1) if number <= bound), len(bounds))}"


def _tile(canvas: Canvas, tile: Tile, corner: tuple[float, float], side: float, bounds: Sequence[float]) -> None:
    kind, width, height = shade(tile.value, bounds), side - 2, side * _flat(side) - 2
    canvas.rect((corner[0] + 1, corner[1] + 1), (width, height), f"tile {kind}", radius=2)
    middle, centre = corner[0] + side / 2, corner[1] + 1 + height / 2
    ink = f" on{kind[1]}" if kind[0] == "t" else " soft"
    if side >= 46:
        name = shorten(tile.label, 12, side - 8)
        figure = compact(tile.value, canvas.head.lang) if drawable(tile.value) is not None else tile.note or "–"
        canvas.text(middle, centre - 4, name, anchor="middle", style=f"small{ink}")
        canvas.text(middle, centre + 13, shorten(figure or "", 13, side - 8), anchor="middle", style=f"strong num{ink}")
    elif side >= 18:
        canvas.text(middle, centre + 3.5, shorten(tile.code, 10, side), anchor="middle", style=f"tiny{ink}")


@dataclass(frozen=True, slots=True)
class _Key:
    """One entry of the legend and its place."""

    kind: str
    label: str
    x: float
    row: int


def _legend_places(chart: TileMap, bounds: Sequence[float]) -> list[_Key]:
    """Lay the entries out in lines, as many as the width asks for."""
    places: list[_Key] = []
    x, row = 0.0, 0
    for kind, words in _legend_items(chart, bounds):
        label = shorten(words, 12, chart.head.width - 20)
        width = 20 + text_width(label, 12) + 14
        if x and x + width > chart.head.width + 14:
            x, row = 0.0, row + 1
        places.append(_Key(kind, label, x, row))
        x += width
    return places


def _legend(canvas: Canvas, chart: TileMap, places: Sequence[_Key]) -> None:
    canvas.mirrored = is_right_to_left(chart.head.lang)
    canvas.text(0, canvas.top + 12, shorten(chart.unit, 12, chart.head.width), style="soft small")
    for key in places:
        y = canvas.top + UNIT + LEGEND * key.row
        canvas.rect((key.x, y), (14, 14), f"tile {key.kind}", radius=2)
        canvas.text(key.x + 19, y + 11.5, key.label, style="soft small num")


def _legend_items(chart: TileMap, bounds: Sequence[float]) -> list[tuple[str, str]]:
    lang = chart.head.lang
    items = [("t0", compact(0, lang))]
    low = 0.0
    for index, bound in enumerate(bounds, 1):
        items.append((f"t{index}", f"{compact(low, lang)}–{compact(bound, lang)}"))
        low = bound
    return [*items, ("none", chart.missing)] if chart.missing else items
