"""A consent in plain words, in English and Simplified Chinese, as the patient reads it before signing (design
§6).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from consentry.domain import purposes, roles, times
from consentry.domain.categories import Category
from consentry.domain.purposes import Purpose
from consentry.domain.roles import Role
from consentry.errors import TermsInvalid

if TYPE_CHECKING:
    from consentry.domain.terms import Consent, Provision

CATEGORY_WORDS: Final = MappingProxyType(
    {
        Category.VISIT: ("visits", "就诊记录"),
        Category.LABORATORY: ("laboratory results", "检验结果"),
        Category.VITALS: ("body measurements such as blood pressure", "血压等体征测量"),
        Category.IMAGING: ("X-rays and other images", "影像检查"),
        Category.MEDICATION: ("medicines", "用药记录"),
        Category.ALLERGY: ("allergies", "过敏记录"),
        Category.PROBLEM: ("diagnoses", "诊断"),
        Category.PROCEDURE: ("operations and other procedures", "手术及其他操作"),
        Category.IMMUNIZATION: ("vaccinations", "疫苗接种"),
        Category.DEVICE: ("implants and medical devices", "植入物和医疗器械"),
        Category.DOCUMENT: ("letters and reports", "病历文书和报告"),
        Category.CARE_PLAN: ("care plans", "诊疗计划"),
        Category.BILLING: ("bills and insurance", "账单和保险"),
        Category.PSYCHIATRY: ("mental health (sensitive)", "精神心理健康（敏感）"),
        Category.SUBSTANCE: ("alcohol and drug use (sensitive)", "饮酒和药物使用（敏感）"),
        Category.SEXUAL_HEALTH: ("sexual and reproductive health (sensitive)", "性与生殖健康（敏感）"),
        Category.HIV: ("HIV (sensitive)", "艾滋病病毒（敏感）"),
        Category.VIOLENCE: ("violence and abuse (sensitive)", "暴力与虐待（敏感）"),
        Category.GENETICS: ("genetic tests (sensitive)", "基因检测（敏感）"),
        Category.EMERGENCY: ("the summary for emergencies", "急救摘要"),
        Category.CONSENT: ("the permissions I gave", "我授予的许可"),
    }
)

_GRADES: Final = MappingProxyType(
    {
        "N": ("Only what is not marked as especially confidential.", "仅限未标记为特别保密的内容。"),
        "R": (
            "Also what is marked as restricted, but not what is marked as very restricted.",
            "包括标记为受限的内容，但不包括标记为严格受限的内容。",
        ),
        "V": (
            "Also what is marked as restricted or very restricted.",
            "包括标记为受限和严格受限的内容。",
        ),
        "any": ("However confidential it is.", "无论保密程度如何。"),
    }
)

_ENGLISH: Final = MappingProxyType(
    {
        "who": "I allow {name} to read parts of my health record.",
        "account": "The account of {name} is {address}.",
        "roles": "There, these people may read: {roles}.",
        "roles_any": "There, anyone who works with records may read.",
        "part": "Permission {number} of {count}",
        "purposes": "What for: {words}.",
        "purposes_any": "What for: any purpose.",
        "categories": "What: {words}.",
        "categories_any": "What: every kind of record, sensitive ones as well.",
        "between": "When: records dated from {start} until before {end}.",
        "since": "When: records dated {start} or later, future ones as well.",
        "before": "When: records dated before {end}.",
        "always": "When: all records, past and future.",
        "authors": "Written by: {words}.",
        "authors_any": "Written by: any institution.",
        "records": "Only these documents ({count}): {words}.",
        "uses": "Each of the independent key keepers helps at most {count} times with the same document.",
        "uses_any": "How often a document may be read is not limited.",
        "window": "This permission holds from {start} until before {end}.",
        "relay": "If it is not registered before {end}, it never takes effect.",
        "revoke": "I can take it back at any time. What was read before then stays read.",
        "comma": ", ",
    }
)

_CHINESE: Final = MappingProxyType(
    {
        "who": "我允许“{name}”查看我的部分健康记录。",
        "account": "“{name}”的账户是 {address}。",
        "roles": "该机构中可以查看的人员：{roles}。",
        "roles_any": "该机构中所有处理病历的人员都可以查看。",
        "part": "第 {number} 项许可，共 {count} 项",
        "purposes": "用途：{words}。",
        "purposes_any": "用途：任何用途。",
        "categories": "内容：{words}。",
        "categories_any": "内容：所有类别的记录，包括敏感类别。",
        "between": "时间范围：{start} 起、{end} 之前的记录。",
        "since": "时间范围：{start} 及以后的记录，包括将来的记录。",
        "before": "时间范围：{end} 之前的记录。",
        "always": "时间范围：过去和将来的所有记录。",
        "authors": "出具机构：{words}。",
        "authors_any": "出具机构：任何机构。",
        "records": "仅限以下 {count} 份文件：{words}。",
        "uses": "对同一份文件，每位独立的密钥保管者最多协助 {count} 次。",
        "uses_any": "查看次数不限。",
        "window": "本许可自 {start} 起生效，至 {end} 之前有效。",
        "relay": "如果在 {end} 之前没有登记，本许可永不生效。",
        "revoke": "我可以随时撤回。撤回之前已被查看的内容无法收回。",
        "comma": "、",
    }
)

_LANGUAGES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType({"en": _ENGLISH, "zh": _CHINESE})


def in_words(consent: Consent, language: str = "en") -> list[str]:
    """The lines that a patient reads, every term of the consent among them.

    Raises TermsInvalid for another language.
    """
    if language not in _LANGUAGES:
        raise TermsInvalid("language: must be en or zh", expression=("language",))
    say, terms = _LANGUAGES[language], consent.terms
    lines = [
        say["who"].format(name=terms.recipient_name),
        say["account"].format(name=terms.recipient_name, address=terms.recipient),
        _listed(say, "roles", terms.roles, _role_words(language), "roles"),
    ]
    for number, provision in enumerate(terms.provisions, 1):
        if len(terms.provisions) > 1:
            lines.append(say["part"].format(number=number, count=len(terms.provisions)))
        lines.extend(_provision_lines(provision, language))
    lines.append(say["uses"].format(count=terms.max_uses) if terms.max_uses else say["uses_any"])
    lines.append(say["window"].format(start=_moment(consent.valid_from), end=_moment(consent.valid_until)))
    lines.append(say["relay"].format(end=_moment(consent.relay_before)))
    lines.append(say["revoke"])
    return lines


def _provision_lines(provision: Provision, language: str) -> list[str]:
    say, column = _LANGUAGES[language], _column(language)
    categories = {str(name): words[column] for name, words in CATEGORY_WORDS.items()}
    lines = [
        _listed(say, "purposes", provision.purposes, _purpose_words(language)),
        _listed(say, "categories", provision.categories, categories),
        _GRADES[provision.confidentiality][column],
        _period(say, provision),
        _listed(say, "authors", provision.authors, {}),
    ]
    if provision.records != ("any",):
        words = say["comma"].join(provision.records)
        lines.append(say["records"].format(count=len(provision.records), words=words))
    return lines


def _listed(
    say: Mapping[str, str], key: str, values: tuple[str, ...], words: Mapping[str, str], slot: str = "words"
) -> str:
    if values == ("any",):
        return say[f"{key}_any"]
    return say[key].format(**{slot: say["comma"].join(words.get(value, value) for value in values)})


def _period(say: Mapping[str, str], provision: Provision) -> str:
    start, end = provision.data_from, provision.data_until
    kind = {
        (False, False): "between",
        (False, True): "since",
        (True, False): "before",
        (True, True): "always",
    }
    return say[kind[start == "any", end == "any"]].format(start=_shown(start), end=_shown(end))


def _role_words(language: str) -> Mapping[str, str]:
    table: Mapping[Role, str] = (roles.WORDS, roles.WORDS_ZH)[_column(language)]
    return {str(code): words for code, words in table.items()}


def _purpose_words(language: str) -> Mapping[str, str]:
    table: Mapping[Purpose, str] = (purposes.WORDS, purposes.WORDS_ZH)[_column(language)]
    return {str(code): words for code, words in table.items()}


def _column(language: str) -> int:
    return 0 if language == "en" else 1


def _moment(seconds: int) -> str:
    return _shown(times.iso(seconds))


def _shown(iso: str) -> str:
    return iso if iso == "any" else iso.replace("T", " ").replace("Z", " UTC")
