"""Which keys a hospital system may register (T-2)."""

from __future__ import annotations

import json
import warnings
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from joserfc.util import int_to_base64

from consentry.errors import ClientKeysInvalid
from consentry.services.client_keys import MAX_KEYS, read_keys

EC = ECKey.generate_key("P-384").as_dict(private=False)
RSA = RSAKey.generate_key(2048).as_dict(private=False)


def raw(*keys: Any) -> bytes:
    return json.dumps({"keys": list(keys)}).encode()


def test_read_keys_takes_both_kinds_and_keeps_what_is_public() -> None:
    """T-2: other members of a key say nothing here."""
    found = read_keys(
        raw(EC | {"kid": "a", "x5c": ["…"], "more": 1}, RSA | {"kid": "b", "alg": "RS384", "use": "sig"})
    )
    assert found.of("a", "ES384") and found.of("b", "RS384")
    assert not found.of("a", "RS384") and not found.of("b", "ES384") and not found.of("c", "ES384")
    told = found.public()["keys"]
    assert [sorted(one) for one in told] == [
        ["alg", "crv", "kid", "kty", "use", "x", "y"],
        ["alg", "e", "kid", "kty", "n", "use"],
    ]
    assert read_keys(json.dumps(found.public()).encode()).public() == found.public()


SHORT_MODULUS = rsa.generate_private_key(65_537, 1_024).public_key().public_numbers().n


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        (b"", "JSON"),
        (b"[]", "`keys`"),
        (b"{}", "`keys`"),
        (b'{"keys": [], "keys": []}', "JSON"),
        (b"[" * 70_000, "larger"),
        (raw(), "`keys`"),
        (raw(*(EC | {"kid": str(n)} for n in range(MAX_KEYS + 1))), "`keys`"),
        (raw(1), "object"),
        (raw(EC | {"kid": None}), "`kid`"),
        (raw({name: value for name, value in EC.items() if name != "kid"}), "`kid`"),
        (raw(EC | {"kid": ""}), "`kid`"),
        (raw(EC | {"kid": "x" * 201}), "`kid`"),
        (raw(EC | {"kid": "a"}, RSA | {"kid": "a"}), "twice"),
        (raw(ECKey.generate_key("P-384").as_dict(private=True) | {"kid": "a"}), "private"),
        (raw(RSAKey.generate_key(2048).as_dict(private=True) | {"kid": "a"}), "private"),
        (raw(OctKey.generate_key(256).as_dict(private=True) | {"kid": "a"}), "`kty`"),
        (raw(OKPKey.generate_key("Ed25519").as_dict(private=False) | {"kid": "a"}), "`kty`"),
        (raw(ECKey.generate_key("P-256").as_dict(private=False) | {"kid": "a"}), "P-384"),
        (raw(EC | {"kid": "a", "crv": "P-521"}), "its kind"),
        (raw(EC | {"kid": "a", "x": EC["y"]}), "its kind"),
        (raw(EC | {"kid": "a", "x": ""}), "its kind"),
        (raw(EC | {"kid": "a", "x": "!"}), "its kind"),
        (raw(EC | {"kid": "a", "x": 1}), "as text"),
        (raw(EC | {"kid": "a", "alg": "ES256"}), "something else"),
        (raw(EC | {"kid": "a", "use": "enc"}), "something else"),
        (raw(EC | {"kid": "a", "kty": ["EC"]}), "`kty`"),
        (raw(RSA | {"kid": "a", "n": ""}), "its kind"),
        (raw(RSA | {"kid": "a", "e": "AQ"}), "its kind"),
        (raw(RSA | {"kid": "a", "n": int_to_base64(SHORT_MODULUS)}), "2048"),
        (raw(RSA | {"kid": "a", "n": "u" * 19_999 + "w"}), "keys"),
    ],
    ids=range(30),
)
def test_read_keys_refuses_what_is_no_good_key_set(keys: bytes, why: str) -> None:
    """T-2: naming the place, never a value."""
    with pytest.raises(ClientKeysInvalid, match=why) as refused:
        read_keys(keys)
    assert str(EC["x"]) not in refused.value.diagnostics


def test_keys_are_read_without_touching_what_other_threads_warn_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """T-2: Python's filters of warnings are those of all threads, and keys are read for each token."""
    short = raw(RSA | {"kid": "a", "n": int_to_base64(SHORT_MODULUS)})
    with monkeypatch.context() as without:
        without.delattr(warnings, "catch_warnings")
        with pytest.raises(ClientKeysInvalid, match="2048 to 8192 bits"):
            read_keys(short)
        assert read_keys(raw(RSA | {"kid": "a"})).of("a", "RS384")
