"""Parsing keeps up with a column of distinct strings (measured: about 30,000 phrases a second on one core;
the bound leaves room for a slow machine and for measuring coverage)."""

import time

from consilience.model.period import Period


def test_thousands_of_distinct_dates_take_less_than_a_second():
    said = [
        f"about {day} {month} {year}"
        for year in range(1990, 2000)
        for month in ("May", "mai", "مايو")
        for day in range(1, 29)
    ]
    Period.parse("about May 1989")  # the words are made ready once
    begun = time.process_time()
    for each in said:
        Period.parse(each)
    assert len(said) / (time.process_time() - begun) > 2000
