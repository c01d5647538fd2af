"""Columns are known by their names in several languages, or by what they hold."""

import pytest

from consilience.linkage.fields import guess_kind, id_candidates, role_of


@pytest.mark.parametrize(
    ("header", "role"),
    [("First Name", "given_name"), ("SURNAME", "family_name"), ("dob", "birth"), ("Fecha de nacimiento", "birth"),
     ("الاسم", "name"), ("المحافظة", "region"), ("تاريخ الوفاة", "date"), ("Фамилия", "family_name"), ("性别", "sex"),
     ("姓名", "name"), ("post-code", "postcode"), ("cluster", "label"), ("Prénom", "given_name")],
)  # fmt: skip
def test_a_name_tells_the_role(header, role):
    assert role_of(header) == role


def test_an_unknown_name_tells_nothing():
    assert role_of("zzz_7") is None


def test_the_likeliest_identifier_comes_first():
    assert id_candidates(["id", "x", "unique_id"]) == ["unique_id", "id"]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["a@b.org", "a@b.org", "c@d.net"], "email"),
        (["+44 20 7946 0000", "+44 20 7946 0000", "020 7946 0958"], "code"),
        (["north", "south"] * 20, "category"),
        ([f"place {chr(97 + at % 25)}{chr(97 + at % 19)}" for at in range(600)], "text"),
        ([str(at % 7) for at in range(100)], None),
        ([f"key {at}" for at in range(100)], None),
        (["", "NA"], None),
        ([], None),
        (["a very long text that goes on and on about what happened that day and the next"] * 30 + ["other"] * 2, None),
    ],
)
def test_values_tell_how_to_compare_a_column(values, kind):
    assert guess_kind(values) == kind
