"""No role may do what its function's code cannot ask for."""

from collections.abc import Mapping
from typing import Any

from infra import policies
from tests import policies as watch, reach
from tests.builders import Shop, a_photo
from tests.handlers.test_functions import created, deliver, tick

BESIDE: dict[tuple[str, str, str, str], str] = {
    ("ingest_object", "objects", "originals", "AbortMultipartUpload"):
        "a copy over 5 GiB goes in parts, and the vendor's client drops those of one that failed",
}  # fmt: skip
"""What no line of our code asks for, and why it is granted all the same."""


def superfluous(granted: policies.Grants) -> list[str]:
    """Each action that a role has and its function cannot use, as one line."""
    return [
        f"{function}: {{{kind}: {{{name}: [{action}]}}}}"
        for function, things in granted.items()
        for kind, named in things.items()
        if kind != "reads"
        for name, actions in named.items()
        for action in actions
        if (kind, name, action) not in reach.needs(function) and (function, kind, name, action) not in BESIDE
    ]


def test_every_role_is_granted_only_what_its_function_can_ask_for() -> None:
    assert superfluous(policies.grants()) == [], "take these out of infra/policies.yml"


def test_a_right_too_many_is_named_whatever_kind_it_is_of() -> None:
    spare: Mapping[str, Mapping[str, Any]] = {
        "route_events": {"reads": "events", "tables": {"ingest": ["PutItem"], "plans": ["DeleteItem"]}},
        "seal_audit": {"objects": {"originals": ["GetObject"]}, "functions": {"media": ["InvokeFunction"]}},
        "sweep_jobs": {
            "queues": {"jobs": ["SendMessage"], "events": ["SendMessage"]},
            "roles": {"drop": ["AssumeRole"]},
        },
    }

    assert superfluous(spare) == [
        "route_events: {tables: {plans: [DeleteItem]}}",
        "seal_audit: {objects: {originals: [GetObject]}}",
        "seal_audit: {functions: {media: [InvokeFunction]}}",
        "sweep_jobs: {queues: {events: [SendMessage]}}",
        "sweep_jobs: {roles: {drop: [AssumeRole]}}",
    ]


def test_what_functions_do_at_work_is_among_what_their_code_can_ask_for(shop: Shop) -> None:
    before = set(watch.SEEN)
    watch.SEEN.clear()
    version = shop.put("Spring/a.jpg", a_photo())
    deliver("route_events", created(shop, "Spring/a.jpg", version))
    deliver("ingest_object", {"key": f"{shop.workspace}/Spring/a.jpg", "object_version": version})
    deliver("deliver_outbox", {})
    deliver("index_changes", {"workspace": shop.workspace})
    (asset,) = shop.call("GET", "/v1/search?q=a.jpg").body["items"]
    shop.call("PATCH", f"/v1/assets/{asset['id']}", {"keywords": ["red"]})
    shop.call("POST", "/v1/assets/bulk", {"ids": [asset["id"]], "changes": {"keywords": {"add": ["blue"]}}})
    shop.call("GET", f"/v1/assets/{asset['id']}/download?redirect=false")
    for name in ("sweep_outbox", "sweep_ingest", "sweep_jobs", "sweep_index", "reconcile_inbox", "seal_audit"):
        tick(name)
    seen = set(watch.SEEN)
    watch.SEEN.update(before)

    assert len(seen) > 40
    assert [one for one in sorted(seen) if not _plain(one) & reach.needs(one.function)] == []


def _plain(need: policies.Need) -> set[reach.Asked]:
    return {(need.kind, need.name, need.action)}
