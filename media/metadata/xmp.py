"""Reads XMP packets: the few properties a picture library shows, from RDF in any of its spellings.

XML goes through defusedxml with document types forbidden, so entities cannot expand and nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

MAX_PACKET_BYTES = 8 << 20
MAX_VALUES = 2000

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NAMESPACES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://ns.adobe.com/exif/1.0/aux/": "aux",
    "http://cipa.jp/exif/1.0/": "exifEX",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://ns.adobe.com/lightroom/1.0/": "lr",
}
_ROOT = re.compile(rb"<(?:x:xmpmeta|x:xapmeta|rdf:RDF)[\s>].*</(?:x:xmpmeta|x:xapmeta|rdf:RDF)>", re.DOTALL)


def read(packet: bytes) -> dict[str, list[str]]:
    """Return values by "prefix:name" (our prefixes, whatever the packet's), each trimmed and non-empty, in
    order.

    Of language alternatives the default one comes first. An unreadable or forbidden packet has no values.
    """
    root = _parse(packet)
    found: dict[str, list[str]] = {}
    if root is None:
        return found
    for description in root.iter(_RDF + "Description"):
        for name, values in _properties(description):
            found.setdefault(name, []).extend(values[: MAX_VALUES - len(found.get(name, ()))])
    return found


def _parse(packet: bytes) -> Element | None:
    if len(packet) > MAX_PACKET_BYTES:
        return None
    for text in _candidates(packet):
        try:
            root: Element = fromstring(text, forbid_dtd=True)
        except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError):
            continue
        return root
    return None


def _candidates(packet: bytes) -> Iterator[bytes]:
    """The packet as it is, then only the part between its outermost tags: writers pad with NULs and odd
    headers.
    """
    clean = packet.strip(b"\0 \r\n\t")
    yield clean
    body = _ROOT.search(clean)
    if body is not None:
        yield body.group()


def _properties(description: Element) -> Iterator[tuple[str, list[str]]]:
    for attribute, value in description.attrib.items():
        name = _short(attribute)
        if name and value.strip():
            yield name, [value.strip()]
    for child in description:
        name = _short(child.tag)
        values = _values(child)
        if name and values:
            yield name, values


def _short(tag: str) -> str | None:
    namespace, _, name = tag.removeprefix("{").partition("}")
    prefix = _NAMESPACES.get(namespace)
    return f"{prefix}:{name}" if prefix and name else None


def _values(node: Element) -> list[str]:
    items = list(node.iter(_RDF + "li"))
    if not items:
        return _texts([node])
    items.sort(key=lambda item: item.get(_LANG, "x-default") != "x-default")
    return _texts(items)


def _texts(nodes: list[Element]) -> list[str]:
    texts = ("".join(node.itertext()).strip() for node in nodes[:MAX_VALUES])
    return [text for text in texts if text]
