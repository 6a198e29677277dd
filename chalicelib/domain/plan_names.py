"""How a picture is called in the store: its file's name, by which it is found again, and its alt text. Pure."""

import re
import unicodedata

from chalicelib.domain.ids import short_hash
from chalicelib.domain.shop import MOST_ALT
from chalicelib.domain.shots import kind_of

_ONLY_VARIANT = "Default Title"
_ODD = re.compile(r"[^a-z0-9]+")


def file_name(asset_id: str, sku: str, shot_type: str | None, position: int | None, ending: str) -> str:
    """A readable name that no other asset has; the last ten signs before the ending stand for the asset."""
    said = kind_of(shot_type) or ("" if position is None else f"{position:02d}")
    parts = [part for part in (_slug(sku)[:60], _slug(said)[:20]) if part]
    return f"{'_'.join(parts) or 'picture'}-{short_hash('file', asset_id)[:10]}.{ending}"


def renamed(name: str, ending: str) -> str:
    """The same name with this ending."""
    return f"{name.rpartition('.')[0]}.{ending}"


def alt_text(said: str | None, product: str, variant: str, shot_type: str | None) -> str:
    """What people said, else product, variant and shot type; never a file's name. Cut at a word."""
    view = kind_of(shot_type) or ""
    made = " ".join(part for part in (product, "" if variant == _ONLY_VARIANT else variant) if part)
    text = " ".join((said or (f"{made} - {view}" if view else made)).split())
    if len(text) <= MOST_ALT:
        return text
    return text[: MOST_ALT + 1].rpartition(" ")[0] or text[:MOST_ALT]


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return _ODD.sub("-", plain).strip("-")
