"""Shapes of what names say."""

from pydantic import Field

from chalicelib.handlers.shapes import Out


class NamingRule(Out):
    """One rule."""

    pattern: str
    needs_digit: bool


class Naming(Out):
    """The rules in their order."""

    rules: list[NamingRule]


class NameSaid(Out):
    """What one name says."""

    name: str
    skus: list[str]
    position: int | None
    shot_type: str | None
    rule: str | None = Field(description="The pattern that fitted; null when none did.")


class Tried(Out):
    """What the names say, in the order asked."""

    items: list[NameSaid]
