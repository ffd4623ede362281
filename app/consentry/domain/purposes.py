"""Why somebody asks: a closed choice of HL7 v3 ActReason codes (PurposeOfUse), with the words people read.

Codes do not imply one another: a consent for TREAT says nothing about ETREAT (specification C-9).
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Purpose(StrEnum):
    TREAT = "TREAT"
    ETREAT = "ETREAT"
    COC = "COC"
    CAREMGT = "CAREMGT"
    HPAYMT = "HPAYMT"
    COVAUTH = "COVAUTH"
    CLMATTCH = "CLMATTCH"
    HOPERAT = "HOPERAT"
    HQUALIMP = "HQUALIMP"
    PATSFTY = "PATSFTY"
    HLEGAL = "HLEGAL"
    HRESCH = "HRESCH"
    CLINTRCH = "CLINTRCH"
    PUBHLTH = "PUBHLTH"
    PATRQT = "PATRQT"
    FAMRQT = "FAMRQT"


WORDS: Final = MappingProxyType(
    {
        Purpose.TREAT: "treating me",
        Purpose.ETREAT: "treating me in an emergency",
        Purpose.COC: "coordinating my care between institutions",
        Purpose.CAREMGT: "managing my care over time",
        Purpose.HPAYMT: "paying for my care",
        Purpose.COVAUTH: "deciding whether my insurance pays for a treatment",
        Purpose.CLMATTCH: "supporting an insurance claim",
        Purpose.HOPERAT: "running the institution",
        Purpose.HQUALIMP: "checking and improving the quality of care",
        Purpose.PATSFTY: "keeping patients safe",
        Purpose.HLEGAL: "legal proceedings",
        Purpose.HRESCH: "health research",
        Purpose.CLINTRCH: "a clinical trial",
        Purpose.PUBHLTH: "protecting public health",
        Purpose.PATRQT: "my own request",
        Purpose.FAMRQT: "a request of my family",
    }
)

WORDS_ZH: Final = MappingProxyType(
    {
        Purpose.TREAT: "为我诊治",
        Purpose.ETREAT: "紧急情况下为我救治",
        Purpose.COC: "在各机构之间协调我的诊疗",
        Purpose.CAREMGT: "长期管理我的健康",
        Purpose.HPAYMT: "支付我的医疗费用",
        Purpose.COVAUTH: "审核保险是否承担某项治疗",
        Purpose.CLMATTCH: "办理保险理赔",
        Purpose.HOPERAT: "机构的日常管理",
        Purpose.HQUALIMP: "检查和改进医疗质量",
        Purpose.PATSFTY: "保障患者安全",
        Purpose.HLEGAL: "法律程序",
        Purpose.HRESCH: "健康研究",
        Purpose.CLINTRCH: "临床试验",
        Purpose.PUBHLTH: "维护公共卫生",
        Purpose.PATRQT: "我本人的请求",
        Purpose.FAMRQT: "我家人的请求",
    }
)
