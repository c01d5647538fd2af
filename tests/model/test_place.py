import math

import pytest

from consilience.errors import ValueFormError
from consilience.model.place import Place


def test_a_place_keeps_what_was_said_beside_area_and_point():
    place = Place.at(-33.4, -70.7, area="CL-RM", precision="NEAR", said="Santiago")
    assert place.columns() == {
        "area": "CL-RM", "area_local": "", "place_said": "Santiago", "latitude": -33.4, "longitude": -70.7,
        "place_precision": "NEAR",
    }  # fmt: skip


@pytest.mark.parametrize(("latitude", "longitude"), [(91, 0), (0, 181), (-90.1, 0), (math.nan, 0), (0, math.inf)])
def test_a_point_off_the_globe_is_refused(latitude, longitude):
    with pytest.raises(ValueFormError, match="off the globe"):
        Place.at(latitude, longitude)


def test_a_precision_outside_the_list_is_refused():
    with pytest.raises(ValueFormError, match="not a code"):
        Place.at(0, 0, precision="VAGUE")
