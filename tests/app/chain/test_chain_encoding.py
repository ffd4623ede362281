"""Encoding once equals encoding anew; whatever a node sends is decoded or refused by name."""

from __future__ import annotations

from dataclasses import replace

import pytest
from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError
from hypothesis import given
from hypothesis import strategies as st

from consentry.chain.calls import ASKER, RECORDS, CallEncoder
from consentry.chain.contracts import Contract, load_abis
from consentry.chain.encoded_terms import MANDATE, SCOPE, TERMS, KeptTerms, terms_body
from consentry.chain.reverts import RevertDecoder
from consentry.chain.rpc import RpcError
from consentry.domain.addresses import ZERO, Address
from consentry.domain.grounds import Reason
from consentry.domain.ledger import Asker, Grant, RecordFacts
from consentry.domain.provisions import Provision
from consentry.domain.terms import Terms
from consentry.errors import ChainWrong, DeploymentMissing, LayoutInvalid
from tests.chains import ROOT

ABIS = load_abis(ROOT / "interfaces")
CONTRACTS = {name: Contract(name, "0x" + f"{i:040x}", abi) for i, (name, abi) in enumerate(ABIS.items(), 1)}
CALLS = CallEncoder(CONTRACTS)
REVERTS = RevertDecoder(ABIS.values())
GRANT = "(address,bytes32,uint64,uint64,uint64)"
ASK = f"({GRANT},{TERMS},{MANDATE},{SCOPE},{ASKER})"

words = st.binary(min_size=32, max_size=32)
salts = words.filter(lambda word: len(set(word)) > 8)
accounts = st.binary(min_size=20, max_size=20).map(lambda raw: "0x" + raw.hex())
seconds = st.integers(0, 2**40)
grants = st.builds(Grant, accounts, words, seconds, seconds, seconds)
askers = st.builds(Asker, accounts, accounts, st.text(max_size=70), seconds, accounts, st.text(max_size=32))
records = st.builds(
    RecordFacts,
    words,
    accounts,
    st.text(max_size=70),
    st.integers(0, 255),
    st.text(max_size=3),
    st.text(max_size=70),
    st.text(max_size=40),
)


def terms(names: int, salt: bytes) -> Terms:
    authors = tuple(f"Hospital {i}" for i in range(names))
    period = ("2020-01-01T00:00:00Z", "2040-01-01T00:00:00Z")
    one = Provision(("TREAT",), ("laboratory",), "R", *period, authors, ("any",))
    return Terms("City Hospital", Address("0x" + "11" * 20), ("attending",), (one, one), 3, salt)


def terms_tuple(of: Terms) -> tuple[object, ...]:
    provisions = [
        (
            one.purposes,
            one.categories,
            one.confidentiality,
            one.data_from,
            one.data_until,
            one.authors,
            one.records,
        )
        for one in of.provisions
    ]
    return (of.recipient_name, of.recipient, of.roles, provisions, of.max_uses, of.salt)


@given(grants, st.integers(1, 5), salts, askers, st.lists(records, min_size=1, max_size=4))
def test_permit_call_equals_the_plain_encoding(
    grant: Grant, names: int, salt: bytes, asker: Asker, asked: list[RecordFacts]
) -> None:
    """C-9: keepers evaluate exactly what eth-abi would have encoded in one piece."""
    of = terms(names, salt)
    who = tuple(vars(asker).values())
    mandate, scope = (ZERO, ZERO, bytes(32), 0, 0, 0), ([], bytes(32))
    ask = (tuple(vars(grant).values()), terms_tuple(of), mandate, scope, who)
    plain = encode([ASK, RECORDS], [ask, [tuple(vars(one).values()) for one in asked]])
    assert CALLS.permit_many_call(grant, of, asker, asked).data[4:] == plain
    directory = encode([ASK, "string"], [ask, asked[0].category])
    assert CALLS.permit_directory_call(grant, of, asker, asked[0].category).data[4:] == directory


@pytest.mark.parametrize("codes", [[0], [0, 1, 0], []])
def test_permit_call_refuses_reasons_that_are_not_one_for_each_record(codes: list[int]) -> None:
    """C-9, K-11: another record's reason is never taken for this one's."""
    record = RecordFacts(bytes(32), ZERO, "vitals", 3, "N", "lab", "2026-01-01T00:00:00Z")
    asker = Asker(ZERO, ZERO, "TREAT", 0)
    call = CALLS.permit_many_call(
        Grant(ZERO, bytes(32), 0, 1, 1), terms(1, bytes(range(32))), asker, [record] * 2
    )
    assert call.decode(encode(["uint8[]"], [[0, 2]])) == (Reason.Permitted, Reason.ConsentRevoked)
    with pytest.raises(ChainWrong, match=f"{len(codes)} reasons for 2 records"):
        call.decode(encode(["uint8[]"], [codes]))


