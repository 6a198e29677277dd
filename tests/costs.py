"""What real operations ask of AWS, counted where all clients pass, and their CPU: the data of the cost model.

python -m tests.costs       measures anew and writes infra/costs/calls.json (starts an emulated AWS of its own)

Calls and units are the same in every run, and `tests/promises/test_costs.py` compares them; CPU is the least of some
rounds, told with the day and the machine. The picture function works in another process: its CPU is that of the same
pipeline in this one, on a photograph of 24 MP.
"""

import io
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest import mock

import boto3
import numpy
from botocore.client import BaseClient
from botocore.signers import RequestSigner
from PIL import Image

from chalicelib import observe, wiring
from chalicelib.adapters import search_reader
from chalicelib.adapters.rekognition import RekognitionLabels
from chalicelib.domain import recipes
from chalicelib.models import assets, base
from chalicelib.services import arrivals, indexing, outbox, sighting, trails
from infra.costs.model import API, FREE, MEDIA, PLACE, QUIET, Operation, Work
from media import job, render, tagger
from media.message import Limits, Preset, Rendition, Sight
from media.supervise import CHILD_SETTINGS
from standins.rekognition import server as rekognition
from tests.builders import Shop, a_shop, deliver_all

LOOK = "one look by the model"
LABELS = "one look by the model and by Rekognition"
FILES = 10
"""So many at once: a batch of the router, and about as many as are taken in within one window of the index."""
ROUNDS = 5
_S3 = {"HeadObject": "s3.get", "GetObject": "s3.get", "GetObjectTagging": "s3.get", "DeleteObject": FREE}


@dataclass
class Tally:
    """What one function did."""

    calls: Counter[str] = field(default_factory=Counter)
    units: Counter[str] = field(default_factory=Counter)
    cpu_s: float = 0.0

    def a(self, share: float, *, runs: float, pause_ms: float = 0.0) -> Work:
        """One part of it."""
        calls, units = ({name: round(count / share, 3) for name, count in sorted(one.items())}
                        for one in (self.calls, self.units))  # fmt: skip
        return Work(runs, calls, units, round(1000 * self.cpu_s / share, 1), pause_ms)


@contextmanager
def counted(tallies: dict[str, Tally]) -> Iterator[None]:
    """Count every call by the function in whose name it is made; signed addresses are the picture function's."""
    call: Callable[..., Any] = BaseClient._make_api_call
    sign: Callable[..., Any] = RequestSigner.generate_presigned_url

    def seen(client: Any, name: str, asked: Any) -> Any:
        service = client.meta.service_model.service_name
        told = {**asked, "ReturnConsumedCapacity": "TOTAL"} if service == "dynamodb" else asked
        answer: dict[str, Any] = {}
        try:
            answer = call(client, name, told)
        finally:  # what is refused, or not changed since, is asked and billed too
            _count(tallies.setdefault(_function(), Tally()), service, name, asked, answer)
        return answer

    def signed(signer: Any, request_dict: Any, operation_name: str, *rest: Any, **named: Any) -> Any:
        unit = "s3.put" if request_dict["method"] == "PUT" else "s3.get"
        media = tallies.setdefault(MEDIA, Tally())
        media.calls[unit] += 1
        media.units[unit] += 1
        return sign(signer, request_dict, operation_name, *rest, **named)

    BaseClient._make_api_call, RequestSigner.generate_presigned_url = seen, signed  # type: ignore[method-assign]
    try:
        yield
    finally:
        BaseClient._make_api_call, RequestSigner.generate_presigned_url = call, sign  # type: ignore[method-assign]


def _function() -> str:
    context = observe._context.get()
    return str(context["job"]) if "job" in context else API


