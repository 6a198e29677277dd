"""One picture through the whole of a stage: put where files are dropped, found, downloaded, taken away again.

IAM: s3:PutObject on the stage's `inbox` bucket.
"""

import hashlib
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from infra.deploy.errors import DeployError
from infra.deploy.founding import First
from infra.local.tools import ROOT

PICTURE = ROOT / "infra" / "sample" / "library" / "Autumn 26" / "Kitchen" / "AUR-MUG-01_front.jpg"
LIMIT_S = 180.0
PAUSE_S = 1.0
_FOLDER = "Smoke test"


@dataclass(frozen=True)
class Api:
    """The stage's API as somebody outside with the first key meets it."""

    url: str
    key: str

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON of the answer; raises DeployError with the problem it answered."""
        sent = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.key}", **({"Content-Type": "application/json"} if sent else {})}
        asked = urllib.request.Request(  # noqa: S310 our own address
            f"{self.url}{path}", sent, headers, method=method
        )
        try:
            with urllib.request.urlopen(asked, timeout=35) as answer:  # noqa: S310
                said = answer.read()
        except urllib.error.HTTPError as refusal:
            raise DeployError(f"{method} {path} answered {refusal.code}: {refusal.read()[:500]!r}") from refusal
        except OSError as away:
            raise DeployError(f"{self.url} does not answer: {away}") from away
        return json.loads(said) if said else None


def run(api: Api, s3: Any, inbox: str, first: First, sleep: Callable[[float], None] = time.sleep) -> str:
    """How long the picture took to be found. Raises DeployError where it stopped, and what to look at."""
    api.call("GET", "/v1/health")
    body, begun = PICTURE.read_bytes(), time.monotonic()
    name = f"smoke-{hashlib.sha256(str(time.time_ns()).encode()).hexdigest()[:12]}.jpg"
    s3.put_object(Bucket=inbox, Key=f"{first.workspace}/{_FOLDER}/{name}", Body=body)
    while not (found := api.call("GET", f"/v1/search?q=name:{name}")["items"]):
        if time.monotonic() - begun > LIMIT_S:
            raise DeployError(
                f"A picture put into {inbox} was not found within {LIMIT_S:.0f} s. Look at /v1/ingest, then at the log "
                "groups route_events, ingest_object and index_changes. The picture is safe where it is."
            )
        sleep(PAUSE_S)
    took_s = time.monotonic() - begun
    asset = api.call("GET", f"/v1/assets/{found[0]['id']}")
    if not asset["renditions"]:
        raise DeployError("The picture was found but has no renditions. Look at the log group of the picture function.")
    address = api.call("GET", f"/v1/assets/{asset['id']}/download?redirect=false")["url"]
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 signed by the stage
        if answer.read() != body:
            raise DeployError("The download is not what was put in.")
    api.call("DELETE", f"/v1/assets/{asset['id']}")
    return f"a picture was found {took_s:.1f} s after it was put in, and came back bit for bit"
