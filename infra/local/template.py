"""Read a CloudFormation template and put the values of its parameters in.

Here: the four functions our data stack uses (Ref, Sub, GetAtt, and plain values) and the pseudo parameters.
Not here: making the resources (apply.py).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from infra.local.errors import LocalError

PSEUDO = {
    "AWS::Partition": "aws",
    "AWS::AccountId": "000000000000",
    "AWS::Region": "us-east-1",
    "AWS::NoValue": None,
}
NAMES = {
    "AWS::DynamoDB::Table": "TableName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::S3::Bucket": "BucketName",
}


class TemplateError(LocalError):
    """The template uses something the local reader does not know; the text says what."""


@dataclass(frozen=True)
class Resource:
    logical_id: str
    type: str
    properties: dict[str, Any]


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags kept as `{"Fn::…": value}`."""


def _tagged(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    read: dict[type[yaml.Node], Callable[[Any], Any]] = {
        yaml.ScalarNode: loader.construct_scalar,
        yaml.SequenceNode: lambda n: loader.construct_sequence(n, deep=True),
        yaml.MappingNode: lambda n: loader.construct_mapping(n, deep=True),
    }
    return {suffix if suffix == "Ref" else f"Fn::{suffix}": read[type(node)](node)}


Loader.add_multi_constructor("!", _tagged)


def load(path: Path) -> dict[str, Any]:
    """The template as plain values, functions in their long form."""
    loaded: dict[str, Any] = yaml.load(path.read_text(), Loader=Loader)  # noqa: S506 a SafeLoader
    return loaded


def resources(path: Path, parameters: Mapping[str, str]) -> list[Resource]:
    """Every resource in file order with all functions resolved.

    Raises TemplateError for an unknown parameter, a missing one, or a function that is not supported.
    """
    template = load(path)
    declared = template.get("Parameters", {})
    if unknown := set(parameters) - set(declared):
        raise TemplateError(f"{path.name} has no parameter {sorted(unknown)}.")
    values = {name: parameters.get(name, entry.get("Default")) for name, entry in declared.items()}
    if missing := [name for name, value in values.items() if value is None]:
        raise TemplateError(f"{path.name} needs the parameters {missing}.")
    scope = _Scope({**PSEUDO, **values}, template["Resources"])
    return [
        Resource(name, entry["Type"], scope.resolved(entry.get("Properties", {})))
        for name, entry in template["Resources"].items()
    ]


@dataclass(frozen=True)
class _Scope:
    values: Mapping[str, Any]
    entries: Mapping[str, Any]

    def resolved(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.resolved(item) for item in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (name, argument), *_ = value.items()
            if name == "Ref":
                return self.ref(argument)
            if name.startswith("Fn::"):
                return self.function(name, argument)
        return {key: self.resolved(item) for key, item in value.items()}

    def function(self, name: str, argument: Any) -> str:
        if name == "Fn::GetAtt":
            target, attribute = argument.split(".") if isinstance(argument, str) else argument
            return self.attribute(target, attribute)
        if name == "Fn::Sub" and isinstance(argument, str):
            return re.sub(r"\$\{([^}!]+)\}", lambda found: str(self.substitute(found[1])), argument)
        raise TemplateError(f"{name} with {argument!r} is not supported locally.")

    def substitute(self, name: str) -> Any:
        return self.attribute(*name.split(".", 1)) if "." in name else self.ref(name)

    def ref(self, name: str) -> Any:
        """A parameter's value, or the name of a resource (a queue's too: its URL is looked up when used)."""
        return self.values[name] if name in self.values else self.name_of(name)

    def name_of(self, logical_id: str) -> str:
        entry = self.entries.get(logical_id)
        if entry is None or entry["Type"] not in NAMES:
            raise TemplateError(f"{logical_id} cannot be referred to locally.")
        return str(self.resolved(entry["Properties"][NAMES[entry["Type"]]]))

    def attribute(self, logical_id: str, attribute: str) -> str:
        name, kind = self.name_of(logical_id), self.entries[logical_id]["Type"]
        place = f"{self.values['AWS::Region']}:{self.values['AWS::AccountId']}"
        arns = {
            "AWS::SQS::Queue": f"arn:aws:sqs:{place}:{name}",
            "AWS::S3::Bucket": f"arn:aws:s3:::{name}",
            "AWS::DynamoDB::Table": f"arn:aws:dynamodb:{place}:table/{name}",
        }
        if attribute != "Arn":
            raise TemplateError(f"{logical_id}.{attribute} is not supported locally.")
        return arns[kind]
