import doctest

import pytest

from consilience.errors import LedgerError
from consilience.ledger import checkpoint
from consilience.ledger.checkpoint import Checkpoint
from consilience.ledger.note import Note, Signer, Verifier

# The example of C2SP tlog-checkpoint is head 20852163 of the Go checksum database under a second name; the first
# name and the key below are those that every Go toolchain carries.
SUM_VKEY = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
SPEC_LINES = ("20852163", "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
SPEC_VALUE = "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8="
SIGNER = Signer.from_seed("example.org/log", bytes(32))
EMPTY = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


def test_the_example_in_the_docstring_runs():
    assert doctest.testmod(checkpoint).failed == 0


def test_the_example_of_the_specification_is_read_and_written_back():
    text = "example.com/behind-the-sofa\n" + "\n".join(SPEC_LINES) + "\n"
    read = Checkpoint.from_text(text)
    assert (read.origin, read.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert read.text == text
    data = f"{text}\n— example.com/behind-the-sofa {SPEC_VALUE}\n".encode()
    assert Note.parse(data).encode() == data


def test_a_published_head_of_the_go_checksum_database_verifies():
    text = "go.sum database tree\n" + "\n".join(SPEC_LINES) + "\n"
    data = f"{text}\n— sum.golang.org {SPEC_VALUE}\n".encode()
    assert Checkpoint.open(data, [Verifier.from_text(SUM_VKEY)], origin="go.sum database tree").size == 20_852_163


@pytest.mark.parametrize(
    "text",
    [
        "",
        "origin\n",
        "origin\n3\n",
        f"\n0\n{EMPTY}\n",
        f"origin\n03\n{EMPTY}\n",
        f"origin\n-3\n{EMPTY}\n",
        f"origin\n٣\n{EMPTY}\n",
        f"origin\n9223372036854775808\n{EMPTY}\n",
        "origin\n3\nAAAA\n",
        "origin\n3\nnot base64\n",
        "origin\n0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        f"origin\n3\n{EMPTY}\n\nextension\n",
    ],
)
def test_malformed_heads_are_refused(text):
    with pytest.raises(LedgerError):
        Checkpoint.from_text(text)


def test_extension_lines_are_kept_and_signed():
    head = Checkpoint("example.org/log", 3, bytes(32), ("extension",))
    assert Checkpoint.open(head.sign(SIGNER), [SIGNER.verifier()]) == head


def test_a_key_does_not_speak_for_another_origin_unless_told():
    data = Checkpoint("example.org/other", 3, bytes(32)).sign(SIGNER)
    with pytest.raises(LedgerError, match="another log"):
        Checkpoint.open(data, [SIGNER.verifier()])
    with pytest.raises(LedgerError, match="another log"):
        Checkpoint.open(data, [SIGNER.verifier()], origin="example.org/log")
    assert Checkpoint.open(data, [SIGNER.verifier()], origin="example.org/other").size == 3
