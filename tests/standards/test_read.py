import pytest

from consilience.standards.codelist import Codelist
from consilience.standards.crosswalk import Crosswalk
from consilience.standards.faults import FaultyFileError
from consilience.standards.read import read_standard, version_key


def _faults(tmp_path, name, text, kind):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(FaultyFileError) as caught:
        read_standard(path, kind)
    return [(fault.key, fault.got, fault.expected) for fault in caught.value.faults]


def test_every_fault_of_form_is_reported_with_key_got_and_expected(tmp_path):
    text = """id = "X"\nversion = 1\ncolour = "red"\n[names]\nen = 3\n[[codes]]\nid = "A"\nlabels.en = "A"
        valid_from = "soon"
        [[codes]]\nlabels.en = "B"\n"""
    found = _faults(tmp_path, "X-1.toml", text, Codelist)
    assert [key for key, _, _ in found] == ["version", "names.en", "codes[1].valid_from", "codes[2].id", "colour"]
    assert found[0][1:] == ("1", "a valid string")
    assert found[3][1:] == ("nothing", "a value")
    assert found[4][1:] == ("'red'", "no such key")


def test_a_relation_outside_the_six_names_those_allowed(tmp_path):
    text = """id = "X"\nversion = "1"\nauthor = "A"\nmethod = "human"\ndate = 2024-01-01
source = { name = "L", version = "1" }\ntarget = { name = "SEX", version = "1.0" }
mappings = [{ local = "f", target = "F", relation = "same" }]\n"""
    ((key, got, expected),) = _faults(tmp_path, "X-1.toml", text, Crosswalk)
    assert (key, got) == ("mappings[1].relation", "'same'")
    assert "'exact'" in expected


def test_what_is_not_toml_or_not_utf8_is_said_with_its_place(tmp_path):
    ((key, got, _),) = _faults(tmp_path, "X-1.toml", "id = \n", Codelist)
    assert key == "(file)"
    assert "line 1" in got
    assert _faults(tmp_path, "X-1.toml", b'id = "\xff"', Codelist)[0][0] == "(file)"


def test_a_file_named_after_something_else_is_a_fault(tmp_path):
    text = 'id = "X"\nversion = "2"\ncodes = []\n[names]\nen = "X"\n'
    assert _faults(tmp_path, "X-1.toml", text, Codelist) == [("(file name)", "X-1.toml", "X-2.toml")]


def test_a_message_names_five_faults_and_the_number_of_the_rest(tmp_path):
    path = tmp_path / "X-1.toml"
    path.write_text(
        'id = "X"\nversion = "1"\n[names]\nen = "X"\n' + "[[codes]]\nlabels.en = 'a'\n" * 9, encoding="utf-8"
    )
    with pytest.raises(FaultyFileError, match=r"9 faults in X-1\.toml.*and 4 more"):
        read_standard(path, Codelist)


def test_versions_sort_by_number():
    assert sorted(["1.10", "1.9", "2"], key=version_key) == ["1.9", "1.10", "2"]
