"""Labels come as people or as pairs."""

import pytest

from consilience.errors import FormatError, MappingError
from consilience.linkage.labels import read_labels


def write(tmp_path, text):
    path = tmp_path / "labels.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_people_are_read(tmp_path):
    path = write(tmp_path, "source,record_id,cluster\na,1,x\nb,7,x\nb,8,\n")
    assert read_labels(path, ["a", "b"]) == {("a", "1"): "x", ("b", "7"): "x"}


def test_without_a_source_they_speak_of_the_only_one(tmp_path):
    assert read_labels(write(tmp_path, "unique_id,cluster\n1,x\n"), ["a"]) == {("a", "1"): "x"}


def test_pairs_are_joined_to_people(tmp_path):
    head = "source_l,record_id_l,source_r,record_id_r,same\n"
    found = read_labels(write(tmp_path, head + "a,1,b,1,1\nb,1,c,1,yes\na,1,c,2,0\n"), ["a", "b", "c"])
    assert found["a", "1"] == found["b", "1"] == found["c", "1"] != found["c", "2"]


def test_a_table_without_people_is_refused(tmp_path):
    with pytest.raises(MappingError, match="no labels"):
        read_labels(write(tmp_path, "a,b\n1,2\n"), ["a"])


def test_what_is_no_table_is_refused(tmp_path):
    path = tmp_path / "labels.parquet"
    path.write_bytes(b"nothing")
    with pytest.raises(FormatError):
        read_labels(path, ["a"])
