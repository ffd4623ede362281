"""What the comparison of two exchanges reads from a transaction."""

from __future__ import annotations

import pytest
from eth_abi.abi import encode

from consentry.domain.canonical import keccak
from tests.journeys.traces import Trace, Transaction, differences, trace


@pytest.mark.parametrize("address", [b"\x9a" * 16 + b"x{Ov", b"EmergencyAccess".ljust(20)])
def test_comparison_sees_addresses_within_a_multicall(address: bytes) -> None:
    """P-1: by chance the end of an address is text, which tells nothing."""

    def told(account: bytes, kind: bytes) -> Trace:
        call = b"list" + account.rjust(32, b"\0") + kind.ljust(32, b"\0")
        data = keccak(b"multicall(bytes[])")[:4] + encode(["bytes[]"], [[call, call]])
        return trace([Transaction(0, "0x" + "11" * 20, "0x" + "22" * 20, data, ())], "")

    plain = told(b"\x9b" * 20, b"EmergencyAccess")
    assert not differences(told(address, b"EmergencyAccess"), plain)
    assert differences(told(address, b"IdentityRegistry"), plain)