def _count(tally: Tally, service: str, name: str, asked: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    if service == "dynamodb":
        told = answer.get("ConsumedCapacity") or []
        used = sum(one["CapacityUnits"] for one in (told if isinstance(told, list) else [told])) or 1.0
        unit = "dynamodb.read" if name in ("GetItem", "Query", "BatchGetItem") else "dynamodb.write"
        tally.calls[unit] += 1
        tally.units[unit] += used
    elif service == "sqs":
        unit = "sqs.fifo" if str(asked.get("QueueUrl", "")).endswith(".fifo") else "sqs.request"
        tally.calls[unit] += 1
        tally.units[unit] += 1
    elif service == "lambda":
        tally.calls["lambda.request"] += 1
    elif service == "rekognition":
        tally.calls["rekognition.label"] += 1
        tally.units["rekognition.label"] += 1
    elif service == "s3":
        unit = _S3.get(name, "s3.put")
        tally.calls[unit] += 1
        if unit != FREE:
            tally.units[unit] += 1


@contextmanager
def acting(tallies: dict[str, Tally], function: str) -> Iterator[None]:
    """What is done here is this function's work, its CPU included."""
    begun_s = time.process_time()
    with observe.about(job=function):
        yield
    tallies.setdefault(function, Tally()).cpu_s += time.process_time() - begun_s


def coming_in(shop: Shop, name: str, shade: int) -> Operation:
    """`FILES` files that come at once: routed in one batch, each taken in and told onward, indexed in one window."""
    from chalicelib.handlers.indexing import WINDOW_S  # handlers read the settings when they are imported

    tallies: dict[str, Tally] = {}
    paths = [f"Spring/{name}-{number}.jpg" for number in range(FILES)]
    versions = {path: shop.put(path, a_picture(shade + place)) for place, path in enumerate(paths)}
    hints = [arrivals.hint_of(shop.ctx, f"{shop.workspace}/{path}", version) for path, version in versions.items()]
    with counted(tallies):
        with acting(tallies, "route_events"):
            for hint in hints:
                arrivals.make_known(shop.ctx, hint)
            arrivals.route(shop.ctx, hints)
        for path, version in versions.items():
            with acting(tallies, "ingest_object"):
                shop.take(path, version)
            with acting(tallies, "deliver_outbox"):
                outbox.deliver(shop.ctx)
        with acting(tallies, "index_changes"):
            indexing.catch_up(shop.ctx, shop.workspace)
    functions = {
        "route_events": tallies["route_events"].a(FILES, runs=1 / FILES),
        "ingest_object": tallies["ingest_object"].a(FILES, runs=1),
        MEDIA: tallies[MEDIA].a(FILES, runs=1),
        "deliver_outbox": tallies["deliver_outbox"].a(FILES, runs=1),
        "index_changes": tallies["index_changes"].a(FILES, runs=1 / FILES, pause_ms=1000 * WINDOW_S / FILES),
    }
    return Operation(functions, {"s3.put": 1, "sqs.request": 1})


def looked_at(shop: Shop, name: str, shade: int, looks: int = 1) -> Operation:
    """A look by the model at each of `FILES` pictures that came at once: its message, the look, and its place in the
    index; what taking them in asks for is not counted. `looks` are runs of the picture function for each.
    """
    from chalicelib.handlers.indexing import WINDOW_S

    tallies: dict[str, Tally] = {}
    for number in range(FILES):
        shop.drop(f"Spring/{name}-{number}.jpg", a_picture(shade + number, (320, 240)))
    settle(shop)
    found = [one for one in assets.every(shop.workspace) if one.fields.name.startswith(name)]
    messages = [trails.announcement(shop.ctx, shop.workspace, sighting.ARRIVED, f"version:{one.id}:1", is_patient=True)
                for one in found]  # fmt: skip
    with counted(tallies):
        for _, message in messages:
            with acting(tallies, "ingest_object"):
                base.transact([message])
            with acting(tallies, "deliver_outbox"):
                outbox.deliver(shop.ctx)
        with acting(tallies, "index_changes"):
            indexing.catch_up(shop.ctx, shop.workspace)
    functions = {
        "ingest_object": tallies["ingest_object"].a(FILES, runs=0),
        MEDIA: tallies[MEDIA].a(FILES, runs=looks),
        "deliver_outbox": tallies["deliver_outbox"].a(FILES, runs=1),
        "index_changes": tallies["index_changes"].a(FILES, runs=1 / FILES, pause_ms=1000 * WINDOW_S / FILES),
    }
    return Operation(functions)


def labelled(shop: Shop, name: str, shade: int) -> Operation:
    """A look by the model, and one by Rekognition of the same picture as a JPEG, which is made for it."""
    with rekognition.running(rekognition.World()) as url:
        client = boto3.client("rekognition", endpoint_url=url)
        shop = replace(shop, ctx=replace(shop.ctx, labels=RekognitionLabels(client)))
        with mock.patch.object(wiring, "context", return_value=shop.ctx):  # the installation reaches it
            shop.call("PUT", "/v1/auto-tags/service", {"service": "rekognition", "monthly_cap_cents": 1_000})
            found = looked_at(shop, name, shade, looks=2)
            shop.call("PUT", "/v1/auto-tags/service", {"service": None})
    return found


def a_picture(seed: int, size: tuple[int, int] = (64, 48)) -> bytes:
    """A small picture that looks like no other: pairs of look-alikes are seldom, and cost what they cost."""
    spots = numpy.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=numpy.uint8)
    file = io.BytesIO()
    Image.fromarray(spots).resize(size, Image.Resampling.BICUBIC).save(file, "JPEG")
    return file.getvalue()


