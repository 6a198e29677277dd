"""Runs a small picture classifier in plain numpy: no runtime of its own to carry, patch or trust.

A network file holds a line of JSON that lists the layers, and then their numbers: weights as halves, biases as floats.
Convolutions are padded as TensorFlow's SAME does; rows of pixels of channels throughout. The same bytes and the same
picture give the same answer to about 1e-5 on any machine.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

MAGIC = b"packshot network 1\n"
Floats = NDArray[np.float32]
Kind = Literal["full", "depthwise", "point", "linear"]


class NotANetwork(ValueError):
    """The bytes are no network file, or not whole."""


@dataclass(frozen=True)
class Layer:
    """One layer. `skip` adds the input of the layer that many before; `clip` keeps values within 0 and 6."""

    kind: Kind
    inner: int
    outer: int
    kernel: int = 1
    stride: int = 1
    clip: bool = True
    skip: int = 0

    @property
    def weights(self) -> tuple[int, ...]:
        """The shape of its weights."""
        return {
            "full": (self.kernel * self.kernel * self.inner, self.outer),
            "depthwise": (self.kernel, self.kernel, self.outer),
            "point": (self.inner, self.outer),
            "linear": (self.inner, self.outer),
        }[self.kind]


@dataclass(frozen=True)
class Network:
    """Layers with their numbers. The last is linear and takes the average of all pixels before it."""

    name: str
    side_px: int
    layers: tuple[tuple[Layer, Floats, Floats], ...]

    def classes(self, picture: Floats) -> Floats:
        """The probability of each class; see `look`."""
        return self.look(picture)[1]

    def look(self, picture: Floats) -> tuple[Floats, Floats]:
        """The averages that classes follow from, and the probability of each class.

        Takes a square picture of the network's side, three levels 0 to 255 a pixel.
        """
        if picture.shape != (self.side_px, self.side_px, 3):
            raise ValueError(f"The network looks at {self.side_px} x {self.side_px} pixels of three levels.")
        value: Any = (picture - np.float32(127)) / np.float32(128)
        before: list[Any] = []
        features: Any = None
        for layer, weights, bias in self.layers:
            before.append(value)
            if layer.kind == "linear":
                features = value = value.mean(axis=(0, 1))
            value = _ran(layer, value, weights)
            value += bias
            if layer.clip:
                np.clip(value, 0, 6, out=value)
            if layer.skip:
                value += before[-layer.skip]
            before = before[-4:]
        spread = np.exp(value - value.max())
        return np.asarray(features, np.float32), np.asarray(spread / spread.sum(), np.float32)


def load(body: bytes) -> Network:
    """The network in these bytes. Raises NotANetwork."""
    try:
        if not body.startswith(MAGIC):
            raise NotANetwork("This is no network file.")
        end = body.index(b"\n", len(MAGIC))
        head = json.loads(body[len(MAGIC) : end])
        layers = tuple(Layer(**one) for one in head["layers"])
        read = tuple(_numbers(layers, memoryview(body)[end + 1 :]))
        return Network(str(head["name"]), int(head["side_px"]), read)
    except NotANetwork:
        raise
    except (ValueError, TypeError, KeyError) as problem:
        raise NotANetwork(f"The network file cannot be read: {type(problem).__name__}.") from problem


def _numbers(layers: tuple[Layer, ...], body: memoryview) -> Iterator[tuple[Layer, Floats, Floats]]:
    at = 0
    for layer in layers:
        count = int(np.prod(layer.weights))
        middle, end = at + 2 * count, at + 2 * count + 4 * layer.outer
        if end > len(body):
            raise NotANetwork("The network file is cut short.")
        weights = np.frombuffer(body[at:middle], "<f2").astype(np.float32).reshape(layer.weights)
        yield layer, weights, np.frombuffer(body[middle:end], "<f4").astype(np.float32)
        at = end
    if at != len(body):
        raise NotANetwork("The network file is longer than its layers.")


def _ran(layer: Layer, value: Any, weights: Floats) -> Any:
    if layer.kind in ("point", "linear"):
        return value @ weights
    windows = list(_windows(value, layer.kernel, layer.stride))
    if layer.kind == "full":
        return np.concatenate(windows, axis=2) @ weights
    by_place = weights.reshape(-1, layer.outer)
    total = windows[0] * by_place[0]
    part = np.empty_like(total)
    for window, weight in zip(windows[1:], by_place[1:], strict=True):
        np.multiply(window, weight, out=part)
        total += part
    return total


def _windows(value: Any, kernel: int, stride: int) -> Iterator[Any]:
    """The picture as each place of the kernel sees it, row by row."""
    (top, bottom, down), (left, right, across) = (_padding(side, kernel, stride) for side in value.shape[:2])
    padded = np.pad(value, ((top, bottom), (left, right), (0, 0)))
    for y in range(kernel):
        for x in range(kernel):
            yield padded[y : y + (down - 1) * stride + 1 : stride, x : x + (across - 1) * stride + 1 : stride]


def _padding(side: int, kernel: int, stride: int) -> tuple[int, int, int]:
    """Before, after, and how many places; the odd pixel goes after."""
    places = -(-side // stride)
    total = max((places - 1) * stride + kernel - side, 0)
    return total // 2, total - total // 2, places
