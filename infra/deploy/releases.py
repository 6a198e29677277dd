"""What was deployed, kept in a bucket of the stage: templates, zips and the web app by the digest of their bytes, and a
numbered note a release that names them. So the release before can be had again, byte for byte.

IAM: s3:CreateBucket, PutBucketVersioning, PutBucketPublicAccessBlock, ListBucket, GetObject, PutObject on the stage's
`releases` bucket.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy.errors import DeployError

ZIPS = ("deployment.zip", "media.zip")
_NOTES = "releases/"


@dataclass(frozen=True)
class Release:
    """A release: the keys of its templates by stack, and of the web app's files by path."""

    number: int
    templates: Mapping[str, str]
    site: Mapping[str, str]


@dataclass(frozen=True)
class Shelf:
    """The stage's bucket of releases."""

    s3: Any
    bucket: str
    region: str

    def open(self) -> None:
        """Make the bucket unless it is there: closed to the public, every version kept."""
        try:
            self.s3.head_bucket(Bucket=self.bucket)
            return
        except ClientError as absent:
            if absent.response["Error"]["Code"] not in ("404", "NoSuchBucket"):
                raise DeployError(f"The bucket {self.bucket} belongs to somebody else; set bucket_suffix.") from absent
        place = {} if self.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": self.region}}
        self.s3.create_bucket(Bucket=self.bucket, **place)
        self.s3.put_bucket_versioning(Bucket=self.bucket, VersioningConfiguration={"Status": "Enabled"})
        closed = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
        self.s3.put_public_access_block(Bucket=self.bucket, PublicAccessBlockConfiguration=dict.fromkeys(closed, True))

    def keep(self, name: str, body: bytes) -> str:
        """Put bytes there unless they are, under a key that follows from them; the key."""
        key = f"files/{hashlib.sha256(body).hexdigest()}/{name}"
        try:
            self.s3.head_object(Bucket=self.bucket, Key=key)
        except ClientError:
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=body)
        return key

    def read(self, key: str) -> bytes:
        return bytes(self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read())

    def url(self, key: str) -> str:
        """Where CloudFormation reads a template."""
        return f"{self.s3.meta.endpoint_url}/{self.bucket}/{key}"

    def package(self, build: Path, site: Path) -> Release:
        """Keep what `make package` built and the web app; the release that it would be, with the next number."""
        zips = {name: self.keep(name, (build / name).read_bytes()) for name in ZIPS}
        app = (build / "sam.yaml").read_text()
        for name, key in zips.items():
            app = app.replace(f"./{name}", f"s3://{self.bucket}/{key}")
        templates = {"app": self.keep("app.yml", app.encode())}
        templates |= {one: self.keep(f"{one}.yml", (build / f"{one}.yml").read_bytes()) for one in ("data", "edge")}
        files = {path: self.keep(Path(path).name, (site / path).read_bytes()) for path in _shown(site)}
        return Release(max(self.numbers(), default=0) + 1, templates, files)

    def note(self, release: Release) -> None:
        """Write a release down as the newest."""
        body = json.dumps(asdict(release), indent=1).encode()
        self.s3.put_object(Bucket=self.bucket, Key=f"{_NOTES}{release.number:06d}.json", Body=body)

    def numbers(self) -> list[int]:
        """The numbers of all releases, oldest first."""
        told = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=_NOTES)
        keys = [one["Key"] for page in told for one in page.get("Contents", [])]
        return sorted(int(key.removeprefix(_NOTES).removesuffix(".json")) for key in keys)

    def release(self, number: int) -> Release:
        return Release(**json.loads(self.read(f"{_NOTES}{number:06d}.json")))

    def before(self) -> Release:
        """What was deployed before the newest release. Raises DeployError when there is none."""
        numbers = self.numbers()
        if len(numbers) < 2:
            raise DeployError("There is no release before this one, so there is no way back. Nothing was touched.")
        newest = self.release(numbers[-1])
        for number in reversed(numbers[:-1]):
            found = self.release(number)
            if (found.templates["app"], found.site) != (newest.templates["app"], newest.site):
                return found
        raise DeployError("Every release before this one is the same. Nothing was touched.")


def _shown(site: Path) -> Iterable[str]:
    """Paths of what browsers may load: not types, nothing hidden."""
    for path in sorted(site.rglob("*")):
        relative = path.relative_to(site)
        if path.is_file() and relative.parts[0] != "types" and not any(one.startswith(".") for one in relative.parts):
            yield relative.as_posix()
