"""Random consents, mandates and requests: for every field mostly what lets a request through, sometimes what does not."""

from hypothesis import strategies as st

from tests.contracts.consents import CITY, MERCY, RECORD

OTHER_RECORD = "0x" + "cd" * 32
CARDIOLOGY = "cardiology"
# seconds, where everything else counts days
MAXIMAL = 2**64 - 1


def mostly(common, *others):
    """The value that lets a request through, three times out of four."""
    return st.one_of(st.just(common), st.just(common), st.just(common), st.sampled_from(others))


def words(*codes):
    return st.one_of(
        st.just([codes[0]]),
        st.just(["any"]),
        st.lists(st.sampled_from([*codes, "any", ""]), max_size=3),
    )


dates = st.sampled_from(
    ["2024-01-01T00:00:00Z", "2025-03-04T05:06:07Z", "2025-03-04T05:06:08Z", "any", "2025", ""]
)
provisions = st.fixed_dictionaries(
    {
        "purposes": words("TREAT", "HRESCH"),
        "categories": words("laboratory", "imaging"),
        "confidentiality": mostly("V", "N", "R", "any", "X", ""),
        "dataFrom": mostly(
            "2024-01-01T00:00:00Z", "2025-03-04T05:06:07Z", "2025-03-04T05:06:08Z", "any", "2025"
        ),
        "dataUntil": mostly("2026-01-01T00:00:00Z", "2025-03-04T05:06:07Z", "any", ""),
        "authors": mostly(["any"], [MERCY], [CITY], [MERCY, CITY], ["Nowhere"], [], ["any", MERCY]),
        "records": mostly(["any"], [RECORD], [OTHER_RECORD], []),
    }
)
records = st.fixed_dictionaries(
    {
        "recordId": st.just(RECORD),
        "author": mostly("mercy", "city", "mallory"),
        "category": mostly("laboratory", "imaging", "any", ""),
        "level": mostly(3, 1, 4, 255),
        "confidentiality": mostly("N", "R", "V", "X", ""),
        "department": mostly(CARDIOLOGY, "surgery", ""),
        "date": st.one_of(st.just("2025-03-04T05:06:07Z"), dates),
    }
)
askers = st.fixed_dictionaries(
    {
        "actor": mostly("dr_bose", "resident", "intern", "system", "nobody", "mercys_nurse", "leaving"),
        "signer": mostly("", "system", "mercys_nurse", "nobody", "dr_bose"),
        "purpose": mostly("TREAT", "HRESCH", "any", ""),
        "askedAt": mostly(0, 1, 12, 40, MAXIMAL),
        "episodeBy": mostly("system", "", "leaving_system", "mercys_nurse", "nobody"),
        "episodeDepartment": mostly(CARDIOLOGY, "surgery", ""),
    }
)
# by whom a consent was granted and what became of it
states = st.sampled_from(
    ["granted"] * 4 + ["mandated"] * 3 + ["revoked", "unknown", "deactivated", "mandate-revoked"]
)
# which mandate is shown: that which the consent was granted under, none, or that with another scope or time
shows = mostly("own", "none", "scope", "salt", "time", "maximal")


def cases(requests):
    """A consent with the mandate it may be granted under, and so many requests."""
    return st.fixed_dictionaries(
        {
            "roles": words("attending", "resident", "intern", "system"),
            "provisions": st.lists(provisions, min_size=0, max_size=3),
            "scope": st.lists(provisions, min_size=0, max_size=2),
            "recipientName": mostly(CITY, CITY, MERCY, ""),
            "window": mostly((-1, 30), (1, 30), (-1, 10)),
            "state": states,
            "shows": shows,
            "requests": st.lists(st.tuples(askers, records), min_size=requests, max_size=requests),
        }
    )
