"""The child that reads foreign bytes: limited, watched, replaced, and without anything worth stealing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from media import codecs, reasons, supervise
from media.download import TransferFailed
from media.message import Limits
from media.supervise import Pool, Worker
from tests.media import drawn
from tests.media.conftest import LIMITS, Asker, Store

RECIPE = {
    "pipeline": 1,
    "renditions": [{"name": "small", "long_side_px": 256, "format": "webp", "quality": 80, "effort": 2}],
}


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker()
    yield made
    made.close()


def _read(worker: Worker, folder: Path, body: bytes, recipe: dict[str, Any] = RECIPE, **limits: int) -> dict[str, Any]:
    (folder / "original").write_bytes(body)
    return worker.read(folder / "original", folder, Limits(**{**LIMITS, **limits}), recipe)


def test_one_child_serves_many_pictures(worker: Worker, tmp_path: Path) -> None:
    picture = drawn.saved(drawn.corners(), "JPEG")
    _read(worker, tmp_path, picture)
    first = worker.pid

    _read(worker, tmp_path, picture)

    assert worker.pid == first


def test_a_child_killed_from_outside_is_replaced_and_the_picture_is_read(worker: Worker, tmp_path: Path) -> None:
    picture = drawn.saved(drawn.corners(), "JPEG")
    _read(worker, tmp_path, picture)
    killed = worker.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)

    answer = _read(worker, tmp_path, picture)

    assert answer["outcome"] == "ok"
    assert worker.pid != killed


def test_a_child_killed_in_the_middle_of_a_picture_is_replaced(worker: Worker, tmp_path: Path) -> None:
    _read(worker, tmp_path, drawn.saved(drawn.corners(), "JPEG"))
    killed = worker.pid
    assert killed is not None
    os.kill(killed, signal.SIGSTOP)
    threading.Timer(0.05, os.kill, (killed, signal.SIGKILL)).start()

    answer = _read(worker, tmp_path, drawn.saved(drawn.corners(), "PNG"))

    assert answer["outcome"] == "ok"
    assert worker.pid != killed


def test_a_picture_that_takes_too_long_is_a_result_and_the_next_one_works(worker: Worker, tmp_path: Path) -> None:
    picture = drawn.saved(drawn.corners(), "JPEG")
    _read(worker, tmp_path, picture)
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGSTOP)

    late = _read(worker, tmp_path, picture, wall_s=1)
    after = _read(worker, tmp_path, picture)

    assert (late["outcome"], late["reason"]) == ("limit", reasons.out_of_time(1))
    assert after["outcome"] == "ok"


def test_a_picture_that_needs_too_much_work_is_a_result(worker: Worker, tmp_path: Path) -> None:
    plain = drawn.saved(drawn.Image.new("RGB", (8000, 8000)), "JPEG", progressive=True)
    passes = plain[plain.rindex(b"\xff\xda") : -2] * 85

    answer = _read(worker, tmp_path, plain[:-2] + passes + b"\xff\xd9", cpu_s=1)
    after = _read(worker, tmp_path, drawn.saved(drawn.corners(), "JPEG"))

    assert (answer["outcome"], answer["reason"]) == ("limit", reasons.out_of_cpu(1))
    assert answer["facts"]["width_px"] == 8000
    assert after["outcome"] == "ok"


def test_a_picture_that_needs_too_much_memory_is_a_result(worker: Worker, tmp_path: Path) -> None:
    wide = drawn.saved(drawn.Image.new("RGB", (9000, 9000)), "BMP")

    answer = _read(worker, tmp_path, wide, memory_bytes=100_000_000)
    after = _read(worker, tmp_path, drawn.saved(drawn.corners(), "JPEG"))

    assert (answer["outcome"], answer["reason"]) == ("limit", reasons.out_of_memory(100_000_000))
    assert answer["facts"]["width_px"] == 9000
    assert after["outcome"] == "ok"


@pytest.mark.parametrize("said", ["no json\\n", "[1]\\n", '{"stage": "else"}\\n'])
def test_a_child_that_talks_nonsense_is_not_believed(
    worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    ready = 'import sys; print(\'{"stage": "ready"}\', flush=True); sys.stdin.readline();'
    script = f"{ready} print('{said}', end='')"
    monkeypatch.setattr(supervise, "COMMAND", (sys.executable, "-c", script))

    answer = _read(worker, tmp_path, drawn.saved(drawn.corners(), "JPEG"))

    assert (answer["outcome"], answer["reason"]) == ("corrupt", reasons.CRASHED)
    assert worker.pid is None


def test_a_child_is_replaced_after_many_pictures(
    worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervise, "MAX_JOBS", 2)
    picture = drawn.saved(drawn.corners(), "JPEG")

    pids = {(_read(worker, tmp_path, picture)["outcome"], worker.pid is None) for _ in range(2)}

    assert pids == {("ok", False), ("ok", True)}


def test_a_child_that_has_grown_is_replaced(worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small, large = (drawn.saved(drawn.Image.new("RGB", (side, side)), "BMP") for side in (64, 4000))
    _read(worker, tmp_path, small)
    still_there = worker.pid
    # How much the second picture leaves behind is the allocator's secret: from here on, anything counts as grown.
    monkeypatch.setattr(supervise, "MAX_GROWTH_BYTES", -(16 << 20))

    answer = _read(worker, tmp_path, large)

    assert still_there is not None
    assert (answer["outcome"], worker.pid) == ("ok", None)


def test_a_child_does_not_grow_with_the_pictures_it_has_read(worker: Worker, tmp_path: Path) -> None:
    recipe = {**RECIPE, "renditions": [{**RECIPE["renditions"][0], "long_side_px": 1200}]}
    photo = drawn.noise(300, 225).resize((1200, 900))
    whole = drawn.saved(photo, "JPEG")
    see_through = photo.copy()
    see_through.putalpha(128)
    pictures = [whole, whole[: len(whole) // 2], drawn.saved(see_through, "WEBP"), drawn.saved(photo, "BMP")]
    warm = [_read(worker, tmp_path, pictures[number % 4], recipe) for number in range(12)]
    first = worker.pid

    later = [_read(worker, tmp_path, pictures[number % 4], recipe) for number in range(40)]

    assert [answer["outcome"] for answer in later] == ["ok", "corrupt", "ok", "ok"] * 10
    assert worker.pid == first
    # The smallest buffer of one picture, kept each time, would be 48 MB and more.
    assert later[-1]["rss_bytes"] - warm[-1]["rss_bytes"] < 16 << 20


def test_a_child_never_sees_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "canary")
    pool = Pool(1)
    worker = pool._workers[0]
    worker._ready()

    environment = Path(f"/proc/{worker.pid}/environ").read_bytes()
    pool.close()

    assert b"canary" not in environment
    assert b"AWS_" not in environment


def test_a_child_dies_with_its_parent() -> None:
    script = (
        "import os, signal\nfrom media.supervise import Worker\nworker = Worker()\nworker._ready()\n"
        "print(worker.pid, flush=True)\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    parent = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, check=False)

    child = int(parent.stdout)

    deadline = threading.Event()
    for _ in range(200):
        if not _is_alive(child):
            break
        deadline.wait(0.01)
    assert not _is_alive(child)


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_the_parent_loads_no_imaging_code() -> None:
    script = (
        "import sys, json, media.app\n"
        "imaging = ('pyvips', 'PIL', 'simplejpeg', 'numpy', 'defusedxml')\n"
        "print(json.dumps([name for name in imaging if name in sys.modules]))"
    )

    found = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, check=True)

    assert json.loads(found.stdout) == []


def test_a_pool_serves_several_threads_at_once(store: Store) -> None:
    pool = Pool(2)
    ask = Asker(pool, store)
    store.objects["/original"] = drawn.saved(drawn.corners(), "JPEG")
    outcomes: list[str] = []
    threads = [threading.Thread(target=lambda: outcomes.append(pool.run(ask.message())["outcome"])) for _ in range(6)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pool.close()

    assert outcomes == ["ok"] * 6


def test_an_original_that_is_not_there_is_an_error_to_try_again(ask: Asker, store: Store, pool: Pool) -> None:
    store.objects = {}

    with pytest.raises(TransferFailed, match="404"):
        pool.run(ask.message())


def test_a_rendition_that_cannot_be_stored_is_an_error_to_try_again(ask: Asker, store: Store) -> None:
    store.put_status = 503

    with pytest.raises(TransferFailed, match="503"):
        ask(drawn.saved(drawn.corners(), "JPEG"))


def test_an_original_over_the_limit_is_refused_with_its_size(ask: Asker) -> None:
    told = ask(bytes(2_000_001), max_bytes=2_000_000)

    assert told.outcome == "limit"
    assert told.reason.startswith("The file is larger than 2 MB, which is the limit.")
    assert told.answer["sha256"] is None
    assert told.answer["size_bytes"] == 2_000_001


@pytest.mark.parametrize("url", ["http://169.254.169.254/latest", "file:///etc/passwd", "ftp://127.0.0.1/x"])
def test_only_https_and_this_machine_are_spoken_to(pool: Pool, ask: Asker, url: str) -> None:
    with pytest.raises(TransferFailed, match="https"):
        pool.run({**ask.message(), "get_url": url})


def test_a_child_with_an_old_decoder_reads_nothing_and_blames_no_picture(
    worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = "from media import codecs, worker; codecs.FLOORS['webp'] = '99.0'; worker.main()"
    monkeypatch.setattr(supervise, "COMMAND", (sys.executable, "-c", old))

    with pytest.raises(supervise.UnfitChild, match=r"^webp is [\d.]+; at least 99.0 is needed\.$"):
        _read(worker, tmp_path, b"anything")


@pytest.mark.parametrize(("found", "is_fit"), [("1.3.1", False), ("1.3.2", True), ("1.10.0", True), ("", False)])
def test_decoders_are_compared_with_their_floors_number_by_number(found: str, is_fit: bool) -> None:
    told = {**codecs.versions(), "webp": found}

    if is_fit:
        codecs.check(told)
    else:
        with pytest.raises(codecs.OldCodec, match="webp"):
            codecs.check(told)
