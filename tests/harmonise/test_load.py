import copy
import datetime as dt
import doctest
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consilience.errors import MappingError, UsageError
from consilience.formats.snapshot import Snapshot
from consilience.harmonise import load as load_module
from consilience.harmonise.load import Source, import_sources
from consilience.harmonise.mapping import load_mapping, parse_mapping

LIST = (Path(__file__).parent / "data" / "visits.csv").read_text(encoding="utf-8")
MAPPING = tomllib.loads((Path(__file__).parent / "data" / "visits.toml").read_text(encoding="utf-8"))


def with_changes(**changes):
    data = copy.deepcopy(MAPPING)
    data.update(changes)
    return parse_mapping(data)


def test_the_example_runs():
    assert doctest.testmod(load_module).failed == 0


def test_a_list_becomes_events_acts_actors_and_involvements(importing, mapping):
    snapshot = importing(LIST, mapping)
    assert [event["event_id"] for event in importing.rows("events")] == ["s:A", "s:B"]
    acts = importing.rows("acts", "act_id, event_id, victim_id, violation, violation_local, sex, victims_central, line")
    assert [tuple(act.values()) for act in acts] == [
        ("s:1/torture", "s:A", "s:1", "TORTURE", None, "M", 1, 2),
        ("s:1/treatment", "s:A", "s:1", "ILL_TREATMENT", "beaten", "M", 1, 2),
        ("s:2/treatment", "s:A", "s:2", "ILL_TREATMENT", "beaten", "F", 3, 3),
        ("s:3/treatment", "s:B", "s:3", None, "shot", None, 1, 4),
    ]
    involved = importing.rows("involvements", "act_id, perpetrator_type, perpetrator_type_local")
    assert [tuple(each.values()) for each in involved] == [
        ("s:1/treatment", "POLICE", "police"),
        ("s:2/treatment", None, "army"),
    ]
    assert (snapshot.source("s").rows, snapshot.source("s").accepted) == (3, 3)


def test_a_date_without_a_year_takes_the_year_the_source_declares(importing):
    block = {"mapping": "m", "version": "1", "event": {"date": {"period": "when"}}}
    block["act"] = [{"violation": {"constant": "TORTURE"}}]
    text = "when\nbefore 12 May\n12 May\n12 May 2018\n"
    assert importing(text, parse_mapping(block)).source("s").rejected == 2
    declared = importing(text, parse_mapping(block | {"source": {"year": 2019}}), out="declared")
    assert declared.source("s").rejected == 0
    assert [row["date_edtf"] for row in importing.rows("events", "date_edtf")] == [
        "2018-05-12", "2019-05-12", "[..2019-05-11]",
    ]  # fmt: skip


def test_dates_places_and_ages_keep_what_was_said_and_what_it_can_mean(importing, mapping):
    importing(LIST, mapping)
    first, second = importing.rows("events", "date_said, date_edtf, date_earliest, date_latest, date_precision")
    assert tuple(first.values()) == (
        "2021-04-03 / 2021-04-05", "2021-04-03/2021-04-05", dt.date(2021, 4, 3), dt.date(2021, 4, 5), "RANGE",
    )  # fmt: skip
    assert tuple(second.values()) == ("March 2021", "2021-03", dt.date(2021, 3, 1), dt.date(2021, 3, 31), "MONTH")
    places = importing.rows("events", "area, area_local, place_said, latitude, longitude")
    assert [tuple(place.values()) for place in places] == [
        ("CL", "North", "Ori, North", 10.5, 20.25),
        ("PE", "South", "South", None, None),
    ]
    ages = importing.rows("acts", "act_id, age_said, age_low, age_high")
    assert [tuple(age.values())[1:] for age in ages if age["age_said"]] == [
        ("25", 25.0, 25.0), ("about 30", 27.0, 33.0), ("under 18", 0.0, 17.0),
    ]  # fmt: skip


def test_identities_are_sealed_apart(importing, mapping):
    snapshot = importing(LIST, mapping)
    assert [row["name"] for row in importing.rows("identities", "name")] == ["Ana Invented", "Bo Invented"]
    assert "full_name" not in importing.rows("records_s")[0]
    assert dict(snapshot.source("s").columns)["full_name"] == "sealed"
    open_files = [
        path for path in snapshot.path.rglob("*") if path.is_file() and "Invented" in path.read_text("latin-1")
    ]
    assert {path.parent.name for path in open_files} <= {"identities", "sealed"}


