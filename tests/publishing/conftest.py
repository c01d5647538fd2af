"""A small release made with the real writer."""

import pyarrow as pa
import pytest

from consilience.ledger.note import Signer
from consilience.publishing.release import new_release

SIGNER = Signer.from_seed("example.org/publisher", bytes(range(32)))
OBSERVATIONS = pa.table(
    {
        "INDICATOR": ["KILLINGS", "KILLINGS"],
        "REF_AREA": ["XA", "XB"],
        "TIME_PERIOD": ["2024-01", "2024-01"],
        "SEX": ["_T", "_T"],
        "AGE": ["_T", "_T"],
        "UNIT": ["ACTS", "ACTS"],
        "OBS_VALUE": pa.array([3, None], pa.int64()),
        "LOWER_BOUND": pa.array([2, None], pa.int64()),
        "UPPER_BOUND": pa.array([5, None], pa.int64()),
        "OBS_STATUS": ["A", "Q"],
        "CONF_STATUS": ["F", "C"],
    }
)


def write(out, signer=SIGNER, observations=OBSERVATIONS, ledger=None):
    with new_release(out) as folder:
        folder.add_table("data/observations", observations, "Observations")
        folder.add_text("method/method.md", "# Method\n", "text/markdown", "Method")
        return folder.close({"id": "towns-1.0", "key": signer.verifier().vkey}, signer, ledger)


@pytest.fixture
def signer():
    return SIGNER


@pytest.fixture
def release(tmp_path):
    out = tmp_path / "release"
    write(out)
    return out
