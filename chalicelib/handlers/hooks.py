"""What outside systems post to us: a route open to everybody, and heard only with the right signature."""

from chalicelib.handlers.http import PUBLIC, Api, Call
from chalicelib.services import shop_hooks

api = Api(__name__)


@api.post("/v1/hooks/shopify/{connection_id}", needs=PUBLIC, gives=None)
def take_shopify_news(call: Call) -> None:
    """What a connected store posts when something happens there.

    It is signed over its raw body with the secret of the store's app; without that it is as if there were no such
    address.
    """
    headers = {name.lower(): str(value) for name, value in call.request.headers.items()}
    raw = call.request.raw_body or b""
    shop_hooks.take(call.ctx, call.path["connection_id"], headers, raw.encode() if isinstance(raw, str) else raw)
