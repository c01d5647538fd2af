from consilience.standards.validate import validate

LIST = 'id = "X"\nversion = "1"\n[names]\nen = "X"\n[[codes]]\nid = "A"\nlabels.{language} = "A"\nparent = "Z"\n'


def test_a_folder_is_checked_file_by_file_to_the_end(tmp_path):
    for name in ("codelists", "crosswalks"):
        (tmp_path / name).mkdir()
    (tmp_path / "codelists" / "X-1.toml").write_text(LIST.format(language="es"), encoding="utf-8")
    (tmp_path / "codelists" / "Y-1.toml").write_text("broken", encoding="utf-8")
    (tmp_path / "crosswalks" / "C-1.toml").write_text('id = "C"\nversion = "1"\n', encoding="utf-8")
    faults = validate(tmp_path)
    assert {fault.file for fault in faults} == {"X-1.toml", "Y-1.toml", "C-1.toml"}
    assert "X-1.toml: codes[1] A.parent: got Z, expected a code of the same list" in map(str, faults)
    assert sum(fault.file == "C-1.toml" for fault in faults) == 6


def test_a_misnamed_file_is_a_fault(tmp_path):
    (tmp_path / "codelists").mkdir()
    (tmp_path / "codelists" / "colours.toml").write_text("", encoding="utf-8")
    assert next(fault.key for fault in validate(tmp_path)) == "(file name)"


def test_a_list_in_one_language_other_than_english_is_sound(tmp_path):
    (tmp_path / "codelists").mkdir()
    text = LIST.format(language="es").replace('en = "X"', 'es = "X"').replace('parent = "Z"\n', "")
    (tmp_path / "codelists" / "X-1.toml").write_text(text, encoding="utf-8")
    assert validate(tmp_path) == []
