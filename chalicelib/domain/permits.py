"""The permit without which no address of an object can be signed for reading.

Only `services/egress.py` (what leaves to people), `services/exports.py` (files that jobs have made) and
`services/pictures.py` (what the picture function reads) may import this module; an import contract keeps it so.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Permit:
    """Allows one signed GET: of which object, for how long, and under which file name it arrives.

    `file_name` None means that the bytes go to our own picture function, not to a person.
    """

    bucket: str
    key: str
    expires_s: int
    file_name: str | None = None
    content_type: str | None = None
