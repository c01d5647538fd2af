"""Every type becomes a row of its shared table, with all columns in order."""

import pytest

from consilience.errors import ValueFormError
from consilience.model.act import Act, VictimCount
from consilience.model.actor import Actor, Identity
from consilience.model.age import Age
from consilience.model.coded import Coded
from consilience.model.event import Event
from consilience.model.involvement import Involvement
from consilience.model.period import Period
from consilience.model.place import Place
from consilience.model.schema import TABLES
from consilience.model.source import Origin, Source
from consilience.model.statement import Statement

ORIGIN = Origin("list", "7", 8)
WHEN, WHERE = Period.parse("about March 2019"), Place.at(1.0, 2.0, area="KE")

RECORDS = {
    "events": Event("list:7", WHEN, WHERE, ORIGIN, title="A dispersal"),
    "acts": Act("list:7a", "list:7", "list:v7", Coded("TORTURE", "T1"), WHEN, WHERE, ORIGIN, age=Age.parse("about 30")),
    "actors": Actor("list:v7", "PERSON", ORIGIN, born=Period.parse("1980")),
    "identities": Identity("list:v7", ORIGIN, name="Invented Name", other_names=("Other", "Names")),
    "involvements": Involvement("list:i7", "list:7a", ORIGIN, perpetrator_type=Coded("POLICE", "pol")),
    "statements": Statement("list:s7", "list:7", ORIGIN, kind="INTERVIEW"),
}


@pytest.mark.parametrize("table", TABLES)
def test_a_record_is_a_row_of_its_table(table):
    row = RECORDS[table].row()
    assert list(row) == [column.name for column in TABLES[table].columns]
    for column in TABLES[table].columns:
        assert not column.required or row[column.name] is not None


def test_the_units_of_count_stay_apart():
    act = RECORDS["acts"].row()
    assert (act["victims_low"], act["victims_central"], act["victims_high"]) == (1, 1, 1)
    with pytest.raises(ValueFormError, match="out of order"):
        VictimCount(5, 3, 9)


def test_an_identity_never_shows_in_its_representation():
    assert "Invented" not in repr(RECORDS["identities"])


def test_a_source_that_repeats_another_is_not_independent_of_it():
    press, radio, blog = (
        Source("press", "Press"),
        Source("radio", "Radio"),
        Source("blog", "Blog", derived_from=("press",)),
    )
    assert press.is_independent_of(radio)
    assert not blog.is_independent_of(press)
    assert not press.is_independent_of(blog)


def test_an_actor_of_unknown_birth_has_empty_dates():
    row = Actor("x:1", "GROUP", ORIGIN).row()
    assert row["birth_edtf"] is None
    assert row["birth_precision"] is None
