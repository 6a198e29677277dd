"""What has come due in a shop happens before anything else is answered."""

from standins.shopify import bulk, hooks, media, products
from standins.shopify.store import Store

_ACTS = {"file": media.process, "job": products.finish_job, "bulk": bulk.finish}


def settle(store: Store) -> None:
    """Everything happens whose time has come. The caller holds the lock of the shop."""
    for kind, one in store.due():
        _ACTS[kind](store, one)
        if kind == "bulk":
            told = {"admin_graphql_api_id": one["id"], "status": one["status"].lower(), "type": "query",
                    "error_code": (one["errorCode"] or "").lower() or None}  # fmt: skip
            hooks.emit(store, "BULK_OPERATIONS_FINISH", told)
