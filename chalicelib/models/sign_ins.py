"""Tries at a way in, counted: sign-in links by address and by source, passwords of a share by visitor and by share."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.transactions import TransactWrite

from chalicelib.models import base


class SignInRecord(base.Record):
    """One address, source, share or visitor in one span of time; `id` is a keyed hash of both."""

    class Meta:
        noun = "sign_ins"

    id = UnicodeAttribute(hash_key=True)
    email = UnicodeAttribute(null=True)
    asked = NumberAttribute()
    delete_after = NumberAttribute()


@dataclass(frozen=True)
class Allowance:
    """So many in one span; `label` names the write when it is used up."""

    label: str
    id: str
    most: int
    email: str | None = None


def count(one: Allowance, kept_until: datetime) -> base.Write:
    """Count one more; refused with the allowance's label when it is used up."""
    actions: list[Any] = [
        SignInRecord.asked.add(1),
        SignInRecord.delete_after.set(base.epoch_s(kept_until)),
        *([SignInRecord.email.set(one.email)] if one.email else []),
    ]
    has_room = SignInRecord.id.does_not_exist() | (SignInRecord.asked < one.most)

    def apply(transaction: TransactWrite) -> None:
        transaction.update(SignInRecord(one.id), actions=actions, condition=has_room)

    return base.Write(one.label, apply)


def give_back(one: Allowance) -> base.Write:
    """Take back one that was counted; refused with the allowance's label when it is not there any more."""

    def apply(transaction: TransactWrite) -> None:
        fewer = SignInRecord.asked.add(-1)
        transaction.update(SignInRecord(one.id), actions=[fewer], condition=SignInRecord.id.exists())

    return base.Write(one.label, apply)


def forget(one: Allowance) -> base.Write:
    """Take back all that were counted."""
    return base.Write(one.label, lambda transaction: transaction.delete(SignInRecord(one.id)))


@base.cross_workspace("who asks for a sign-in link belongs to no workspace yet")
def email_of(identifier: str) -> str | None:
    """The address that asked; None when it is forgotten."""
    row = base.read(SignInRecord, identifier)
    return None if row is None else row.email
