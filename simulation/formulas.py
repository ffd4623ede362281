"""What a day comes to on average, in closed form: docs/scale.md explains each line (specification H-68)."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, exp

from simulation.network import Rules
from simulation.sizes import manifest_bytes
from simulation.workload import DAY_SECONDS, HOUR_SECONDS, Load, mean


@dataclass(frozen=True)
class Expected:
    """Of one day. `receipts` over all keepers; `commits` as long as keepers keep up."""

    anchors: float
    rows: float
    manifest_bytes: float
    grants: float
    directories: float
    revocations: float
    renewals: float
    receipts: float
    requests: float
    commits: float

    @property
    def transactions(self) -> float:
        """Without those that a network sends once."""
        relayed = self.grants + self.directories + self.revocations + self.renewals
        return self.anchors + relayed + self.commits


def expected(load: Load, rules: Rules) -> Expected:
    """The averages of `workload.day` under the rules of `network.simulate`."""
    habits, mix, n = load.habits, load.mix, load.interactions
    published, read = n * mix.publish, n * mix.read
    most = rules.rows_a_manifest
    seeds = habits.anew * habits.categories
    asked = read * (bool(habits.categories) * habits.anew + sum(share for _, share in habits.read))
    return Expected(
        anchors=published * sum(share * ceil(size / most) for size, share in habits.published),
        rows=published * mean(habits.published),
        manifest_bytes=published * sum(share * manifest_bytes(size) for size, share in habits.published),
        grants=n * mix.grant,
        directories=n * mix.grant * habits.newcomers,
        revocations=n * mix.revoke,
        renewals=n * mix.revoke,
        receipts=read * (seeds + mean(habits.read)) * rules.asked,
        requests=asked * rules.asked,
        commits=_commits(read * (seeds + mean(habits.read)) * rules.asked / rules.keepers, load, rules),
    )


def _commits(receipts: float, load: Load, rules: Rules) -> float:
    """Of all keepers, each with so many receipts a day: a commit each interval in which there are any, and further ones as
    soon as enough wait. How far more than enough come at once, each commit holds as many more."""
    weights, total = load.habits.hours, 0.0
    an_item = receipts * rules.keepers / (rules.asked * load.interactions * load.mix.read)
    for weight in weights:
        pace = receipts * weight / (sum(weights) * HOUR_SECONDS)
        by_time = (1 - exp(-pace * rules.commit_every_seconds / max(an_item, 1))) / rules.commit_every_seconds
        by_number = pace / (rules.commit_at_receipts + max(an_item, 1) / 2)
        total += HOUR_SECONDS * max(by_time, by_number)
    return rules.keepers * min(total, DAY_SECONDS / max(rules.block_seconds, 1))
