"""A saved search as a value."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class SavedSearch:
    """A query by name; `by` is the principal that saved it, `sort` None the usual order."""

    id: str
    by: str
    name: str
    q: str
    sort: str | None
    shared: bool
    revision: int
    created_at: datetime
