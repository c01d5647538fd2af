"""What holds for every chart, whatever the data."""

import math
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consilience.publishing.charts import (
    Head,
    Intersection,
    Ladder,
    LineChart,
    OverlapPlot,
    Row,
    RowChart,
    Series,
    Step,
    StepState,
    Tile,
    TileMap,
    bar_chart,
    generic_grid,
    interval_chart,
    ladder_chart,
    line_chart,
    overlap_plot,
    tile_map,
    world_grid,
)

LANGS = ["ar", "zh", "en", "fr", "ru", "es"]
values = st.one_of(
    st.none(),
    st.just(0.0),
    st.integers(-(10**6), 10**6),
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([1e15, -1e15, 1e299, 5e-324, -0.0]),
)
names = st.one_of(
    st.text(max_size=60), st.sampled_from(["صنعاء والمناطق المحيطة بها", "北京市", "<&\"'>]]>", "\x00\x1f"])
)
heads = st.builds(
    Head,
    ident=st.just("x"),
    title=names,
    description=names,
    lang=st.sampled_from(LANGS),
    width=st.sampled_from([320, 720]),
    standalone=st.booleans(),
)


def periods(count: int) -> tuple[str, ...]:
    return tuple(f"{2000 + month // 12}-{month % 12 + 1:02d}" for month in range(count))


@st.composite
def line_charts(draw):
    count, many = draw(st.integers(0, 40)), draw(st.integers(0, 6))
    row = st.lists(values, min_size=count, max_size=count).map(tuple)
    series = tuple(Series(draw(names), draw(row), draw(row), draw(row)) for _ in range(many))
    breaks = tuple((draw(st.integers(0, count - 1)), draw(names)) for _ in range(min(count, 2)))
    return line_chart, LineChart(draw(heads), periods(count), series, draw(names), breaks, draw(st.booleans()))


rows = st.lists(st.builds(Row, names, values, values, values, names, st.booleans()), max_size=6).map(tuple)
row_charts = st.tuples(st.sampled_from([bar_chart, interval_chart]), st.builds(RowChart, heads, rows, names))
steps = st.lists(st.builds(Step, names, names, names, st.sampled_from(list(StepState)), values), max_size=5).map(tuple)
ladders = st.tuples(st.just(ladder_chart), st.builds(Ladder, heads, steps))


@st.composite
def overlaps(draw):
    lists = draw(st.lists(names, min_size=1, max_size=5))
    members = st.lists(st.integers(0, len(lists) - 1), unique=True, max_size=len(lists)).map(tuple)
    parts = draw(st.lists(st.builds(Intersection, members, values), max_size=12))
    return overlap_plot, OverlapPlot(draw(heads), tuple(lists), tuple(parts))


@st.composite
def maps(draw):
    codes = draw(st.lists(st.sampled_from(sorted(world_grid())), unique=True, max_size=12))
    tiles = tuple(Tile(code, draw(names), draw(values), draw(names)) for code in codes)
    grid = draw(st.sampled_from([world_grid(), generic_grid(codes), generic_grid(codes, 3)]))
    return tile_map, TileMap(draw(heads), tiles, grid, draw(names), draw(names), draw(st.booleans()))


any_chart = st.one_of(line_charts(), row_charts, ladders, overlaps(), maps())


@settings(max_examples=120, deadline=None)
@given(any_chart)
def test_every_drawing_is_well_formed_and_stays_inside_its_view_box(read, drawn):
    draw, chart = drawn
    drawing = read(draw(chart))
    assert drawing.outside() == []
    assert drawing.root.xpath("//@style") == []


@settings(max_examples=40, deadline=None)
@given(any_chart)
def test_the_same_chart_is_drawn_in_the_same_bytes_and_names_itself(read, drawn):
    draw, chart = drawn
    svg = draw(chart)
    root = read(svg).root
    assert draw(chart) == svg
    assert root.get("role") == "img"
    title, desc = root.get("aria-labelledby").split()
    assert [root[0].get("id"), root[1].get("id")] == [title, desc]
    assert root.get("lang") == chart.head.lang


@settings(max_examples=50, deadline=None)
@given(any_chart)
def test_every_text_run_is_of_one_script(read, drawn):
    draw, chart = drawn
    for element in read(draw(chart)).root.iter("{*}text", "{*}tspan"):
        run = element.text or ""
        arabic = re.search("[\u0600-\u06ff]", run)
        assert not (arabic and re.search(r"[A-Za-z\u0400-\u04ff\u4e00-\u9fff]", run)), run
        if arabic:
            assert element.get("direction") == "rtl"


def ordinary(lang: str = "en", width: int = 720) -> list[str]:
    counts = tuple(float(30 + 17 * (month % 5)) for month in range(24))
    series = tuple(Series(name, counts, counts, counts) for name in ("North", "Southern Highlands", "Coast", "Isles"))
    head = Head("a", "Killings", "They rise.", lang, width)
    areas = tuple(Row(name, 10.0 * i, 8.0 * i, 13.0 * i) for i, name in enumerate(["Ambrivax", "Quvenmoor", "Isles"]))
    tiles = tuple(Tile(f"X-{i}", f"Area {i}", 10.0 * i) for i in range(8))
    return [
        line_chart(LineChart(head, periods(24), series, "Victims", ((6, "New method"), (9, "New list")))),
        bar_chart(RowChart(head, areas, "Victims")),
        interval_chart(RowChart(head, areas, "Victims")),
        tile_map(TileMap(head, tiles, generic_grid([t.code for t in tiles], 4), "Victims", "no record")),
        tile_map(TileMap(head, tiles[:1], world_grid(), "Victims", "no record", whole_grid=True)),
        ladder_chart(Ladder(head, (Step("Reply by the State", "60 days", "late by 8 days", StepState.LATE, 1.2),))),
        overlap_plot(OverlapPlot(head, ("A", "B"), (Intersection((0,), 9), Intersection((0, 1), 5)))),
    ]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("width", [320, 720])
def test_no_label_covers_another(read, lang, width):
    for svg in ordinary(lang, width):
        assert read(svg).overlapping_texts() == []


def test_a_right_to_left_chart_is_the_mirror_of_a_left_to_right_one(read):
    row = (Row("1", 10.0),)
    here, there = (read(bar_chart(RowChart(Head("a", "t", "d", lang), row))) for lang in ("en", "ar"))
    bars = [next(box for box in drawing.boxes if box.kind == "rect") for drawing in (here, there)]
    assert math.isclose(bars[0].left, 720 - bars[1].right, abs_tol=0.2)
    assert bars[0].right - bars[0].left > 100


def test_a_chart_takes_a_few_milliseconds_and_a_few_kilobytes():
    begin = time.process_time()
    for _ in range(20):
        charts = ordinary()
    seconds = (time.process_time() - begin) / 20 / len(charts)
    assert seconds < 0.02
    assert sorted(map(len, charts))[len(charts) // 2] < 5000


def test_markup_in_a_name_stays_text(read):
    head = Head("a", "<script>", "& so on", standalone=True)
    drawing = read(bar_chart(RowChart(head, (Row("<b>bold</b>", 1),))))
    assert "<b>bold</b>" in drawing.words
    assert drawing.root[0].text == "<script>"
    assert drawing.root[1].text == "& so on"
