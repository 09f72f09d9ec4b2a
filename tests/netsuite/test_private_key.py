"""Whatever people have a private key in, it is understood, or refused without being quoted."""

import base64
import re
from collections.abc import Callable
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.netsuite.private_key import PrivateKey, read_private_key
from tests.netsuite.keys import PKCS8, TRADITIONAL, certificate, key, pem, public_pem

GOOD = ("P-256", "P-384", "P-521", "RSA of 3072 bits")
ALGORITHMS = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512", "RSA of 3072 bits": "PS256"}


def is_key(read: PrivateKey, kind: str) -> bool:
    loaded = load_pem_private_key(read.pem.encode(), None)
    is_same: bool = loaded.public_key() == key(kind).public_key()
    return is_same


@pytest.mark.parametrize("kind", GOOD)
@pytest.mark.parametrize("form", [PKCS8, TRADITIONAL])
def test_each_key_that_netsuite_takes_is_read_and_signs(kind: str, form: object) -> None:
    read = read_private_key(pem(kind, form))  # type: ignore[arg-type] # of an enumeration
    assert is_key(read, kind)
    assert read.algorithm == ALGORITHMS[kind]
    signed = jwt.encode({"a": 1}, read.pem, read.algorithm)
    assert jwt.decode(signed, key(kind).public_key(), [read.algorithm]) == {"a": 1}


WRITTEN: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "from Windows": lambda text: text.replace("\n", "\r\n"),
    "escaped": lambda text: text.replace("\n", "\\n"),
    "escaped twice": lambda text: text.replace("\n", "\\\\n"),
    "escaped from Windows": lambda text: text.replace("\n", "\\r\\n"),
    "with spaces": lambda text: text.replace("\n", " "),
    "without breaks": lambda text: text.replace("\n", ""),
    "indented": lambda text: text.replace("\n", "\n    "),
    "in quotes": lambda text: f'"{text}"',
    "after words": lambda text: f"Bag Attributes\n    friendlyName: x\n{text}",
}


@pytest.mark.parametrize("way", WRITTEN)
@pytest.mark.parametrize("form", [PKCS8, TRADITIONAL])
def test_line_breaks_may_have_been_lost_on_the_way(way: str, form: object) -> None:
    written = WRITTEN[way](pem("P-256", form))  # type: ignore[arg-type] # of an enumeration
    assert is_key(read_private_key(written), "P-256")


def test_however_it_is_written_it_is_the_same(tmp_path: Path) -> None:
    file = tmp_path / "private.pem"
    file.write_text(pem())
    forms = [*(write(pem()) for write in WRITTEN.values()), pem(form=TRADITIONAL), str(file)]
    assert len({read_private_key(form) for form in forms}) == 1


def test_parameters_of_the_curve_may_stand_before_it() -> None:
    parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
    assert is_key(read_private_key(parameters + pem(form=TRADITIONAL)), "P-256")


def test_a_path_may_begin_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "private.pem").write_text(pem())
    monkeypatch.setenv("HOME", str(tmp_path))
    assert is_key(read_private_key(" ~/private.pem\n"), "P-256")


