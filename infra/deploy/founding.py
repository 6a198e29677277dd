"""What a stage needs once: the master key, the gate's key at the edge, the first workspace with its owner.

IAM: ssm:PutParameter and GetParameter on `/packshot/<stage>/master-key`, cloudfront-keyvaluestore:DescribeKeyValueStore
and PutKey, and what the founding command of the product does: reads and writes of the stage's tables.
"""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.domain import sealing
from chalicelib.wiring import new_id
from infra.deploy.errors import DeployError
from infra.deploy.stage import Stage

_NOTE = "first-workspace.json"


@dataclass(frozen=True)
class First:
    """The first workspace; `api_key` is only known to whoever deployed first."""

    workspace: str
    member_id: str
    api_key: str


def master_key(ssm: Any, stage: Stage) -> bytes:
    """The master key, made if there is none and never changed: all keys, sessions and sealed secrets hang on it."""
    name = f"/packshot/{stage.name}/master-key"
    try:
        ssm.put_parameter(Name=name, Type="SecureString", Value=secrets.token_urlsafe(48), Overwrite=False)
    except ClientError as there:
        if there.response["Error"]["Code"] != "ParameterAlreadyExists":
            raise DeployError(f"The master key cannot be stored: {there}") from there
    return bytes(ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"].encode())


def open_gate(keys: Any, arn: str, master: bytes) -> None:
    """Give the media host's gate its key, so that it opens exactly the addresses that the product seals."""
    mark = keys.describe_key_value_store(KvsARN=arn)["ETag"]
    keys.put_key(KvsARN=arn, IfMatch=mark, Key="media-key", Value=sealing.subkey(master, "media").hex())


def edge_mark(master: bytes) -> str:
    """What the app's host puts on each request to the API, and what the product expects there."""
    return sealing.subkey(master, "edge").hex()


def first_workspace(session: Any, stage: Stage, s3: Any, bucket: str, environment: Mapping[str, str]) -> First:
    """Found it unless it is there. Its ids and key are kept in `bucket` before it is made, so a repeat ends the same.

    Raises:
        DeployError: the founding command failed; its words are in the text.
    """
    try:
        first = First(**json.loads(s3.get_object(Bucket=bucket, Key=_NOTE)["Body"].read()))
    except ClientError as absent:
        if absent.response["Error"]["Code"] not in ("NoSuchKey", "404"):
            raise
        first = First(new_id(), new_id(), f"ps_{new_id()[:10]}_{secrets.token_urlsafe(32)}")
        s3.put_object(Bucket=bucket, Key=_NOTE, Body=json.dumps(first.__dict__).encode())
    found = session.get_credentials().get_frozen_credentials()
    asked = {
        "workspace": first.workspace,
        "name": stage.workspace,
        "member_id": first.member_id,
        "email": stage.owner_email,
        "api_key": first.api_key,
    }
    held = {
        "AWS_ACCESS_KEY_ID": found.access_key,
        "AWS_SECRET_ACCESS_KEY": found.secret_key,
        **({"AWS_SESSION_TOKEN": found.token} if found.token else {}),
        "AWS_DEFAULT_REGION": stage.region,
        "PACKSHOT_STAGE": stage.name,
        "PACKSHOT_URL": f"https://{stage.app_host}",
        "PACKSHOT_MEDIA_URL": f"https://{stage.media_host}",
        "PACKSHOT_MAIL_FROM": stage.mail_from,
        "PACKSHOT_BUCKET_SUFFIX": stage.bucket_suffix,
    }
    done = subprocess.run(
        [sys.executable, "-m", "chalicelib.handlers.cli", "found"],
        input=json.dumps(asked),
        env={**os.environ, **held, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode:
        raise DeployError(f"The first workspace could not be made:\n{done.stderr[-2000:]}")
    return first
