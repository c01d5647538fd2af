"""The charts of a release: one for each indicator, its widest areas over time, or bars where there is one period."""

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from consilience.publishing.charts import Head, LineChart, Row, RowChart, Series, bar_chart, line_chart
from consilience.standards.codelist import Codelist
from consilience.standards.indicator import Indicator
from consilience.standards.registry import Registry
from consilience.study.plan import Study

MOST_LINES = 4
MOST_BARS = 20


def charts(
    study: Study, registry: Registry, indicators: Sequence[Indicator], observations: pa.Table
) -> Iterator[tuple[str, str, str]]:
    """Yield file name, SVG and title of each indicator's chart; an indicator without figures has none."""
    areas = registry.codelist("AREA")
    whole = observations.filter(pc.and_(pc.equal(observations["SEX"], "_T"), pc.equal(observations["AGE"], "_T")))
    finest = _finest(whole, areas)
    for indicator in indicators:
        cells = finest.filter(pc.equal(finest["INDICATOR"], indicator.id))
        if cells.num_rows:
            title = f"{indicator.name()}: {study.head.title.get('en', study.head.id)}"
            yield indicator.id, _chart(indicator, title, cells, areas), title


def _finest(table: pa.Table, areas: Codelist) -> pa.Table:
    """Leave out areas that hold another area of the table, so that no count is drawn twice."""
    present = [code for code in pc.unique(table["REF_AREA"]).to_pylist() if code in areas]
    holding = {above for code in present for above in areas.ancestors(code)}
    return table.filter(pc.invert(pc.is_in(table["REF_AREA"], pa.array(sorted(holding), pa.string()))))


def _chart(indicator: Indicator, title: str, cells: pa.Table, areas: Codelist) -> str:
    periods = tuple(sorted(pc.unique(cells["TIME_PERIOD"]).to_pylist()))
    ranked = cells.group_by("REF_AREA").aggregate([("OBS_VALUE", "sum")]).to_pylist()
    codes = [row["REF_AREA"] for row in sorted(ranked, key=lambda r: (-(r["OBS_VALUE_sum"] or 0), r["REF_AREA"]))]
    if len(periods) == 1:
        return _bars(indicator, title, cells, codes[:MOST_BARS], areas)
    shown = codes[:MOST_LINES]
    kept = f"the {len(shown)} areas with the most" if len(codes) > len(shown) else "every area"
    head = Head(
        indicator.id.lower().replace("_", "-"),
        title,
        f"{indicator.name()}, {periods[0]} to {periods[-1]}, {kept}, with lower and upper bounds.",
        standalone=True,
    )
    series = tuple(_series(_name(areas, code), cells, code, periods) for code in shown)
    return line_chart(LineChart(head, periods, series, unit=str(indicator.unit).lower()))


def _series(name: str, cells: pa.Table, code: str, periods: tuple[str, ...]) -> Series:
    rows = {row["TIME_PERIOD"]: row for row in cells.filter(pc.equal(cells["REF_AREA"], code)).to_pylist()}

    def column(of: str) -> tuple[float | None, ...]:
        return tuple(rows[period][of] if period in rows else None for period in periods)

    return Series(name, column("OBS_VALUE"), column("LOWER_BOUND"), column("UPPER_BOUND"))


def _bars(indicator: Indicator, title: str, cells: pa.Table, codes: Sequence[str], areas: Codelist) -> str:
    by_area = {row["REF_AREA"]: row for row in cells.to_pylist()}
    rows = tuple(
        Row(_name(areas, code), by_area[code]["OBS_VALUE"], by_area[code]["LOWER_BOUND"], by_area[code]["UPPER_BOUND"])
        for code in codes
    )
    period = cells["TIME_PERIOD"][0].as_py()
    head = Head(
        indicator.id.lower().replace("_", "-"),
        title,
        f"{indicator.name()} in {period}, by area, with lower and upper bounds.",
        standalone=True,
    )
    return bar_chart(RowChart(head, rows, unit=str(indicator.unit).lower()))


def _name(areas: Codelist, code: str) -> str:
    known = areas.get(code)
    return known.label() if known else code
