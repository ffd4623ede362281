"""FHIR R4 without I/O: reading, checking, splitting and merging bundles (design §4 Write, §6; layout §9)."""
