"""Labels of an outside service: what they cost, how far a cap reaches, and which of them are kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from chalicelib.domain.tokens import fold

Service = Literal["rekognition"]
CENTS_A_THOUSAND = 100
"""US cents for 1,000 pictures."""
PRICE_SOURCE = "https://aws.amazon.com/rekognition/pricing/"
PRICE_AS_OF = "2026-11"
"""List price of DetectLabels in us-east-1, first million a month."""
MOST = 20
LEAST_CONFIDENCE = 0.55
"""The vendor's own default: what is less sure is not told."""
LEAST_PX = 80
"""Of each side of a picture that is sent: a smaller one is refused, so it is not asked about."""
MOST_CAP_CENTS = 10_000_000

_PEOPLE = frozenset({"person", "people", "human", "face", "head", "body part"})


@dataclass(frozen=True)
class Label:
    """What a service calls a picture. Confidence is 0 to 1; `parents` are the wider words that it belongs to."""

    name: str
    confidence: float
    parents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Consent:
    """What a workspace has agreed to, and how many pictures were sent in a month (`YYYY-MM`)."""

    service: Service | None = None
    monthly_cap_cents: int = 0
    month: str = ""
    pictures: int = 0

    def sent_in(self, month: str) -> int:
        """Pictures sent in this month."""
        return self.pictures if self.month == month else 0


def month_of(moment: datetime) -> str:
    """The month in which a picture counts, in UTC."""
    return f"{moment:%Y-%m}"


def most_pictures(cap_cents: int) -> int:
    """How many pictures a cap pays for: one that it pays for in part is not sent."""
    return cap_cents * 1000 // CENTS_A_THOUSAND


def cents(pictures: int) -> float:
    """What so many pictures cost."""
    return pictures * CENTS_A_THOUSAND / 1000


def kept(model: str, found: Iterable[Label]) -> Mapping[str, Any]:
    """What is kept of an answer: `{model, words: [[name, confidence, [parents]]]}`, and nothing about people."""
    words = [
        [one.name, round(one.confidence, 2), list(one.parents)]
        for one in found
        if one.confidence >= LEAST_CONFIDENCE and not _PEOPLE & {fold(each) for each in (one.name, *one.parents)}
    ]
    return {"model": model, "words": words[:MOST]}


def refused(model: str, because: str) -> Mapping[str, Any]:
    """What is kept where the service does not take the picture, so that it is never sent again."""
    return {"model": model, "words": [], "because": because}
