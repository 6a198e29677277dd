"""What can happen to a file, each told as a history and an act that may be repeated as often as one likes."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.domain.arrivals import Hint
from chalicelib.domain.ids import AssetId
from chalicelib.errors import PackshotError
from chalicelib.models import assets as asset_rows
from chalicelib.services import arrivals, assets, ingest, outbox, signing, uploads
from chalicelib.services.signing import Caller
from chalicelib.services.uploads import UploadRequest
from tests.faults.end_state import rows_of
from tests.faults.memory_aws import KEY, Stored, World

Act = Callable[[], None]


@dataclass(frozen=True)
class Scenario:
    """`tell` makes the history and gives the act; `ends` are the states of all arrivals in the end, sorted.

    Versions are numbered as they are committed: where several are under way, their numbers follow from luck.
    """

    name: str
    tell: Callable[[World], Act]
    ends: tuple[str, ...] = ("done",)
    versions: int = 1
    are_numbered: bool = True


def put(world: World, path: str, body: bytes, **metadata: str) -> Hint:
    """A shop drops a file; a second passes."""
    return hint(world, world.aws.put(f"{world.workspace}/{path}", body, **metadata))


def hint(world: World, one: Stored) -> Hint:
    """What S3 says of it."""
    world.aws.pass_time(1)
    return arrivals.hint_of(world.ctx, one.key, one.version, f"{int(one.version[1:]):018X}")


def dropped(world: World, path: str, body: bytes, **metadata: str) -> Hint:
    """A file that is in."""
    one = put(world, path, body, **metadata)
    ingest.take(world.ctx, one)
    return one


def taking(world: World, *hints: Hint) -> Act:
    """Deliver these, one after another; one that cannot be taken now does not keep the others."""

    def act() -> None:
        failed: list[PackshotError] = []
        for one in hints:
            try:
                ingest.take(world.ctx, one)
            except PackshotError as problem:
                failed.append(problem)
        if failed:
            raise failed[0]

    return act


def caller(world: World) -> Caller:
    """The owner."""
    return signing.caller_of(world.ctx, KEY, None)


def draining(world: World, first: Act) -> Act:
    """Do something, let the sweep look, then take what the ingest queue says; a message that fails stays in it."""

    def act() -> None:
        first()
        arrivals.sweep(world.ctx)
        queue = world.aws.messages.setdefault("ingest", [])
        while queue:
            body = queue[0]
            one = arrivals.hint_of(world.ctx, body["key"], body["object_version"], body["sequencer"])
            ingest.take(world.ctx, one)
            queue.pop(0)

    return act


def trash(world: World, version: Hint) -> None:
    """A person puts the asset of this arrival into the trash."""
    arrival = arrivals.load(world.workspace, version.id)
    asset = asset_rows.get(world.workspace, AssetId(str(arrival.asset_id)))
    assets.trash(world.ctx, caller(world), asset)


def _new(world: World) -> Act:
    return taking(world, put(world, "Spring/Front/a.jpg", b"one", title="Red dress"))


def _new_version(world: World) -> Act:
    dropped(world, "Spring/a.jpg", b"one")
    return taking(world, put(world, "Spring/a.jpg", b"two"))


def _same_bytes(world: World) -> Act:
    dropped(world, "Spring/a.jpg", b"one")
    return taking(world, put(world, "Spring/a.jpg", b"one"))


def _known_bytes(world: World) -> Act:
    dropped(world, "Spring/a.jpg", b"one")
    return taking(world, put(world, "Autumn/b.jpg", b"one"))


def _trashed(world: World) -> Act:
    trash(world, dropped(world, "Spring/a.jpg", b"one"))
    return taking(world, put(world, "Spring/a.jpg", b"two"))


def _late_for_the_trash(world: World) -> Act:
    first = put(world, "Spring/a.jpg", b"one")
    trash(world, dropped(world, "Spring/a.jpg", b"two"))
    return taking(world, first)


def _in_order(world: World) -> Act:
    return taking(world, put(world, "Spring/a.jpg", b"one"), put(world, "Spring/a.jpg", b"two"))


def _reversed(world: World) -> Act:
    first, second = put(world, "Spring/a.jpg", b"one"), put(world, "Spring/a.jpg", b"two")
    return taking(world, second, first, second)


def _upload(world: World) -> Act:
    asked = UploadRequest("a.jpg", 3, collection_path="Spring/Front", fields={"title": "Red dress"})
    upload = uploads.begin(world.ctx, caller(world), asked)
    one = hint(world, world.aws.put(uploads.place_of(caller(world), upload)[1], b"one"))
    return _completing(world, upload.id, one)


def _upload_in_parts(world: World) -> Act:
    asked = UploadRequest("a.jpg", uploads.ONE_PUT_BYTES + 1)
    upload = uploads.begin(world.ctx, caller(world), asked)
    world.aws.parts[upload.parts_id or ""] = b"parts"
    return _completing(world, upload.id, None)


def _upload_of_a_version(world: World) -> Act:
    arrival = arrivals.load(world.workspace, dropped(world, "Spring/a.jpg", b"one").id)
    asked = UploadRequest("b.jpg", 3, asset_id=arrival.asset_id, note="Retouched")
    upload = uploads.begin(world.ctx, caller(world), asked)
    one = hint(world, world.aws.put(uploads.place_of(caller(world), upload)[1], b"two"))
    return _completing(world, upload.id, one)


def _completing(world: World, upload_id: str, one: Hint | None) -> Act:
    def complete() -> None:
        uploads.complete(world.ctx, caller(world), uploads.load(caller(world), upload_id))

    return draining(world, complete)


def _quarantined(body: bytes) -> Callable[[World], Act]:
    return lambda world: taking(world, put(world, "Spring/a.jpg", body))


def _reserved(world: World) -> Act:
    return taking(world, put(world, "_mine/a.jpg", b"one"))


def _vanished(world: World) -> Act:
    one = put(world, "Spring/a.jpg", b"one")
    world.aws.inbox.clear()
    return taking(world, one)


def _retried(world: World) -> Act:
    one = put(world, "Spring/a.jpg", b"odd")
    until_quiet(world, taking(world, one))
    world.aws.is_media_mended = True

    def press() -> None:
        arrival = arrivals.load(world.workspace, one.id)
        if arrival.state == "quarantined":
            arrivals.retry(world.ctx, "member:owner", arrival)

    return draining(world, press)


def _routed(world: World) -> Act:
    hints = [put(world, f"Spring/{name}.jpg", name.encode()) for name in "abc"]

    def route() -> None:
        for one in hints:
            arrivals.make_known(world.ctx, one)
        arrivals.route(world.ctx, hints)

    return draining(world, route)


def _reconciled(world: World) -> Act:
    for name in "abc":
        put(world, f"Spring/{name}.jpg", name.encode())
    world.aws.pass_time(20 * 60)
    return draining(world, lambda: _ignoring_count(arrivals.reconcile(world.ctx, min_age_s=15 * 60)))


def _swept(world: World) -> Act:
    for name in "abc":
        arrivals.make_known(world.ctx, put(world, f"Spring/{name}.jpg", name.encode()))
    world.aws.pass_time(20 * 60)
    return draining(world, lambda: _ignoring_count(arrivals.sweep(world.ctx)))


def _told(world: World) -> Act:
    for name in "abc":
        dropped(world, f"Spring/{name}.jpg", name.encode())
    world.aws.messages.clear()
    return lambda: _ignoring_count(outbox.deliver(world.ctx))


def _ignoring_count(count: int) -> None:
    assert count >= 0


def _refused_unseen(world: World) -> Act:
    refusal = arrivals.Refusal("not_sent", "This file is too large for this machine. Save a smaller one.")
    return lambda: _ignoring_count(len(arrivals.refuse_unseen(world.ctx, f"{world.workspace}/Spring/a.tif", refusal)))


SCENARIOS = (
    Scenario("a new file in new folders", _new),
    Scenario("the same path with new bytes", _new_version, ("done", "done"), 2),
    Scenario("the same path with the same bytes", _same_bytes, ("done", "done"), 1),
    Scenario("bytes that another asset holds", _known_bytes, ("done", "done"), 2),
    Scenario("the same path while its asset is in the trash", _trashed, ("done", "done"), 2),
    Scenario("an older write that comes when its asset is in the trash", _late_for_the_trash, ("done", "done"), 2),
    Scenario("two versions in order", _in_order, ("done", "done"), 2, False),
    Scenario("two versions in reverse and one again", _reversed, ("done", "done"), 2, False),
    Scenario("an upload", _upload),
    Scenario("an upload in parts", _upload_in_parts),
    Scenario("an upload of a new version", _upload_of_a_version, ("done", "done"), 2),
    Scenario("an empty file", _quarantined(b""), ("quarantined",), 0),
    Scenario("a broken file", _quarantined(b"bad"), ("quarantined",), 0),
    Scenario("a file the picture function dies of", _quarantined(b"odd"), ("quarantined",), 0),
    Scenario("a file in a reserved folder", _reserved, ("quarantined",), 0),
    Scenario("a file that was taken away", _vanished, ("quarantined",), 0),
    Scenario("a file that never came", _refused_unseen, ("quarantined",), 0),
    Scenario("a quarantined file that is tried again", _retried),
    Scenario("events that are routed", _routed, ("done",) * 3, 3),
    Scenario("files whose events never came", _reconciled, ("done",) * 3, 3),
    Scenario("files whose messages were lost", _swept, ("done",) * 3, 3),
    Scenario("announcements that nobody was woken for", _told, ("done",) * 3, 3),
)


def until_quiet(world: World, act: Act, times: int = 12) -> None:
    """Redeliver, after leases ran out, until it goes through."""
    for _ in range(times):
        try:
            act()
        except PackshotError:
            world.aws.pass_time(10 * 60)
        else:
            return
    raise AssertionError("it never went through")


def check(world: World, scenario: Scenario) -> None:
    """What holds in the end of any scenario, however it came about."""
    rows = rows_of(world)
    arrived = sorted(row["state"] for row in rows["ingest"])
    assert tuple(arrived) == scenario.ends
    kept = {(row["key"], row.get("object_version")) for row in rows["ingest"] if row["state"] == "quarantined"}
    assert {(one.key, one.version) for one in world.aws.inbox} <= kept
    assert all(row.get("reason") for row in rows["ingest"] if row["state"] == "quarantined")
    assert len(rows["versions"]) == len(rows["usage"]) == scenario.versions
    for row in rows["versions"]:
        version = row["version"]
        assert ("originals", f"{world.workspace}/{version['id']}") in world.aws.objects
        assert all(("renditions", one["key"]) in world.aws.objects for one in version["renditions"])
