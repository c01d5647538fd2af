import time

import pytest

from consilience.errors import StandardError
from consilience.standards.faults import FaultyFileError
from consilience.standards.registry import load

CODELIST = (
    """id = "COLOUR"\nversion = "{version}"\n[names]\nen = "Colour"\n[[codes]]\nid = "RED"\nlabels.en = "{label}"\n"""
)


def _folder(tmp_path, **files):
    (tmp_path / "codelists" / "additions").mkdir(parents=True)
    for name, text in files.items():
        path = tmp_path / "codelists" / name.replace("__", "/").replace("_v", "-").replace("p", ".")
        path.with_name(path.name + ".toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_loading_reads_nothing_and_takes_no_time():
    begun = time.process_time()
    load()
    assert time.process_time() - begun < 0.1


def test_an_unknown_id_names_close_matches(registry):
    with pytest.raises(StandardError, match="perhaps VIOLATION"):
        registry.codelist("VIOLATIONS")
    with pytest.raises(StandardError, match="perhaps TORTURE"):
        registry.indicator("torture")
    with pytest.raises(StandardError, match="UCDP_AREA"):
        registry.crosswalk("UCDP_COUNTRY")


def test_an_unknown_version_names_those_at_hand(registry):
    with pytest.raises(StandardError, match=r"1\.0"):
        registry.codelist("SEX", "7")
    with pytest.raises(StandardError, match="one version only"):
        registry.codelist("AREA", "1")


def test_what_was_read_is_kept(registry):
    assert registry.codelist("AREA") is registry.codelist("AREA")


def test_a_folder_brings_lists_and_the_newest_version_is_taken(tmp_path):
    folder = _folder(
        tmp_path,
        COLOUR_v1p9=CODELIST.format(version="1.9", label="Old"),
        COLOUR_v1p10=CODELIST.format(version="1.10", label="New"),
    )
    registry = load(folder)
    assert registry.codelist("COLOUR").version == "1.10"
    assert registry.codelist("COLOUR", "1.9").code("RED").label() == "Old"
    assert registry.versions("codelists", "COLOUR") == ["1.9", "1.10"]
    assert registry.codelist("SEX").id == "SEX"


def test_a_folder_adds_codes_to_a_shipped_list(tmp_path):
    text = """id = "AREA"\nversion = "1"\n[names]\nen = "Areas"\n[[codes]]\nid = "XV"\nlabels.en = "An invented country"
        [[codes]]\nid = "XV-01"\nparent = "XV"\nlabels.en = "A province"\n"""
    areas = load(_folder(tmp_path, additions__AREA_v1=text)).codelist("AREA")
    assert areas.ancestors("XV-01") == ("XV",)
    assert "CL" in areas


def test_an_addition_that_repeats_a_code_is_a_fault(tmp_path):
    text = """id = "SEX"\nversion = "1"\n[names]\nen = "Sex"\n[[codes]]\nid = "F"\nlabels.en = "Again"\n"""
    with pytest.raises(FaultyFileError, match="each code once"):
        load(_folder(tmp_path, additions__SEX_v1=text)).codelist("SEX")


def test_what_is_shipped_is_not_replaced_in_silence(tmp_path):
    folder = _folder(tmp_path, SEX_v1p0=CODELIST.format(version="1.0", label="x"))
    with pytest.raises(StandardError, match="already shipped"):
        load(folder)


def test_a_missing_folder_and_a_misnamed_file_are_said(tmp_path):
    with pytest.raises(StandardError, match="missing"):
        load(tmp_path / "nowhere")
    with pytest.raises(StandardError, match="not named by the rule"):
        load(_folder(tmp_path, colour=CODELIST.format(version="1", label="x")))


def test_every_list_indicator_and_crosswalk_opens(registry):
    assert len(list(registry.codelists())) >= 14
    assert len(list(registry.indicators())) >= 14
    assert len(list(registry.crosswalks())) >= 10
