"""Searching and reading FHIR resources. Values of parameters are never repeated: they may name a patient."""

from __future__ import annotations

from consentry.errors.base import InputError


class SearchInvalid(InputError):
    code = "search-invalid"
    next_step = "Correct the named parameter; R4's search page and /fhir/metadata say what it takes."
    summary = "A search parameter holds what it cannot take."


class SearchUnsupported(InputError):
    code = "search-unsupported"
    next_step = "Leave it out, or send `Prefer: handling=lenient` to have it ignored; /fhir/metadata lists what there is."
    summary = "This search parameter is not supported here."


class SearchWithoutPatient(InputError):
    code = "search-without-patient"
    next_step = "Name one patient: `patient=<ref>`, `subject=Patient/<ref>` or `Patient/<ref>/<type>`."
    summary = "A search of clinical data names exactly one patient."


class PageGone(InputError):
    """Ended, another session's, or never made: which of them is not told."""

    code = "page-gone"
    status = 410
    next_step = "Search again: pages are held for 15 minutes at most, for the session that asked, while its grounds hold."
    summary = "This page is not held for you any more."


class SearchTooLarge(InputError):
    code = "search-too-large"
    status = 422
    next_step = "Narrow the search, by type, date or category; or ask `$everything` without `_count`."
    summary = "The answer is more than a session may hold for paging."
