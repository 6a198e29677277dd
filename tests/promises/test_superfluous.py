"""No role may do what its function's code cannot ask for."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from chalicelib.handlers import cli
from chalicelib.handlers.jobs import WORKS
from chalicelib.models import jobs as job_rows
from chalicelib.services import connection_runs, indexing, jobs
from infra import policies
from tests import policies as watch, reach
from tests.builders import Shop, a_photo
from tests.bulk import changed, undone
from tests.downloads import downloaded
from tests.drives import a_drive, following
from tests.handlers.test_functions import created, deliver, tick
from tests.plans import playing
from tests.stores import a_counter

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


def beyond_reach(seen: set[policies.Need]) -> list[policies.Need]:
    """What was asked though nothing in the function's code is known to ask it."""
    return [one for one in sorted(seen) if not _plain(one) & reach.needs(one.function)]


def asked_by(function: str, seen: set[policies.Need]) -> set[str]:
    """Tables and buckets that this function asked."""
    return {one.name.partition("/")[0] for one in seen if one.function == function}


def test_what_functions_do_at_work_is_among_what_their_code_can_ask_for(shop: Shop) -> None:
    with watch.at_work() as seen:
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

    assert len(seen) > 40
    assert beyond_reach(seen) == []


def test_what_runs_of_a_drive_do_is_among_what_their_code_can_ask_for(shop: Shop, tmp_path: Path) -> None:
    with a_drive(tmp_path) as place, watch.at_work() as seen:
        below = place.folder("Below")
        kept = place.file("a.jpg", a_photo())
        place.file("b.jpg", a_photo(2), parent=below)
        drive = following(shop, place)
        drive.sync()
        place.replace(kept, a_photo(3))
        place.update(kept, name="renamed.jpg")
        by_hand = jobs.start(
            drive.ctx, shop.workspace, "member:owner", connection_runs.RUN, {"connection_id": drive.id}
        )
        jobs.run(drive.ctx, WORKS, shop.workspace, by_hand)
        drive.sync()
        place.delete(below)
        drive.run()
        shop.call("DELETE", f"/v1/connections/{drive.id}")

    assert asked_by("run_connection", seen) >= {"connections", "drive-files", "inbox", "assets", "audit", "outbox"}
    assert asked_by("run_job", seen) >= {"jobs", "connections", "connection-runs", "drive-files"}
    assert beyond_reach(seen) == []


def test_what_runs_and_plans_of_a_store_do_is_among_what_their_code_can_ask_for(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_counter(tmp_path) as counter, playing(shop, counter, monkeypatch) as play, watch.at_work() as seen:
        counter.product("TS-100-S", "TS-100-L", title="Tee")
        play.mirror()
        for name in ("TS-100-S_01_front.jpg", "TS-100-L_02_back.jpg"):
            play.picture(name)
        done = play.push()
        play.turn(done, "rollback")
        play.tick()

    assert asked_by("run_connection", seen) >= {"connections", "connection-runs", "catalogue"}
    assert asked_by("run_job", seen) >= {"jobs", "plans", "plan-lines", "plan-products", "pushed"}
    assert beyond_reach(seen) == []


def test_what_long_work_does_is_among_what_its_code_can_ask_for(shop: Shop) -> None:
    for number in range(2):
        shop.drop(f"Spring/{number}.jpg", a_photo(number))
    deliver("index_changes", {"workspace": shop.workspace})
    selection = {"ids": [one["id"] for one in shop.call("GET", "/v1/search?q=jpg").body["items"]]}

    with watch.at_work() as seen:
        job = changed(shop, shop.key, selection, add_keywords=["red"])
        undone(shop, shop.key, job["id"])
        downloaded(shop, shop.key, selection)
        jobs.start(shop.ctx, shop.workspace, "system:index", indexing.REBUILD, {})
        cli.main(["look", "--workspace", shop.workspace])
        _work_off(shop)

    assert asked_by("run_job", seen) >= {"jobs", "assets", "outbox", "audit", "exports", "originals", "index"}
    assert beyond_reach(seen) == []


def _work_off(shop: Shop) -> None:
    """Every job of the workspace that waits is run, as its queue would."""
    for one in job_rows.page(shop.workspace, None, None, limit=50, start=None).items:
        if not one.is_over:
            deliver("run_job", {"workspace": shop.workspace, "id": one.id})


def _plain(need: policies.Need) -> set[reach.Asked]:
    return {(need.kind, need.name, need.action)}
