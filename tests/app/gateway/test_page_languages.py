"""Errors in both languages (W-18)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from consentry.domain.wording import CATEGORY_WORDS
from consentry.gateway.languages import CHINESE, catalogue, codes
from tests.app.gateway.world import World

IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")
EXACT = re.compile(r"`[^`]*`|https?://\S+|\b[A-Z][A-Z_]{5,}\b")
TEXTS = sorted({text for one in codes().values() for text in (one.summary, one.next_step)})


@pytest.mark.parametrize("text", TEXTS)
def test_every_text_is_translated(text: str) -> None:
    """W-18: translate it in gateway/translations/zh/LC_MESSAGES/messages.po (`tools/translations.py` adds it there)."""
    chinese = catalogue(CHINESE).ugettext(text)
    assert chinese != text and IDEOGRAPH.search(chinese)
    assert set(EXACT.findall(text)) <= set(EXACT.findall(chinese)) | {"`--again`"}


def asked(world: World, **headers: str) -> Any:
    answer = world.mercy.client.get("/api/me", headers=headers)
    assert answer.status_code == 401 and {"X-Consentry-Language", "Accept-Language"} <= set(answer.vary)
    return answer.json


@pytest.mark.parametrize(
    ("headers", "chinese"),
    [
        ({}, False),
        ({"Accept-Language": "de,fr;q=0.8"}, False),
        ({"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}, True),
        ({"Accept-Language": "en-GB,zh;q=0.9"}, False),
        ({"Accept-Language": "de;q=0.9,zh-Hans-CN;q=0.5"}, True),
        ({"Accept-Language": "en", "X-Consentry-Language": "zh"}, True),
        ({"Accept-Language": "zh", "X-Consentry-Language": "en"}, False),
        ({"Accept-Language": "zh", "X-Consentry-Language": "<script>"}, True),
        ({"Accept-Language": "\x01;;q=x"}, False),
    ],
)
def test_error_comes_in_the_callers_language(world: World, headers: dict[str, str], chinese: bool) -> None:  # noqa: FBT001 - a case
    """W-18"""
    told = asked(world, **headers)
    assert bool(IDEOGRAPH.search(told["title"])) is chinese
    assert bool(IDEOGRAPH.search(told["nextStep"])) is chinese
    assert told["code"] == "not-signed-in"


def test_the_language_is_named(world: World) -> None:
    """W-18: so that a page marks what it shows for whoever reads aloud."""
    for path in ("/api/me", "/fhir/Patient/x", "/api/errors", "/nothing"):
        answer = world.mercy.client.get(path, headers={"X-Consentry-Language": "zh"})
        assert answer.headers["Content-Language"] == "zh"
        assert world.mercy.client.get(path).headers["Content-Language"] == "en"


def test_outcomes_say_it_too(world: World) -> None:
    """W-18: under /fhir in `details.text`; codes and diagnostics stay what they are."""
    answer = world.mercy.client.get("/fhir/Patient/x", headers={"Accept-Language": "zh-CN"})
    issue = answer.json["issue"][0]
    assert IDEOGRAPH.search(issue["details"]["text"]) and not IDEOGRAPH.search(issue["diagnostics"])


def test_page_gets_the_words_of_every_code(world: World) -> None:
    """W-18"""
    for language, chinese in (("en", False), ("zh", True)):
        told = world.mercy.client.get("/api/errors", headers={"X-Consentry-Language": language}).json
        assert told["language"] == language and told["errors"].keys() == codes().keys()
        texts = [one[field] for one in told["errors"].values() for field in ("title", "nextStep")]
        assert all(bool(IDEOGRAPH.search(text)) is chinese for text in texts)


def test_categories_have_both_languages() -> None:
    """W-18"""
    for english, chinese in CATEGORY_WORDS.values():
        assert IDEOGRAPH.search(chinese) and not IDEOGRAPH.search(english)
