"""DropKeys on AWS STS: a role that may put into the inbox, narrowed to one prefix by a policy of the session.

IAM: sts:AssumeRole on the drop role. Limits (2026-11): who has a role itself gets at most an hour, at least 15 minutes;
what was lent cannot be taken back. The prefix may hold no `*`, `?` or `$`: a policy would read them as patterns.
"""

import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.aws import classify
from chalicelib.errors import InvalidInput
from chalicelib.ports.aws import LentKeys
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_PUTS = ["s3:PutObject", "s3:PutObjectTagging"]
_LONGEST_NAME = 64


class StsDropKeys:
    """Keys for the inbox of one stage. The account is asked for once a process."""

    def __init__(self, sts: Any, s3: "S3Client", settings: Settings) -> None:
        self._sts, self._settings = sts, settings
        self._endpoint = s3.meta.endpoint_url
        self._role = ""

    def lend(self, name: str, prefix: str, kept_back: str, expires_s: int) -> LentKeys:
        if set(prefix + kept_back) & set("*?$"):
            raise InvalidInput("This prefix cannot be lent.")
        bucket = self._settings.bucket("inbox")
        try:
            lent = self._sts.assume_role(
                RoleArn=self._role_arn(),
                RoleSessionName=name[:_LONGEST_NAME],
                Policy=json.dumps(_policy(bucket, prefix, kept_back)),
                DurationSeconds=expires_s,
            )["Credentials"]
        except (ClientError, BotoCoreError) as problem:
            raise classify(problem, "The service that lends keys") from problem
        return LentKeys(
            lent["AccessKeyId"],
            lent["SecretAccessKey"],
            lent["SessionToken"],
            self._endpoint,
            bucket,
            lent["Expiration"],
        )

    def _role_arn(self) -> str:
        if not self._role:
            _, partition, _, _, account, _ = self._sts.get_caller_identity()["Arn"].split(":", 5)
            self._role = f"arn:{partition}:iam::{account}:role/{self._settings.drop_role}"
        return self._role


def _policy(bucket: str, prefix: str, kept_back: str) -> dict[str, Any]:
    place = f"arn:aws:s3:::{bucket}/"
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": _PUTS, "Resource": f"{place}{prefix}*"},
            {"Effect": "Deny", "Action": "s3:*", "Resource": f"{place}{kept_back}*"},
        ],
    }
