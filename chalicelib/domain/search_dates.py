"""Moments as people write them in a query: years, months, days, times, and ages."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_FORMS = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:t(\d{1,2}):(\d\d)(?::(\d\d))?z?)?)?)?")
_AGE = re.compile(r"(?P<count>\d{1,5})(?P<unit>[hdwmy])")
_UNITS = {"h": 1 / 24, "d": 1.0, "w": 7.0, "m": 30.0, "y": 365.0}
_EARLIEST = datetime(1, 1, 1, tzinfo=UTC)
_DAYS = {"today": 0, "yesterday": 1}


@dataclass(frozen=True)
class Stretch:
    """A stretch of time in whole seconds since 1970, both ends included. An age is a single moment."""

    first: int
    last: int
    is_age: bool = False


def stretch(text: str, now: datetime) -> Stretch | None:
    """What `2025`, `2025-06`, `2025-06-03`, `2025-06-03T14:30`, `today`, `yesterday`, `7d` stand for, in UTC.

    `h d w m y` are hours, days, weeks, 30 days and 365 days before `now`. None for anything else.
    """
    written = text.strip().lower()
    if written in _DAYS:
        day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=_DAYS[written])
        moment = int(day.timestamp())
        return Stretch(moment, moment + 86_399)
    if age := _AGE.fullmatch(written):
        back = timedelta(days=int(age["count"]) * _UNITS[age["unit"]])
        moment = int(max(_EARLIEST.timestamp(), now.timestamp() - back.total_seconds()))
        return Stretch(moment, moment, is_age=True)
    match = _FORMS.fullmatch(written) if written.isascii() else None
    return _calendar(*(None if part is None else int(part) for part in match.groups())) if match else None


def _calendar(year: int | None, *finer: int | None) -> Stretch | None:
    """From the first to the last second that month, day, hour, minute and second, where given, leave open."""
    month, day, hour, minute, second = finer
    try:
        first = datetime(year or 0, month or 1, day or 1, hour or 0, minute or 0, second or 0, tzinfo=UTC)
        last_month = 12 if month is None else month
        last_day = monthrange(first.year, last_month)[1] if day is None else day
        last = first.replace(
            month=last_month, day=last_day, hour=_or(hour, 23), minute=_or(minute, 59), second=_or(second, 59)
        )
    except ValueError:
        return None
    return None if 0 in (month, day) else Stretch(int(first.timestamp()), int(last.timestamp()))


def _or(given: int | None, most: int) -> int:
    return most if given is None else given
