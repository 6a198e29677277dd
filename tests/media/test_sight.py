"""The model that sees things: read without trust, run in plain numpy, and silent rather than wrong."""

from __future__ import annotations

import collections
import hashlib
import io
import itertools
import json
import pickle
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pyvips
from jsonschema import Draft202012Validator
from PIL import Image, ImageDraw

from chalicelib.domain import sight
from infra.sight import weights
from media import job, network, pixels, render, tagger
from media.message import BadMessage, Sight, parse_limits, parse_recipe
from media.network import Layer
from tests.media import drawn
from tests.media.conftest import LIMITS, Asker

needs_model = pytest.mark.skipif(not tagger.is_ready(), reason="the model's package could not be had")


def a_network(side: int = 20) -> bytes:
    """A tiny random network of the same kinds of layers."""
    chance = np.random.default_rng(7)
    layers = (
        Layer("full", 3, 4, kernel=3, stride=2), Layer("point", 4, 8), Layer("depthwise", 8, 8, kernel=5),
        Layer("point", 8, 4, clip=False, skip=3), Layer("linear", 4, 5, clip=False),
    )  # fmt: skip
    head = {"name": "tiny", "side_px": side, "layers": [vars(one) for one in layers]}
    parts = [network.MAGIC, json.dumps(head).encode(), b"\n"]
    for layer in layers:
        parts.append(chance.normal(0, 0.5, layer.weights).astype("<f2").tobytes())
        parts.append(chance.normal(0, 0.1, layer.outer).astype("<f4").tobytes())
    return b"".join(parts)


def plainly(net: network.Network, picture: Any) -> Any:
    """The same network, pixel by pixel."""
    value = (picture.astype(np.float64) - 127) / 128
    kept = [value]
    for layer, numbers, bias in net.layers:
        if layer.kind == "linear":
            value = value.mean(axis=(0, 1)) @ numbers + bias
        else:
            value = slid(layer, numbers, value) + bias
        value = np.clip(value, 0, 6) if layer.clip else value
        value = value + kept[-layer.skip] if layer.skip else value
        kept.append(value)
    spread = np.exp(value - value.max())
    return spread / spread.sum()