def asking(shop: Shop, ask: Callable[[int], Any]) -> Operation:
    """Calls of the API, warm, with what follows from each."""
    ask(0)
    settle(shop)
    tallies: dict[str, Tally] = {}
    with counted(tallies):
        for number in range(1, FILES + 1):
            begun_s = time.process_time()
            ask(number)
            tallies.setdefault(API, Tally()).cpu_s += time.process_time() - begun_s
            woken = (("deliver_outbox", "sqs.request", outbox.deliver), ("index_changes", "sqs.fifo", _index(shop)))
            for function, hint, work in woken:
                if tallies[API].units[hint]:
                    with acting(tallies, function):
                        work(shop.ctx)
    return Operation({name: one.a(FILES, runs=1) for name, one in tallies.items()})


def quiet_look(shop: Shop) -> Operation:
    """A run of a connection to a Drive in which nothing has changed; the Drive runs in threads of this process."""
    from tests.drives import a_drive, following  # handlers read the settings when they are imported

    tallies: dict[str, Tally] = {}
    with tempfile.TemporaryDirectory() as home, a_drive(Path(home)) as place:
        drive = following(shop, place)
        drive.sync()
        place.control("reset")
        with counted(tallies):
            begun_s = time.thread_time()
            with observe.about(job="run_connection"):
                drive.run(takes_in=False)
            tallies["run_connection"].cpu_s += time.thread_time() - begun_s
        tallies["run_connection"].calls["drive.request"] = 1 + len(place.journal())  # the first lends a token
    return Operation({"run_connection": tallies["run_connection"].a(1, runs=1)}, {"sqs.request": 1})


def _index(shop: Shop) -> Callable[[Any], Any]:
    return lambda ctx: indexing.catch_up(ctx, shop.workspace)


def settle(shop: Shop) -> None:
    outbox.deliver(shop.ctx)
    indexing.catch_up(shop.ctx, shop.workspace)


def operations() -> dict[str, Operation]:
    """Everything that is measured, on a fresh workspace; the first of each is done before, so that all is warm.

    Without the model there is no look to measure.
    """
    shop = a_shop()
    deliver_all(shop.ctx)
    coming_in(shop, "warm", 10)
    found = {
        "one asset in": coming_in(shop, "new", 30),
        "one version more": coming_in(shop, "new", 50),
    }
    one = shop.call("GET", "/v1/search?q=new-0").body["items"][0]["id"]
    found["one search"] = asking(shop, lambda _: shop.call("GET", "/v1/search?q=spring&facets=keyword,collection"))
    found["one asset read"] = asking(shop, lambda _: shop.call("GET", f"/v1/assets/{one}"))
    found["one edit"] = asking(
        shop, lambda number: shop.call("PATCH", f"/v1/assets/{one}", {"title": f"Dress {number}"}, If_Match="*")
    )
    if tagger.is_ready():
        found[LOOK] = looked_at(shop, "look", 70)
        found[LABELS] = labelled(shop, "label", 90)
    return {**found, QUIET: quiet_look(a_shop())}


def a_large_photograph(folder: Path) -> Path:
    """24 MP with as much detail as a photograph has: about 6 MB as JPEG."""
    noise = numpy.random.default_rng(7).normal(0, 9, (4000, 6000, 3))
    waves = Image.linear_gradient("L").resize((6000, 4000)).convert("RGB")
    path = folder / "large.jpg"
    Image.fromarray((numpy.asarray(waves) + noise).clip(0, 255).astype("uint8")).save(path, quality=85)
    return path


