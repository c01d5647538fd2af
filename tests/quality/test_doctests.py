"""The examples in the docstrings of consilience.quality run."""

import doctest
import importlib
import pkgutil

import pytest

import consilience.quality as package


@pytest.mark.parametrize("name", sorted(module.name for module in pkgutil.iter_modules(package.__path__)))
def test_the_examples_of_a_module_run(name):
    module = importlib.import_module(f"{package.__name__}.{name}")
    assert doctest.testmod(module).failed == 0