@pytest.mark.parametrize(
    ("kind", "problem"),
    [
        ("RSA of 2048 bits", "is an RSA key of 2048 bits"),
        ("secp256k1", "is an EC key on the curve secp256k1"),
        ("Ed25519", "is a key of the kind Ed25519"),
    ],
)
def test_a_key_that_netsuite_does_not_take_is_named(kind: str, problem: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        read_private_key(pem(kind))
    assert str(raised.value) == (
        f"private_key {problem}. NetSuite takes RSA keys of 3072 or 4096 bits, and EC keys on "
        "P-256, P-384 and P-521; docs/oauth2.md says how to make one."
    )


NO_KEYS: dict[str, tuple[Callable[[], str], str]] = {
    "PKCS#8 with a passphrase": (lambda: pem(passphrase=b"x"), "is protected by a passphrase"),
    "SEC1 with a passphrase": (
        lambda: pem(form=TRADITIONAL, passphrase=b"x"),
        "is protected by a passphrase",
    ),
    "a certificate": (certificate, "holds the public half"),
    "a public key": (public_pem, "holds the public half"),
    "a key for SSH": (
        lambda: "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----",
        "is a key for SSH",
    ),
    "other PEM": (lambda: "-----BEGIN X-----\nAAAA\n-----END X-----", "holds PEM, but no private"),
    "a key that is cut": (lambda: pem()[:100], "is cut: there is a BEGIN line without its END"),
    "damaged": (lambda: pem().replace(pem()[50:70], "A" * 20), "is damaged or cut"),
    "no base64": (lambda: pem().replace(pem()[50:70], "!" * 20), "is damaged or cut"),
    "not of the certificate": (
        lambda: pem() + certificate("another P-256"),
        "holds a key and a certificate that do not belong together",
    ),
    "with a damaged certificate": (
        lambda: pem() + certificate().replace("MI", "AA"),
        "holds a certificate that cannot be read",
    ),
    "its body alone": (lambda: "".join(pem().splitlines()[1:-1]), "is neither PEM nor a file"),
    "base64 of it": (lambda: base64.b64encode(pem().encode()).decode(), "is neither PEM nor"),
    "a word": (lambda: "FAKE-token-secret", "is neither PEM nor a file that can be read (No such"),
    "a null": (lambda: "a\0b", "is neither PEM nor a file that can be read (no file)"),
    "nobody's home": (lambda: "~nobody-of-that-name/x", "is neither PEM nor a file"),
    "a folder": (lambda: "/", "is neither PEM nor a file that can be read (Is a directory)"),
}


def assert_unquoted(message: str, given: str) -> None:
    assert not any(part in message for part in re.findall(r"[A-Za-z0-9+/=-]{16,}", given))


@pytest.mark.parametrize("what", NO_KEYS)
def test_what_is_no_private_key_is_said_and_not_shown(what: str) -> None:
    make, problem = NO_KEYS[what]
    given = make()
    with pytest.raises(ConfigurationError) as raised:
        read_private_key(given)
    assert str(raised.value).startswith(f"private_key {problem}")
    assert raised.value.__cause__ is None
    assert_unquoted(str(raised.value).replace("-----BEGIN PRIVATE KEY-----", ""), given)


@given(st.text(st.characters(codec="utf-8"), max_size=80), st.integers(0, 250))
def test_whatever_was_done_to_a_key_it_is_understood_or_refused_in_words(
    inserted: str, place: int
) -> None:
    given = pem()[:place] + inserted + pem()[place:]
    try:
        said = read_private_key(given).algorithm
    except ConfigurationError as error:
        said = str(error)
    assert said == "ES256" or said.startswith("private_key ")
    assert pem().splitlines()[1] not in said


def test_a_missing_file_is_named_by_its_path(tmp_path: Path) -> None:
    file = tmp_path / "private.pem"
    with pytest.raises(ConfigurationError, match=f"file {file} that can be read .No such file"):
        read_private_key(str(file))


def test_a_file_without_pem_is_said_so(tmp_path: Path) -> None:
    file = tmp_path / "private.der"
    file.write_bytes(b"\x30\x82")
    with pytest.raises(ConfigurationError, match=f"names a file {file} without PEM in it"):
        read_private_key(str(file))


def test_the_end_of_the_certificate_beside_it_is_known() -> None:
    read = read_private_key(certificate("P-256", ends=10) + pem() + certificate(ends=20))
    assert read.certificate
    assert (read.certificate.ends - read.certificate.begins).days == 21
    assert read.certificate.ends_at_netsuite == read.certificate.ends


def test_netsuite_ends_a_certificate_after_two_years() -> None:
    read = read_private_key(pem() + certificate(begins=0, ends=3650))
    assert read.certificate
    assert (read.certificate.ends_at_netsuite - read.certificate.begins).days == 730


@pytest.mark.parametrize("kind", GOOD)
def test_its_repr_does_not_show_it(kind: str) -> None:
    assert_unquoted(repr(read_private_key(pem(kind))), pem(kind))
