"""Replacing a keeper: its keys pass, sealed, to whoever holds its seats now (specification K-30, K-31, design §3 "seat").

Who that is, is read from the final block alone, by both sides; what is sealed and what is taken over is checked against the
keys that the committees name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from consentry.crypto import hpke
from consentry.domain.addresses import Address
from consentry.domain.canonical import keccak
from consentry.domain.hand_over import HandedKey, HandOver
from consentry.domain.infos import hand_over_info
from consentry.domain.ledger import KeeperInfo
from consentry.domain.succession import Line
from consentry.errors import HandOverEmpty, HandOverInvalid, KeepersInsufficient, LayoutInvalid, SealInvalid
from consentry.ports import Ledger
from consentry.services.succession import lines_of

SEALING = "sealing"


@dataclass(frozen=True)
class Seat:
    """A seat of a committee version."""

    version: int
    seat: int


@dataclass(frozen=True)
class HandedOver:
    """The file, and seats that were to be passed on but whose key the keystore does not hold."""

    file: HandOver
    lacking: tuple[Seat, ...]


@dataclass(frozen=True)
class TakenOver:
    """`fresh`: seeds that were not held before; `seats`: all that the file gives this keeper."""

    fresh: tuple[bytes, ...] = field(repr=False)
    seats: tuple[Seat, ...]


def seeds_of(secrets: Mapping[str, bytes]) -> tuple[bytes, ...]:
    """Every X-Wing seed of a keeper's keystore: `sealing`, and those that it had before or took over."""
    names = sorted(name for name in secrets if name == SEALING or name.startswith(f"{SEALING}-"))
    return tuple(secrets[name] for name in names)


def with_seeds(secrets: Mapping[str, bytes], seeds: Iterable[bytes]) -> dict[str, bytes]:
    """A keystore's secrets and these seeds, each under a name that its public half gives."""
    return dict(secrets) | {f"{SEALING}-{keccak(hpke.public_key(seed))[:8].hex()}": seed for seed in seeds}


def hand_over(account: Address, seeds: Iterable[bytes], ledger: Ledger) -> HandedOver:
    """Seal every key of a seat that was this keeper's and is another one's now to that other one's key.

    Raises HandOverEmpty, ChainUnreachable, ChainWrong.
    """
    held = {hpke.public_key(seed): seed for seed in seeds}
    final = _final_version(ledger)
    contract = Address(ledger.address_of("KeeperCommittee"))
    keys: dict[tuple[bytes, Address], HandedKey] = {}
    lacking: list[Seat] = []
    for version in range(1, final + 1):
        for line in lines_of(version, ledger, final):
            key, to = line[0].sealing_key, Address(line[-1].account)
            if account not in {one.account for one in line[:-1]} or account == to or (key, to) in keys:
                continue
            seat = Seat(version, line[0].seat)
            if key not in held:
                lacking.append(seat)
                continue
            target_version, target = _newest(to, final, ledger)
            info = hand_over_info(ledger.chain_id, contract, version, seat.seat, target_version, to)
            sealed = hpke.seal(target.sealing_key, info, held[key])
            keys[key, to] = HandedKey(version, seat.seat, target_version, to, sealed)
    if not keys and lacking:
        raise HandOverEmpty("the keystore holds none of the keys that would be passed on")
    if not keys:
        raise HandOverEmpty()
    return HandedOver(HandOver(ledger.chain_id, contract, account, tuple(keys.values())), tuple(lacking))


def take_over(raw: bytes, account: Address, seeds: Iterable[bytes], ledger: Ledger) -> TakenOver:
    """Open what a file gives this keeper, each key checked against the committee that names it.

    Raises HandOverInvalid, ChainUnreachable, ChainWrong.
    """
    try:
        file = HandOver.parse(raw)
    except LayoutInvalid as problem:
        raise HandOverInvalid(problem.diagnostics) from None
    if (file.chain_id, file.committees) != (ledger.chain_id, ledger.address_of("KeeperCommittee")):
        raise HandOverInvalid("the file is for another chain or deployment")
    mine = [one for one in file.keys if one.to == account]
    if not mine:
        raise HandOverInvalid(f"the file is for {', '.join(sorted({one.to for one in file.keys}))}")
    held = {hpke.public_key(seed): seed for seed in seeds}
    final = _final_version(ledger)
    fresh: dict[bytes, bytes] = {}
    for one in mine:
        line = _line(one, account, final, ledger)
        seed = _opened(one, file, held, ledger)
        public = _public(seed)
        if public != line[0].sealing_key:
            raise HandOverInvalid(f"it is not the key that committee {one.version} names for seat {one.seat}")
        if public not in held:
            fresh[public] = seed
    return TakenOver(tuple(fresh.values()), tuple(Seat(one.version, one.seat) for one in mine))


def _final_version(ledger: Ledger) -> int:
    """A key that was passed on cannot be called back: only what no reorganisation undoes counts."""
    (answer,) = ledger.evaluate_both([ledger.committee_version_call()]).final
    return int(answer.get())


def _newest(account: Address, final: int, ledger: Ledger) -> tuple[int, KeeperInfo]:
    """The newest version that names this keeper, and as what."""
    for version in range(final, 0, -1):
        committee = ledger.committee(version)
        for one in committee.keepers if committee else ():
            if one.account == account:
                return version, one
    raise KeepersInsufficient("the node no longer shows the committee that names the successor")


def _line(one: HandedKey, account: Address, final: int, ledger: Ledger) -> Line:
    found = {line[0].seat: line for line in lines_of(one.version, ledger, final)}.get(one.seat, ())
    if account not in {keeper.account for keeper in found[1:]}:
        raise HandOverInvalid(
            f"by the final block this keeper does not follow in seat {one.seat} of committee {one.version}"
        )
    return found


def _opened(one: HandedKey, file: HandOver, held: Mapping[bytes, bytes], ledger: Ledger) -> bytes:
    committee = ledger.committee(one.to_version)
    own = next((known for known in committee.keepers if known.account == one.to), None) if committee else None
    seed = held.get(own.sealing_key) if own else None
    if seed is None:
        raise HandOverInvalid(
            f"the keystore lacks the sealing key that committee {one.to_version} names for it"
        )
    info = hand_over_info(file.chain_id, file.committees, one.version, one.seat, one.to_version, one.to)
    try:
        return hpke.open_(seed, info, one.sealed)
    except SealInvalid:
        raise HandOverInvalid(
            "a key in it does not open: it was altered, or sealed for something else"
        ) from None


def _public(seed: bytes) -> bytes:
    try:
        return hpke.public_key(seed)
    except LayoutInvalid:
        raise HandOverInvalid("what is sealed in it is no key") from None
