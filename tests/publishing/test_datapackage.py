"""The descriptor is held against the Frictionless program itself."""

import json
import subprocess
import sys

import pyarrow as pa
import pytest

from consilience.formats.digest import sha256_file
from consilience.publishing.datapackage import Resource, datapackage

from .conftest import OBSERVATIONS


@pytest.fixture
def package(release):
    table = release / "data" / "observations.csv"
    resource = Resource(
        "data/observations.csv", "Observations", OBSERVATIONS.schema, sha256_file(table), table.stat().st_size
    )
    described = datapackage(
        name="towns-1.0",
        title="Towns",
        version="1.0",
        licence="CC-BY-4.0",
        created="2024-02-01",
        sources=[{"title": "A list"}],
        resources=[resource],
    )
    (release / "datapackage.json").write_text(json.dumps(described))
    return release / "datapackage.json"


def frictionless(package):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "frictionless", "validate", "datapackage.json", "--json"],
        cwd=package.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return json.loads(done.stdout)


def test_the_descriptor_is_valid_by_its_own_program(package):
    report = frictionless(package)
    assert report["valid"], report
    assert report["stats"]["tasks"] == 1


def test_a_changed_table_no_longer_fits_its_descriptor(package):
    table = package.parent / "data" / "observations.csv"
    table.write_text(table.read_text().replace(",3,", ",three,"))
    assert not frictionless(package)["valid"]


def test_counts_are_integers_and_codes_are_strings():
    described = datapackage(
        name="n", title="t", version="1", licence="l", created="2024-01-01", sources=[],
        resources=[Resource("data/x.csv", "x", pa.schema([("OBS_VALUE", pa.int64()), ("SEX", pa.string())]), "0", 1)],
    )  # fmt: skip
    fields = described["resources"][0]["schema"]["fields"]
    assert [(field["name"], field["type"]) for field in fields] == [("OBS_VALUE", "integer"), ("SEX", "string")]
