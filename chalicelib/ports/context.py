"""Everything outside, carried to every service together with the clock and the makers of ids and secrets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.ports.aws import Cipher, DropKeys, JobQueue, Mail, Media
from chalicelib.ports.drive import OpensDrive
from chalicelib.ports.labels import Labels
from chalicelib.ports.objects import ObjectStore
from chalicelib.ports.search import SearchIndex
from chalicelib.ports.shop import Shop
from chalicelib.settings import Settings


@dataclass(frozen=True)
class Context:
    """The outside world, built once in `wiring.py` and handed to every service."""

    settings: Settings
    store: ObjectStore
    queue: JobQueue
    media: Media
    search: SearchIndex
    cipher: Cipher
    drive: OpensDrive
    shop: Callable[[str, Mapping[str, Any]], Shop]
    """The store at this host name (`….myshopify.com`), reached with these credentials."""
    mail: Mail
    drop_keys: DropKeys
    labels: Labels
    secret: Callable[[str], bytes]
    """A 32-byte key for one purpose, always the same for the same purpose."""
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    new_secret: Callable[[], str]
    """43 URL-safe signs, 256 bits."""
    address: str = ""
    """Where in the network the request comes from; empty of what Packshot does by itself."""
