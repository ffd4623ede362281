"""Who configures, and which registries count (M-1, V-10)."""

import brownie
import pytest

from scripts import settings
from tests.contracts.consents import text32
from tests.contracts.reverts import reverts_with

UNKNOWN, ACTIVE, CLOSED, DISTRUSTED = range(4)
KIND = text32("ConsentRegistry")
NOBODY = "0x" + "00" * 20


def test_registries_are_active_when_deployed(authority, deployed):
    """M-1"""
    listed = [authority.registryAt(i) for i in range(authority.registryCount())]
    expected = [(getattr(deployed, name).address, text32(name), ACTIVE) for name in settings.REGISTRIES]
    assert [(address, str(kind), status) for address, kind, status in listed] == expected


def test_registry_at_reverts_when_index_is_too_high(authority):
    count = authority.registryCount()
    with reverts_with("RegistryIndexOutOfRange", count, count):
        authority.registryAt(count)


@pytest.mark.parametrize("status", [CLOSED, DISTRUSTED, ACTIVE])
def test_set_registry_changes_status_when_consortium_calls(authority, consents, consortium, status):
    """M-1"""
    tx = authority.setRegistry(consents, KIND, status, {"from": consortium})
    assert authority.registryStatusOf(consents) == status
    assert dict(tx.events["RegistryStatusSet"]) == {
        "registry": consents.address,
        "kind": KIND,
        "status": status,
    }
    assert authority.registryCount() == len(settings.REGISTRIES)


def test_set_registry_reverts_when_caller_has_no_role(authority, consents, mallory):
    """M-1"""
    with reverts_with("AccessManagerUnauthorizedAccount", mallory, settings.CONSORTIUM_ROLE):
        authority.setRegistry(consents, KIND, CLOSED, {"from": mallory.account})


def test_set_registry_reverts_when_address_has_no_code(authority, consortium, mallory):
    with reverts_with("RegistryAddressInvalid", mallory):
        authority.setRegistry(mallory.address, KIND, ACTIVE, {"from": consortium})


def test_set_registry_reverts_when_kind_changes(authority, consents, consortium):
    with reverts_with("RegistryKindInvalid", consents, text32("AuditLog")):
        authority.setRegistry(consents, text32("AuditLog"), ACTIVE, {"from": consortium})


def test_set_registry_reverts_when_kind_is_empty(authority, consents, deployed, consortium):
    nothing = "0x" + "00" * 32
    fresh = brownie.RecordRegistry.deploy(authority, deployed.MemberRegistry, {"from": consortium})
    for registry in (consents, fresh):
        with reverts_with("RegistryKindInvalid", registry, nothing):
            authority.setRegistry(registry, nothing, ACTIVE, {"from": consortium})


@pytest.mark.parametrize("status", [CLOSED, DISTRUSTED])
def test_set_registry_lets_another_become_active_when_the_first_is_not(
    authority, consents, deployed, consortium, status
):
    """V-10"""
    assert authority.activeOf(KIND) == consents
    other = deployed.AuditLog.address
    fresh = brownie.RecordRegistry.deploy(authority, deployed.MemberRegistry, {"from": consortium})
    with reverts_with("RegistryKindTaken", KIND, consents):
        authority.setRegistry(fresh, KIND, ACTIVE, {"from": consortium})
    authority.setRegistry(fresh, KIND, CLOSED, {"from": consortium})
    authority.setRegistry(consents, KIND, status, {"from": consortium})
    assert authority.activeOf(KIND) == NOBODY
    authority.setRegistry(fresh, KIND, ACTIVE, {"from": consortium})
    assert authority.activeOf(KIND) == fresh
    with reverts_with("RegistryKindTaken", KIND, fresh):
        authority.setRegistry(consents, KIND, ACTIVE, {"from": consortium})
    assert authority.activeOf(text32("AuditLog")) == other


def test_active_of_is_nobody_when_kind_is_unknown(authority):
    """V-10"""
    assert authority.activeOf(text32("Nothing")) == NOBODY


def test_set_registry_changes_nothing_when_it_is_active_already(authority, consents, consortium):
    """V-10"""
    authority.setRegistry(consents, KIND, ACTIVE, {"from": consortium})
    assert authority.activeOf(KIND) == consents


def test_set_registry_reverts_when_status_is_unknown(authority, consents, consortium):
    with reverts_with("RegistryStatusInvalid", consents, UNKNOWN):
        authority.setRegistry(consents, KIND, UNKNOWN, {"from": consortium})
