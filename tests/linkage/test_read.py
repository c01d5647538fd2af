"""Lists become records by role; what cannot be read is refused with a sentence."""

import pytest

from consilience.errors import FormatError, MappingError, UsageError
from consilience.linkage.read import read_lists
from consilience.linkage.spec import LinkageSpec, parse_spec


def write(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_columns_of_two_languages_meet_in_one_table(tmp_path):
    one = write(tmp_path, "one.csv", "unique_id,first_name,surname,dob\n1,Mira,Dlovan,1990-04-05\n")
    two = write(tmp_path, "two.csv", "رقم;الاسم;تاريخ الوفاة\n7;ميرا دلوفان;2019-02-01\n")
    records = read_lists([one, two], LinkageSpec())
    rows = records.table.to_pylist()
    assert (rows[0]["record_id"], rows[0]["given_name"], rows[0]["name"]) == ("1", "Mira", None)
    assert (rows[1]["source"], rows[1]["record_id"], rows[1]["name"]) == ("two", "2", "ميرا دلوفان")
    assert records.columns["one"]["dob"] == "birth"


def test_a_column_of_labels_is_never_used(tmp_path):
    path = write(tmp_path, "one.csv", "id,name,cluster\n1,Mira,a\n2,Osh,b\n")
    assert read_lists([path], LinkageSpec()).columns["one"]["cluster"] == "ignored"


def test_the_specification_has_the_last_word(tmp_path):
    path = write(tmp_path, "one.csv", "key,who,zip\n1,Mira,2\n2,Osh,2\n")
    spec = parse_spec({"columns": {"who": "name", "zip": "ignore"}, "sources": {"one": {"id": "key"}}})
    records = read_lists([path], spec)
    assert records.columns["one"] == {"key": "record_id", "who": "name", "zip": "ignored"}
    assert records.kinds == {}


def test_parts_of_a_birth_date_are_joined(tmp_path):
    path = write(tmp_path, "one.csv", "fname_c1,lname_c1,by,bm,bd\nMira,Dlovan,1990,4,5\n")
    assert read_lists([path], LinkageSpec()).table["birth"].to_pylist() == ["1990-04-05"]


def test_a_lone_name_column_of_two_words_is_the_whole_name(tmp_path):
    path = write(tmp_path, "one.csv", "id,nombre\n1,Mira Dlovan\n2,Tarek Osh\n")
    assert "name" in read_lists([path], LinkageSpec()).table.column_names


@pytest.mark.parametrize("text", ["id,name\n1,Mira\n1,Osh\n", "id,name\n,Mira\n2,Osh\n"])
def test_ids_with_gaps_or_repeats_give_way_to_the_line(tmp_path, text):
    records = read_lists([write(tmp_path, "one.csv", text)], LinkageSpec())
    assert records.table["record_id"].to_pylist() == ["2", "3"]


def test_a_declared_id_that_repeats_is_refused(tmp_path):
    path = write(tmp_path, "one.csv", "id,name\n1,Mira\n1,Osh\n")
    with pytest.raises(MappingError, match="does not name its records"):
        read_lists([path], parse_spec({"sources": {"one": {"id": "id"}}}))


def test_a_list_without_a_known_column_is_refused(tmp_path):
    with pytest.raises(MappingError, match="No column of one"):
        read_lists([write(tmp_path, "one.csv", "q,w\n1,2\n3,4\n")], LinkageSpec())


def test_an_empty_list_is_refused(tmp_path):
    with pytest.raises(FormatError, match="no row"):
        read_lists([write(tmp_path, "one.csv", "id,name\n")], LinkageSpec())


def test_absent_files_and_equal_names_are_refused(tmp_path):
    with pytest.raises(UsageError, match="no file"):
        read_lists([tmp_path / "x.csv"], LinkageSpec())
    with pytest.raises(UsageError, match="same name"):
        read_lists([tmp_path / "x.csv", tmp_path / "y" / "x.csv"], LinkageSpec())
