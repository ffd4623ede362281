"""Somebody whose records wait: linked at a hospital, and without a directory until it is opened."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import Any

from consentry.services.publish import PublishPorts
from consentry.services.waiting import Completion, enter_waiting
from tests.app.gateway.content import bundle
from tests.app.gateway.filing import reads
from tests.app.gateway.people import Hospital, Person
from tests.app.gateway.test_gateway_directory import post, sign_next
from tests.app.gateway.world import World

NOTE = "空腹血糖偏高"


@dataclass
class Waiting:
    """alice, signed in and linked at mercy, without a directory; `bundle` is about her."""

    world: World
    who: Person
    mrn: str

    @property
    def ports(self) -> PublishPorts:
        return self.world.mercy.gateway.publishing

    def publish(self, at: Hospital | None = None, note: str = NOTE) -> Any:
        answer = (at or self.world.mercy).publish(bundle(self.mrn, note))
        assert answer.status_code == 200, answer.text
        return answer.json

    def open(self) -> None:
        assert post(self.who, sign_next(self.world, self.who)).status_code == 200
        assert self.who.open_session("PATRQT").status_code == 201

    def file(self, hospital: Hospital | None = None, **changes: Any) -> int:
        """One round of the background work without any delay; gives how many records it filed."""
        parts = (hospital or self.world.mercy).gateway
        ports = replace(parts.publishing, **changes)
        filed = enter_waiting(parts.author, ports, 0)
        Completion(parts.author, ports, 0).run()
        return filed

    def found(self) -> list[str]:
        """Ids of her records, as a reader finds them."""
        reading = reads(self.world.mercy, self.who)
        assert reading.incomplete == ()
        return sorted("0x" + one.header.record_id.hex() for one in reading.records)


def without_directory(world: World) -> Waiting:
    who, mrn = world.person(world.mercy), f"W-{secrets.token_hex(4)}"
    who.sign_in()
    world.mercy.link(mrn, who)
    return Waiting(world, who, mrn)


def ids(answer: Any) -> list[str]:
    return sorted(
        one["response"]["location"].removeprefix("urn:consentry:record:") for one in answer["entry"]
    )


def statuses(answer: Any) -> set[str]:
    return {one["response"]["status"][:3] for one in answer["entry"]}
