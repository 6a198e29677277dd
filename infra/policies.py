"""Role policies: `infra/policies.yml` says what each function may, here become `.chalice/policy-<function>.json`.

The files hold `Fn::Sub` with the stage, region and account of the stack, which chalice passes on unread: one file a
function serves every stage and reaches nothing outside its own.

    python -m infra.policies            writes the files
    python -m infra.policies --check    says which are not current
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from infra.local.tools import ROOT

SOURCE = ROOT / "infra" / "policies.yml"
PLACE = ROOT / ".chalice"
READS = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
"""What Lambda does on a function's behalf with the queue that starts it."""

_HERE = "${AWS::Region}:${AWS::AccountId}"
_SERVICES = {
    "tables": "dynamodb",
    "queues": "sqs",
    "buckets": "s3",
    "objects": "s3",
    "parameters": "ssm",
    "functions": "lambda",
    "senders": "ses",
    "roles": "sts",
    "labels": "rekognition",
}
EVERYWHERE = frozenset({"rekognition:DetectLabels"})
"""The actions for which AWS takes no resource but "*"; no other may have it."""

Grants = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, order=True)
class Need:
    """One thing a function does: `GetItem` on the table `assets`, or on `assets/by_name`, its index."""

    function: str
    kind: str
    name: str
    action: str

    @property
    def permission(self) -> str:
        """The action as IAM names it."""
        return f"{_SERVICES[self.kind]}:{self.action}"

    def __str__(self) -> str:
        where = f"{self.function}: {{{self.kind}: {{{self.name}: [{self.action}]}}}}"
        return f"{self.function} calls {self.permission} on {self.name}; infra/policies.yml lacks  {where}"


def grants() -> Grants:
    """What the source file grants, by function."""
    loaded: Grants = yaml.safe_load(SOURCE.read_text())
    return loaded


def arn(kind: str, name: str) -> str:
    """A resource's address, with the stack's own stage, region and account left open."""
    noun, _, index = name.partition("/")
    hyphened = noun.replace("_", "-")
    aws = "arn:${AWS::Partition}"
    return {
        "tables": f"{aws}:dynamodb:{_HERE}:table/packshot-${{Stage}}-{hyphened}{f'/index/{index}' if index else ''}",
        "queues": f"{aws}:sqs:{_HERE}:packshot-${{Stage}}-{noun}",
        "buckets": f"{aws}:s3:::packshot-${{Stage}}-{noun}${{BucketSuffix}}",
        "objects": f"{aws}:s3:::packshot-${{Stage}}-{noun}${{BucketSuffix}}/*",
        "parameters": f"{aws}:ssm:{_HERE}:parameter/packshot/${{Stage}}/{noun}",
        "functions": f"{aws}:lambda:{_HERE}:function:packshot-${{Stage}}-{noun}",
        "roles": f"{aws}:iam::${{AWS::AccountId}}:role/packshot-${{Stage}}-{noun}",
        "senders": f"{aws}:ses:{_HERE}:identity/${{{noun}}}",
        "labels": "*",
    }[kind]


def policy(function: str, granted: Mapping[str, Any]) -> dict[str, Any]:
    """The policy document of one function: one statement for each set of actions, its own log group first."""
    logs = f"arn:${{AWS::Partition}}:logs:{_HERE}:log-group:/packshot/${{Stage}}/{function}:*"
    statements = [_statement(["logs:CreateLogStream", "logs:PutLogEvents"], [logs])]
    if queue := granted.get("reads"):
        statements.append(_statement([f"sqs:{one}" for one in READS], [arn("queues", queue)]))
    for kind, service in _SERVICES.items():
        alike: dict[tuple[str, ...], list[str]] = {}
        for name, actions in granted.get(kind, {}).items():
            alike.setdefault(tuple(sorted(f"{service}:{one}" for one in actions)), []).append(arn(kind, name))
        statements += [_statement(list(actions), sorted(arns)) for actions, arns in alike.items()]
    return {"Version": "2012-10-17", "Statement": statements}


def _statement(actions: list[str], arns: list[str]) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": [{"Fn::Sub": one} for one in arns]}


def allows(document: Mapping[str, Any], need: Need) -> bool:
    """Whether a policy document lets its function do this."""
    wanted = arn(need.kind, need.name)
    return any(
        need.permission in part["Action"] and any(fnmatchcase(wanted, one["Fn::Sub"]) for one in part["Resource"])
        for part in document["Statement"]
    )


def files() -> dict[Path, str]:
    """Every policy file and what must stand in it."""
    return {
        PLACE / f"policy-{function}.json": json.dumps(policy(function, granted), indent=2) + "\n"
        for function, granted in grants().items()
    }


def stale() -> list[str]:
    """Policy files that are not what the source says, or that no function has."""
    wanted = files()
    known = {path: path.read_text() for path in PLACE.glob("policy-*.json")}
    return sorted(path.name for path in {*wanted, *known} if wanted.get(path) != known.get(path))


def main() -> int:
    if "--check" in sys.argv:
        for name in (old := stale()):
            print(f".chalice/{name} is not what infra/policies.yml says: run python -m infra.policies")
        return 1 if old else 0
    for name in stale():
        (PLACE / name).unlink(missing_ok=True)
    for path, text in files().items():
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
