"""The examples in the package run."""

import doctest
import importlib
import pkgutil

import pytest

import consilience.disclosure

NAMES = [m.name for m in pkgutil.iter_modules(consilience.disclosure.__path__)]


@pytest.mark.parametrize("name", NAMES)
def test_examples_in_module_run(name):
    module = importlib.import_module(f"consilience.disclosure.{name}")
    assert doctest.testmod(module).failed == 0
