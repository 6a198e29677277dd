"""The drop watcher as a process: what it watches, where files go, how it ends.

python -m infra.local.drop_main
"""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, BinaryIO

import boto3
from boto3.s3.transfer import TransferConfig

from infra.local import homes
from infra.local.drop import Watcher, Way
from infra.local.drop_ledger import Ledger

PART_BYTES = 8 * 1024 * 1024
REFUSE_LIMIT_S = 60
# One thread a file: the parallel work is between files, and parts of a changing file must not interleave.
TRANSFER = TransferConfig(multipart_threshold=PART_BYTES, multipart_chunksize=PART_BYTES, use_threads=False)


def putting(s3: Any, bucket: str, file: BinaryIO, key: str, size_bytes: int) -> None:
    """Store an open file as a new version of `key`, in parts of 8 MiB when it is larger."""
    if size_bytes < PART_BYTES:
        s3.put_object(Bucket=bucket, Key=key, Body=file)
    else:
        s3.upload_fileobj(file, bucket, key, Config=TRANSFER)


def refusing(workspace: str, path: str, size_bytes: int) -> None:
    """Have the product write down that this file cannot come in, so that a person sees it."""
    message = json.dumps({"workspace": workspace, "path": path, "size_bytes": size_bytes})
    subprocess.run(
        [sys.executable, "-m", "chalicelib.handlers.cli", "refuse"],
        input=message.encode(),
        stdout=subprocess.DEVNULL,
        timeout=REFUSE_LIMIT_S,
        check=True,
    )


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    home = homes.folder(os.environ)
    bucket = f"packshot-{os.environ['PACKSHOT_STAGE']}-inbox{os.environ['PACKSHOT_BUCKET_SUFFIX']}"
    s3 = boto3.client("s3")

    def put(file: BinaryIO, key: str, size_bytes: int) -> None:
        putting(s3, bucket, file, key, size_bytes)

    root = home / "drop"
    root.mkdir(parents=True, exist_ok=True)
    limit = int(os.environ["PACKSHOT_MAX_OBJECT_BYTES"])
    watcher = Watcher(root, Ledger(Path(home / "drop.sqlite")), Way(put, refusing, limit))
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=watcher.stop).start())
    watcher.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