def test_bad_rows_are_rejected_with_line_column_expected_and_found(importing, mapping):
    bad = (
        LIST
        + "4,C,someday,,,North,,,m,,,,,,\n"
        + "5,C,2021-02-30,,,North,95,20,m,Cy Invented,old,,,,-1\n"
        + "2,C,2021-01-01,,,North,,,m,,,,,,\n"
        + ",C,2021-01-01,,,North,,,m,,,,,,\n"
        + "6,C\n"
        + "7,C,2021-05-02,2021-05-01,,North,,,m,,,,,,\n"
    )
    snapshot = importing(bad, mapping)
    source = snapshot.source("s")
    assert (source.rows, source.accepted, source.rejected, source.faults) == (9, 3, 6, 9)
    faults = [line.split(",")[0] + " " + line.split(",")[-1] for line in importing.text("rejected/s.csv").splitlines()]
    assert faults == [
        "line found", "5 someday", "6 2021-02-30", "6 95", "6 -1", "6 old",
        "7 the same as on line 3", "8 nothing", "9 2 columns", "10 2021-05-02 / 2021-05-01",
    ]  # fmt: skip
    assert importing.text("rejected/s.rows.csv").splitlines() == [LIST.splitlines()[0], *bad.splitlines()[4:]]


def test_a_rejected_value_of_a_sealed_column_is_withheld(importing):
    data = copy.deepcopy(MAPPING)
    data["source"]["sealed"] = ["years"]
    importing(LIST.replace("about 30", "secret words"), parse_mapping(data))
    assert "secret" not in importing.text("rejected/s.csv")
    assert "(withheld)" in importing.text("rejected/s.csv")


def test_formulas_in_a_list_of_faults_are_harmless(importing, mapping):
    importing(LIST.replace("March 2021", "=cmd()"), mapping)
    assert "'=cmd()" in importing.text("rejected/s.csv")


def test_unknown_words_are_kept_and_counted_or_rejected(importing):
    data = copy.deepcopy(MAPPING)
    snapshot = importing(LIST, parse_mapping(data))
    treatment = next(each for each in snapshot.source("s").coverage if each.column == "violation")
    assert (treatment.records["exact"], treatment.records["unknown"], treatment.unknown) == (2, 1, (("shot", 1),))
    area = next(each for each in snapshot.source("s").coverage if each.column == "area" and each.table == "events")
    assert (area.codes["broader"], area.records["broader"]) == (1, 1)
    data["act"][0]["violation"]["unknown"] = "reject"
    assert importing(LIST, parse_mapping(data)).source("s").rejected == 1
    assert "a word that is mapped to VIOLATION" in importing.text("rejected/s.csv")


def test_the_same_import_twice_has_the_same_digest(importing, mapping):
    first, second = importing(LIST, mapping), importing(LIST, mapping, out="again")
    assert first.digest == second.digest
    assert importing(LIST + "9,Z,2020,,,,,,,,,,,,\n", mapping).digest != first.digest


ROW = st.tuples(
    st.sampled_from(["1", "2", "3", ""]),
    st.sampled_from(["2021-01-01", "2021", "never", '"2021-01-01\n"', "1,2"]),
    st.sampled_from(["1", "-1", "two", ""]),
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ROW, min_size=1, max_size=6))
def test_rows_are_always_accepted_plus_rejected(importing, rows):
    mapping = parse_mapping({
        "mapping": "m", "version": "1", "record": {"id": "id"}, "event": {"date": {"period": "day"}},
        "act": [{"violation": {"constant": "TORTURE"}, "victims": {"central": "n"}}],
    })  # fmt: skip
    text = "id,day,n\n" + "".join(",".join(row) + "\n" for row in rows)
    snapshot = importing(text, mapping)
    source = snapshot.source("s")
    assert source.rows == len(rows) == source.accepted + source.rejected
    assert len(importing.rows("records_s")) == source.accepted
    lines = {row["line"] for row in importing.rows("records_s", "line")}
    assert len(lines) == source.accepted


def test_a_missing_column_is_named_with_its_near_matches(importing, mapping):
    with pytest.raises(MappingError, match=r"lacks 1 column .*near 'by_whom': by_who[;.].*Expected: 'by_whom'"):
        importing(LIST.replace("by_whom", "by_who"), mapping)


def test_column_names_and_words_can_hold_anything(importing):
    odd = 'a "b"; DROP TABLE x--'
    mapping = parse_mapping({
        "mapping": "m", "version": "1",
        "act": [{"violation": {"column": odd, "values": {"it's": "TORTURE"}},
                 "when": {"column": odd, "is_not": ["'); --"]}}],
    })  # fmt: skip
    importing(f"\"{odd.replace(chr(34), chr(34) * 2)}\",line\nit's,7\n'); --,8\n", mapping)
    assert [act["violation"] for act in importing.rows("acts")] == ["TORTURE"]
    assert importing.rows("records_s", "record_id, line, line_")[0] == {"record_id": "L2", "line": 2, "line_": "7"}


