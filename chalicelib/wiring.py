"""Composition root: settings become a context. The only place that builds clients, reads the clock, makes ids."""

import os
import random
import secrets
import tempfile
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path

import boto3
from botocore.config import Config

from chalicelib import observe, settings as configuration
from chalicelib.adapters.cipher import AesCipher
from chalicelib.adapters.drive_google import GoogleDrive
from chalicelib.adapters.drop_sts import StsDropKeys
from chalicelib.adapters.mail_ses import SesMail
from chalicelib.adapters.media_lambda import LambdaMedia
from chalicelib.adapters.queue_sqs import SqsQueue
from chalicelib.adapters.rekognition import RekognitionLabels
from chalicelib.adapters.search_objects import IndexObjects
from chalicelib.adapters.search_tantivy import TantivySearch
from chalicelib.adapters.shopify_admin import ShopifyShop
from chalicelib.adapters.store_s3 import S3Store
from chalicelib.domain import ids, sealing
from chalicelib.models import base
from chalicelib.ports.context import Context

_MARGIN_S = 15


@lru_cache(maxsize=1)
def context() -> Context:
    """The context of this process, built at the first call."""
    if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
        observe.write_bare()
    return build(configuration.load())


_ADDRESSES = {"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"}
"""Signed addresses name the bucket's region: the global name answers other regions by a redirect, which no browser
follows with a PUT to another origin."""


def _is_aws() -> bool:
    return not {"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"} & os.environ.keys()


def build(settings: configuration.Settings) -> Context:
    """A context on AWS, or on whatever the AWS endpoint variables lead to; binds the tables' names."""
    base.bind(settings)
    session = boto3.session.Session()
    retries = {"total_max_attempts": 5, "mode": "standard"}
    steady = Config(retries=retries)  # type: ignore[arg-type]
    signing = Config(retries=retries, signature_version="s3v4", s3=_ADDRESSES if _is_aws() else {})  # type: ignore[arg-type]
    patient = Config(read_timeout=settings.media_wall_s + _MARGIN_S, retries={"total_max_attempts": 1})
    once = Config(retries={"total_max_attempts": 1})
    brief = Config(connect_timeout=3, read_timeout=15, retries={"total_max_attempts": 1})
    parameters = session.client("ssm", config=steady)
    master: list[bytes] = []
    subkeys: dict[str, bytes] = {}

    def secret(purpose: str) -> bytes:
        if not master:
            found = parameters.get_parameter(Name=settings.master_key_parameter, WithDecryption=True)
            master.append(found["Parameter"]["Value"].encode())
        if purpose not in subkeys:
            subkeys[purpose] = sealing.subkey(master[0], purpose)
        return subkeys[purpose]

    def now() -> datetime:
        return datetime.now(UTC)

    s3 = session.client("s3", config=signing)
    search = TantivySearch(
        IndexObjects(s3, settings.bucket("index")),
        Path(settings.index_folder or Path(tempfile.gettempdir()) / "packshot-index"),
        settings.index_bytes,
        now=now,
        new_id=new_id,
    )
    return Context(
        settings=settings,
        store=S3Store(s3, settings),
        queue=SqsQueue(session.client("sqs", config=steady), settings),
        media=LambdaMedia(session.client("lambda", config=patient), settings),
        search=search,
        cipher=AesCipher(lambda: secret("connection-credentials"), os.urandom),
        drive=partial(GoogleDrive, settings.drive_url, spread=random.random),
        shop=lambda host, credentials: ShopifyShop(
            settings.shopify_url, host, credentials, now=now, spread=random.random
        ),
        mail=SesMail(session.client("sesv2", config=once), settings),
        drop_keys=StsDropKeys(session.client("sts", config=steady), s3, settings),
        labels=RekognitionLabels(
            session.client("rekognition", config=brief),
            is_there=_is_aws() or "AWS_ENDPOINT_URL_REKOGNITION" in os.environ,
        ),
        secret=secret,
        now=now,
        new_id=new_id,
        new_secret=lambda: secrets.token_urlsafe(32),
    )


def new_id() -> str:
    """A fresh id that sorts by time."""
    return ids.make_id(int(datetime.now(UTC).timestamp() * 1000), os.urandom(11))
