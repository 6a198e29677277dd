"""The Drive that an instance has beside itself: what its user does there is seen in the library, over HTTP alone."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.memory import family, sampled
from infra.local.polling import await_true
from tests.drives import Hands, client_of
from tests.journeys.instance import DONE_LIMIT_S, Instance
from tests.journeys.photos import photo

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]
LARGE_BYTES = 200_000_000


@pytest.fixture
def hands(packshot: Instance) -> Iterator[Hands]:
    """Those of the user of that Drive."""
    told = packshot.connection["drive"]
    with client_of(told["url"], told["credentials"]) as api:
        yield Hands(told["url"], api, told["folder_id"])


def connected(packshot: Instance, folder_id: str) -> str:
    """A connection that follows the folder."""
    credentials = packshot.connection["drive"]["credentials"]
    asked = {"kind": "drive", "name": folder_id, "settings": {"folder_ids": [folder_id]}, "credentials": credentials}
    made = packshot.call("POST", "/v1/connections", asked)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def seen(packshot: Instance, asset_id: str) -> dict[str, Any]:
    """What a person sees of the asset."""
    one = packshot.get(f"/v1/assets/{asset_id}")
    told = {name: one[name] for name in ("id", "name", "state", "newest_version", "title")}
    return {**told, "collections": [each["path"] for each in one["collections"]], "source": one["sources"][0]["state"]}


@pytest.mark.requirement("R39", "R40", "R42")
def test_the_library_follows_what_the_team_does_in_its_drive(packshot: Instance, hands: Hands, folder: str) -> None:
    top = hands.folder(folder, "root")
    spring, summer = hands.folder("Spring", top), hands.folder("Summer", top)
    file = hands.file("IMG_1.jpg", photo(7001), spring)
    connection = connected(packshot, top)
    (asset,) = packshot.await_assets(folder, 1, DONE_LIMIT_S).values()
    assert packshot.call("PATCH", f"/v1/assets/{asset['id']}", {"title": "Linen dress"}).status_code == 200

    def after(change: Callable[[], None], **becomes: Any) -> None:
        """Let the team change its Drive, run the connection, and see what becomes of the asset."""
        change()
        wanted = {**seen(packshot, asset["id"]), **becomes}
        assert packshot.call("POST", f"/v1/connections/{connection}/run").status_code == 202
        assert await_true(lambda: seen(packshot, asset["id"]) == wanted, DONE_LIMIT_S, 0.1), (
            wanted,
            seen(packshot, asset["id"]),
            packshot.get(f"/v1/connections/{connection}"),
        )

    def reworked() -> None:
        hands.update(file, name="dress.jpg")
        hands.move(file, summer)

    after(reworked, name="dress.jpg", collections=[f"{folder}/Summer"])
    after(lambda: hands.replace(file, photo(7002)), newest_version=2)
    after(lambda: hands.update(file, trashed=True), state="trashed", source="trashed")
    after(lambda: hands.update(file, trashed=False), state="live", source="linked")
    after(lambda: hands.move(file, "root"), source="detached")

    assert packshot.call("DELETE", f"/v1/connections/{connection}").status_code == 204
    kept = seen(packshot, asset["id"])
    assert (kept["title"], kept["state"], kept["newest_version"]) == ("Linen dress", "live", 2)


def cpu_s(root: int) -> float:
    """Seconds of CPU that a process and all below it have used."""
    ticks = 0
    for pid in family(root):
        try:
            used = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(used[11]) + int(used[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.requirement("R39")
def test_200_mb_of_a_drive_come_through_the_whole_instance_in_little_memory(tmp_path: Path) -> None:
    instance = Instance(tmp_path, environment={"PACKSHOT_MAX_OBJECT_BYTES": str(2 * LARGE_BYTES)}).start()
    try:
        assert instance.process is not None
        root, told = instance.process.pid, instance.connection["drive"]
        with client_of(told["url"], told["credentials"]) as api:
            hands = Hands(told["url"], api, told["folder_id"])
            top = hands.folder("Films", "root")
            made = hands.control("generate", name="film.mov", size_bytes=LARGE_BYTES, parents=[top])
        idle, cpu, begun, highest = sampled(root), cpu_s(root), time.monotonic(), dict[str, float]()
        connected(instance, top)

        def is_there() -> bool:
            nonlocal highest
            highest = {name: max(held, highest.get(name, 0)) for name, held in sampled(root).items()}
            return bool(instance.assets("Films"))

        assert await_true(is_there, 1200, 1.0), instance.quarantined()
        (asset,) = instance.assets("Films").values()
        one = instance.get(f"/v1/assets/{asset['id']}")
        print(f"\n{cpu_s(root) - cpu:.1f} s of CPU, {time.monotonic() - begun:.0f} s; idle and highest MB by program:")
        print({name: (round(idle.get(name, 0)), round(held)) for name, held in highest.items()})

        assert (one["sha256"], one["size_bytes"]) == (made["sha256Checksum"], LARGE_BYTES)
        assert highest["infra.local.pump_main"] < 200, "the product and the part in hand, never the file"
    finally:
        instance.interrupt()
