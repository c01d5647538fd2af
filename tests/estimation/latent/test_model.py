import doctest

import pytest

from consilience.errors import EstimationRefused
from consilience.estimation.capture import CaptureTable
from consilience.estimation.latent import model
from consilience.estimation.latent.model import Prior, pose, state_size


def test_the_example_in_the_module_runs():
    assert doctest.testmod(model).failed == 0


def test_kosovo_with_ten_classes_has_forty_nine_numbers(kosovo):
    assert state_size(pose(kosovo, Prior())) == 49


def test_two_lists_are_refused():
    with pytest.raises(EstimationRefused, match="three lists"):
        pose(CaptureTable.build("AB", [[1, 0], [0, 1], [1, 1]], [5, 5, 5]), Prior())
