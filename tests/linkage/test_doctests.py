"""The examples in the docstrings run."""

import doctest
import importlib
import pkgutil

import pytest

import consilience.linkage

MODULES = [
    each.name
    for each in pkgutil.walk_packages(consilience.linkage.__path__, "consilience.linkage.")
]  # fmt: skip


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_the_module_are_true(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_most_modules_show_an_example():
    shown = [name for name in MODULES if doctest.DocTestFinder().find(importlib.import_module(name))]
    assert len(shown) > 10