def slid(layer: Layer, numbers: Any, value: Any) -> Any:
    """A convolution, place by place: what lies outside counts nothing."""
    k, s, (high, wide, _) = layer.kernel, layer.stride, value.shape
    is_deep = layer.kind == "depthwise"
    kernel = numbers.reshape((k, k, layer.outer) if is_deep else (k, k, layer.inner, layer.outer))
    down, across = -(-high // s), -(-wide // s)
    above, before = (max((n - 1) * s + k - side, 0) // 2 for n, side in ((down, high), (across, wide)))
    out = np.zeros((down, across, layer.outer))
    for y, x, dy, dx in itertools.product(range(down), range(across), range(k), range(k)):
        row, column = y * s + dy - above, x * s + dx - before
        if 0 <= row < high and 0 <= column < wide:
            seen, weight = value[row, column], kernel[dy, dx]
            out[y, x] += seen * weight if is_deep else seen @ weight
    return out


def photo(picture: Image.Image) -> pixels.Pixels:
    array = np.asarray(picture.convert("RGB"))
    return pixels.of(pyvips.Image.new_from_array(array).copy(interpretation="srgb"))


def test_the_network_gives_what_working_it_out_pixel_by_pixel_gives() -> None:
    net = network.load(a_network())
    picture = np.asarray(drawn.noise(20, 20), np.float32)

    assert np.allclose(net.classes(picture), plainly(net, picture), atol=1e-5)
    assert np.array_equal(net.classes(picture), net.classes(picture))


@pytest.mark.parametrize(
    "spoil",
    [lambda body: body[: len(body) // 2], lambda body: body + b"x", lambda _: b"", lambda body: b"x" + body,
     lambda body: body.replace(b"depthwise", b"sideways ")],
    ids=["cut in half", "too long", "empty", "shifted", "unknown layer"],
)  # fmt: skip
def test_a_damaged_network_file_is_refused_and_the_tagger_is_silent(tmp_path: Path, spoil: Any) -> None:
    body = spoil(a_network())
    path = tmp_path / "model.bin"
    path.write_bytes(body)

    with pytest.raises(network.NotANetwork):
        network.load(body)
    assert tagger.look(photo(drawn.noise(64, 64)), 5, path, hashlib.sha256(body).hexdigest()) is None


def test_without_the_model_or_with_a_swapped_one_nothing_is_said(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(a_network())

    assert tagger.look(photo(drawn.noise(64, 64)), 5, tmp_path / "absent", tagger.DIGEST) is None
    assert tagger.look(photo(drawn.noise(64, 64)), 5, path, tagger.DIGEST) is None
    said = tagger.look(photo(drawn.noise(64, 64)), 5, path, hashlib.sha256(a_network()).hexdigest())
    assert said is not None
    assert len(said["classes"]) <= 5


def torch_file(names: Any, tensors: list[Any], tail: bytes = b"") -> bytes:
    """A file of the older torch format, or what claims to be one."""
    out = io.BytesIO()
    for one in (weights._MAGIC, weights._PROTOCOL, {}, names, tensors):
        pickle.dump(one, out, 2)
    return out.getvalue() + tail


class Evil:
    def __reduce__(self) -> Any:
        return (eval, ("__import__('os').system('touch /tmp/owned')",))


@pytest.mark.parametrize(
    "body",
    [
        b"", b"PK\x03\x04 a newer file", torch_file({"x": Evil()}, []), torch_file(collections.Counter(a=1), []),
        torch_file({"x": 5}, []), torch_file({}, ["nowhere"], struct.pack("<q", 4)),
    ],
    ids=["empty", "zip", "code", "other class", "no tensor", "unknown numbers"],
)  # fmt: skip
def test_weights_that_ask_for_anything_but_numbers_are_refused(body: bytes) -> None:
    with pytest.raises(weights.NotWeights):
        weights.read(body)


def test_a_recipe_asks_for_a_sensible_number_of_classes() -> None:
    for wrong in (-1, 101, "5", True):
        with pytest.raises(BadMessage):
            parse_recipe({"pipeline": 1, "sight": {"classes": wrong}})


def asked(ask: Asker, picture: Image.Image, monkeypatch: pytest.MonkeyPatch, format_name: str = "PNG") -> Any:
    plain = Asker.message
    recipe = {"recipe": {"pipeline": 1, "sight": {"classes": 20}}, "puts": []}
    monkeypatch.setattr(Asker, "message", lambda self, **limits: {**plain(self, **limits), **recipe})
    schema = Draft202012Validator(json.loads((Path(network.__file__).parent / "message.schema.json").read_text()))
    told = ask(drawn.saved(picture, format_name))
    schema.validate(ask.message())
    schema.validate(told.answer)
    return told


@needs_model
@pytest.mark.requirement("R01")
@pytest.mark.parametrize(
    "picture",
    [
        Image.new("RGB", (300, 300), "white"), Image.new("RGB", (1, 1), "red"), Image.new("RGB", (40, 2000), "blue"),
        Image.new("RGBA", (50, 50), (0, 0, 0, 0)),
    ],
    ids=["white", "one pixel", "banner", "transparent"],
)  # fmt: skip
def test_a_picture_with_nothing_in_it_has_no_class(
    ask: Asker, picture: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = asked(ask, picture, monkeypatch)

    assert told.outcome == "ok"
    assert told.answer["sight"]["classes"] == []


@needs_model
@pytest.mark.parametrize("mode", ["RGB", "CMYK", "RGBA"])
def test_what_is_seen_comes_with_the_model_s_version_whatever_the_colours(
    ask: Asker, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = asked(ask, drawn.noise(400, 300).convert(mode), monkeypatch, "TIFF" if mode == "CMYK" else "PNG")

    seen = told.answer["sight"]
    assert (seen["model"], seen["model_version"]) == ("efficientnet-lite2", tagger.DIGEST[:12])
    assert 0 < len(seen["classes"]) <= 20
    assert [one[1] for one in seen["classes"]] == sorted((one[1] for one in seen["classes"]), reverse=True)


@needs_model
@pytest.mark.requirement("R01")
@pytest.mark.parametrize(("ground", "ink"), [("white", "black"), ("red", "white")])
def test_a_picture_of_text_only_is_called_nothing(
    ask: Asker, ground: str, ink: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Image.new("RGB", (600, 500), ground)
    pen = ImageDraw.Draw(page)
    for y in range(20, 480, 20):
        pen.text((20, y), "Care: wash at 30 degrees, do not bleach, made of 100 % cotton. " * 2, fill=ink)

    seen = asked(ask, page, monkeypatch).answer["sight"]

    assert seen["view"] is not None
    assert sight._tags(seen) == []


SIGHT = {"recipe": {"pipeline": 1, "sight": {"classes": 20}}, "puts": []}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP"])
def test_a_picture_that_is_cut_short_is_called_nothing_and_says_why(
    ask: Asker, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, whole = Asker.message, drawn.saved(drawn.noise(300, 200), kind)
    monkeypatch.setattr(Asker, "message", lambda self, **limits: {**plain(self, **limits), **SIGHT})

    told = [ask(whole[: len(whole) * part // 8]) for part in (1, 4, 7)]
    sound = ask(whole)

    for one in told:
        assert one.outcome in ("corrupt", "ok")
        assert one.outcome == "ok" or ("sight" not in one.answer and len(one.reason) > 20)
    assert told[0].outcome == "corrupt"
    assert sound.outcome == "ok"


@pytest.mark.parametrize("words", ["resize: bad pixels", "vips: out of memory"])
def test_what_libvips_raises_while_it_is_looked_at_is_an_answer_about_the_picture(
    tmp_path: Path, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise pyvips.Error(words)

    monkeypatch.setattr(render, "facts_of", broken)
    picture = tmp_path / "a.png"
    picture.write_bytes(drawn.saved(drawn.noise(300, 200), "PNG"))

    def told() -> dict[str, Any]:
        return job.read(picture, parse_limits(LIMITS), Sight(0), tmp_path, lambda _: None)

    if "memory" in words:
        with pytest.raises(MemoryError):
            told()
    else:
        assert told()["outcome"] == "corrupt"
        assert "sight" not in told()


@needs_model
def test_the_real_model_cut_in_half_or_swapped_says_nothing_and_facts_still_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = tagger.MODEL.read_bytes()
    half, swapped = tmp_path / "half.bin", tmp_path / "swapped.bin"
    half.write_bytes(whole[: len(whole) // 2])
    swapped.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    picture = tmp_path / "a.png"
    picture.write_bytes(drawn.saved(drawn.noise(300, 200), "PNG"))

    told = {}
    for path in (half, swapped):
        monkeypatch.setattr(tagger, "look", lambda one, most, path=path: LOOK(one, most, path))
        told[path] = job.read(picture, parse_limits(LIMITS), Sight(20), tmp_path, lambda _: None)

    for one in told.values():
        assert (one["outcome"], one["sight"]) == ("ok", None)
        assert {"background", "phash"} <= set(one["facts"])


LOOK = tagger.look
