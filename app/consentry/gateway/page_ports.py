"""What a gateway has for pages that read by themselves (specification W-13 to W-17)."""

from __future__ import annotations

from dataclasses import dataclass, field

from consentry.services.chain_relay import RelayPorts
from consentry.services.looking_up import FindPorts
from consentry.services.mail_addresses import MailPorts
from consentry.services.page_places import PagePlaces
from consentry.services.streams import StreamPorts


@dataclass(frozen=True)
class PagePorts:
    """The relay of the chain, whom pages talk to, what they are told at once, and how much they look up."""

    relay: RelayPorts
    places: PagePlaces
    streams: StreamPorts
    mail: MailPorts
    finding: FindPorts = field(default_factory=FindPorts)

    def close(self) -> None:
        self.streams.places.close()
        self.relay.node.close()
