import shutil
import subprocess
import tempfile
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pyrage
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from consilience.custody.authority import Authority, stamp_head
from consilience.custody.bundle import BundleOrder, make_bundle
from consilience.custody.register import Register, item_of
from consilience.ledger.note import Signer


@pytest.fixture
def tmp_path():
    """A folder in memory where there is one: the disk would only cost time."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def node_key():
    """The node's age identity, made for this run."""
    return pyrage.x25519.Identity.generate()


@pytest.fixture(scope="session")
def recovery_key():
    """The offline recovery identity, made for this run."""
    return pyrage.x25519.Identity.generate()


@pytest.fixture(scope="session")
def recipients(node_key, recovery_key):
    return [str(node_key.to_public()), str(recovery_key.to_public())]


class Clock:
    """A clock that moves one minute with every look."""

    def __init__(self, start=datetime(2026, 3, 1, 10, tzinfo=UTC)):
        self.time = start

    def __call__(self):
        self.time += timedelta(minutes=1)
        return self.time


@pytest.fixture
def clock():
    return Clock()


SIGNER = Signer.from_seed("archive.example/custody", bytes(range(32)))
PARTNER = Signer.from_seed("court.example/custody", bytes(range(1, 33)))


@pytest.fixture(scope="session")
def archive():
    """The key of the organisation whose store is under test."""
    return SIGNER


@pytest.fixture(scope="session")
def court():
    """The key of the organisation that exhibits are handed to."""
    return PARTNER


@pytest.fixture(scope="session")
def acquisition():
    """Makes a complete acquisition event of invented content."""
    return _acquisition


@pytest.fixture(scope="session")
def authorities(make_authority):
    """Two time-stamp authorities of different operators; the second one's tokens only openssl can judge, mostly."""
    return {"first": make_authority("first"), "second": make_authority("second", chain=True)}


@pytest.fixture(scope="session")
def real_clock():
    """The true time: tokens are dated by it."""
    return lambda: datetime.now(UTC)


@pytest.fixture(scope="session")
def bundle_store(tmp_path_factory, node_key, recovery_key, authorities, real_clock):
    """A store with two exhibits, one dated head and later events; do not write to it."""
    root = tmp_path_factory.mktemp("bundle") / "store"
    Register.create(root, SIGNER, recovery=str(recovery_key.to_public()), identity=str(node_key))
    with Register.open(root, clock=real_clock) as register:
        register.record("E-1", _acquisition(register, b"a video", acquired=real_clock().isoformat()))
        stamp_head(register, authorities)
        for reason in ("verification", "second view", "third view"):
            register.record("E-1", {"act": "view", "by": "analyst-3", "reason": reason})
        register.record("E-2", _acquisition(register, b"a letter"))
    return root


@pytest.fixture(scope="session")
def bundle(bundle_store, authorities, real_clock):
    """A court bundle of both exhibits; copy it before you spoil it."""
    target = bundle_store.parent / "bundle"
    with Register.open(bundle_store, clock=real_clock) as register:
        order = BundleOrder(by="custodian-1", reason="order 7/2026", redaction={"E-2": "names blacked out"})
        make_bundle(register, ["E-1", "E-2"], target, order, authorities=authorities)
    return target


@pytest.fixture
def make_store(tmp_path, node_key, recovery_key):
    def make(name="store", signer=SIGNER, identity=None):
        recovery = str(recovery_key.to_public())
        Register.create(tmp_path / name, signer, recovery=recovery, identity=str(identity or node_key))
        return tmp_path / name

    return make


@pytest.fixture
def store(make_store):
    return make_store()


@pytest.fixture
def register(store, clock):
    with Register.open(store, clock=clock) as opened:
        yield opened


def _acquisition(register, content=b"a video", role="original", **extra):
    sealed = register.seal(BytesIO(content))
    page = register.seal(BytesIO(b"<html>source</html>"))
    capture = register.seal(BytesIO(b"picture of the page"))
    items = [
        item_of(sealed, role=role, media_type="video/mp4", name="clip.mp4"),
        item_of(page, role="page-source", media_type="text/html"),
        item_of(capture, role="capture", media_type="image/png"),
    ]
    event = {
        "act": "acquisition",
        "by": "collector-2",
        "origin": "https://videos.example/watch?v=1",
        "collector": "collector-2",
        "tool": {"name": "browser-capture", "version": "1.4"},
        "machine": "capture-1",
        "virtual_identity": "persona-7",
        "acquired": "2026-03-01T09:55:00Z",
        "reason": "documents the incident I-12",
        "legal_basis": "consent of the publisher",
        "items": items,
        "not_collected": [
            {"searched": "the channel", "terms": ["market"], "left_out": "12 videos", "reason": "unrelated"}
        ],
    }
    return event | extra


TSA = """
[tsa]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
certs = {folder}/root.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
ess_cert_id_alg = sha256
ess_cert_id_chain = no
"""


def _certificate(name, key, issuer, issuer_key, expires, *, authority):
    """A certificate of invented names, as a time-stamp authority or its root has it."""
    start = datetime.now(UTC) - timedelta(days=1)
    named = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)]) for text in (name, issuer)]
    builder = x509.CertificateBuilder(*named[::-1], key.public_key(), x509.random_serial_number(), start, expires)
    builder = builder.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    signer = x509.SubjectKeyIdentifier.from_public_key(issuer_key.public_key())
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(signer)
    builder = builder.add_extension(identifier, critical=False)
    usage = dict.fromkeys(["digital_signature", "key_cert_sign", "crl_sign"], False)
    usage |= {"key_cert_sign": True, "crl_sign": True} if authority else {"digital_signature": True}
    rest = dict.fromkeys(
        [
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ],
        False,
    )
    builder = builder.add_extension(x509.KeyUsage(**usage, **rest), critical=True)
    if not authority:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return builder.sign(issuer_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@pytest.fixture(scope="session")
def make_authority(tmp_path_factory):
    """Makes a time-stamp authority that answers with OpenSSL's own responder."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: there is no test authority")

    def make(name, *, expires=None, chain=False):
        folder = tmp_path_factory.mktemp(name)
        root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        later = datetime.now(UTC) + timedelta(days=365)
        root = _certificate(f"{name} root", root_key, f"{name} root", root_key, later, authority=True)
        (folder / "root.pem").write_bytes(root)
        leaf = _certificate(f"{name} stamps", key, f"{name} root", root_key, expires or later, authority=False)
        (folder / "tsa.pem").write_bytes(leaf)
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (folder / "tsa.key").write_bytes(key.private_bytes(*form))
        (folder / "serial").write_text("01\n")
        text = TSA.format(folder=folder)
        (folder / "tsa.cnf").write_text(text if chain else text.replace("certs =", "# certs ="))

        def ask(query):
            (folder / "query").write_bytes(query)
            command = ["openssl", "ts", "-reply", "-config", "tsa.cnf", "-section", "tsa", "-queryfile", "query"]
            subprocess.run([*command, "-out", "answer"], cwd=folder, check=True, capture_output=True)
            return (folder / "answer").read_bytes()

        return Authority(root, ask)

    return make
