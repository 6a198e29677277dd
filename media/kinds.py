"""The kinds of file Packshot can tell apart, and which of them it can draw.

A table and two questions about it; how bytes are recognised is in `sniff`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FileType:
    """What a file is by its content: IANA media type, our short format name, and the broad kind of it."""

    mime: str
    format: str
    kind: str


_ROWS = (
    ("jpeg", "image/jpeg", "image", "JPEG picture"),
    ("png", "image/png", "image", "PNG picture"),
    ("webp", "image/webp", "image", "WebP picture"),
    ("gif", "image/gif", "image", "GIF picture"),
    ("tiff", "image/tiff", "image", "TIFF picture"),
    ("bmp", "image/bmp", "image", "BMP picture"),
    ("avif", "image/avif", "image", "AVIF picture"),
    ("heic", "image/heic", "image", "HEIC picture"),
    ("jxl", "image/jxl", "image", "JPEG XL picture"),
    ("jp2", "image/jp2", "image", "JPEG 2000 picture"),
    ("ico", "image/vnd.microsoft.icon", "image", "icon file"),
    ("psd", "image/vnd.adobe.photoshop", "image", "Photoshop file"),
    ("svg", "image/svg+xml", "image", "SVG drawing"),
    ("eps", "application/postscript", "image", "EPS drawing"),
    ("exr", "image/x-exr", "image", "OpenEXR picture"),
    ("dng", "image/x-adobe-dng", "image", "camera raw file"),
    ("cr2", "image/x-canon-cr2", "image", "camera raw file"),
    ("cr3", "image/x-canon-cr3", "image", "camera raw file"),
    ("nef", "image/x-nikon-nef", "image", "camera raw file"),
    ("arw", "image/x-sony-arw", "image", "camera raw file"),
    ("pef", "image/x-pentax-pef", "image", "camera raw file"),
    ("orf", "image/x-olympus-orf", "image", "camera raw file"),
    ("rw2", "image/x-panasonic-rw2", "image", "camera raw file"),
    ("raf", "image/x-fuji-raf", "image", "camera raw file"),
    ("pdf", "application/pdf", "document", "PDF document"),
    ("text", "text/plain", "document", "text file"),
    ("html", "text/html", "document", "web page"),
    ("xml", "application/xml", "document", "XML file"),
    ("mp4", "video/mp4", "video", "MP4 video"),
    ("mov", "video/quicktime", "video", "QuickTime video"),
    ("webm", "video/webm", "video", "WebM video"),
    ("mkv", "video/x-matroska", "video", "Matroska video"),
    ("avi", "video/x-msvideo", "video", "AVI video"),
    ("m4a", "audio/mp4", "audio", "M4A recording"),
    ("mp3", "audio/mpeg", "audio", "MP3 recording"),
    ("wav", "audio/wav", "audio", "WAV recording"),
    ("flac", "audio/flac", "audio", "FLAC recording"),
    ("ogg", "audio/ogg", "audio", "Ogg recording"),
    ("zip", "application/zip", "other", "ZIP archive"),
    ("gzip", "application/gzip", "other", "gzip archive"),
    ("7z", "application/x-7z-compressed", "other", "7-Zip archive"),
    ("rar", "application/vnd.rar", "other", "RAR archive"),
    ("unknown", "application/octet-stream", "other", "file of a kind we do not know"),
)

_TYPES = {name: FileType(mime, name, kind) for name, mime, kind, _ in _ROWS}
_TITLES = {name: title for name, _, _, title in _ROWS}

RENDERED = frozenset({"jpeg", "png", "webp", "gif", "tiff", "bmp"})


def of(format_name: str) -> FileType:
    """Return the row of one format name. Raises KeyError for a name that is not in the table."""
    return _TYPES[format_name]


def title(format_name: str) -> str:
    """Return how a shop person would call such a file: "JPEG picture", "MP4 video"."""
    return _TITLES[format_name]
