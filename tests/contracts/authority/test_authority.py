"""Who configures, and which registries count (M-1)."""

import pytest

from scripts import settings
from tests.contracts.consents import text32
from tests.contracts.reverts import reverts_with

UNKNOWN, ACTIVE, CLOSED, DISTRUSTED = range(4)
KIND = text32("ConsentRegistry")


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


def test_set_registry_reverts_when_status_is_unknown(authority, consents, consortium):
    with reverts_with("RegistryStatusInvalid", consents, UNKNOWN):
        authority.setRegistry(consents, KIND, UNKNOWN, {"from": consortium})