def test_repeated_groups_of_columns_give_a_row_each(importing):
    mapping = parse_mapping({
        "mapping": "m", "version": "1", "record": {"id": "id"},
        "actor": [{"repeat": ["1", "2"], "identity": {"name": "name_{n}"}}],
        "act": [{"repeat": ["1", "2"], "violation": {"constant": "TORTURE"}, "age": {"age": "age_{n}"}}],
    })  # fmt: skip
    importing("id,name_1,age_1,name_2,age_2\n1,A,20,B,30\n2,C,40,,\n", mapping)
    acts = importing.rows("acts", "act_id, victim_id, age_low")
    assert [tuple(act.values()) for act in acts] == [
        ("s:1.1", "s:1.1", 20.0),
        ("s:1.2", "s:1.2", 30.0),
        ("s:2.1", "s:2.1", 40.0),
    ]
    assert [row["name"] for row in importing.rows("identities")] == ["A", "B", "C"]


def test_transforms_join_choose_split_cut_and_recode(importing):
    mapping = parse_mapping({
        "mapping": "m", "version": "1",
        "event": {
            "title": {"join": ["a", {"constant": "in"}, {"split": "b", "separator": ";", "part": 2}]},
            "place": {"said": {"first": ["x", {"column": "b", "cut": 3}]}},
            "date": {"year": "y", "month": "m"},
        },
        "actor": [{"occupation": {"last": ["a", "x"]},
                   "nationality": {"column": "b", "values": {"q": "Q"}, "default": "other"}}],
    })  # fmt: skip
    importing("a,b,x,y,m\nfire,one; two,,2021,4\n", mapping)
    event = importing.rows("events", "title, place_said, date_edtf")[0]
    assert tuple(event.values()) == ("fire in two", "one", "2021-04")
    assert tuple(importing.rows("actors", "occupation, nationality")[0].values()) == ("fire", "other")


def test_a_stated_precision_widens_a_lone_day(importing):
    mapping = parse_mapping({
        "mapping": "m", "version": "1",
        "event": {"date": {"period": "d", "precision": "p"}},
    })  # fmt: skip
    importing("d,p\n2021-04-15,DAY\n2021-04-15,MONTH\n2021-04-15,YEAR\n2021-04-15,WEEK\n", mapping)
    found = importing.rows("events", "line, date_edtf, date_earliest, date_latest")
    assert [(row["date_edtf"], str(row["date_earliest"]), str(row["date_latest"])) for row in found] == [
        ("2021-04-15", "2021-04-15", "2021-04-15"),
        ("2021-04", "2021-04-01", "2021-04-30"),
        ("2021", "2021-01-01", "2021-12-31"),
        ("2021-04-12/2021-04-18", "2021-04-12", "2021-04-18"),
    ]


def test_other_sources_of_a_base_stay(importing, mapping, registry, tmp_path):
    first = importing(LIST, mapping)
    both = import_sources(
        [Source("t", tmp_path / "list.csv", mapping)], tmp_path / "snapshot", registry, base=Snapshot.open(first.path)
    )
    assert [source.name for source in both.sources] == ["s", "t"]
    both.verify()


def test_a_folder_that_is_no_snapshot_is_not_replaced(importing, mapping, tmp_path):
    (tmp_path / "snapshot").mkdir()
    (tmp_path / "snapshot" / "letter.txt").write_text("mine")
    with pytest.raises(UsageError, match="is no snapshot"):
        importing(LIST, mapping)
    assert (tmp_path / "snapshot" / "letter.txt").read_text() == "mine"


def test_ucdp_is_imported_whole_with_its_own_sums(real_data, tmp_path, registry, engine):
    path = real_data / "events" / "ucdp_candidate_2023_10.csv"
    snapshot = import_sources([Source("ged", path, load_mapping("ucdp_ged"))], tmp_path / "s", registry, engine=engine)
    source = snapshot.source("ged")
    assert (source.rows, source.accepted, source.rejected) == (2391, 2391, 0)
    snapshot.register(engine)
    engine.execute(f"CREATE TABLE own AS SELECT * FROM read_csv('{path}', all_varchar = true)")
    sums = (
        "sum(best::INT)::INT AS best, sum(low::INT)::INT AS low, sum(high::INT)::INT AS high, count(*)::INT AS events"
    )
    theirs = engine.fetch(f"SELECT country_id AS country, {sums} FROM own GROUP BY 1 ORDER BY 1").to_pylist()
    ours = engine.fetch(
        "SELECT area_local AS country, sum(victims_central)::INT AS best, sum(victims_low)::INT AS low, "
        "sum(victims_high)::INT AS high, count(DISTINCT event_id)::INT AS events FROM acts GROUP BY 1 ORDER BY 1"
    ).to_pylist()
    assert ours == theirs
    unsure = "date_earliest < date_latest AND date_precision <> 'DAY'"
    assert engine.fetch(f"SELECT count(*) AS n FROM events WHERE {unsure}")["n"][0].as_py() == 594
    assert engine.fetch("SELECT count(*) AS n FROM events WHERE place_precision <> 'EXACT'")["n"][0].as_py() == 1443
