"""The examples in the docstrings of the model are true."""

import doctest
import importlib
import pkgutil

import pytest

import consilience.model

MODULES = [f"consilience.model.{each.name}" for each in pkgutil.iter_modules(consilience.model.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_every_example_gives_what_it_says(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
