import doctest
import importlib
import pkgutil

import pytest

import consilience.warning.impact as package


@pytest.mark.parametrize(
    "name", [f"{package.__name__}.{found.name}" for found in pkgutil.iter_modules(package.__path__)]
)
def test_the_examples_of_the_docstrings_run(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
