"""The list of areas against facts of UNSD M49 and ISO 3166."""

import pycountry
import pytest


def test_every_country_lies_in_one_region_under_the_world(registry):
    areas = registry.codelist("COUNTRY")
    for country in pycountry.countries:
        ancestors = areas.ancestors(country.alpha_2)
        assert ancestors[-1] == "M49_001"
        assert len(ancestors) >= 2 or country.alpha_2 == "AQ"


@pytest.mark.parametrize(
    ("region", "countries"),
    [("015", 7), ("014", 22), ("017", 9), ("018", 5), ("011", 17), ("029", 28), ("013", 8), ("005", 16), ("021", 5),
     ("143", 5), ("035", 11), ("034", 9), ("145", 18), ("151", 10), ("154", 16), ("039", 16), ("155", 9),
     ("053", 6), ("054", 5), ("057", 8), ("061", 10)],
)  # fmt: skip
def test_a_region_holds_as_many_countries_and_areas_as_m49_lists(registry, region, countries):
    areas = registry.codelist("COUNTRY")
    assert sum(not code.startswith("M49") for code in areas.children(f"M49_{region}")) == countries


@pytest.mark.parametrize(
    ("country", "region"),
    [("CL", "005"), ("MX", "013"), ("UA", "151"), ("SY", "145"), ("SD", "015"), ("CD", "017"), ("MM", "035"),
     ("AF", "034"),
     ("CY", "145"), ("IR", "034"), ("EG", "015"), ("HT", "029"), ("FJ", "054"), ("KZ", "143"), ("EE", "154"),
     ("MZ", "014")],
)  # fmt: skip
def test_countries_lie_where_m49_puts_them(registry, country, region):
    assert registry.codelist("COUNTRY").code(country).parent == f"M49_{region}"


def test_subdivisions_lie_in_their_country_or_in_a_larger_subdivision(registry):
    areas = registry.codelist("AREA")
    assert len(areas) > 5000
    assert areas.code("CL-RM").parent == "CL"
    assert all(areas.ancestors(code.id)[-1] == "M49_001" for code in areas if code.id != "M49_001")


def test_countries_and_regions_have_names_in_six_languages(registry):
    for code in registry.codelist("COUNTRY"):
        assert set(code.labels) >= {"ar", "en", "es", "fr", "ru", "zh"}
