"""The picture host over the real product: only what was signed, only while it lasts."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain import sealing
from infra.local.media_host import Pictures
from tests.builders import Shop, a_photo


def ask(path: str) -> tuple[int, bytes]:
    got: list[int] = []
    environ: dict[str, Any] = {"REQUEST_METHOD": "GET", "PATH_INFO": path}
    body = b"".join(Pictures()(environ, lambda status, _: got.append(int(status[:3]))))
    return got[0], body


@pytest.fixture
def signed(shop: Shop) -> str:
    """The path of a real thumbnail."""
    shop.drop("a.jpg", a_photo())
    return str(shop.assets()[0]["thumb_url"]).removeprefix(shop.ctx.settings.media_url)


def test_a_signed_address_shows_the_picture(signed: str) -> None:
    status, body = ask(signed)

    assert (status, body[:4], body[8:12]) == (200, b"RIFF", b"WEBP")


@pytest.mark.requirement("R18")
def test_a_changed_address_shows_nothing(signed: str) -> None:
    _, hour, mac, key = signed.split("/", 3)
    workspace = key.split("/")[0]
    changed = [
        f"/{hour}/{mac[::-1]}/{key}",
        f"/{int(hour) + 1}/{mac}/{key}",
        f"/{hour}/{mac}/{key}x",
        f"/{hour}/{mac}/../{key}",
        f"/{hour}/{mac}/{key}/../../{workspace}",
        f"/{hour}/{mac}/",
        f"/{key}",
        "/",
        "/../../../etc/passwd",
        f"/{hour}/{mac}/\u00e9",
        f"/{'9' * 400}/{mac}/{key}",
    ]

    assert {path: ask(path)[0] for path in changed} == dict.fromkeys(changed, 404)


def test_an_address_that_is_over_is_gone(shop: Shop, signed: str) -> None:
    key = signed.split("/", 3)[3]
    old = sealing.seal_media_path(shop.ctx.secret("media"), key, shop.ctx.now() - timedelta(hours=2))

    assert ask(old) == (410, b"")
