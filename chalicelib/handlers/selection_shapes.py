"""Which assets an act is about, as requests say it."""

from typing import Self

from pydantic import Field, model_validator

from chalicelib.handlers import schemas
from chalicelib.services.selections import MOST, Selection


class SelectionIn(schemas.Closed):
    """Either assets by id, or what a search finds now, perhaps without some; at most 10,000."""

    ids: list[schemas.Id] | None = Field(None, min_length=1, max_length=MOST)
    q: str | None = Field(None, max_length=4_000)
    except_: list[schemas.Id] = Field([], max_length=MOST, alias="except")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.ids is None) == (self.q is None):
            raise ValueError("takes exactly one of ids and q")
        if self.except_ and self.q is None:
            raise ValueError("only a search has exceptions")
        return self

    @property
    def value(self) -> Selection:
        """The same for services."""
        ids = None if self.ids is None else tuple(self.ids)
        return Selection(ids, self.q, frozenset(self.except_))
