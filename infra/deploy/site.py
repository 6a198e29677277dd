"""Put the web app of a release up. `index.html` last, so that nobody gets a page whose modules are not there yet.

IAM: s3:PutObject, s3:ListBucket on the stage's `web` bucket, cloudfront:CreateInvalidation.
"""

import secrets
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from infra.deploy.releases import Release, Shelf
from infra.local.statics import content_type

_LAST = "index.html"


def put(s3: Any, bucket: str, shelf: Shelf, release: Release) -> int:
    """Put every file; how many. Files of older releases stay, for pages that are open now."""
    for path, key in sorted(release.site.items(), key=lambda one: (one[0] == _LAST, one[0])):
        s3.put_object(
            Bucket=bucket,
            Key=path,
            Body=shelf.read(key),
            ContentType=content_type(PurePosixPath(path)),
            CacheControl="no-cache",
        )
    return len(release.site)


def tell_edges(cloudfront: Any, outputs: Mapping[str, str]) -> None:
    """Have the edges ask for the files anew."""
    cloudfront.create_invalidation(
        DistributionId=outputs["AppDistributionId"],
        InvalidationBatch={"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": secrets.token_hex(8)},
    )
