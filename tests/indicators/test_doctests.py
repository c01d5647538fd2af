"""The examples in the docstrings of consilience.indicators run."""

import doctest
import importlib
import pkgutil

import pytest

import consilience.indicators as package


@pytest.mark.parametrize("name", sorted(module.name for module in pkgutil.iter_modules(package.__path__)))
def test_the_examples_of_a_module_run(name):
    module = importlib.import_module(f"{package.__name__}.{name}")
    assert doctest.testmod(module).failed == 0
