"""The public keys of a hospital system, as it registers them (RFC 7517; SMART App Launch 2.2, client-confidential-asymmetric)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from joserfc import jwk
from joserfc.errors import JoseError
from joserfc.util import base64_to_int

from consentry.errors import ClientKeysInvalid, NotJson
from consentry.fhir import jsontext

ALGORITHMS = ("ES384", "RS384")
MAX_KEYS = 16
MAX_BYTES = 64 * 1024
MAX_KID = 200
_DEPTH = 6
_RSA_BITS = range(2_048, 8_193)
_CURVE = "P-384"
_PUBLIC = {"EC": frozenset(("crv", "x", "y")), "RSA": frozenset(("n", "e"))}
_ALGORITHM = {"EC": "ES384", "RSA": "RS384"}


@dataclass(frozen=True)
class ClientKeys:
    """Each under its `kid`, with the one algorithm that it is for. `public` is the set as it is kept."""

    keys: dict[tuple[str, str], jwk.ECKey | jwk.RSAKey] = field(repr=False)

    def of(self, kid: str, algorithm: str) -> jwk.ECKey | jwk.RSAKey | None:
        return self.keys.get((kid, algorithm))

    def public(self) -> dict[str, Any]:
        return {
            "keys": [
                {"kid": kid, "alg": algorithm, "use": "sig", **key.as_dict(private=False)}
                for (kid, algorithm), key in self.keys.items()
            ]
        }


def read_keys(raw: bytes) -> ClientKeys:
    """A JWK Set. Raises ClientKeysInvalid, also for a private key: that one never leaves its owner."""
    if len(raw) > MAX_BYTES:
        raise ClientKeysInvalid(f"the key set is larger than {MAX_BYTES} bytes")
    try:
        tree = jsontext.read(raw, max_depth=_DEPTH)
    except NotJson as problem:
        raise ClientKeysInvalid(f"the key set is not JSON: {problem.diagnostics}") from None
    keys = tree.get("keys") if isinstance(tree, dict) else None
    if not isinstance(keys, list) or not 0 < len(keys) <= MAX_KEYS:
        raise ClientKeysInvalid(f"`keys` must be a list of 1 to {MAX_KEYS} keys")
    found: dict[tuple[str, str], jwk.ECKey | jwk.RSAKey] = {}
    for place, one in enumerate(keys):
        kid, key = _key(one, f"keys[{place}]")
        if any(kid == known for known, _ in found):
            raise ClientKeysInvalid(f"keys[{place}]: its `kid` stands there twice")
        found[kid, _ALGORITHM[key.key_type]] = key
    return ClientKeys(found)


def _key(value: object, where: str) -> tuple[str, jwk.ECKey | jwk.RSAKey]:
    if not isinstance(value, dict):
        raise ClientKeysInvalid(f"{where}: must be an object")
    kid, kind = value.get("kid"), value.get("kty")
    if not isinstance(kid, str) or not 0 < len(kid) <= MAX_KID:
        raise ClientKeysInvalid(f"{where}: `kid` must be text of 1 to {MAX_KID} characters")
    if not isinstance(kind, str) or kind not in _PUBLIC:
        raise ClientKeysInvalid(f"{where}: `kty` must be EC or RSA")
    if "d" in value:
        raise ClientKeysInvalid(
            f"{where}: is a private key; register its public half, and keep this one to yourself"
        )
    if value.get("alg", _ALGORITHM[kind]) != _ALGORITHM[kind] or value.get("use", "sig") != "sig":
        raise ClientKeysInvalid(f"{where}: is for something else than signing by {_ALGORITHM[kind]}")
    if not all(isinstance(value.get(name), str) for name in _PUBLIC[kind]):
        raise ClientKeysInvalid(f"{where}: must have {', '.join(sorted(_PUBLIC[kind]))} as text")
    key = _imported({name: value[name] for name in ("kty", *_PUBLIC[kind])}, where)
    if isinstance(key, jwk.ECKey) and key.curve_name != _CURVE:
        raise ClientKeysInvalid(f"{where}: its curve must be {_CURVE}")
    return kid, key


def _imported(value: dict[str, Any], where: str) -> jwk.ECKey | jwk.RSAKey:
    try:
        # before the library warns of it
        if value["kty"] == "RSA" and base64_to_int(value["n"]).bit_length() not in _RSA_BITS:
            raise ClientKeysInvalid(f"{where}: an RSA key has {_RSA_BITS.start} to {_RSA_BITS.stop - 1} bits")
        key = (jwk.ECKey if value["kty"] == "EC" else jwk.RSAKey).import_key(value)
        key.public_key  # noqa: B018 - a point beside its curve shows here
    except (JoseError, ValueError, TypeError, KeyError, OverflowError):
        raise ClientKeysInvalid(f"{where}: is no key of its kind") from None
    return key
