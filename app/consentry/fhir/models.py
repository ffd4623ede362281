"""The models of R4's types, and what they say of their elements."""

from __future__ import annotations

from functools import cache

from fhir.resources.R4B import get_fhir_model_class
from pydantic import BaseModel


@cache
def model(resource_type: str) -> type[BaseModel]:
    """The model of a type, by its name."""
    # R4B differs from R4 only in types that aren't in our table (R4B history: evidence, medicinal products,
    # citations)
    found: type[BaseModel] = get_fhir_model_class(resource_type)
    return found


@cache
def statuses(resource_type: str) -> frozenset[str]:
    """The required `status` codes of a type as the models list them; empty where they abbreviate or have
    none."""
    element = model(resource_type).model_fields.get("status")
    extra = element.json_schema_extra if element else None
    codes = extra.get("enum_values", []) if isinstance(extra, dict) else []
    listed = frozenset(str(code) for code in codes) if isinstance(codes, list) else frozenset()
    return frozenset() if "+" in listed else listed


@cache
def optional_elements(resource_type: str) -> frozenset[str]:
    """The elements that a resource of a known type is valid without, whatever else it holds."""
    return frozenset(
        element.alias or name
        for name, element in model(resource_type).model_fields.items()
        if not element.is_required() and not _is_one_required(element.json_schema_extra)
    )


def _is_one_required(extra: object) -> bool:
    """Of a choice, or of a primitive, R4 requires a value that the model's own types do not."""
    required = ("element_required", "one_of_many_required")
    return isinstance(extra, dict) and any(extra.get(key) is True for key in required)
