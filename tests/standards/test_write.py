from dataclasses import replace
from datetime import UTC, datetime

import pytest

from consilience.errors import StandardError
from consilience.standards.lifecycle import Comment, State, advance
from consilience.standards.read import read_standard
from consilience.standards.write import write_standard


def test_everything_shipped_comes_back_from_its_file(registry, tmp_path):
    for standard in (
        *registry.indicators(),
        *registry.crosswalks(),
        registry.codelist("VIOLATION"),
        registry.codelist("AGE"),
    ):
        assert read_standard(write_standard(standard, tmp_path), type(standard)) == standard


def test_the_life_and_the_comments_of_an_indicator_come_back(registry, tmp_path):
    when = datetime(2030, 1, 1, 9, 30, tzinfo=UTC)
    life = advance((), State.CONSULTATION, person="officer-7", at=when, reason="Agreed.")
    comments = (Comment("survivors", "ar", "نص", when),)
    indicator = replace(registry.indicator("TORTURE"), version="1.1", transitions=life, comments=comments)
    again = read_standard(write_standard(indicator, tmp_path), type(indicator))
    assert again == indicator
    assert again.state is State.CONSULTATION


def test_a_file_that_is_there_is_not_overwritten(registry, tmp_path):
    write_standard(registry.codelist("SEX"), tmp_path)
    with pytest.raises(StandardError, match="there already"):
        write_standard(registry.codelist("SEX"), tmp_path)
