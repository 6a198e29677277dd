"""What a picture says about itself, as studios write it: EXIF, XMP, and IPTC in Photoshop's own segment."""

from xml.sax.saxutils import escape

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from infra.sample.catalogue import Picture

CREATOR = "Packshot sample studio"
RIGHTS = "Packshot contributors, Apache-2.0"
MAKE, MODEL, LENS = "Packshot", "Ray camera", "85 mm"
OFFSET = "+01:00"
DAY, MOMENT = "%Y:%m:%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"
_NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
}


def exif(picture: Picture) -> Image.Exif:
    """Camera, moment and rights; with "gps" the place of the studio too. Empty without "exif"."""
    tags = Image.Exif()
    if "exif" not in picture.embed:
        return tags
    taken = picture.shot_at.strftime(DAY)
    tags[Base.Make], tags[Base.Model] = MAKE, MODEL
    tags[Base.Artist], tags[Base.Copyright] = CREATOR, RIGHTS
    tags[Base.DateTime] = taken
    own = tags.get_ifd(IFD.Exif)
    own[Base.DateTimeOriginal] = taken
    own[Base.OffsetTimeOriginal] = OFFSET
    own[Base.LensModel] = LENS
    own[Base.FocalLength] = 85.0
    own[Base.ISOSpeedRatings] = 100
    if "gps" in picture.embed:
        latitude, longitude = picture.place
        place = tags.get_ifd(IFD.GPSInfo)
        place[GPS.GPSLatitudeRef], place[GPS.GPSLatitude] = "N" if latitude >= 0 else "S", _degrees(latitude)
        place[GPS.GPSLongitudeRef], place[GPS.GPSLongitude] = "E" if longitude >= 0 else "W", _degrees(longitude)
    return tags


def xmp(picture: Picture) -> bytes:
    """Title, words, keywords, rights and rating; b"" without "xmp"."""
    if "xmp" not in picture.embed:
        return b""
    names = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in _NAMESPACES.items())
    rating = f' xmp:Rating="{picture.rating}"' if picture.rating is not None else ""
    created = picture.shot_at.strftime(MOMENT) + OFFSET
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" {names} photoshop:DateCreated="{created}"{rating}>
<dc:title>{_in_language(picture.title)}</dc:title>
<dc:description>{_in_language(picture.description)}</dc:description>
<dc:rights>{_in_language(RIGHTS)}</dc:rights>
<dc:creator><rdf:Seq>{_item(CREATOR)}</rdf:Seq></dc:creator>
<dc:subject><rdf:Bag>{"".join(_item(word) for word in picture.keywords)}</rdf:Bag></dc:subject>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>""".encode()


def photoshop_segment(picture: Picture) -> bytes:
    """The JPEG segment APP13 with an IPTC record; b"" without "iptc"."""
    if "iptc" not in picture.embed:
        return b""
    record = _dataset(1, 90, b"\x1b%G") + _dataset(2, 0, b"\x00\x04")
    for number, text in (
        (5, picture.title),
        *((25, word) for word in picture.keywords),
        (55, picture.shot_at.strftime("%Y%m%d")),
        (60, picture.shot_at.strftime("%H%M%S") + OFFSET.replace(":", "")),
        (80, CREATOR),
        (116, RIGHTS),
        (120, picture.description),
    ):
        record += _dataset(2, number, text.encode())
    resource = b"8BIM\x04\x04\x00\x00" + len(record).to_bytes(4, "big") + record + b"\x00" * (len(record) % 2)
    body = b"Photoshop 3.0\x00" + resource
    return b"\xff\xed" + (len(body) + 2).to_bytes(2, "big") + body


def _dataset(record: int, number: int, value: bytes) -> bytes:
    return bytes((0x1C, record, number)) + len(value).to_bytes(2, "big") + value


def _degrees(value: float) -> tuple[float, float, float]:
    minutes = abs(value) % 1 * 60
    return (float(int(abs(value))), float(int(minutes)), round(minutes % 1 * 60, 2))


def _in_language(text: str) -> str:
    return f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(text)}</rdf:li></rdf:Alt>'


def _item(text: str) -> str:
    return f"<rdf:li>{escape(text)}</rdf:li>"
