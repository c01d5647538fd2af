from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.standards.codelist import Code, Codelist
from consilience.standards.faults import FaultyFileError
from consilience.standards.tabular import codelist_from_csv, codelist_to_csv

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\0'", exclude_categories=["Cs", "Cc"]), min_size=1
).filter(lambda text: text.strip())


@given(labels=st.lists(TEXTS, min_size=1, max_size=4), day=st.none() | st.dates(), low=st.none() | st.integers(0, 99))
def test_a_list_comes_back_from_csv_as_it_was(labels, day, low):
    codes = tuple(
        Code(f"C{at}", {"en": text, "ar": text}, "C0" if at else None, {"en": text}, day, None, low, None)
        for at, text in enumerate(labels)
    )
    codelist = Codelist("X", "1", {"en": "X"}, codes)
    assert codelist_from_csv(codelist_to_csv(codelist), id="X", version="1", names={"en": "X"}) == codelist


def test_every_shipped_list_comes_back_from_csv(registry):
    for codelist in registry.codelists():
        again = codelist_from_csv(
            codelist_to_csv(codelist), id=codelist.id, version=codelist.version, names=codelist.names
        )
        assert again.codes == codelist.codes


def test_a_formula_is_neutralised_in_the_file_and_read_back(registry):
    codelist = Codelist("X", "1", {"en": "X"}, (Code("A", {"en": "=cmd()"}),))
    text = codelist_to_csv(codelist)
    assert ",'=cmd()" in text
    assert codelist_from_csv(text, id="X", version="1", names={"en": "X"}) == codelist


def test_every_fault_is_reported_with_its_line():
    text = "code,label_en,valid_from,low\nA,Alpha,soon,many\n,Beta,2020-01-01,1\nC,Gamma,,,extra\n"
    with pytest.raises(FaultyFileError) as caught:
        codelist_from_csv(text, id="X", version="1", names={"en": "X"}, file="x.csv")
    assert [str(fault) for fault in caught.value.faults] == [
        "x.csv: line 2, valid_from: got soon, expected a day such as 2019-03-15",
        "x.csv: line 2, low: got many, expected a number",
        "x.csv: line 3: got no code, expected a code",
        "x.csv: line 4: got more fields than the header names, expected one field a column",
    ]


def test_a_header_without_code_or_with_a_strange_column_is_refused():
    with pytest.raises(FaultyFileError, match="colour"):
        codelist_from_csv("colour,label_en\nA,B\n", id="X", version="1", names={"en": "X"})
    with pytest.raises(FaultyFileError, match="column named code"):
        codelist_from_csv("", id="X", version="1", names={"en": "X"})


def test_old_line_ends_are_read_and_what_is_no_csv_is_said():
    (code,) = codelist_from_csv("code,label_en\rA,Alpha\r", id="X", version="1", names={"en": "X"}).codes
    assert code.label() == "Alpha"
    with pytest.raises(FaultyFileError, match="expected CSV"):
        codelist_from_csv("code,label_en\nA," + "x" * 200_000, id="X", version="1", names={"en": "X"})


def test_a_byte_order_mark_and_dates_are_read():
    text = "\ufeffcode,label_es,valid_to\nA,Alfa,2020-12-31\n"
    (code,) = codelist_from_csv(text, id="X", version="1", names={"es": "X"}).codes
    assert (code.label(), code.valid_to) == ("Alfa", date(2020, 12, 31))
