"""Names people give: what two names mean the same, and which names can be kept."""

import hashlib
import unicodedata

from chalicelib.domain.ids import CollectionId
from chalicelib.errors import InvalidInput

MAX_NAME_CHARACTERS = 255
_MAX_KEY_BYTES = 900


def tidy(name: str) -> str:
    """The name in NFC without leading or trailing blanks; what is stored and shown."""
    return unicodedata.normalize("NFC", name).strip()


def fold(name: str) -> str:
    """What two names must share to be the same name: NFC and casefold, blanks trimmed."""
    return unicodedata.normalize("NFC", tidy(name).casefold())


def fold_hash(name: str) -> str:
    """32 hexadecimal signs of the folded name, for keys of bounded length."""
    return hashlib.sha256(fold(name).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def sort_key(name: str, identifier: str) -> str:
    """Orders items by folded name, then id; at most 900 bytes of name."""
    folded = fold(name).encode("utf-8", "replace")[:_MAX_KEY_BYTES].decode("utf-8", "ignore")
    return f"{folded}\x1f{identifier}"


def check_collection_name(name: str, field: str = "name") -> str:
    """The tidy name of a collection.

    Raises:
        InvalidInput: empty, over 255 characters, with a slash or a control sign, or only dots.
    """
    kept = tidy(name)
    if not kept:
        raise InvalidInput("A collection needs a name.", fields={field: "is empty"})
    if len(kept) > MAX_NAME_CHARACTERS:
        raise InvalidInput("This name is too long.", fields={field: f"has more than {MAX_NAME_CHARACTERS} characters"})
    if "/" in kept or any(unicodedata.category(sign) in ("Cc", "Cs") for sign in kept):
        raise InvalidInput("This name cannot be used.", fields={field: "contains a slash or a control character"})
    if set(kept) == {"."}:
        raise InvalidInput("This name cannot be used.", fields={field: "consists of dots only"})
    return kept


def folder_name(part: str) -> str:
    """A collection name for any folder of a source: always valid, as close to the original as can be."""
    clean = "".join("_" if sign == "/" or unicodedata.category(sign) in ("Cc", "Cs") else sign for sign in tidy(part))
    clean = clean[:MAX_NAME_CHARACTERS].strip()
    return clean if clean and set(clean) != {"."} else "_" * max(1, len(clean))


def sibling_key(parent_id: CollectionId, name: str) -> str:
    """Key of the pointer row that keeps siblings unique."""
    return f"{parent_id}#{fold_hash(name)}"
