"""What the validator's models make of a resource, or what R4 objects to in it (F-1)."""

from __future__ import annotations

from pydantic import BaseModel, ValidationError

from consentry.fhir import models
from consentry.fhir.jsontext import Json

MAX_NAMED = 20
"""How many elements one refusal names."""


def understood(resource: dict[str, Json], path: str) -> BaseModel | tuple[str, ...]:
    """The model of a resource, or the FHIRPaths of what R4 objects to."""
    try:
        return models.model(resource["resourceType"]).model_validate(resource)
    except ValidationError as error:
        return _expressions(error, path)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError):
        # the library trips over some malformed input instead of naming it
        return (path,)


def _expressions(error: ValidationError, path: str) -> tuple[str, ...]:
    """FHIRPaths of a validation error. An element that R4 doesn't know is named by its parent: its name is
    the sender's."""
    found = []
    for detail in error.errors(include_input=False, include_url=False, include_context=False):
        steps = detail["loc"][:-1] if detail["type"] == "extra_forbidden" else detail["loc"]
        found.append(path + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps))
    return tuple(dict.fromkeys(found))
