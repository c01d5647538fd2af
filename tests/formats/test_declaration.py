import pytest
from pydantic import BaseModel, ConfigDict

from consilience.errors import StudyError
from consilience.formats.declaration import read_declaration


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    frequency: int


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: str
    count: Inner


def read(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "study.toml"
    path.write_text(text, encoding=encoding)
    return read_declaration(path, Outer, StudyError)


def test_a_right_file_becomes_its_form(tmp_path):
    assert read(tmp_path, 'title = "a"\n[count]\nfrequency = 3').count.frequency == 3


def test_every_fault_is_named_with_key_found_and_expected(tmp_path):
    with pytest.raises(StudyError) as caught:
        read(tmp_path, '[count]\nfrequncy = 3\nfrequency = "x"')
    text = str(caught.value)
    assert "3 faults" in text
    assert "title: missing" in text
    assert "count.frequncy: unknown key. Did you mean frequency?" in text
    assert "count.frequency" in text
    assert "Found: 'x'" in text


@pytest.mark.parametrize(
    ("text", "encoding", "says"), [("a =", "utf-8", "not TOML"), ("a='é'", "latin-1", "not UTF-8")]
)
def test_a_file_that_is_not_utf8_toml_gets_a_sentence(tmp_path, text, encoding, says):
    with pytest.raises(StudyError, match=says):
        read(tmp_path, text, encoding)


def test_an_absent_file_and_a_folder_get_a_sentence(tmp_path):
    with pytest.raises(StudyError, match="no file"):
        read_declaration(tmp_path / "none.toml", Outer, StudyError)
    with pytest.raises(StudyError, match="is a folder"):
        read_declaration(tmp_path, Outer, StudyError)
