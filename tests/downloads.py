"""Downloads of many files, for tests: ask, let the job run, open the ZIP."""

import io
import zipfile
from typing import Any

import requests

from chalicelib.handlers.jobs import WORKS
from chalicelib.services import jobs
from tests.builders import Shop, call


def asked(shop: Shop, key: str, selection: dict[str, Any], **more: Any) -> str:
    """The id of a queued download."""
    reply = call("POST", "/v1/downloads", {"selection": selection, **more}, Authorization=f"Bearer {key}")
    assert reply.status == 202, reply.body
    return str(reply.body["job_id"])


def ran(shop: Shop, key: str, job_id: str) -> dict[str, Any]:
    """The job after a run, as the holder of this key sees it."""
    jobs.run(shop.ctx, WORKS, shop.workspace, job_id)
    return seen(key, job_id)


def seen(key: str, job_id: str) -> dict[str, Any]:
    """The job as the holder of this key sees it."""
    return dict(call("GET", f"/v1/jobs/{job_id}", Authorization=f"Bearer {key}").body)


def downloaded(shop: Shop, key: str, selection: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The job of a download that was asked for and run."""
    return ran(shop, key, asked(shop, key, selection, **more))


def unpacked(job: dict[str, Any]) -> dict[str, bytes]:
    """The files in its ZIP, every checksum compared."""
    answer = requests.get(job["result"]["url"], timeout=20)
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}
