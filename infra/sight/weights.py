"""Reads the weights out of a file of the older torch format, without torch and without trusting it.

Such a file is five pickles and then the raw numbers. The pickles may name four things and nothing else; whatever else
they ask for is refused before it is looked up.
"""

import io
import pickle
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

_MAGIC = 0x1950A86A20F9469CFC6C
_PROTOCOL = 1001
_STORAGES: Mapping[str, np.dtype[Any]] = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}
_MOST_NUMBERS = 50_000_000


class NotWeights(ValueError):
    """The file is no such file, or asks for something that weights never need."""


class _Storage:
    """One run of numbers, filled once the pickles are read."""

    def __init__(self, kind: str, length: int) -> None:
        self.kind, self.length = kind, length
        self.numbers: NDArray[Any] | None = None


class _Tensor:
    """A view of a storage, looked at once that is filled."""

    def __init__(self, storage: _Storage, offset: int, size: tuple[int, ...], stride: tuple[int, ...]) -> None:
        self._given = storage, offset, tuple(size), tuple(stride)

    def array(self) -> NDArray[Any]:
        storage, offset, size, stride = self._given
        reach = sum((length - 1) * step for length, step in zip(size, stride, strict=True))
        is_within = offset >= 0 and min(size, default=1) > 0 and min(stride, default=0) >= 0
        if storage.numbers is None or not is_within or offset + reach >= storage.length:
            raise NotWeights("A tensor reaches beyond its numbers.")
        steps = [step * storage.numbers.itemsize for step in stride]
        return as_strided(storage.numbers[offset:], size, steps, writeable=False)


class _Reader(pickle.Unpickler):
    """Unpickles plain values, ordered dictionaries and tensors."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self.storages: dict[str, _Storage] = {}

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, size, stride, *_: _Tensor(storage, offset, size, stride)
        if module == "torch" and name in _STORAGES:
            return name
        raise NotWeights(f"The file asks for {module}.{name}.")

    def persistent_load(self, given: Any) -> _Storage:
        what, kind, key, _, length, _ = given
        if what != "storage" or kind not in _STORAGES or not 0 <= length <= _MOST_NUMBERS:
            raise NotWeights("The file refers to something that is no run of numbers.")
        return self.storages.setdefault(str(key), _Storage(kind, length))


def read(body: bytes) -> Mapping[str, NDArray[Any]]:
    """The tensors of the file by name. Raises `NotWeights` for anything else, a file cut short included."""
    file = io.BytesIO(body)
    try:
        if [_Reader(file).load() for _ in range(2)] != [_MAGIC, _PROTOCOL]:
            raise NotWeights("This is no file of weights.")
        _Reader(file).load()
        reader = _Reader(file)
        found = reader.load()
        for key in _Reader(file).load():
            _fill(reader.storages[str(key)], file)
        return {str(name): tensor.array() for name, tensor in found.items()}
    except NotWeights:
        raise
    except Exception as problem:  # a pickle that is cut or swapped raises almost anything
        raise NotWeights(f"The weights cannot be read: {type(problem).__name__}.") from problem


def _fill(storage: _Storage, file: io.BytesIO) -> None:
    kind = _STORAGES[storage.kind]
    length = int.from_bytes(file.read(8), "little")
    body = file.read(storage.length * kind.itemsize)
    if length != storage.length or len(body) != storage.length * kind.itemsize:
        raise NotWeights("The file is cut short.")
    storage.numbers = np.frombuffer(body, kind)
