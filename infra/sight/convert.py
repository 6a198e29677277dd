"""Turns EfficientNet-Lite2's weights into the network file that `media/network.py` runs.

Batch norms are folded into the convolutions before them. The same weights give the same file, byte for byte.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from infra.sight.weights import NotWeights
from media import network
from media.network import Layer

NAME, SIDE_PX = "efficientnet-lite2", 260
_EPSILON = 1e-3
_STAGES = ((1, 1), (3, 2), (3, 2), (4, 2), (4, 1), (5, 2), (1, 1))
"""How many blocks a stage has, and the stride of its first."""

Weights = Mapping[str, NDArray[Any]]
Folded = tuple[Layer, NDArray[np.float64], NDArray[np.float64]]


def convert(weights: Weights) -> bytes:
    """The network file. Raises `NotWeights` when a layer is missing or of another shape."""
    try:
        layers = list(_layers(weights))
    except (KeyError, ValueError) as problem:
        raise NotWeights(f"These are not the weights of {NAME}: {problem!r}.") from problem
    head = {"name": NAME, "side_px": SIDE_PX, "layers": [asdict(layer) for layer, _, _ in layers]}
    written = [network.MAGIC, json.dumps(head, separators=(",", ":")).encode(), b"\n"]
    for layer, numbers, bias in layers:
        written += [numbers.reshape(layer.weights).astype("<f2").tobytes(), bias.astype("<f4").tobytes()]
    return b"".join(written)


def _layers(weights: Weights) -> Iterator[Folded]:
    yield _full(weights, "_conv_stem", "_bn0", stride=2)
    block = 0
    for count, first_stride in _STAGES:
        for place in range(count):
            yield from _block(weights, f"_blocks.{block}.", first_stride if place == 0 else 1)
            block += 1
    yield _point(weights, "_conv_head", "_bn1", clip=True)
    last = weights["_fc.weight"].astype(np.float64).T
    inner, outer = last.shape
    yield Layer("linear", inner, outer, clip=False), last, weights["_fc.bias"].astype(np.float64)


def _block(weights: Weights, name: str, stride: int) -> Iterator[Folded]:
    made = []
    if f"{name}_expand_conv.weight" in weights:
        made.append(_point(weights, f"{name}_expand_conv", f"{name}_bn0", clip=True))
    made.append(_depthwise(weights, f"{name}_depthwise_conv", f"{name}_bn1", stride))
    layer, numbers, bias = _point(weights, f"{name}_project_conv", f"{name}_bn2", clip=False)
    is_added = stride == 1 and made[0][0].inner == layer.outer
    yield from made
    yield Layer(**{**asdict(layer), "skip": len(made) + 1 if is_added else 0}), numbers, bias


def _full(weights: Weights, name: str, norm: str, stride: int) -> Folded:
    numbers, scale, bias = _folded(weights, name, norm)
    outer, inner, kernel, _ = numbers.shape
    moved = (numbers * scale[:, None, None, None]).transpose(2, 3, 1, 0).reshape(-1, outer)
    return Layer("full", inner, outer, kernel, stride), moved, bias


def _depthwise(weights: Weights, name: str, norm: str, stride: int) -> Folded:
    numbers, scale, bias = _folded(weights, name, norm)
    outer, _, kernel, _ = numbers.shape
    return (
        Layer("depthwise", outer, outer, kernel, stride),
        (numbers[:, 0] * scale[:, None, None]).transpose(1, 2, 0),
        bias,
    )


def _point(weights: Weights, name: str, norm: str, *, clip: bool) -> Folded:
    numbers, scale, bias = _folded(weights, name, norm)
    outer, inner = numbers.shape[:2]
    return Layer("point", inner, outer, clip=clip), (numbers[:, :, 0, 0] * scale[:, None]).T, bias


def _folded(weights: Weights, name: str, norm: str) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[Any]]:
    gamma, beta, mean, variance = (
        weights[f"{norm}.{part}"].astype(np.float64) for part in ("weight", "bias", "running_mean", "running_var")
    )
    scale = gamma / np.sqrt(variance + _EPSILON)
    return weights[f"{name}.weight"].astype(np.float64), scale, beta - mean * scale
