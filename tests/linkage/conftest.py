"""A small linkage that many tests look at."""

import pyarrow as pa
import pytest

from consilience.linkage.read import Records

PEOPLE = [
    ("a", "1", "Mira Dlovan", "1990-04-05", "2019-02-01", "F", "Harrow"),
    ("b", "7", "DLOVAN, Mirra", "5 April 1990", "2019-02", "F", "Harow"),
    ("c", "x", "Мира Длован", "1990", "01.02.2019", "ж", None),
    ("a", "2", "Tarek al-Osh", "1971-01-30", "2019-03-11", "M", "Weld"),
    ("b", "8", "Tarek Osh", "1971-01-30", None, "M", "Weld"),
    ("a", "3", "Sofen Karash", "1985-11-02", "2018-07-20", "M", "Harrow"),
    ("c", "y", "Софен Караш", "1985", "20.07.2018", "м", None),
    ("a", "4", None, None, None, None, None),
    ("b", "9", "Unknown", None, None, None, None),
    ("a", "5", "Lusa Brenn", "2001-05-05", "2018-01-01", "F", "Tarn"),
    ("b", "10", "Orin Vesk", "1960-09-19", "2017-06-30", "M", "Tarn"),
]
NAMES = ("source", "record_id", "name", "birth", "date", "sex", "city")


def _records_of(rows):
    """Return records from rows of `NAMES`."""
    columns = {name: pa.array([row[at] for row in rows], pa.string()) for at, name in enumerate(NAMES)}
    return Records(pa.table({**columns, "line": pa.array(range(2, len(rows) + 2))}), {"city": "text"})


@pytest.fixture(scope="session")
def rows():
    return list(PEOPLE)


@pytest.fixture(scope="session")
def records_of():
    return _records_of


@pytest.fixture(scope="session")
def people():
    return _records_of(PEOPLE)
