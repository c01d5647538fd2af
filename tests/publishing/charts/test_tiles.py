import pycountry
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consilience.publishing.charts.tiles import class_bounds, generic_grid, shade, world_grid

UN_MEMBERS_AND_OBSERVERS = 195


def test_the_world_has_every_country_of_the_united_nations_once():
    grid = world_grid()
    known = {country.alpha_2 for country in pycountry.countries}
    assert set(grid) <= known
    assert len(grid) >= UN_MEMBERS_AND_OBSERVERS
    assert len(set(grid.values())) == len(grid)
    for code in ("AF", "CL", "CN", "FR", "GM", "KI", "MG", "MV", "NR", "PS", "SM", "TV", "US", "VA", "WS", "ZA"):
        assert code in grid


@pytest.mark.parametrize(
    ("west", "east"), [("US", "FR"), ("FR", "CN"), ("BR", "ZA"), ("PT", "ES"), ("CL", "AR"), ("IN", "JP")]
)
def test_countries_lie_west_and_east_as_on_the_globe(west, east):
    assert world_grid()[west][0] < world_grid()[east][0]


@pytest.mark.parametrize(("north", "south"), [("NO", "IT"), ("DZ", "ZA"), ("US", "MX"), ("MX", "CL"), ("CN", "AU")])
def test_countries_lie_north_and_south_as_on_the_globe(north, south):
    assert world_grid()[north][1] < world_grid()[south][1]


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.floats(0, 1e9)), max_size=30))
def test_a_higher_figure_is_never_lighter_and_zero_stands_alone(values):
    bounds = class_bounds(values)
    assert len(bounds) <= 4
    shown = sorted(value for value in values if value is not None)
    shades = [shade(value, bounds) for value in shown]
    assert shades == sorted(shades)
    assert all((value == 0) == (name == "t0") for value, name in zip(shown, shades, strict=True))


def test_one_area_that_outweighs_all_does_not_make_the_others_look_alike():
    far = class_bounds([1, 2, 3, 5, 30, 6532])
    assert far == (10.0, 100.0, 1000.0, 10000.0)
    assert len({shade(value, far) for value in (3, 30, 300, 6532)}) == 4


def test_no_figure_has_no_shade():
    assert shade(None, (1.0, 2.0)) == "none"


def test_a_plain_grid_has_a_place_for_everybody():
    grid = generic_grid([f"X-{i}" for i in range(11)], 4)
    assert len(set(grid.values())) == 11
    assert max(column for column, _ in grid.values()) == 3
