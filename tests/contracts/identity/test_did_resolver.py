"""The public resolver of did:ethr reads our registry unchanged (I-1, I-2, I-5, I-7)."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import brownie

from tests.contracts.consents import REPRESENTATIVE, text32
from tests.contracts.identity.changes import BY_NAME, CARER, DAY, SERVICE, URL
from tests.contracts.identity.guardians import ZERO_ADDRESS

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


def keys_of(resolved):
    methods = resolved["didDocument"].get("verificationMethod", [])
    return {one["blockchainAccountId"].rsplit(":", 1)[1].lower() for one in methods}


def test_resolver_says_deactivated_when_owner_is_nobody(identities, alice, relayer, now):
    """I-7"""
    change = replace(BY_NAME["changeOwner"], words={"newOwner": ZERO_ADDRESS}, arguments=(ZERO_ADDRESS,))
    signature = alice.sign(change.typed(identities, alice.address, now + DAY))
    identities.changeOwnerBySignature(alice.address, ZERO_ADDRESS, now + DAY, signature, {"from": relayer})
    resolved = resolve(identities, alice.address)
    assert resolved["didDocumentMetadata"]["deactivated"] is True
    assert not keys_of(resolved)


def test_resolver_gives_the_new_owner_when_recovered(identities, alice, fresh, guarded, moves, wait):
    """I-2, I-5: attributes of before stay, the lost key is gone"""
    identities.setAttribute(alice.address, text32(SERVICE), URL.encode(), 9 * DAY, {"from": alice.account})
    moves.start()
    wait()
    moves.finish()
    resolved = resolve(identities, alice.address)
    assert keys_of(resolved) == {fresh.address.lower()}
    assert [one["serviceEndpoint"] for one in resolved["didDocument"]["service"]] == [URL]
    assert int(resolved["didDocumentMetadata"]["versionId"]) == identities.changed(alice.address)


def test_resolver_gives_members_when_asked(identities, members, mercy_hospital, city_hospital):
    """I-2: a member's account is an identity as any other"""
    assert keys_of(resolve(identities, str(mercy_hospital))) == {str(mercy_hospital).lower()}
    url = "https://city.example"
    identities.setAttribute(
        city_hospital, text32("did/svc/Gateway"), url.encode(), DAY, {"from": city_hospital}
    )
    identities.addDelegate(city_hospital, text32("sigAuth"), CARER, DAY, {"from": city_hospital})
    resolved = resolve(identities, str(city_hospital))
    assert keys_of(resolved) == {str(city_hospital).lower(), CARER.lower()}
    assert [one["serviceEndpoint"] for one in resolved["didDocument"]["service"]] == [url]
