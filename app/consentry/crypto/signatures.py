"""Signatures: secp256k1 over digests and typed data (accounts), ECDSA P-256 over requests (session keys).

Accounts sign as Ethereum does: r ‖ s ‖ v, 65 bytes, low s, v 27 or 28 (specification C-4, L-18). Session keys
sign raw r ‖ s, 64 bytes, as WebCrypto does (L-19).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from coincurve import PrivateKey, PublicKey
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from consentry.domain import eip712, fields, sessions
from consentry.domain.addresses import Address, from_bytes
from consentry.domain.canonical import keccak
from consentry.domain.requests import signed_bytes
from consentry.errors import LayoutInvalid, SignatureInvalid

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
_P256 = ec.SECP256R1()
_SHA256 = ec.ECDSA(hashes.SHA256())


def generate_account_key() -> bytes:
    """A random secp256k1 private key, 32 bytes."""
    return (secrets.randbelow(ORDER - 1) + 1).to_bytes(32, "big")


def account_of(private_key: bytes) -> Address:
    """The address of a private key. Raises LayoutInvalid if it is none."""
    return _address(_private(private_key).public_key)


def sign_digest(private_key: bytes, digest: bytes) -> bytes:
    """r ‖ s ‖ v over 32 bytes, deterministic (RFC 6979), low s."""
    fields.raw_bytes(digest, "digest")
    signature = _private(private_key).sign_recoverable(digest, hasher=None)
    return signature[:64] + bytes((27 + signature[64],))


def recover(digest: bytes, signature: bytes) -> Address:
    """The account that signed.

    Raises SignatureInvalid for another length, a high s, another v, or no such point.
    """
    if len(digest) != 32 or len(signature) != 65 or signature[64] not in (27, 28):
        raise SignatureInvalid("a signature has 65 bytes and ends in 27 or 28")
    if not 0 < int.from_bytes(signature[32:64], "big") <= ORDER // 2:
        raise SignatureInvalid("a signature must be the one with low s")
    compact = signature[:64] + bytes((signature[64] - 27,))
    try:
        return _address(PublicKey.from_signature_and_message(compact, digest, hasher=None))
    except Exception as failed:  # coincurve raises bare Exception for what is no signature
        raise SignatureInvalid("no key makes this signature") from failed


def typed_digest(typed_data: Mapping[str, Any]) -> bytes:
    """The EIP-712 digest of typed data, 32 bytes."""
    return eip712.digest(typed_data)


def sign_typed(private_key: bytes, typed_data: Mapping[str, Any]) -> bytes:
    """What a wallet answers to `eth_signTypedData_v4`, 65 bytes."""
    return sign_digest(private_key, typed_digest(typed_data))


def session_signer(certificate: sessions.SessionCertificate, chain_id: int) -> Address:
    """The account that signed the session; for staff and systems it must be the named actor.

    Raises SignatureInvalid.
    """
    session = certificate.fields
    signer = recover(typed_digest(sessions.typed_data(session, chain_id)), certificate.signature)
    if isinstance(session, sessions.Session) and signer != session.actor:
        raise SignatureInvalid("the session is signed by another account than it names")
    return signer


class SessionKey:
    """A P-256 key that signs requests while its session lasts. Never stored."""

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        self._private = private

    @classmethod
    def generate(cls) -> SessionKey:
        return cls(ec.generate_private_key(_P256))

    @classmethod
    def from_bytes(cls, private: bytes) -> SessionKey:
        """From a 32-byte scalar. Raises LayoutInvalid if it is none."""
        scalar = int.from_bytes(fields.raw_bytes(private, "sessionKey"), "big")
        try:
            return cls(ec.derive_private_key(scalar, _P256))
        except ValueError:
            raise LayoutInvalid("sessionKey: must be a scalar of P-256") from None

    @property
    def public(self) -> str:
        """The uncompressed point as 0x hex, as sessions name it."""
        point = self._private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return fields.to_hex(point)

    def sign(self, request: bytes) -> bytes:
        """Sign a request's bytes under their prefix (L-19): 64 bytes."""
        r, s = decode_dss_signature(self._private.sign(signed_bytes(request), _SHA256))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def verify_session(key: str, data: bytes, signature: bytes) -> bool:
    """Whether `key` (0x hex point) made this signature over `data`: requests.signed_bytes of a request."""
    try:
        point = ec.EllipticCurvePublicKey.from_encoded_point(_P256, fields.hex_bytes(key, "session.key", 65))
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        point.verify(encode_dss_signature(r, s), data, _SHA256)
    except (InvalidSignature, ValueError):
        return False
    return len(signature) == 64


@lru_cache(maxsize=16)
def _private(private_key: bytes) -> PrivateKey:
    """Kept for who signs much: working the public key out takes longer than signing."""
    try:
        return PrivateKey(fields.raw_bytes(private_key, "privateKey"))
    except ValueError:
        raise LayoutInvalid("privateKey: must be a scalar of secp256k1") from None


def _address(public: PublicKey) -> Address:
    return from_bytes(keccak(public.format(compressed=False)[1:])[12:])
