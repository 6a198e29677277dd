"""A ZIP of many originals, made by the genuine job against an emulated AWS of its own.

python -m benchmarks.downloads [--files 300] [--megabytes 3]

Everything of the job runs in this process, the emulators in others, so its peak is what the job takes. The files are
random bytes; the ZIP is read back at the end and every checksum compared. Linux only.
"""

import argparse
import os
import resource
import secrets
import tempfile
import time
import zipfile
from pathlib import Path

import boto3

from chalicelib import wiring
from chalicelib.domain import recipes
from chalicelib.domain.assets import Asset, Fields, Version
from chalicelib.domain.ids import ROOT, AssetId, VersionId, WorkspaceId
from chalicelib.models import assets, base, collection_items
from chalicelib.ports.context import Context
from chalicelib.services import bundles, jobs, signing, workspaces
from chalicelib.services.selections import Selection
from infra.local import stack


def filled(ctx: Context, workspace: WorkspaceId, files: int, size: int) -> list[str]:
    """So many assets of one name with originals of random bytes; their ids."""
    ids = []
    for _ in range(files):
        asset_id, version_id, now = AssetId(ctx.new_id()), VersionId(ctx.new_id()), ctx.now()
        ctx.store.put("originals", recipes.original_key(workspace, version_id), os.urandom(size))
        version = Version(
            version_id, 1, ("", "", ""), now, None, None, "photo.jpg", "0" * 64, size, "image", "image/jpeg", "jpeg",
            {}, None, (),
        )  # fmt: skip
        asset = Asset(asset_id, 1, Fields("photo.jpg"), (ROOT,), (), version, 1, now, now)
        base.transact([assets.add(workspace, asset), collection_items.put(workspace, ROOT, asset)])
        ids.append(str(asset_id))
    return ids


def peak_mb() -> float:
    """The most this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(files: int, size: int) -> None:
    """Make one ZIP and print what it took."""
    ctx = wiring.context()
    key, workspace = f"ps_{secrets.token_hex(5)}_{secrets.token_urlsafe(32)}", WorkspaceId(ctx.new_id())
    workspaces.found(ctx, workspaces.Founding(workspace, "Downloads", ctx.new_id(), "owner@shop.test", key))
    ids = filled(ctx, workspace, files, size)
    caller = signing.caller_of(ctx, key, None)
    job_id, _ = bundles.start(ctx, caller, Selection(ids=tuple(ids)), None, None, None)
    before, begun, cpu = peak_mb(), time.monotonic(), time.process_time()
    jobs.run(ctx, {bundles.DOWNLOAD: bundles.work}, workspace, job_id)
    took, used, peak = time.monotonic() - begun, time.process_time() - cpu, peak_mb()
    job = jobs.load(caller, job_id)
    assert job.result is not None, job
    print(
        f"{job.result['files']} files, {job.result['size_bytes'] / 2**20:,.0f} MiB: {took:.1f} s, {used:.1f} s of CPU"
    )
    print(f"peak {peak:.0f} MB, {peak - before:.0f} MB more than before the job")
    with tempfile.NamedTemporaryFile() as file:
        boto3.client("s3").download_file(ctx.settings.bucket("exports"), job.result["file"]["key"], file.name)
        with zipfile.ZipFile(file.name) as archive:
            print(f"read back: {len(set(archive.namelist()))} names, {archive.testzip() or 'every checksum right'}")


def main() -> None:
    """Start a stack, measure, stop it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--megabytes", type=float, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        running = stack.start(Path(folder))
        try:
            os.environ.update(running.env)
            run(given.files, int(given.megabytes * 2**20))
        finally:
            running.stop()


if __name__ == "__main__":
    main()
