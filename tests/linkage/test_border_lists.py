"""Three real lists of deaths at a border: links with reasons, beside the rule of the project that published them.

That rule calls two records one death when their dates lie within 3 days and their places within 0.2 degrees. It knows
no names, so it joins people who died together and misses dates that were written down late.
"""

import csv
import datetime as dt
import re

import numpy as np
import pytest
import python_calamine

from consilience.linkage.read import read_lists
from consilience.linkage.review import explanation
from consilience.linkage.run import link
from consilience.linkage.spec import parse_spec

SHEETS = {
    "missing_migrants": ("border_deaths_MMP_SDPCOME_2014_2017.xlsx", "PCOME_SD_data_counties"),
    "medical_examiner": ("border_deaths_PCOME_SD_2014_2017.xlsx", "PCOME_2014_2017"),
    "border_patrol": ("border_deaths_USBP_FOIA_Cleaned.xlsx", "Cleaned 2014-2017"),
}
# Each list holds one row for each death.
SPEC = parse_spec({"sources": {name: {"deduplicated": True} for name in SHEETS}})


@pytest.fixture(scope="module")
def lists(real_data, tmp_path_factory):
    folder, rows = tmp_path_factory.mktemp("border"), {}
    for name, (file, sheet) in SHEETS.items():
        path = real_data / "lists" / file
        table = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python()
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(table)
        rows |= {(name, str(row[0])): dict(zip(table[0], row, strict=True)) for row in table[1:]}
    return [folder / f"{name}.csv" for name in SHEETS], rows


@pytest.fixture(scope="module")
def result(lists):
    return link(read_lists(lists[0], SPEC), SPEC)


def by_the_rule(one, other):
    days = [row["date"] for row in (one, other)]
    if not all(isinstance(day, dt.date) for day in days) or abs((days[0] - days[1]).days) > 3:
        return False
    try:
        return all(abs(float(one[axis]) - float(other[axis])) <= 0.2 for axis in ("lat", "lon"))
    except ValueError:
        return False


def words(row):
    return set(re.findall(r"[a-zñ]{3,}", str(row["name"]).lower())) - {"unidentified", "unknown"}


def refs(result):
    return list(zip(result.records["source"].to_pylist(), result.records["record_id"].to_pylist(), strict=True))


def linked_pairs(result):
    names = refs(result)
    chosen = np.flatnonzero(result.linked & (result.pairs.left != result.pairs.right))
    return {
        (names[result.pairs.left[at]], names[result.pairs.right[at]]): int(at)
        for at in chosen
        if names[result.pairs.left[at]][0] != names[result.pairs.right[at]][0]
    }


def test_most_deaths_of_the_border_patrol_are_found_on_the_examiners_list(result):
    both = {name: {result.label[at] for at, ref in enumerate(refs(result)) if ref[0] == name} for name in SHEETS}
    shared = both["border_patrol"] & both["medical_examiner"]
    assert 0.5 < len(shared) / len(both["border_patrol"]) < 0.95


def test_linked_deaths_share_a_name_more_often_than_those_of_the_rule(lists, result):
    rows = lists[1]
    named = [pair for pair in linked_pairs(result) if words(rows[pair[0]]) and words(rows[pair[1]])]
    mine = np.mean([bool(words(rows[one]) & words(rows[other])) for one, other in named])
    across = [
        (one, other) for one in rows for other in rows if one[0] < other[0] and by_the_rule(rows[one], rows[other])
    ]
    across = [pair for pair in across if words(rows[pair[0]]) and words(rows[pair[1]])]
    theirs = np.mean([bool(words(rows[one]) & words(rows[other])) for one, other in across])
    assert mine > 0.85
    assert mine > theirs + 0.05


def test_where_ours_and_the_rule_differ_the_reason_is_told(lists, result):
    rows = lists[1]
    only_ours = [
        (pair, at) for pair, at in linked_pairs(result).items() if not by_the_rule(*(rows[end] for end in pair))
    ]
    assert only_ours
    for _, at in only_ours:
        assert "Speaks for it" in explanation(result, at)


def test_a_named_death_on_all_three_lists_is_one_person(lists, result):
    name = {"gabriel", "sanchez", "velasquez"}
    found = {ref for ref, row in lists[1].items() if name <= words(row)}
    labels = {result.label[at] for at, ref in enumerate(refs(result)) if ref in found}
    assert len({source for source, _ in found}) == 3
    assert len(labels) == 1
