"""Mail on Amazon SES (API version 2).

IAM: ses:SendEmail on the identity of the sender. Limits (2026-11): a new account sends only to verified addresses and
200 mails a day until it is let out of the sandbox; the sender must be known in the same region. SES has no token that
makes a repeat harmless: what is sent twice arrives twice.
"""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.aws import classify
from chalicelib.domain.letters import Letter
from chalicelib.errors import UpstreamRejected
from chalicelib.settings import Settings

_REFUSED = {"BadRequestException", "InvalidParameterValue", "MessageRejected"}


class SesMail:
    """Mail from the stage's own address."""

    def __init__(self, client: Any, settings: Settings) -> None:
        self._ses = client
        self._from = settings.mail_from

    def send(self, letter: Letter) -> None:
        try:
            self._ses.send_email(
                FromEmailAddress=self._from,
                Destination={"ToAddresses": [letter.to]},
                Content={
                    "Simple": {
                        "Subject": {"Data": letter.subject, "Charset": "UTF-8"},
                        "Body": {"Text": {"Data": letter.text, "Charset": "UTF-8"}},
                    }
                },
            )
        except ClientError as problem:
            code = str(problem.response.get("Error", {}).get("Code", ""))
            if code in _REFUSED:
                raise UpstreamRejected(f"The mail was refused ({code}).") from problem
            raise classify(problem, "The mail service") from problem
        except BotoCoreError as problem:
            raise classify(problem, "The mail service") from problem
