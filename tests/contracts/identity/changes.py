"""The five changes of an identity, each as a direct call and as its signed twin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.contracts.consents import Person, text32
from tests.contracts.typed import typed_data

CARER = Person.named("carer").address
SERVICE = "did/svc/ConsentryDirectory"
URL = "ipfs://bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"
DAY = 86400
TAIL = [("nonce", "uint256"), ("deadline", "uint256")]


@dataclass(frozen=True)
class Change:
    """`call` and `twin` are function names; `arguments` those after the identity; `words` the signed fields."""

    call: str
    struct: str
    fields: list[tuple[str, str]]
    words: dict[str, Any]
    arguments: tuple[Any, ...]
    event: str

    @property
    def twin(self) -> str:
        return f"{self.call}BySignature"

    def typed(
        self, identities: Any, identity: str, deadline: int, nonce: int | None = None
    ) -> dict[str, Any]:
        used = identities.nonce(identity) if nonce is None else nonce
        message = {"identity": identity, **self.words, "nonce": int(used), "deadline": deadline}
        types = {self.struct: [("identity", "address"), *self.fields, *TAIL]}
        return typed_data(self.struct, types, message, identities, "Consentry Identity")


CHANGES = [
    Change(
        "changeOwner",
        "ChangeOwner",
        [("newOwner", "address")],
        {"newOwner": CARER},
        (CARER,),
        "DIDOwnerChanged",
    ),
    Change(
        "addDelegate",
        "AddDelegate",
        [("delegateType", "string"), ("delegate", "address"), ("validity", "uint256")],
        {"delegateType": "consent", "delegate": CARER, "validity": DAY},
        (text32("consent"), CARER, DAY),
        "DIDDelegateChanged",
    ),
    Change(
        "revokeDelegate",
        "RevokeDelegate",
        [("delegateType", "string"), ("delegate", "address")],
        {"delegateType": "consent", "delegate": CARER},
        (text32("consent"), CARER),
        "DIDDelegateChanged",
    ),
    Change(
        "setAttribute",
        "SetAttribute",
        [("name", "string"), ("value", "string"), ("validity", "uint256")],
        {"name": SERVICE, "value": URL, "validity": DAY},
        (text32(SERVICE), URL.encode(), DAY),
        "DIDAttributeChanged",
    ),
    Change(
        "revokeAttribute",
        "RevokeAttribute",
        [("name", "string"), ("value", "string")],
        {"name": SERVICE, "value": URL},
        (text32(SERVICE), URL.encode()),
        "DIDAttributeChanged",
    ),
]
BY_NAME = {change.call: change for change in CHANGES}
