import doctest
import hashlib

from hypothesis import given
from hypothesis import strategies as st

from consilience.formats import digest


def test_the_module_docstring_runs():
    assert doctest.testmod(digest).failed == 0


def test_a_file_has_the_digest_of_its_bytes(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"abc" * 100_000)
    assert digest.sha256_file(path) == hashlib.sha256(b"abc" * 100_000).hexdigest()


@given(st.dictionaries(st.text(), st.integers(-(2**53) + 1, 2**53 - 1)))
def test_the_order_of_keys_does_not_change_the_digest(value):
    turned = dict(reversed(list(value.items())))
    assert digest.sha256_json(value) == digest.sha256_json(turned)
