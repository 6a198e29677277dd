"""S3 keys for whoever may upload anywhere: for an hour at most they put below the workspace's prefix and do no more.

They cannot be taken back, so they outlive the caller's own rights by that hour at most.
"""

from dataclasses import dataclass

from chalicelib.domain.arrivals import RESERVED
from chalicelib.models import base
from chalicelib.ports.aws import LentKeys
from chalicelib.ports.context import Context
from chalicelib.services import trails
from chalicelib.services.signing import Caller

SHORTEST_S, LONGEST_S = 900, 3_600


@dataclass(frozen=True)
class Lent:
    """Keys, and the prefix below which they put."""

    keys: LentKeys
    prefix: str


def lend(ctx: Context, caller: Caller, expires_s: int) -> Lent:
    """Lend keys to the caller's workspace. Folders of our own, such as that of begun uploads, stay closed to them."""
    prefix = f"{caller.workspace}/"
    keys = ctx.drop_keys.lend(caller.workspace, prefix, prefix + RESERVED, expires_s)
    told = trails.entry(
        ctx, caller.workspace, caller.principal.label, "drop_credentials.made", f"workspace:{caller.workspace}",
        expires_at=base.stamp(keys.expires_at), access_key=keys.access_key,
    )  # fmt: skip
    base.transact([told])
    return Lent(keys, prefix)
