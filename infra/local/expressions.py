"""When an EventBridge schedule is due: `rate(5 minutes)` and `cron(0 3 * * ? *)`, in UTC.

Pure. Supported in cron: numbers, names of months and days, `*`, `?`, lists, ranges, steps.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

UNITS = {"minute": 60, "hour": 3600, "day": 86400}
MONTHS = {
    name: n
    for n, name in enumerate("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(), 1)  # noqa: SIM905
}
DAYS = {name: n for n, name in enumerate("SUN MON TUE WED THU FRI SAT".split(), 1)}  # noqa: SIM905
BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (1, 7), (1970, 2199))
SEARCH_DAYS = 366 * 5


class ExpressionError(ValueError):
    """The schedule cannot be read."""


def next_due(expression: str, after: datetime) -> datetime:
    """The first moment later than `after` (UTC, aware) at which the schedule fires.

    A rate counts from `after`. Raises ExpressionError.
    """
    if found := re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression):
        return after + timedelta(seconds=int(found[1]) * UNITS[found[2]])
    if found := re.fullmatch(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)", expression):
        return _next_cron(found.groups(), after)
    raise ExpressionError(f"{expression!r} is not a rate(…) or cron(…) expression.")


def _next_cron(fields: tuple[str, ...], after: datetime) -> datetime:
    minutes, hours, days, months, weekdays, years = (
        _allowed(field, *bounds) for field, bounds in zip(fields, BOUNDS, strict=True)
    )

    def fits(day: datetime) -> bool:
        weekday = day.isoweekday() % 7 + 1
        return day.day in days and day.month in months and weekday in weekdays and day.year in years

    start = after.replace(second=0, microsecond=0) + timedelta(minutes=1)
    for offset in range(SEARCH_DAYS):
        day = start + timedelta(days=offset)
        if fits(day):
            first = start if offset == 0 else day.replace(hour=0, minute=0)
            for hour in sorted(h for h in hours if h >= first.hour):
                floor = first.minute if hour == first.hour else 0
                if minute := [m for m in sorted(minutes) if m >= floor]:
                    return day.replace(hour=hour, minute=minute[0])
    raise ExpressionError(f"cron{fields} is never due.")


def _allowed(field: str, low: int, high: int) -> set[int]:
    """The numbers a cron field allows."""
    allowed: set[int] = set()
    for part in field.split(","):
        found = re.fullmatch(r"(\*|\?|\w+)(?:-(\w+))?(?:/(\d+))?", part)
        if not found:
            raise ExpressionError(f"{part!r} in a cron expression is not supported.")
        first, last, step = found.groups()
        if first in "*?":
            start, end = low, high
        else:
            start = _number(first)
            end = _number(last) if last else (high if step else start)
        if not low <= start <= end <= high:
            raise ExpressionError(f"{part!r} is outside {low} to {high}.")
        allowed.update(range(start, end + 1, int(step or 1)))
    return allowed


def _number(word: str) -> int:
    named: Callable[[str], int | None] = {**MONTHS, **DAYS}.get
    number = int(word) if word.isdigit() else named(word.upper())
    if number is None:
        raise ExpressionError(f"{word!r} is no number, month or day.")
    return number
