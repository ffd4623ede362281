"""The public resolver of did:ethr reads our registry unchanged (I-1, I-2)."""

import json
import subprocess
from pathlib import Path

import brownie

from tests.contracts.consents import REPRESENTATIVE, text32
from tests.contracts.identity.changes import BY_NAME, CARER, DAY, SERVICE, URL

SCRIPT = Path(__file__).with_name("resolve.mjs")


def resolve(identities, address):
    chain = brownie.web3.eth.chain_id
    url = brownie.web3.provider.endpoint_uri
    did = f"did:ethr:{chain:#x}:{address.lower()}"
    command = ["node", str(SCRIPT), url, identities.address, str(chain), did]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    resolved = json.loads(done.stdout)
    assert "error" not in resolved["didResolutionMetadata"], resolved
    return resolved


def test_resolver_gives_the_key_when_identity_never_transacted(identities, alice):
    """I-1"""
    document = resolve(identities, alice.address)["didDocument"]
    (method,) = document["verificationMethod"]
    assert method["blockchainAccountId"].lower().endswith(alice.address.lower())


def test_resolver_gives_service_and_controller_when_changed(identities, alice, relayer, now):
    """I-2, D-4"""
    account = alice.account
    identities.setAttribute(alice.address, text32(SERVICE), URL.encode(), DAY, {"from": account})
    identities.addDelegate(alice.address, text32("veriKey"), CARER, DAY, {"from": account})
    identities.addDelegate(alice.address, REPRESENTATIVE, CARER, DAY, {"from": account})
    change = BY_NAME["changeOwner"]
    signature = alice.sign(change.typed(identities, alice.address, now + DAY))
    identities.changeOwnerBySignature(alice.address, CARER, now + DAY, signature, {"from": relayer})
    resolved = resolve(identities, alice.address)
    document = resolved["didDocument"]
    assert [one["serviceEndpoint"] for one in document["service"]] == [URL]
    accounts = [one["blockchainAccountId"].lower() for one in document["verificationMethod"]]
    assert all(one.endswith(CARER.lower()) for one in accounts)
    assert len(accounts) == 2
    assert int(resolved["didDocumentMetadata"]["versionId"]) == identities.changed(alice.address)
