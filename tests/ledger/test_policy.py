import doctest

import pytest

from consilience.errors import LedgerError
from consilience.ledger import policy as policy_module
from consilience.ledger.checkpoint import Checkpoint
from consilience.ledger.note import Signer
from consilience.ledger.policy import Policy
from consilience.ledger.witness import Cosigner

LOG = Signer.from_seed("example.org/log", bytes(32))
WITNESSES = [Signer.from_seed(f"witness{number}.example", bytes([number]) * 32) for number in range(6)]
VKEYS = [Cosigner(signer, 0).verifier().vkey for signer in WITNESSES]
HEAD = Checkpoint("example.org/log", 3, bytes(32))

# The example of C2SP tlog-policy, with keys in it.
EXAMPLE = f"""
# two organisations
log {LOG.verifier().vkey} https://example.org/log/

witness X1 {VKEYS[0]}
witness X2\t{VKEYS[1]} https://x2.example/
  witness X3 {VKEYS[2]}
group X-witnesses 2 X1 X2 X3

witness Y1 {VKEYS[3]}
witness Y2 {VKEYS[4]}
witness Y3 {VKEYS[5]}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def signed_by(*numbers):
    return HEAD.sign(LOG, *(Cosigner(WITNESSES[number], 1_679_315_147) for number in numbers))


def test_the_example_in_the_docstring_runs():
    assert doctest.testmod(policy_module).failed == 0


def test_the_example_of_the_specification_is_read():
    policy = Policy.parse(EXAMPLE)
    assert [key.name for key in policy.logs] == ["example.org/log"]
    assert list(policy.witnesses) == ["X1", "X2", "X3", "Y1", "Y2", "Y3"]
    assert (policy.groups["X-witnesses"].threshold, policy.groups["X-and-Y"].threshold) == (2, 2)
    assert policy.witness_urls == {"X2": "https://x2.example/"}
    assert policy.log_urls == {"example.org/log": "https://example.org/log/"}


@pytest.mark.parametrize("numbers", [(0, 1, 3), (0, 2, 5), (0, 1, 2, 3, 4, 5)])
def test_the_quorum_is_met(numbers):
    assert Policy.parse(EXAMPLE).check(signed_by(*numbers)) == HEAD


@pytest.mark.parametrize("numbers", [(), (0, 1), (0, 3), (3, 4, 5), (0, 1, 2)])
def test_the_quorum_is_not_met(numbers):
    with pytest.raises(LedgerError, match="Too few witnesses"):
        Policy.parse(EXAMPLE).check(signed_by(*numbers))


def test_a_cosignature_on_another_head_or_by_a_plain_signature_does_not_count():
    policy = Policy.parse(EXAMPLE)
    other = Checkpoint("example.org/log", 4, bytes(32)).text.encode()
    wrong = Cosigner(WITNESSES[0], 5).sign(other)
    plain = WITNESSES[1].sign(HEAD.text.encode())
    data = signed_by(2, 3) + (wrong.line() + plain.line()).encode()
    assert policy.seen_by(data) == {"X3", "Y1"}


def test_a_single_witness_can_be_the_quorum_and_none_asks_for_nobody():
    assert Policy.parse(f"log {LOG.verifier().vkey}\nwitness W {VKEYS[0]}\nquorum W\n").check(signed_by(0)) == HEAD
    assert Policy.parse(f"log {LOG.verifier().vkey}\nquorum none\n").check(signed_by()) == HEAD


def test_a_log_that_is_not_listed_is_refused_whoever_co_signed():
    with pytest.raises(LedgerError, match="No trusted key"):
        Policy.parse(EXAMPLE.replace(f"log {LOG.verifier().vkey}", "#")).check(signed_by(0, 1, 3))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "quorum none\nquorum none\n",
        "quorum nobody\n",
        "quorum\n",
        "mirror x\nquorum none\n",
        "log\nquorum none\n",
        "log nonsense\nquorum none\n",
        f"log {VKEYS[0]}\nquorum none\n",
        f"log {LOG.verifier().vkey}\nlog {LOG.verifier().vkey}\nquorum none\n",
        f"witness W {LOG.verifier().vkey}\nquorum W\n",
        f"witness none {VKEYS[0]}\nquorum none\n",
        f"witness W {VKEYS[0]}\nwitness W {VKEYS[1]}\nquorum W\n",
        f"witness W {VKEYS[0]}\nwitness V {VKEYS[0]}\nquorum W\n",
        f"witness W {VKEYS[0]}\ngroup G 2 W\nquorum G\n",
        f"witness W {VKEYS[0]}\ngroup G 0 W\nquorum G\n",
        f"witness W {VKEYS[0]}\ngroup G all W W\nquorum G\n",
        f"witness W {VKEYS[0]}\ngroup G all W\ngroup H all W\nquorum H\n",
        f"group G all W\nwitness W {VKEYS[0]}\nquorum G\n",
        f"witness W {VKEYS[0]}\ngroup G all none\nquorum G\n",
        f"quorum W\nwitness W {VKEYS[0]}\n",
        "quorum none\r\n",
    ],
)
def test_malformed_policies_are_refused(text):
    with pytest.raises(LedgerError):
        Policy.parse(text)
