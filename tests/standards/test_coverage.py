import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from consilience.standards.coverage import coverage
from consilience.standards.registry import load

CROSSWALK = load().crosswalk("CHILE_METHOD")
CODES = st.sampled_from([*CROSSWALK.locals, "never heard of", None])


def test_coverage_is_told_by_code_and_by_records():
    column = pa.chunked_array([["Gun", "Gun and Knife"], ["Gun", "Acute Loss of Blood", "Spoon", None]])
    report = coverage(CROSSWALK, column)
    assert [(line.local, line.records, line.outcome) for line in report.lines] == [
        ("Gun", 2, "exact"),
        ("Acute Loss of Blood", 1, "none"),
        ("Gun and Knife", 1, "partial"),
        ("Spoon", 1, "not in the crosswalk"),
        (None, 1, "empty"),
    ]
    assert report.by_outcome()["empty"] == (0, 1)


@given(st.lists(CODES))
def test_no_record_is_dropped_in_silence(values):
    report = coverage(CROSSWALK, pa.array(values, pa.string()))
    assert report.records == len(values)
    assert sum(records for _, records in report.by_outcome().values()) == len(values)
    assert report.codes == len(set(values) - {None})
    assert report.records_mapped <= report.records
