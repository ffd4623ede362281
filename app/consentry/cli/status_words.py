"""What `consentry status` says in words of what a gateway tells of its chain, its stores and its publications."""

from __future__ import annotations

from typing import Any

from consentry.cli.answers import clean


def chain_words(chain: Any) -> list[str]:
    """What there is to say of the gateway's chain nodes; nothing where all is well, or of a gateway that doesn't tell."""
    if not isinstance(chain, dict):
        return []
    nodes, good, using, age = (chain.get(name) for name in ("nodes", "good", "using", "headAge"))
    words = []
    if isinstance(nodes, int) and isinstance(good, int) and isinstance(using, int) and good < nodes:
        words.append(f"{good} of its {nodes} chain nodes are good; number {using} of its settings is asked.")
    if chain.get("disputed") is True:
        words.append("Its chain nodes tell two stories of a settled block: ask another member which is so.")
    if chain.get("late") is True and isinstance(age, int):
        words.append(f"The newest block is {age} s old: the chain stands still, or its node does.")
    return words


def store_words(told: Any) -> list[str]:
    """Where contents lie, of a gateway that says so, if they lie on several nodes."""
    names = ("nodes", "answering", "copies")
    nodes, answering, copies = (told.get(one) if isinstance(told, dict) else None for one in names)
    if (
        not isinstance(nodes, int)
        or not isinstance(answering, int)
        or not isinstance(copies, int)
        or nodes < 2
    ):
        return []
    return [f"{answering} of its {nodes} stores answer; {copies} of them hold each content."]


def waiting_words(publications: dict[str, Any]) -> str:
    waiting, problem = publications["waiting"], publications["problem"]
    if not waiting["records"]:
        words = "No record waits for a directory."
    else:
        words = (
            f"Records that wait for their patient's directory: {waiting['records']}, of {waiting['patients']} "
            f"people, since {clean(waiting['since'], 40)}; to be filed shortly: {waiting['scheduled']}."
        )
    return words if problem is None else f"{words} Filing is hindered now: {clean(problem, 60)}."
