"""Places within a radius, exactly: a box around, a box inside, and the distance of what lies between."""

import math
from typing import Any

import tantivy as t

from chalicelib.adapters.search_clauses import MUST, MUST_NOT, SHOULD, any_of, span
from chalicelib.domain.places import EARTH_M, metres
from chalicelib.domain.queries import Near

_WIDEST_INNER_M, _NEAREST_POLE = 50_000, 60.0


def within(searcher: t.Searcher, near: Near) -> t.Query:
    """Documents within the radius; scores nothing."""
    outer = _box(near, near.radius_m * 1.000001 + 0.01)
    inner = _inner(near)
    between = outer if inner is None else t.Query.boolean_query([(MUST, outer), (MUST_NOT, inner)])
    count = int(searcher.search(between, 1).count)  # type: ignore[attr-defined]
    hits = [address for _, address in searcher.search(between, max(count, 1), count=False).hits]
    latitudes, longitudes, keys = (_column(searcher, name, hits) for name in ("lat", "lon", "key"))
    close = [
        key
        for latitude, longitude, key in zip(latitudes, longitudes, keys, strict=True)
        if metres((near.latitude, near.longitude), (latitude, longitude)) <= near.radius_m
    ]
    sure = any_of("key", close)
    return sure if inner is None else t.Query.boolean_query([(SHOULD, sure), (SHOULD, inner)])


def _column(searcher: t.Searcher, name: str, hits: list[t.DocAddress]) -> list[Any]:
    return searcher.fast_field_values(name, hits)


def _inner(near: Near) -> t.Query | None:
    """A box of which every corner is within the radius; None where the sphere is too bent for it."""
    if near.radius_m > _WIDEST_INNER_M or abs(near.latitude) > _NEAREST_POLE:
        return None
    return _box(near, near.radius_m * 0.7)


def _box(near: Near, reach_m: float) -> t.Query:
    """Everything within `reach_m` lies in it, and its corners at most 1.42 times as far."""
    angle = min(reach_m / EARTH_M, math.pi)
    south, north = near.latitude - math.degrees(angle), near.latitude + math.degrees(angle)
    latitudes = span("lat", t.FieldType.Float, max(south, -90.0), min(north, 90.0))
    if south <= -90 or north >= 90:
        return latitudes
    wide = math.degrees(math.asin(min(1.0, math.sin(angle) / math.cos(math.radians(near.latitude)))))
    west, east = near.longitude - wide, near.longitude + wide
    ranges = [(max(west, -180.0), min(east, 180.0))]
    if west < -180:
        ranges.append((west + 360, 180.0))
    if east > 180:
        ranges.append((-180.0, east - 360))
    longitudes = [(SHOULD, span("lon", t.FieldType.Float, low, high)) for low, high in ranges]
    return t.Query.boolean_query([(MUST, latitudes), (MUST, t.Query.boolean_query(longitudes))])
