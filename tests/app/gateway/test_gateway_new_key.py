"""A member's key is handed over, and its gateway goes on with the new one (M-8, M-10)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from consentry.bootstrap.gateway import GATEWAY_SECRETS, gateway_on
from consentry.chain.sender import ChainSender
from consentry.crypto import keystore
from consentry.crypto.signatures import account_of, generate_account_key, sign_digest
from consentry.domain.addresses import checksum
from consentry.errors import ConfigInvalid, TransactionReverted
from consentry.gateway.app import create_app
from consentry.services.erasure import ErasurePorts, erase
from tests.app.gateway.content import bundle
from tests.app.gateway.filing import reads
from tests.app.gateway.people import Hospital
from tests.app.gateway.test_gateway_erasure import TABLE, book_of
from tests.app.gateway.world import World

PAGE = Path(__file__).resolve().parents[3] / "docs" / "runbooks" / "contract-call.md"
PASSPHRASE = "a passphrase of a test"


@pytest.fixture
def renewed(world: World, tmp_path: Path) -> Iterator[Hospital]:
    """Mercy after its key was handed over, by what the runbook says: what it has is what it had."""
    mercy, key = world.mercy, generate_account_key()
    own, new = tmp_path / "gateway.keystore", tmp_path / "new.keystore"
    keystore.write(own, {name: mercy.keys[name] for name in GATEWAY_SECRETS}, PASSPHRASE, cost=2**12)
    keystore.write(new, {"account": key}, PASSPHRASE, cost=2**12)
    given = {
        "CONSENTRY_WALLET": str(own),
        "CONSENTRY_PASSPHRASE": PASSPHRASE,
        "CONSENTRY_RPC": world.chain.url,
        "CONSENTRY_DEPLOYMENT": str(world.chain.deployment),
        "NEW_WALLET": str(new),
        "NEW_PASSPHRASE": PASSPHRASE,
    }
    call, take = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    for block, arguments in ((call, ("MemberRegistry", "rotateKey", checksum(account_of(key)))), (take, ())):
        command = [sys.executable, "-c", block, *arguments]
        subprocess.run(command, env=os.environ | given, check=True, timeout=120)
    keys = {**mercy.keys, **keystore.read(own, PASSPHRASE)}
    assert keys["account"] == key
    gateway = gateway_on(mercy.config, keys, world.chain.ledger(), world.store)
    sender = ChainSender(world.ledger.connection, key)
    client = create_app(gateway).test_client()
    yield replace(mercy, account=sender, gateway=gateway, client=client, keys=keys)
    gateway.close()


def test_gateway_goes_on_with_the_new_key(world: World, request: pytest.FixtureRequest) -> None:
    """M-10: it publishes, its patients read what was published before and after, and it erases; the old key does nothing."""
    mercy = world.mercy
    patient = world.patient(mercy)
    mercy.link("NK-1", patient)
    before = mercy.publish(bundle("NK-1"))
    assert before.status_code == 200, before.text
    renewed: Hospital = request.getfixturevalue("renewed")
    assert renewed.gateway.author.address == mercy.gateway.author.address
    with pytest.raises(TransactionReverted):
        mercy.account.transact("MemberRegistry", "dismiss", mercy.system)
    after = renewed.publish(bundle("NK-1", note="复查"))
    assert after.status_code == 200, after.text
    person = replace(patient, client=renewed.client)
    person.sign_in()
    person.open_session("PATRQT")
    found = {one.header.record_id for one in reads(renewed, person).records}
    assert found
    gone = found.pop()
    ports = ErasurePorts(
        publishing=renewed.gateway.publishing,
        own=book_of(renewed),
        here=renewed.gateway.obeying,
        table=TABLE,
        jurisdiction="ZZ",
        chain_id=world.ledger.chain_id,
        sign=partial(sign_digest, renewed.keys["account"]),
    )
    done = erase(gone, renewed.keys["copy"], renewed.gateway.author, ports)
    assert all(one.certificates[0].deleted for one in done)
    assert {one.header.record_id for one in reads(renewed, person).records} == found


def test_gateway_does_not_begin_with_a_key_that_acts_for_another(world: World) -> None:
    """M-10: neither with nobody's key, nor with another member's, nor for an address that is none."""
    city = world.city
    for keys in (
        {**city.keys, "account": generate_account_key()},
        {**city.keys, "account": world.mercy.keys["account"]},
    ):
        with pytest.raises(ConfigInvalid, match="does not act for it"):
            gateway_on(city.config, keys, world.chain.ledger(), world.store)
    with pytest.raises(ConfigInvalid, match="must be an address"):
        gateway_on(replace(city.config, member="0x12"), city.keys, world.chain.ledger(), world.store)