@given(st.lists(st.integers(0, 255), max_size=5), st.binary(max_size=40), st.integers(0, 32))
def test_reasons_read_by_hand_are_those_of_eth_abi(codes: list[int], more: bytes, less: int) -> None:
    """C-9: also of what is cut off, goes on, or is no code at all."""
    whole = encode(["uint8[]"], [codes])
    permits = CONTRACTS["ConsentRegistry"].functions["permitsMany"]
    for data in (whole, whole + more, whole[: len(whole) - less], whole[:32] + more, whole[:64] + more * 4):
        try:
            wanted = decode(["uint8[]"], data)
        except (DecodingError, ValueError, OverflowError):
            with pytest.raises(ChainWrong):
                permits.decode(data)
        else:
            assert permits.decode(data) == wanted


def test_kept_terms_are_shared_by_items_and_bounded_by_bytes() -> None:
    """K-2: the items of one request hold the same encoded bytes; what is kept stays small whatever is asked."""
    of = terms(3, bytes(range(32)))
    grant, asker = Grant(ZERO, bytes(32), 0, 1, 1), Asker(ZERO, ZERO, "TREAT", 0)
    calls = [CALLS.permit_directory_call(grant, of, asker, category) for category in ("laboratory", "vitals")]
    assert calls[0].parts[1] is calls[1].parts[1] and calls[0].data != calls[1].data
    kept = KeptTerms(20_000)
    for number in range(50):
        one = terms(3, bytes([number]) + bytes(range(31)))
        assert kept.body(one) == kept.body(one) == terms_body(one)
        assert kept.size <= 20_000
    assert kept.body(one) is kept.body(replace(one))


@given(st.binary(max_size=300))
def test_reverts_of_any_bytes_have_a_name(data: bytes) -> None:
    """C-13: nothing that a node calls a revert escapes as another exception."""
    assert REVERTS.decode(data).name


@pytest.mark.parametrize(
    ("kind", "value", "selector", "shown"),
    [
        ("string", "too late", "08c379a0", "Error(too late)"),
        ("uint256", 0x11, "4e487b71", "Panic(17)"),
    ],
)
def test_reverts_name_solidity_s_own_errors(kind: str, value: object, selector: str, shown: str) -> None:
    """C-13."""
    assert REVERTS.decode(bytes.fromhex(selector) + encode([kind], [value])).diagnostics == shown


@pytest.mark.parametrize(
    ("data", "message", "name"),
    [
        ("0x", "execution reverted", "Reverted"),
        (None, "VM Exception while processing transaction: revert", "Reverted"),
        ("0xdeadbeef", "execution reverted", "UnknownError"),
        ("0x08c379a0ff", "execution reverted", "UnknownError"),
        ({"result": "0xdeadbeef"}, "VM Exception", "UnknownError"),
    ],
)
def test_reverts_are_read_from_every_node_s_form(data: object, message: str, name: str) -> None:
    """C-13: anvil and geth send text, Ganache an object, some nothing but a sentence."""
    found = REVERTS.reverted(RpcError(3, message, data))
    assert found is not None and found.name == name
    assert REVERTS.reverted(RpcError(-32000, "nonce too low", None)) is None


@given(st.binary(max_size=200))
def test_answers_of_any_bytes_are_decoded_or_chain_wrong(data: bytes) -> None:
    """K-11: what a node makes up ends in a typed error."""
    for contract, function in (("MemberRegistry", "memberOf"), ("KeeperCommittee", "keepersOf")):
        try:
            CONTRACTS[contract].functions[function].decode(data)
        except ChainWrong:
            continue


@pytest.mark.parametrize("arguments", [(), ("0x12", b""), (b"1" * 32,), ("0x" + "1" * 40, b"1" * 33)])
def test_encode_refuses_arguments_of_other_types(arguments: tuple[object, ...]) -> None:
    """L-2: a malformed address or digest never reaches a node."""
    with pytest.raises(LayoutInvalid):
        CONTRACTS["RecordRegistry"].encode("anchorOf", *arguments)


def test_load_abis_names_the_missing_file(tmp_path: object) -> None:
    """K-11."""
    with pytest.raises(DeploymentMissing, match="interfaces/Authority.json"):
        load_abis(ROOT / "docs")
