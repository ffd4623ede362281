"""Publishing through a real gateway: bad input leaves nothing behind, and repeating is safe (F-1, G-1)."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest

from consentry.demo.actors import Hospital, Patient
from consentry.errors import ConsentryError, PatientNotLinked
from consentry.network.run import Network
from tests.journeys.bundles import bundle, laboratory, patient


@pytest.fixture(scope="module")
def ref(network: Network, mercy: Hospital, new_patient: Callable[[], Patient]) -> str:
    """A linked patient with a directory."""
    somebody = new_patient()
    somebody.open_directory(network)
    return mercy.link("T-1", somebody.wallet)


def anchors(network: Network) -> int:
    return len(list(network.ledger.anchors(0, network.ledger.head().number)))


BAD = {
    "not JSON": (b"{", "not-json"),
    "broken UTF-8": (b'{"resourceType": "\xff"}', "not-json"),
    "not FHIR": (b'{"resourceType": "Bundle", "type": "collection", "entry": [{"x": 1}]}', "not-fhir"),
    "no Bundle": (json.dumps(patient()).encode(), "not-fhir"),
    "empty": (bundle(), "bundle-empty"),
    "two patients": (
        bundle(patient(), laboratory(5.0), patient("T-2"), laboratory(6.0, subject=3)),
        "bundle-names-two-patients",
    ),
}


@pytest.mark.parametrize(("content", "code"), BAD.values(), ids=BAD.keys())
def test_publish_refuses_with_a_code_when_input_is_bad(
    network: Network, mercy: Hospital, ref: str, content: bytes, code: str
) -> None:
    """F-1: a typed error, and nothing on chain."""
    before = anchors(network)
    with pytest.raises(ConsentryError) as refused:
        mercy.publish(content, ref)
    assert refused.value.code == code
    assert anchors(network) == before


def test_publish_refuses_when_the_bundle_is_too_large(mercy: Hospital, ref: str) -> None:
    """F-1: 413 within bounded time and memory."""
    with pytest.raises(ConsentryError) as refused:
        mercy.publish(bundle(patient(), laboratory(5.0)) + b" " * 210_000_000, ref)
    assert refused.value.code == "bundle-too-large"
    assert mercy.publish(bundle(patient(), laboratory(4.9)), ref)["entry"], "the gateway goes on"


def test_publish_refuses_when_the_patient_is_not_linked(mercy: Hospital) -> None:
    with pytest.raises(PatientNotLinked):
        mercy.publish(bundle(patient("T-404"), laboratory(5.0)), "0" * 32)


def test_publish_waits_until_the_patient_opens_the_directory(
    network: Network, mercy: Hospital, new_patient: Callable[[], Patient]
) -> None:
    """D-9, D-10: kept by the running gateway and filed by itself, under the id that was told."""
    somebody, before = new_patient(), anchors(network)
    without = mercy.link("T-9", somebody.wallet)
    content = bundle(patient("T-9"), laboratory(5.0))
    kept = mercy.publish(content, without)["entry"]
    assert [one["response"]["status"][:3] for one in kept] == ["202"] and anchors(network) == before
    somebody.open_directory(network)
    until = time.monotonic() + 120
    while anchors(network) == before:
        assert time.monotonic() < until, "the gateway files what waits"
        time.sleep(0.5)
    filed = mercy.publish(content, without)["entry"]
    assert [one["response"]["location"] for one in filed] == [one["response"]["location"] for one in kept]
    assert [one["response"]["status"][:3] for one in filed] == ["200"] and anchors(network) == before + 1


def test_publish_anchors_once_when_repeated(network: Network, mercy: Hospital, ref: str) -> None:
    """G-1."""
    content = bundle(patient(), laboratory(5.4))
    before = anchors(network)
    first = mercy.publish(content, ref)
    again = mercy.publish(content, ref)
    assert anchors(network) == before + 1
    assert first["entry"][0]["response"]["status"].startswith("201")
    assert again["entry"][0]["response"]["status"].startswith("200")


def test_publish_anchors_once_when_nothing_says_when(network: Network, mercy: Hospital, ref: str) -> None:
    """G-1: a resource without any date is dated by its arrival, and is still the same content a second later."""
    undated = {key: value for key, value in laboratory(5.9).items() if key != "effectiveDateTime"}
    content = bundle(patient(), undated)
    assert mercy.publish(content, ref)["entry"][0]["response"]["status"].startswith("201")
    before, second = anchors(network), int(time.time())
    while int(time.time()) == second:
        time.sleep(0.05)
    again = mercy.publish(content, ref)
    assert {entry["response"]["status"][:3] for entry in again["entry"]} == {"200"}
    assert anchors(network) == before
