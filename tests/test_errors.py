import doctest

import pytest

from consilience import errors


def test_the_module_docstring_runs():
    assert doctest.testmod(errors).failed == 0


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.FormatError("x"), 1),
        (errors.UsageError("x"), 2),
        (errors.ReleaseError("x"), 3),
        (errors.DisclosureRefused("x"), 3),
    ],
)
def test_each_kind_has_the_exit_code_of_its_group(error, code):
    assert error.exit_code == code


def test_a_message_is_whole_sentences():
    error = errors.StudyError("study.toml has no [study] table", found="[studie]", remedy="Rename it.")
    assert str(error) == "study.toml has no [study] table. Found: [studie]. Rename it."
