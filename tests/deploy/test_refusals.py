"""What is wrong with a deployment is said in words before anything is touched."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.deploy import __main__ as command, steps
from infra.deploy.errors import DeployError
from infra.deploy.stacks import Stacks
from infra.deploy.stage import Stage
from infra.local import template
from infra.local.tools import ROOT

STAGE = Stage("dev", "eu-central-1", "dam.example.com", "media.example.net", "a@example.com", "you@example.com")


class Account:
    """CloudFormation of an account with these stacks; every other service, and every change, fails the test."""

    def __init__(self, statuses: dict[str, str], deployed: dict[str, Any] | None = None, denies: str = "") -> None:
        self.statuses, self.deployed, self.denies = statuses, deployed, denies

    def get_caller_identity(self) -> dict[str, str]:
        return {"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/deployer"}

    def describe_stacks(self, StackName: str) -> dict[str, Any]:
        if self.denies:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": self.denies}}, "DescribeStacks")
        if StackName not in self.statuses:
            raise ClientError({"Error": {"Code": "ValidationError", "Message": "does not exist"}}, "DescribeStacks")
        return {"Stacks": [{"StackStatus": self.statuses[StackName]}]}

    def get_template(self, StackName: str, TemplateStage: str) -> dict[str, Any]:
        return {"TemplateBody": json.dumps(self.deployed, default=str)}


def refused(tmp_path: Path, account: Account) -> str:
    """What a deployment to this account says before it stops; it may ask nothing but who and what is there."""
    (tmp_path / "data.yml").write_text((ROOT / "infra" / "data.yml").read_text())
    clients = dict.fromkeys(("sts", "cloudformation", "s3", "ssm"), account)
    to = steps.Deployment(STAGE, boto3.session.Session(region_name=STAGE.region), clients, lambda _: None,
                          lambda _: True, Stacks(account))  # fmt: skip
    with pytest.raises(DeployError) as told:
        steps.deploy(to, tmp_path)
    return str(told.value)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("UPDATE_IN_PROGRESS", "somebody else deploys. Wait"),
        ("ROLLBACK_COMPLETE", "delete the stack (tables and buckets are kept)"),
        ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback"),
    ],
)
@pytest.mark.parametrize("noun", ["data", "app", "edge"])
def test_a_deployment_that_broke_in_the_middle_is_told_with_what_to_do(
    tmp_path: Path, noun: str, status: str, words: str
) -> None:
    stack = f"packshot-dev-{noun}"

    said = refused(tmp_path, Account({stack: status}, {"Resources": {}}))

    assert said.startswith(f"{stack} is {status}")
    assert words in said


def test_a_missing_permission_is_named(tmp_path: Path) -> None:
    said = refused(tmp_path, Account({}, denies="deployer is not authorized to perform: cloudformation:DescribeStacks"))

    assert "cloudformation:DescribeStacks" in said


@pytest.mark.requirement("R41")
@pytest.mark.parametrize("change", ["other key", "newer table"])
def test_a_library_that_this_release_cannot_serve_is_named(tmp_path: Path, change: str) -> None:
    deployed = template.load(ROOT / "infra" / "data.yml")
    assets = deployed["Resources"]["AssetsTable"]
    if change == "other key":
        assets["Properties"]["KeySchema"] = [{"AttributeName": "tenant", "KeyType": "HASH"}]
    else:
        deployed["Resources"]["FutureTable"] = assets

    said = refused(tmp_path, Account({"packshot-dev-data": "UPDATE_COMPLETE"}, deployed))

    assert "nothing was touched" in said
    assert ("AssetsTable" if change == "other key" else "FutureTable") in said


@pytest.mark.parametrize("words", [["nowhere"], ["nowhere", "--back"]])
def test_the_command_ends_with_1_and_a_sentence(
    words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Callable[..., Any]] = []
    monkeypatch.setattr(boto3.session, "Session", asked.append)

    assert command.main(words) == 1
    assert "There is no stage 'nowhere'" in capsys.readouterr().err
    assert asked == []
