"""What is wrong in a store, held against what was approved, what was said of it and what the merchant did."""

import hashlib
from collections import Counter
from typing import Any

from tests.faults.push_merchant import Mark, Merchant, lies_as
from tests.faults.push_world import NAMES, Team


def problem_of(team: Team, merchant: Merchant) -> str:
    """The first thing in the store that is not as it should be."""
    for said in (team.faults, team.shelf.breaches):
        if said:
            return said[0]
    names = Counter(team.name_of(one["_name"]) for one in team.shelf.files.values() if one["_by"] == "app")
    if any(many > 1 for many in names.values()):
        return "a picture is there as two files"
    if gone := next((one for one in merchant.marks if not _stands(team, one)), None):
        return f"what the merchant did is gone: {gone.kind}"
    found = (_of_picture(team, merchant, one) for one in NAMES if one in team.made)
    return next(filter(None, found), "") or _of_products(team, merchant)


def _stands(team: Team, mark: Mark) -> bool:
    lies, files = team.shelf.products[mark.product]["_media"], team.shelf.files
    now: dict[str, Any] = {
        "order": lies_as(lies, mark.value) if mark.kind == "order" else None,
        "there": mark.about in lies or mark.about in team.ours(mark.product).values(),
        "shown": team.shelf.variants[mark.about]["_medium"] if mark.kind == "shown" else None,
        "alt": files.get(mark.about, {}).get("alt"),
        "bytes": files.get(mark.about, {}).get("_digest"),
    }
    return bool(now[mark.kind] if mark.kind == "order" else now[mark.kind] == mark.value)


def _of_picture(team: Team, merchant: Merchant, name: str) -> str:
    files = [one for one, each in team.ours(team.product_of(name)).items() if each == name]
    bodies = [body for _, body in team.approved[name] if body is not None]
    is_open, is_torn = merchant.is_open("there", name), b"torn" in bodies[-1]
    if len(files) > 1:
        return "a picture hangs there twice"
    if not team.is_live(name):
        return "a picture stayed that is approved no more" if files and team.clears and is_open else ""
    if not files:
        return "a picture is missing" if is_open and not is_torn else ""
    (file_id,) = files
    one, may_be = team.shelf.files[file_id], bodies if is_torn else bodies[-1:]
    if merchant.is_open("bytes", file_id) and one["_digest"] not in [_digest(body) for body in may_be]:
        return "it has other bytes than the approved ones"
    is_said = name not in team.alts or one["alt"] == team.alts[name] or is_torn
    return "" if is_said or not merchant.is_open("alt", file_id) else "it has another alt text"


def _digest(body: bytes) -> str:
    return hashlib.sha256(b"preset" + body).hexdigest()


def _of_products(team: Team, merchant: Merchant) -> str:
    for product in team.products:
        there = {one: name for one, name in team.ours(product).items() if team.is_live(name)}
        if not merchant.is_open("order", product):
            continue
        if list(there.values()) != [one for one in team.in_order() if one in there.values()]:
            return "the order is wrong"
        for variant in team.shelf.products[product]["_variants"]:
            one = team.shelf.variants[variant]
            first = next((each for each, name in there.items() if name.startswith(f"{one['sku']}_")), None)
            if first and merchant.is_open("shown", variant) and one["_medium"] != first:
                return "a variant shows another picture"
    return ""
