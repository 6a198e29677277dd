"""S3 keys to drop files with."""

from pydantic import Field

from chalicelib.domain.access import Right
from chalicelib.handlers import schemas, shapes
from chalicelib.handlers.http import Answer, Api, Call, Needs
from chalicelib.services import drop_credentials
from chalicelib.services.drop_credentials import LONGEST_S, SHORTEST_S

api = Api(__name__)


class DropIn(schemas.Closed):
    """For how long."""

    expires_s: int = Field(LONGEST_S, ge=SHORTEST_S, le=LONGEST_S)


@api.post(
    "/v1/drop-credentials", needs=Needs("library", Right.UPLOAD), takes=DropIn, gives=shapes.DropCredentials, status=201
)
def make_drop_credentials(call: Call) -> Answer:
    """Make S3 keys that can only put files below the workspace's prefix. Ask again when they are over or refused."""
    lent = drop_credentials.lend(call.ctx, call.caller, call.read_body(DropIn).expires_s)
    keys = lent.keys
    body = {
        "access_key": keys.access_key,
        "secret_key": keys.secret_key,
        "session_token": keys.session_token,
        "endpoint": keys.endpoint,
        "bucket": keys.bucket,
        "prefix": lent.prefix,
        "expires_at": schemas.when(keys.expires_at),
    }
    return Answer(body, holds_secret=True)
