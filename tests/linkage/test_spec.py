"""Specifications are checked, with a sentence that names the key."""

import pytest

from consilience.errors import StudyError
from consilience.linkage.spec import LinkageSpec, load_spec, parse_spec


def test_an_empty_specification_is_the_default():
    assert parse_spec({}) == LinkageSpec()


@pytest.mark.parametrize(
    "form",
    [{"aim": "speed"}, {"aim": "precision"}, {"unknown_key": 1}, {"threshold": 1.5}, {"kinds": {"x": "colour"}}],
)
def test_a_faulty_specification_is_refused(form):
    with pytest.raises(StudyError, match="cannot be used"):
        parse_spec(form)


def test_a_file_is_read(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text('aim = "recall"\ntarget = 0.9\n[columns]\n"Who" = "name"\n', encoding="utf-8")
    assert load_spec(path).columns == {"Who": "name"}


@pytest.mark.parametrize("content", [b"aim =", b"\xff\xfe"])
def test_a_file_that_is_no_toml_is_refused(tmp_path, content):
    path = tmp_path / "s.toml"
    path.write_bytes(content)
    with pytest.raises(StudyError, match="no linkage specification"):
        load_spec(path)
