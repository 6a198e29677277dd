"""API keys: made on behalf of a member, never able to do more than that member may at this moment.

What is kept is a keyed hash; the pepper lies outside the tables. A change of a key raises the workspace's epoch,
so it counts from the next request on in every process.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.access import PrincipalKind, Right, rights_of
from chalicelib.domain.ids import CollectionId, short_hash
from chalicelib.domain.pages import Page
from chalicelib.errors import InvalidInput, NotAllowed, NotFound, Stale
from chalicelib.models import base, credentials, roles, workspaces
from chalicelib.models.credentials import Credential
from chalicelib.ports.context import Context
from chalicelib.services import signing, trails
from chalicelib.services.signing import Caller

_PREFIX_SIGNS = 12
Key = Credential


@dataclass(frozen=True)
class KeyRequest:
    """What a new key is to be; None limits nothing, roles None are the maker's."""

    name: str
    role_ids: tuple[str, ...] | None = None
    rights: tuple[str, ...] | None = None
    collection_ids: tuple[str, ...] | None = None
    expires_at: datetime | None = None


def listed(caller: Caller, *, limit: int, after: Any) -> Page[Key]:
    """Keys of the workspace, expired ones too, by id; one made a second ago may be missing."""
    found = [one for one in credentials.keys(caller.workspace) if after is None or one.id > after]
    return Page(found[:limit], found[limit - 1].id if len(found) > limit else None)


def load(caller: Caller, key_id: str) -> Key:
    """One key of this workspace. Raises `NotFound`."""
    key = credentials.find(key_id)
    if key is None or key.workspace != caller.workspace or key.kind != "key":
        raise NotFound("There is no such key.")
    return key


def make(ctx: Context, caller: Caller, asked: KeyRequest, seed: str | None) -> tuple[Key, str]:
    """Make a key; it and the secret text, which nobody can read again. The same seed gives the same key.

    Raises:
        InvalidInput: no such role or collection, or it would be over already.
        NotAllowed: it would have rights that the caller has not.
    """
    asked = _within(caller, asked)
    _check(ctx, caller, asked)
    prefix = (
        short_hash(ctx.secret("key-prefixes").hex(), seed)[:_PREFIX_SIGNS] if seed else ctx.new_id()[-_PREFIX_SIGNS:]
    )
    secret = _secret(ctx, prefix, seed)
    key = Key(
        prefix, caller.workspace, "key", signing.key_hash(ctx, secret), asked.name, caller.member_id, ctx.now(),
        expires_at=asked.expires_at, role_ids=asked.role_ids, rights=asked.rights, collection_ids=asked.collection_ids,
    )  # fmt: skip
    limits = {"role_ids": asked.role_ids, "rights": asked.rights, "collection_ids": asked.collection_ids}
    told = {name: list(value) for name, value in limits.items() if value is not None}
    who = caller.principal.label
    writes = [
        credentials.add(key),
        workspaces.raise_epoch(caller.workspace, tree=False),
        trails.entry(ctx, caller.workspace, who, "key.created", f"key:{key.id}", name=key.name, **told),
    ]
    try:
        base.transact(writes)
    except base.ConditionFailed:
        made = credentials.find(prefix)
        if seed is None or made is None or made.secret_hash != key.secret_hash:
            raise
        return made, secret
    return key, secret


def rotate(ctx: Context, caller: Caller, key: Key, overlap_s: int, seed: str | None) -> tuple[Key, str]:
    """Give the key another secret; the former one counts for `overlap_s` seconds more. The same seed, the same secret.

    Raises:
        Stale: somebody rotated or revoked it at the same moment.
    """
    secret, until = _secret(ctx, key.id, seed), ctx.now() + timedelta(seconds=overlap_s)
    hashed = signing.key_hash(ctx, secret)
    if hashed == key.secret_hash:
        return key, secret
    who = caller.principal.label
    writes = [
        credentials.rotate(key, hashed, until),
        workspaces.raise_epoch(caller.workspace, tree=False),
        trails.entry(ctx, caller.workspace, who, "key.rotated", f"key:{key.id}", overlap_s=overlap_s),
    ]
    try:
        base.transact(writes)
    except base.ConditionFailed as lost:
        raise Stale("Somebody changed this key at the same moment.") from lost
    return replace(key, secret_hash=hashed, previous_hash=key.secret_hash, previous_until=until), secret


def revoke(ctx: Context, caller: Caller, key: Key) -> None:
    """Delete the key; it counts from the next request on. Raises `NotFound` when it is gone by now."""
    told = trails.entry(ctx, caller.workspace, caller.principal.label, "key.revoked", f"key:{key.id}", name=key.name)
    try:
        base.transact([credentials.remove(key.id), workspaces.raise_epoch(caller.workspace, tree=False), told])
    except base.ConditionFailed as lost:
        raise NotFound("There is no such key.") from lost


def _within(caller: Caller, asked: KeyRequest) -> KeyRequest:
    """What a key makes is never more than the key: it hands its own limits on."""
    who = caller.principal
    if who.kind != PrincipalKind.KEY:
        return asked
    rights = asked.rights or tuple(str(right) for right in rights_of(caller.access.on_library()))
    role_ids = asked.role_ids or (who.role_ids if caller.has_own_roles else None)
    if caller.has_own_roles and not set(role_ids or ()) <= set(who.role_ids):
        raise NotAllowed("This key cannot hand on roles that it does not have.", fields={"role_ids": "not yours"})
    return replace(asked, rights=rights, role_ids=role_ids)


def _check(ctx: Context, caller: Caller, asked: KeyRequest) -> None:
    known = {role.id for role in roles.every(caller.workspace)}
    if not set(asked.role_ids or ()) <= known:
        raise InvalidInput("There is no such role.", fields={"role_ids": "names a role that does not exist"})
    places = [CollectionId(one) for one in asked.collection_ids or ()]
    if not all(one in caller.tree.living and caller.access.on_collection(one) & Right.SEE.bit for one in places):
        raise InvalidInput("There is no such collection.", fields={"collection_ids": "names one that does not exist"})
    if asked.expires_at is not None and asked.expires_at <= ctx.now():
        raise InvalidInput("This key would be over already.", fields={"expires_at": "lies in the past"})
    mine = caller.access.on_library()
    beyond = [one for one in asked.rights or () if not mine & Right(one).bit]
    if beyond:
        raise NotAllowed("You cannot hand on rights that you do not have.", fields={"rights": ", ".join(beyond)})


def _secret(ctx: Context, prefix: str, seed: str | None) -> str:
    if seed is None:
        return f"ps_{prefix}_{ctx.new_secret()}"
    noise = hmac.new(ctx.secret("new-keys"), f"{prefix}\x00{seed}".encode(), hashlib.sha256).digest()
    return f"ps_{prefix}_{urlsafe_b64encode(noise).decode().rstrip('=')}"
