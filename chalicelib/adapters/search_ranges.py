"""Ranges: of numbers by column, of moments by calendar terms, of custom numbers by neighbourhoods."""

from datetime import date

import tantivy as t

from chalicelib.adapters.search_clauses import MUST, any_of, either, span
from chalicelib.adapters.search_schema import day_term, month_term, number_place, number_term, year_term
from chalicelib.domain.documents import DATES, NUMBERS
from chalicelib.domain.queries import Between

_DAY_S = 86_400
_MOST_YEARS = 200


def between(node: Between) -> t.Query:
    """Documents with a number of the field within; an unknown field has none."""
    if node.low is None and node.high is None:
        return any_of("has", [node.field])
    if node.low is not None and node.high is not None and node.low > node.high:
        return t.Query.empty_query()
    if node.field.startswith("custom."):
        return _custom_between(node.field.removeprefix("custom."), node.low, node.high)
    if node.field not in NUMBERS:
        return t.Query.empty_query()
    if node.field in DATES and node.low is not None and node.high is not None:
        return _dates(node.field, node.low, node.high)
    return span(f"n_{node.field}", t.FieldType.Integer, _clamped(node.low), _clamped(node.high))


def _clamped(value: int | None) -> int | None:
    return None if value is None else min(max(value, -(2**62)), 2**62)


def _dates(field: str, low: int, high: int) -> t.Query:
    """Whole years, months and days as terms; what is ragged at the ends is looked up among its own day only."""
    exact_span = span(f"n_{field}", t.FieldType.Integer, _clamped(low), _clamped(high))
    least, most = -62_135_596_800 + 366 * _DAY_S, 253_402_300_799 - 366 * _DAY_S
    if low < least or high > most or high - low > _MOST_YEARS * 366 * _DAY_S:
        return exact_span
    first, last = -(-low // _DAY_S), (high + 1) // _DAY_S - 1
    epoch = date(1970, 1, 1).toordinal()
    parts = [any_of(f"d_{field}", _calendar(first + epoch, last + epoch))] if first <= last else []
    ragged = {second // _DAY_S + epoch for second in (low, high)} - set(range(first + epoch, last + epoch + 1))
    for ordinal in sorted(ragged):
        day = any_of(f"d_{field}", [day_term(ordinal)])
        parts.append(t.Query.boolean_query([(MUST, day), (MUST, exact_span)]))
    return either(parts)


def _calendar(first: int, last: int) -> list[int]:
    """Terms that cover the days of these ordinals, ends included, with as few as can be."""
    terms: list[int] = []
    while first <= last:
        begin = date.fromordinal(first)
        year_end = date(begin.year, 12, 31).toordinal()
        month_end = date(begin.year + begin.month // 12, begin.month % 12 + 1, 1).toordinal() - 1
        if (begin.month, begin.day) == (1, 1) and year_end <= last:
            terms.append(year_term(begin.year))
            first = year_end + 1
        elif begin.day == 1 and month_end <= last:
            terms.append(month_term(begin.year, begin.month))
            first = month_end + 1
        else:
            terms.append(day_term(first))
            first += 1
    return terms


def _custom_between(name: str, low: int | None, high: int | None) -> t.Query:
    """Neighbourhoods that cover the range exactly: at most 15 of each width at either end."""
    least = 0 if low is None else number_place(low)
    most = 2**64 - 1 if high is None else number_place(high)
    terms: list[str] = []
    level = 0
    while least <= most and level < 15:
        while least <= most and least % 16:
            terms.append(number_term(name, level, least))
            least += 1
        while least <= most and most % 16 != 15:
            terms.append(number_term(name, level, most))
            most -= 1
        least, most, level = least // 16, (most + 1) // 16 - 1, level + 1
    terms += [number_term(name, level, place) for place in range(least, most + 1)]
    return any_of("custom", terms)
