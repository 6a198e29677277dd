"""A page of a list."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some items and the position after them; `next` None means that this was all."""

    items: list[T]
    next: Any | None
