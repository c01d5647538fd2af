"""The invented country: Orvenna, code XV (a code that ISO 3166 leaves to users), its provinces, districts, villages.

Eight provinces of five districts each, four villages to a district. The first district of a province is its town.
Codes: province `XV-03`, district `XV-0302`; villages have names only, as villages do in most lists.

>>> PROVINCES[2].code, PROVINCES[2].name
('XV-03', 'Quvenmoor')
>>> DISTRICTS[11].code, DISTRICTS[11].province
('XV-0302', 2)
>>> len(PROVINCES), len(DISTRICTS), len(VILLAGES)
(8, 40, 160)
"""

from dataclasses import dataclass

from consilience.demo.names import Script, spell

COUNTRY = "XV"
COUNTRY_NAME = "Orvenna"
DISTRICTS_PER_PROVINCE = 5
VILLAGES_PER_DISTRICT = 4

_PROVINCES = ("ambrivax", "dloskerra", "quvenmoor", "tlazimbra", "vrundelia", "kshorvana", "zheppolun", "mraskovel")
_PROVINCE_WEIGHTS = (0.26, 0.09, 0.17, 0.12, 0.10, 0.08, 0.11, 0.07)
_DISTRICT_ENDS = ("omund", "eskar", "ivolt", "ulmen", "adrish")
_DISTRICT_WEIGHTS = (0.40, 0.20, 0.16, 0.13, 0.11)
_VILLAGE_ENDS = ("ikket", "obrun", "eldova", "ushpen")


@dataclass(frozen=True, slots=True)
class Spot:
    """A province, district or village.

    Attributes:
        code: its code in the area list; a village bears its district's.
        plain: its name in the small Latin alphabet of `names`.
        province: the number of its province, from 0.
        weight: its share of the country's violations.
        urban: whether it is a town.
    """

    code: str
    plain: str
    province: int
    weight: float
    urban: bool

    @property
    def name(self) -> str:
        """The name in Latin script."""
        return spell(self.plain, Script.LATIN)


def _province(number: int) -> Spot:
    return Spot(f"{COUNTRY}-{number + 1:02d}", _PROVINCES[number], number, _PROVINCE_WEIGHTS[number], urban=False)


def _district(number: int) -> Spot:
    province, place = divmod(number, DISTRICTS_PER_PROVINCE)
    # Every district of a province starts alike, as neighbouring places do, and ends in its own way.
    plain = _PROVINCES[province][: 3 + place % 2].rstrip("aeiou") + "ao"[number % 2] + "rl" + _DISTRICT_ENDS[place]
    weight = _PROVINCE_WEIGHTS[province] * _DISTRICT_WEIGHTS[place]
    return Spot(f"{PROVINCES[province].code}{place + 1:02d}", plain, province, weight, urban=place == 0)


def _village(number: int) -> Spot:
    district, place = divmod(number, VILLAGES_PER_DISTRICT)
    home = DISTRICTS[district]
    stem = home.plain.removesuffix(_DISTRICT_ENDS[district % DISTRICTS_PER_PROVINCE])
    plain = f"{stem}{'aeiou'[district % 5]}zh{_VILLAGE_ENDS[place]}"
    return Spot(home.code, plain, home.province, home.weight / VILLAGES_PER_DISTRICT, home.urban)


PROVINCES = tuple(_province(number) for number in range(len(_PROVINCES)))
DISTRICTS = tuple(_district(number) for number in range(len(_PROVINCES) * DISTRICTS_PER_PROVINCE))
VILLAGES = tuple(_village(number) for number in range(len(DISTRICTS) * VILLAGES_PER_DISTRICT))
