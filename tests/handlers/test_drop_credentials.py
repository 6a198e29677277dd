"""S3 keys that put files below one prefix and can do nothing else, held to it by the emulator's own authorisation."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from chalicelib.domain.access import Right
from tests.builders import Shop, a_photo, a_shop
from tests.handlers.people import may, somebody

Made = dict[str, Any]


def make(shop: Shop, **asked: Any) -> Made:
    reply = shop.call("POST", "/v1/drop-credentials", asked)
    assert reply.status == 201, reply.body
    return dict(reply.body)


def client(made: Made) -> Any:
    return boto3.client(
        "s3", endpoint_url=made["endpoint"], aws_access_key_id=made["access_key"],
        aws_secret_access_key=made["secret_key"], aws_session_token=made["session_token"],
        config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, signature_version="s3v4"),
    )  # fmt: skip


@pytest.mark.requirement("R41")
def test_a_file_put_with_lent_keys_becomes_an_asset_with_its_tags(shop: Shop) -> None:
    made = make(shop)

    put = client(made).put_object(
        Bucket=made["bucket"], Key=f"{made['prefix']}Spring/dress.jpg", Body=a_photo(), Tagging="title=Red%20dress"
    )
    shop.take("Spring/dress.jpg", put["VersionId"])

    homes = {one["path"]: one["id"] for one in shop.call("GET", "/v1/collections").body["items"]}
    (asset,) = shop.assets(collection_id=homes["Spring"])
    assert (asset["name"], asset["title"]) == ("dress.jpg", "Red dress")
    assert made["prefix"] == f"{shop.workspace}/"


def test_a_large_file_goes_in_parts(shop: Shop) -> None:
    made = make(shop)
    s3, where = client(made), {"Bucket": made["bucket"], "Key": f"{made['prefix']}big.bin"}

    begun = s3.create_multipart_upload(**where)["UploadId"]
    part = s3.upload_part(**where, UploadId=begun, PartNumber=1, Body=b"x")
    done = s3.complete_multipart_upload(
        **where, UploadId=begun, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    )

    assert done["Key"] == where["Key"]


BEYOND: dict[str, Callable[[Any, Made, str], Any]] = {
    "put below another workspace": lambda s3, at, other: s3.put_object(
        Bucket=at["bucket"], Key=f"{other}/a", Body=b"x"),
    "put below a longer name": lambda s3, at, _: s3.put_object(
        Bucket=at["bucket"], Key=f"{at['prefix'][:-1]}2/a", Body=b"x"),
    "put among begun uploads": lambda s3, at, _: s3.put_object(
        Bucket=at["bucket"], Key=f"{at['prefix']}_uploads/a", Body=b"x"),
    "put into another bucket": lambda s3, at, _: s3.put_object(
        Bucket=at["bucket"].replace("inbox", "originals"), Key=f"{at['prefix']}a", Body=b"x"),
    "get": lambda s3, at, _: s3.get_object(Bucket=at["bucket"], Key=f"{at['prefix']}a.jpg"),
    "head": lambda s3, at, _: s3.head_object(Bucket=at["bucket"], Key=f"{at['prefix']}a.jpg"),
    "delete": lambda s3, at, _: s3.delete_object(Bucket=at["bucket"], Key=f"{at['prefix']}a.jpg"),
    "list": lambda s3, at, _: s3.list_objects_v2(Bucket=at["bucket"], Prefix=at["prefix"]),
    "list versions": lambda s3, at, _: s3.list_object_versions(Bucket=at["bucket"], Prefix=at["prefix"]),
    "copy what is there": lambda s3, at, _: s3.copy_object(
        Bucket=at["bucket"], Key=f"{at['prefix']}b.jpg", CopySource=f"{at['bucket']}/{at['prefix']}a.jpg"),
    "list buckets": lambda s3, _at, _: s3.list_buckets(),
}  # fmt: skip


@pytest.mark.requirement("R41")
@pytest.mark.parametrize("act", BEYOND)
def test_lent_keys_do_nothing_but_put_below_their_own_prefix(shop: Shop, act: str) -> None:
    made = make(shop)
    s3 = client(made)
    s3.put_object(Bucket=made["bucket"], Key=f"{made['prefix']}a.jpg", Body=b"x")

    with pytest.raises(ClientError) as refused:
        BEYOND[act](s3, made, str(a_shop().workspace))

    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_lent_keys_end_when_they_are_asked_to(shop: Shop) -> None:
    made = make(shop, expires_s=900)

    left = datetime.fromisoformat(made["expires_at"]) - shop.ctx.now()
    assert timedelta(minutes=14) < left <= timedelta(minutes=15, seconds=5)


@pytest.mark.parametrize("asked", [0, 899, 3601, -1, "long"])
def test_a_time_that_keys_cannot_have_is_refused(shop: Shop, asked: Any) -> None:
    reply = shop.call("POST", "/v1/drop-credentials", {"expires_s": asked})

    assert (reply.status, "expires_s" in reply.body["fields"]) == (422, True)


def test_who_may_upload_only_somewhere_gets_no_keys_for_everywhere(shop: Shop) -> None:
    home = shop.call("POST", "/v1/collections", {"name": "Spring"}).body["id"]
    here, viewer = somebody(shop, may(Right.UPLOAD, collection_id=home)), somebody(shop, may(Right.VIEW))

    assert [one.call("POST", "/v1/drop-credentials", {}).status for one in (here, viewer)] == [403, 403]
