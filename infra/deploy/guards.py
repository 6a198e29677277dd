"""What a change must never do: take away or replace something that holds what people brought. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

HOLDS = frozenset({"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key"})
_KEYS = ("KeySchema", "TableName", "BucketName")


@dataclass(frozen=True)
class Change:
    """One line of a change set."""

    action: str
    logical_id: str
    type: str
    replaced: bool = False

    def __str__(self) -> str:
        word = "Replace" if self.replaced else self.action
        return f"{word:<8}{self.type:<34}{self.logical_id}"


def of_change_set(told: Iterable[Mapping[str, Any]]) -> list[Change]:
    """The lines of a change set as CloudFormation tells them, in its order."""
    found = [one["ResourceChange"] for one in told if "ResourceChange" in one]
    return [
        Change(
            one["Action"],
            one["LogicalResourceId"],
            one["ResourceType"],
            one.get("Replacement") in ("True", "Conditional"),
        )
        for one in found
    ]


def harmful(changes: Iterable[Change]) -> list[str]:
    """A sentence for every change that would take stored things away."""
    return [
        f"{one.logical_id} ({one.type}) would be {'replaced' if one.replaced else 'removed'}, with all that is in it."
        for one in changes
        if one.type in HOLDS and (one.replaced or one.action == "Remove")
    ]


def keys_changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """A sentence for every table or bucket whose key or name is another than the deployed one: that is a migration."""
    sentences = []
    for name, old in before.get("Resources", {}).items():
        new = after.get("Resources", {}).get(name)
        if old.get("Type") not in HOLDS:
            continue
        if new is None:
            sentences.append(f"{name} is deployed and no longer in the template.")
            continue
        for key in _KEYS:
            if old.get("Properties", {}).get(key) != new.get("Properties", {}).get(key):
                sentences.append(
                    f"{key} of {name} differs from what is deployed; that needs a migration, not a deploy."
                )
    return sentences
