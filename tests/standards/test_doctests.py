"""The examples in the docstrings of the standards are true."""

import doctest
import importlib
import pkgutil

import pytest

import consilience.standards

MODULES = [each.name for each in pkgutil.walk_packages(consilience.standards.__path__, "consilience.standards.")]


@pytest.mark.parametrize("name", MODULES)
def test_every_example_gives_what_it_says(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
