"""A long list, held as words, must give what short ones give row by row."""

import pytest

from consilience.harmonise.load import Source, import_sources
from consilience.harmonise.mapping import parse_mapping
from consilience.harmonise.words import ROWS

HALF = ROWS // 2 + 100
MAPPING = {
    "mapping": "long",
    "version": "1",
    "source": {"missing": ["NA"], "day_first": True},
    "record": {"id": "id"},
    "event": {
        "date": {"period": ["date", "until"]},
        "place": {"area": "country", "said": {"join": ["town", "country"], "separator": ", "}, "latitude": "lat"},
    },
    "act": [
        {
            "violation": {"column": "what", "values": {"kill": "KILLING", "tort": "TORTURE"}},
            "date": {"period": ["date", "until"]},
            "sex": "sex",
            "age": {"age": "age"},
            "victims": {"low": "low", "central": "low", "high": "high"},
        }
    ],
}
HEADER = "id,what,date,until,country,town,lat,sex,age,low,high,note\n"
DATES = ("2019-03-{day:02}", "March 2019", "03/04/2021", "about 2020", "", "2019-02-{day:02}", " 2021-01-{day:02} ")
UNTIL = ("", "", "2022-05-05", "NA", "2018-01-01")
AGES = ("25", "20-30", "about 40", "", "old", "130", "131")


def line(n: int) -> str:
    date = DATES[n % 7].format(day=n % 31 + 1)
    sex, country = ("F", "M", "NA", "x")[n % 4], ("CL", "PE", "XX", "")[n % 3]
    cells = (f"i{n}", ("kill", "tort", "other")[n % 3], date, UNTIL[n % 5], country, f"town {n % 90}", str(n % 100))
    return ",".join((*cells, sex, AGES[n % 101 % 7], str(n % 5), ("4", "", "6.0")[n % 3], f"note {n % 1000}"))


@pytest.fixture(scope="module")
def both(tmp_path_factory, registry):
    """The same rows as one long list and as two short ones."""
    folder = tmp_path_factory.mktemp("words")
    lines = [line(n) for n in range(2 * HALF)]
    parts = {"whole": lines, "first": lines[:HALF], "second": lines[HALF:]}
    for name, part in parts.items():
        (folder / f"{name}.csv").write_text(HEADER + "\n".join(part) + "\n", encoding="utf-8")
    mapping = parse_mapping(MAPPING)
    sources = [Source(name, folder / f"{name}.csv", mapping) for name in parts]
    return import_sources(sources, folder / "snapshot", registry)


@pytest.mark.parametrize("table", ["events", "acts", "actors", "records"])
def test_a_list_held_as_words_gives_the_same_rows(both, engine, table):
    def rows(name: str, before: int) -> str:
        file = both.records(name) if table == "records" else both.path / f"tables/{table}/{name}.parquet"
        ids = ("event_id", "act_id", "actor_id", "victim_id", "source")
        picked = f"SELECT * EXCLUDE (line), line + {before} AS line FROM read_parquet('{file}')"
        columns = [row["column_name"] for row in engine.fetch(f"DESCRIBE {picked}").to_pylist()]
        plain = (f"replace({name_}, '{name}', '')" if name_ in ids else name_ for name_ in columns)
        return f"SELECT {', '.join(plain)} FROM ({picked})"

    whole, parts = rows("whole", 0), f"({rows('first', 0)} UNION ALL {rows('second', HALF)})"
    assert engine.fetch(f"SELECT count(*) AS n FROM ({whole})")["n"][0].as_py() == both.source("whole").accepted > 0
    for one, other in ((whole, parts), (parts, whole)):
        assert engine.fetch(f"{one} EXCEPT ALL {other}").num_rows == 0


def test_a_list_held_as_words_is_judged_alike(both):
    whole, first, second = (both.source(name) for name in ("whole", "first", "second"))
    assert whole.rejected == first.rejected + second.rejected > 0
    assert whole.faults == first.faults + second.faults


def test_what_event_and_act_read_alike_is_told_once(both):
    faults = (both.path / "rejected/whole.csv").read_text(encoding="utf-8").splitlines()
    assert len(faults) == len(set(faults)) == both.source("whole").faults + 1
    assert any('"date, until"' in fault for fault in faults)


def test_an_update_of_a_long_list_keeps_what_it_does_not_mention(tmp_path, registry, engine):
    lines = [f"i{n},kill,2019-03-{n % 28 + 1:02},,CL,town,1,F,25,1,1,note {n % 9}" for n in range(2 * HALF)]
    path, mapping = tmp_path / "list.csv", parse_mapping(MAPPING)
    path.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    first = import_sources([Source("s", path, mapping)], tmp_path / "first", registry, engine=engine)
    path.write_text(HEADER + "\n".join([lines[0].replace("CL", "PE"), *lines[1:HALF]]) + "\n", encoding="utf-8")
    second = import_sources([Source("s", path, mapping)], tmp_path / "second", registry, engine=engine, update=first)
    second.register(engine)
    areas = engine.fetch("SELECT area, count(*) AS n FROM events GROUP BY ALL ORDER BY n").to_pylist()
    assert areas == [{"area": "PE", "n": 1}, {"area": "CL", "n": 2 * HALF - 1}]


def test_a_list_of_several_row_groups_has_the_same_digest_every_time(tmp_path, registry):
    days = [f"{2000 + n % 19}-{n % 12 + 1:02}-{n % 28 + 1:02}" for n in range(6000)]
    lines = (f"i{n},kill,{days[n * 7919 % 6000 if n < 9000 else n % 4999]},,,,,,,," for n in range(130_000))
    path, mapping = tmp_path / "list.csv", parse_mapping(MAPPING)
    path.write_text(HEADER + ",\n".join(lines) + ",\n", encoding="utf-8")
    digests = {import_sources([Source("s", path, mapping)], tmp_path / str(n), registry).digest for n in range(2)}
    assert len(digests) == 1
