"""The ready crosswalks know every code that occurs in the real files."""

import pyarrow.csv as pacsv
import pytest

from consilience.standards.coverage import EMPTY, NOT_IN_CROSSWALK, coverage

UCDP, CHILE = "events/ucdp_candidate_2023_10.csv", "lists/chile_truth_commission.csv"


@pytest.mark.parametrize(
    ("crosswalk", "file", "column"),
    [
        ("UCDP_VIOLATION", UCDP, "type_of_violence"),
        ("UCDP_PERPETRATOR", UCDP, "type_of_violence"),
        ("UCDP_DATE_PRECISION", UCDP, "date_prec"),
        ("UCDP_PLACE_PRECISION", UCDP, "where_prec"),
        ("UCDP_AREA", UCDP, "country_id"),
        ("CHILE_VIOLATION", CHILE, "violence"),
        ("CHILE_PERPETRATOR", CHILE, "perpetrator_affiliation"),
        ("CHILE_METHOD", CHILE, "method"),
        ("CHILE_SEX", CHILE, "male"),
        ("CHILE_PLACE_PRECISION", CHILE, "exact_coordinates_1"),
    ],
)
def test_every_code_of_the_file_is_spoken_of(registry, real_data, crosswalk, file, column):
    options = pacsv.ConvertOptions(
        include_columns=[column], column_types={column: "string"}, null_values=["NA", ""], strings_can_be_null=True
    )
    parsing = pacsv.ParseOptions(newlines_in_values=True)
    column_of_codes = pacsv.read_csv(real_data / file, convert_options=options, parse_options=parsing)[column]
    report = coverage(registry.crosswalk(crosswalk), column_of_codes)
    assert report.codes > 0
    assert {line.outcome for line in report.lines} & {NOT_IN_CROSSWALK} == set()
    assert sum(line.records for line in report.lines if line.outcome == EMPTY) == column_of_codes.null_count
    assert report.records == len(column_of_codes)