def picture_cpu_ms(rounds: int = 3) -> float:
    """CPU of the picture function's own work on a 24 MP photograph, metadata and all renditions included."""
    render.prepare()
    steps = tuple(Rendition(one.name, one.long_side_px, one.quality, one.effort) for one in recipes.STEPS)
    limits = Limits(1 << 30, 268_000_000, 500, 2 << 30, 20, 30)
    least_s = float("inf")
    with tempfile.TemporaryDirectory() as place:
        path = a_large_photograph(Path(place))
        for _ in range(rounds):
            begun_s = time.process_time()
            job.read(path, limits, steps, Path(place), lambda _: None)
            least_s = min(least_s, time.process_time() - begun_s)
    return round(1000 * least_s, 1)


def look_cpu_ms(rounds: int = 3) -> float:
    """CPU of the picture function's own work when the model looks at a medium rendition."""
    render.prepare()
    limits = Limits(1 << 30, 268_000_000, 500, 2 << 30, 20, 30)
    steps = tuple(Rendition(one.name, one.long_side_px, one.quality, one.effort) for one in recipes.STEPS)
    least_s = float("inf")
    with tempfile.TemporaryDirectory() as place:
        job.read(a_large_photograph(Path(place)), limits, steps, Path(place), lambda _: None)
        for at in range(rounds + 1):
            begun = time.process_time()
            told = job.read(Path(place, "medium.webp"), limits, Sight(sighting.CLASSES), Path(place), lambda _: None)
            least_s = min(least_s, time.process_time() - begun) if at else least_s
    assert told["sight"], "without the model there is nothing to measure: make setup"
    return round(1000 * least_s, 1)


def jpeg_cpu_ms(rounds: int = 3) -> float:
    """CPU of the picture function's own work when a medium rendition becomes a JPEG."""
    render.prepare()
    limits = Limits(1 << 30, 268_000_000, 500, 2 << 30, 20, 30)
    steps = tuple(Rendition(one.name, one.long_side_px, one.quality, one.effort) for one in recipes.STEPS)
    wanted = Preset(512, 342, "fit", "jpeg", 90, "#ffffff", None)
    least_s = float("inf")
    with tempfile.TemporaryDirectory() as place:
        job.read(a_large_photograph(Path(place)), limits, steps, Path(place), lambda _: None)
        for at in range(rounds + 1):
            begun = time.process_time()
            told = job.read(Path(place, "medium.webp"), limits, wanted, Path(place), lambda _: None)
            least_s = min(least_s, time.process_time() - begun) if at else least_s
    assert told["outcome"] == "ok"
    return round(1000 * least_s, 1)


def least(rounds: list[dict[str, Operation]], media_ms: Mapping[str, float]) -> dict[str, Any]:
    """The operations of the last round with the least CPU of all; `media_ms` of the picture function, by operation."""
    told: dict[str, Any] = {}
    for name, one in rounds[-1].items():
        told[name] = asdict(one)
        for function, work in told[name]["functions"].items():
            work["cpu_ms"] = media_ms[name] if function == MEDIA else min(
                each[name].functions[function].cpu_ms for each in rounds)  # fmt: skip
    return told


def main() -> None:
    from infra.local import stack as local

    with tempfile.TemporaryDirectory() as home:
        running = local.start(Path(home))
        try:
            os.environ.update(running.env | {"PACKSHOT_VISUAL_TAGS": "0"})
            search_reader.CHECK_AGE_S = 0.0  # each search asks whether there is a newer index: the most it can be
            rounds = [operations() for _ in range(ROUNDS)]
        finally:
            running.stop()
    told = {
        "measured": f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}",
        "rounds": ROUNDS,
        "operations": least(rounds, {
            **dict.fromkeys(rounds[0], picture_cpu_ms()),
            LOOK: (look_ms := look_cpu_ms()), LABELS: round(look_ms + jpeg_cpu_ms(), 1),
        }),
    }  # fmt: skip
    (PLACE / "calls.json").write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":  # as in the picture function; numpy settles it when imported
        os.execve(sys.executable, [sys.executable, "-m", "tests.costs"], {**os.environ, **CHILD_SETTINGS})
    main()
