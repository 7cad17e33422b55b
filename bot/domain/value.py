"""How the values of the core are declared."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(field,))
def value(cls: type[T]) -> type[T]:
    """A value: a dataclass with slots, keyword-only, compared and hashed by its fields, whose fields nobody sets again.

    That last is the type checker's to enforce (it takes the class as frozen). At runtime a frozen dataclass sets each
    field through `object.__setattr__`, three times the cost of plain assignment, and a message makes a dozen of them.
    """
    return dataclass(slots=True, kw_only=True, unsafe_hash=True)(cls)
