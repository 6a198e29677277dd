"""What a deployment refuses before it touches anything."""

from pathlib import Path
from typing import Any

import pytest

from chalicelib.handlers.gate import EDGE_MARK
from infra.deploy import guards, stage
from infra.deploy.errors import DeployError
from infra.deploy.guards import Change
from infra.local import template
from infra.local.statics import policy
from infra.local.tools import ROOT

GOOD = """
region = "eu-central-1"
app_host = "dam.example.com"
media_host = "media.example.net"
mail_from = "packshot@example.com"
owner_email = "you@example.com"
"""


def told(action: str, type: str, replacement: str = "False") -> dict[str, Any]:
    return {
        "ResourceChange": {
            "Action": action, "LogicalResourceId": "Thing", "ResourceType": type, "Replacement": replacement,
        }
    }  # fmt: skip


@pytest.mark.requirement("R41")
@pytest.mark.parametrize(
    ("one", "harms"),
    [
        (told("Remove", "AWS::DynamoDB::Table"), True),
        (told("Modify", "AWS::S3::Bucket", "True"), True),
        (told("Modify", "AWS::DynamoDB::Table"), False),
        (told("Modify", "AWS::DynamoDB::Table", "Conditional"), True),
        (told("Add", "AWS::S3::Bucket"), False),
        (told("Remove", "AWS::Lambda::Function"), False),
        (told("Modify", "AWS::Lambda::Function", "True"), False),
    ],
)
def test_what_would_take_stored_things_away_is_refused_and_nothing_else_is(one: dict[str, Any], harms: bool) -> None:
    assert bool(guards.harmful(guards.of_change_set([one]))) is harms


def test_a_change_says_what_happens_to_what() -> None:
    line = str(Change("Modify", "AssetsTable", "AWS::DynamoDB::Table", replaced=True))

    assert line.split() == ["Replace", "AWS::DynamoDB::Table", "AssetsTable"]


@pytest.mark.parametrize("changed", ["KeySchema", "TableName", "gone"])
def test_a_table_with_another_key_or_name_needs_a_migration_and_is_named(changed: str) -> None:
    before, after = (template.load(ROOT / "infra" / "data.yml") for _ in range(2))
    if changed == "gone":
        del after["Resources"]["AssetsTable"]
    else:
        after["Resources"]["AssetsTable"]["Properties"][changed] = "another"

    sentences = guards.keys_changed(before, after)

    assert [("AssetsTable" in one) for one in sentences] == [True]
    assert guards.keys_changed(before, before) == []


def read(tmp_path: Path, text: str, name: str = "dev") -> stage.Stage:
    (tmp_path / f"{name}.toml").write_text(text)
    return stage.read(name, tmp_path)


def test_a_stage_that_is_filled_in_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD)

    assert (found.bucket("inbox"), found.stack("data")) == ("packshot-dev-inbox", "packshot-dev-data")
    assert found.parameters["app"]["AppUrl"] == "https://dam.example.com"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace("eu-central-1", "Europe"), "region"),
        (GOOD.replace("media.example.net", "dam.example.com"), "media_host"),
        (GOOD.replace('owner_email = "you@example.com"', ""), "owner_email: is missing"),
        (GOOD + 'colour = "red"', "colour: is not known"),
        (GOOD + "bucket_suffix = 3", "bucket_suffix"),
        ("region = ", "cannot be read"),
    ],
)
def test_a_stage_that_cannot_be_is_refused_by_the_line_before_aws_is_asked(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(DeployError) as refused:
        read(tmp_path, text)

    assert said in str(refused.value)
    assert "othing was touched" in str(refused.value)


@pytest.mark.parametrize("name", ["production", "dev"])
def test_a_stage_that_nobody_described_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DeployError, match="othing was touched"):
        stage.read(name, tmp_path)


def test_the_example_only_needs_its_values_changed() -> None:
    example = (ROOT / "infra" / "stages" / "example.toml").read_text()

    assert set(stage._SHAPES) == {line.split(" =")[0] for line in example.splitlines() if " = " in line[:20]}


def test_the_edge_marks_each_request_to_the_api_as_the_product_expects_it() -> None:
    edge = template.load(ROOT / "infra" / "edge.yml")
    origins = edge["Resources"]["AppDistribution"]["Properties"]["DistributionConfig"]["Origins"]
    (api,) = (one for one in origins if one["Id"] == "api")

    assert api["OriginCustomHeaders"] == [{"HeaderName": EDGE_MARK, "HeaderValue": {"Ref": "EdgeMark"}}]
    assert edge["Parameters"]["EdgeMark"]["NoEcho"] is True


def test_the_web_app_has_the_same_content_policy_at_the_edge_as_here() -> None:
    headers = template.load(ROOT / "infra" / "edge.yml")["Resources"]["AppHeaders"]["Properties"]
    security = headers["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]["ContentSecurityPolicy"]
    text, _ = security["ContentSecurityPolicy"]["Fn::Sub"]
    here = policy({"AWS_ENDPOINT_URL": "${Store}", "PACKSHOT_MEDIA_URL": "https://${MediaHost}"})

    assert text == here
