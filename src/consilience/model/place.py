"""Places: where something happened, as exactly as is known (requirement DO2).

>>> Place.at(-33.44889, -70.66927, area="CL-RM", precision="NEAR", said="Santiago").point
Point(latitude=-33.44889, longitude=-70.66927)
"""

import math
from dataclasses import dataclass

from consilience.errors import ValueFormError
from consilience.model.precision import PlacePrecision


@dataclass(frozen=True, slots=True)
class Point:
    """A point in WGS 84, in degrees; north and east are positive."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.latitude) and -90 <= self.latitude <= 90):
            raise ValueFormError("A latitude lies off the globe", expected="-90 to 90 degrees")
        if not (math.isfinite(self.longitude) and -180 <= self.longitude <= 180):
            raise ValueFormError("A longitude lies off the globe", expected="-180 to 180 degrees")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something happened.

    Attributes:
        area: the smallest area of the codelist AREA that holds it; None where not even the country is known.
        point: a point, where one was given; how much it means is said by `precision`.
        precision: a code of PLACE_PRECISION.
        said: what the source said, word for word.
        area_local: the source's own words for the area.
    """

    area: str | None
    point: Point | None
    precision: PlacePrecision
    said: str = ""
    area_local: str = ""

    @classmethod
    def at(
        cls, latitude: float, longitude: float, *, area: str | None = None, precision: str = "EXACT", said: str = ""
    ) -> "Place":
        """Return a place with a point.

        Raises:
            ValueFormError: the point lies off the globe, or the precision is not a code of PLACE_PRECISION.
        """
        return cls(area, Point(latitude, longitude), _precision(precision), said)

    def columns(self) -> dict[str, str | float | None]:
        """Return the columns of a shared table that hold it."""
        return {
            "area": self.area,
            "area_local": self.area_local,
            "place_said": self.said,
            "latitude": self.point.latitude if self.point else None,
            "longitude": self.point.longitude if self.point else None,
            "place_precision": self.precision.value,
        }


def _precision(code: str) -> PlacePrecision:
    try:
        return PlacePrecision(code)
    except ValueError:
        raise ValueFormError(
            "The precision of a place is not a code", found=code, expected=", ".join(PlacePrecision)
        ) from None
