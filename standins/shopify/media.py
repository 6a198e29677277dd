"""What becomes of the bytes of a file: they are really read, some time after they came."""

import io
import warnings

from PIL import Image, UnidentifiedImageError

from standins.shopify.store import Record, Store

MOST_BYTES = 20 * 1000 * 1000
MOST_PIXELS = 20 * 1000 * 1000
MOST_ASPECT = 100
KINDS = {"JPEG": (".jpg", ".jpeg"), "PNG": (".png",), "WEBP": (".webp",), "GIF": (".gif",)}
_SAYS = {
    "INVALID_IMAGE_FILE_SIZE": "The file is larger than 20 MB.",
    "INVALID_IMAGE_RESOLUTION": "The image has more than 20 megapixels.",
    "INVALID_IMAGE_ASPECT_RATIO": "The image is too long for its height.",
    "UNSUPPORTED_IMAGE_FILE_TYPE": "The file is not an image of a known kind.",
    "IMAGE_PROCESSING_FAILURE": "The image could not be read to its end.",
    "IMAGE_DOWNLOAD_FAILURE": "There is nothing at the source of the image.",
}


def new_file(store: Store, name: str, alt: str | None, digest: str | None, by: str) -> Record:
    """A file that begins to be processed; without bytes it will fail."""
    now = store.clock.seconds()
    one: Record = {
        "__typename": "MediaImage", "id": store.gid("MediaImage"), "alt": alt or "", "mediaContentType": "IMAGE",
        "fileErrors": [], "_name": name, "_made_s": now, "_created_at": store.clock.stamp(),
        "_updated_at": store.clock.stamp(), "_status": "UPLOADED", "_digest": None, "_width": None, "_height": None,
        "_v": 0, "_by": by, "_locked": False, "_next": None, "_started": now, "_due": None,
    }  # fmt: skip
    return take_bytes(store, one, digest)


def take_bytes(store: Store, one: Record, digest: str | None) -> Record:
    """New bytes for a file; the old ones stay until these were read well."""
    now = store.clock.seconds()
    due = now + float(store.setting("upload_s")) + float(store.setting("processing_s"))
    one |= {"_next": digest, "_started": now, "_due": due, "_updated_at": store.clock.stamp()}
    return store.put("file", one)


def shown_status(store: Store, one: Record) -> str:
    """The state of a file at this moment."""
    if one["_due"] is None:
        return str(one["_status"])
    return "UPLOADED" if store.clock.seconds() < one["_started"] + float(store.setting("upload_s")) else "PROCESSING"


def image_of(one: Record) -> Record | None:
    """What the last good bytes of a file show."""
    if one["_digest"] is None:
        return None
    return {"width": one["_width"], "height": one["_height"], "_name": one["_name"], "_v": one["_v"]}


def process(store: Store, one: Record) -> None:
    """The processing of a file comes to its end."""
    digest = one["_next"]
    told = judged(store.bytes_of(digest), one["_name"]) if digest else "IMAGE_DOWNLOAD_FAILURE"
    if isinstance(told, str):
        one |= {"_status": "FAILED", "fileErrors": [{"code": told, "message": _SAYS[told], "details": None}]}
    else:
        one |= {"_status": "READY", "fileErrors": [], "_digest": digest, "_width": told[0], "_height": told[1]}
        one["_v"] = int(store.clock.seconds() * 1000)
    one |= {"_next": None, "_due": None, "_updated_at": store.clock.stamp()}
    store.put("file", one)


def judged(body: bytes, name: str) -> tuple[int, int] | str:
    """Width and height, or the vendor's code for what is wrong."""
    if len(body) > MOST_BYTES:
        return "INVALID_IMAGE_FILE_SIZE"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(body))
        width, height = opened.size
        if opened.format not in KINDS or not name.lower().endswith(KINDS[opened.format]):
            return "UNSUPPORTED_IMAGE_FILE_TYPE"
        if width * height > MOST_PIXELS:
            return "INVALID_IMAGE_RESOLUTION"
        if max(width, height) > MOST_ASPECT * min(width, height):
            return "INVALID_IMAGE_ASPECT_RATIO"
        opened.draft("RGB", (width // 8 or 1, height // 8 or 1))
        opened.load()
    except UnidentifiedImageError:
        return "UNSUPPORTED_IMAGE_FILE_TYPE"
    except Image.DecompressionBombError:
        return "INVALID_IMAGE_RESOLUTION"
    except (OSError, SyntaxError, ValueError):
        return "IMAGE_PROCESSING_FAILURE"
    return width, height
