"""On the UCDP candidate events, counts per country add up to the file's own sums."""

import csv
from collections import Counter

import pytest

from consilience.engine.duck import DuckEngine
from consilience.harmonise.load import Source, import_sources
from consilience.harmonise.mapping import load_mapping
from consilience.indicators.count import AgeBands, AreaLevels, Frequency, count_indicators
from consilience.standards.registry import load


@pytest.fixture(scope="module")
def counted(real_data, tmp_path_factory):
    path, registry = real_data / "events" / "ucdp_candidate_2023_10.csv", load()
    folder = tmp_path_factory.mktemp("ucdp")
    snapshot = import_sources([Source("ged", path, load_mapping("ucdp_ged"))], folder / "snapshot", registry)
    with DuckEngine(threads=2) as engine:
        snapshot.register(engine)
        result = count_indicators(
            engine,
            [registry.indicator("CONFLICT_DEATHS")],
            registry=registry,
            areas=AreaLevels.from_codelist(registry.codelist("AREA"), "country"),
            frequency=Frequency.MONTH,
            age_bands=AgeBands(),
            sources=None,
        )
    with path.open(encoding="utf-8") as file:
        return result, list(csv.DictReader(file))


@pytest.mark.parametrize(("unit", "column"), [("ACTS", "best"), ("VICTIMS", "best"), ("EVENTS", None)])
def test_deaths_and_events_per_country_are_the_files_own_sums(counted, unit, column):
    result, rows = counted
    own, found = Counter(), Counter()
    for row in rows:
        own[row["country"]] += int(row[column]) if column else 1
    for row in result.observations.to_pylist():
        if (row["UNIT"], row["SEX"], row["AGE"]) == (unit, "_T", "_T"):
            found[row["REF_AREA"]] += row["OBS_VALUE"]
    for row in result.unplaced.to_pylist():
        if row["UNIT"] == unit:
            found[row["REF_AREA"]] += row["OBS_VALUE"]
    assert sorted(filter(None, own.values())) == sorted(filter(None, found.values()))
