"""The examples in the docstrings run."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize("name", ["names", "country", "organisations", "slices"])
def test_examples_of_the_module_are_true(name):
    result = doctest.testmod(importlib.import_module(f"consilience.demo.{name}"))
    assert result.attempted > 0
    assert result.failed == 0
