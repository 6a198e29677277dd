"""What every cipher must do. Each sentence runs against AES and against one that keeps the texts itself."""

import itertools
import os
from collections.abc import Callable

import pytest

from chalicelib.adapters.cipher import AesCipher
from chalicelib.errors import UpstreamRejected
from chalicelib.ports.aws import Cipher


class KeptCipher:
    """What is sealed is a number; the texts stay here."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, str]] = {}
        self._numbers = itertools.count(1)

    def seal(self, about: str, text: str) -> str:
        sealed = f"kept-{next(self._numbers)}"
        self._kept[sealed] = (about, text)
        return sealed

    def open(self, about: str, sealed: str) -> str:
        known, text = self._kept.get(sealed, (None, ""))
        if known != about:
            raise UpstreamRejected("It cannot be opened.")
        return text


def aes() -> Cipher:
    key = os.urandom(32)
    return AesCipher(lambda: key, os.urandom)


@pytest.fixture(params=[aes, KeptCipher], ids=["aes", "kept"])
def make(request: pytest.FixtureRequest) -> Callable[[], Cipher]:
    made: Callable[[], Cipher] = request.param
    return made


@pytest.mark.parametrize("text", ["", "secret", "é🙂\n\x00", "x" * 100_000], ids=["empty", "plain", "odd", "long"])
def test_what_was_sealed_is_opened_as_it_was(make: Callable[[], Cipher], text: str) -> None:
    cipher = make()

    assert cipher.open("about", cipher.seal("about", text)) == text


def test_a_sealed_text_shows_nothing_and_never_looks_the_same_twice(make: Callable[[], Cipher]) -> None:
    cipher = make()

    first, second = cipher.seal("about", "refresh-7f1a"), cipher.seal("about", "refresh-7f1a")

    assert first != second
    assert "refresh-7f1a" not in first + second
    assert (first + second).isascii()


@pytest.mark.parametrize(
    "spoil",
    [lambda _: "", lambda sealed: sealed[:-4], lambda sealed: "A" * len(sealed), lambda sealed: f"{sealed}é"],
    ids=["empty", "cut", "other", "not its letters"],
)
def test_what_is_damaged_or_about_something_else_or_of_another_key_is_refused(
    make: Callable[[], Cipher], spoil: Callable[[str], str]
) -> None:
    cipher = make()
    sealed = cipher.seal("about", "secret")

    for about, text, opened_by in [
        ("about", spoil(sealed), cipher),
        ("other", sealed, cipher),
        ("about", sealed, make()),
    ]:
        with pytest.raises(UpstreamRejected):
            opened_by.open(about, text)
