"""The templates say what the code needs: alarms, buckets, tables, the picture function, API Gateway's own answers."""

import re
from pathlib import Path
from typing import Any

import pytest

import app as product
from chalicelib import errors, settings
from infra import overlay
from infra.local import template

ROOT = Path(__file__).parents[2]
APP = template.load(ROOT / "infra" / "app.yml")
DATA = template.load(ROOT / "infra" / "data.yml")["Resources"]
FUNCTIONS = ["api_handler", *(source.name for source in product.app.event_sources)]
ALARM_DOLLARS, MOST_ALARM_DOLLARS = 0.10, 1.20


def of_type(resources: dict[str, Any], kind: str) -> dict[str, Any]:
    return {name: one.get("Properties", {}) for name, one in resources.items() if one.get("Type") == kind}


def test_every_function_gets_its_settings_and_a_log_group_that_forgets() -> None:
    resources = overlay.over(APP, "dev", FUNCTIONS)["Resources"]
    named = {one["LogGroupName"]["Fn::Sub"] for one in of_type(resources, "AWS::Logs::LogGroup").values()}

    assert named == {f"/packshot/${{Stage}}/{one}" for one in [*FUNCTIONS, "media"]}
    assert all(one["RetentionInDays"] for one in of_type(resources, "AWS::Logs::LogGroup").values())
    assert resources["APIHandler"]["Properties"]["Environment"]["Variables"] == overlay.ENVIRONMENT


def test_a_stage_cannot_be_deployed_as_another() -> None:
    assert overlay.over(APP, "prod", FUNCTIONS)["Parameters"]["Stage"]["AllowedValues"] == ["prod"]


def test_api_gateway_answers_with_the_codes_of_the_product() -> None:
    codes = {one.code for one in vars(errors).values() if isinstance(one, type) and hasattr(one, "code")}

    for status, code, _ in overlay.GATEWAY_ANSWERS.values():
        assert code in codes | {"internal"}
        assert 400 <= status <= 503
    assert {status for status, _, _ in overlay.GATEWAY_ANSWERS.values()} >= {401, 403, 404, 413, 415, 429, 500, 503}


def test_every_dead_letter_queue_has_an_alarm_and_every_alarm_a_runbook_and_all_cost_little() -> None:
    alarms = of_type(APP["Resources"], "AWS::CloudWatch::Alarm")
    watched = {dimension["Value"]["Fn::Sub"] for one in alarms.values() for dimension in one.get("Dimensions", [])
               if isinstance(dimension["Value"], dict)}  # fmt: skip
    dead = {one["QueueName"]["Fn::Sub"] for name, one in of_type(DATA, "AWS::SQS::Queue").items() if "Dead" in name}
    runbook = (ROOT / "docs" / "operations.md").read_text()

    assert dead <= watched
    assert [one for one in alarms.values() if f"### {_plain(one['AlarmName'])}\n" not in runbook] == []
    assert len(alarms) * ALARM_DOLLARS <= MOST_ALARM_DOLLARS


def _plain(name: dict[str, str]) -> str:
    return name["Fn::Sub"].removeprefix("packshot-${Stage}-")


def test_the_picture_function_has_the_name_room_and_time_that_the_product_counts_on() -> None:
    media = of_type(APP["Resources"], "AWS::Serverless::Function")["MediaFunction"]
    ours = settings.load({"PACKSHOT_STAGE": "dev", "PACKSHOT_URL": "https://a", "PACKSHOT_MEDIA_URL": "https://b"})

    assert media["FunctionName"]["Fn::Sub"].replace("${Stage}", "dev") == ours.media_function
    assert media["MemorySize"] * 1024**2 >= ours.media_memory_bytes + 512 * 1024**2
    assert media["Timeout"] >= ours.media_wall_s + 15
    assert "Events" not in media


def test_the_role_of_the_picture_function_may_write_its_log_and_nothing_else() -> None:
    (policy,) = APP["Resources"]["MediaRole"]["Properties"]["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]

    assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert statement["Resource"] == {"Fn::GetAtt": ["MediaLogs", "Arn"]}


@pytest.mark.parametrize("bucket", sorted(of_type(DATA, "AWS::S3::Bucket")))
def test_every_bucket_is_closed_encrypted_and_forgets_unfinished_uploads(bucket: str) -> None:
    one, statements = DATA[bucket]["Properties"], DATA[f"{bucket}Policy"]["Properties"]["PolicyDocument"]["Statement"]
    rules = one["LifecycleConfiguration"]["Rules"]

    assert set(one["PublicAccessBlockConfiguration"].values()) == {True}
    assert one["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert any("AbortIncompleteMultipartUpload" in rule for rule in rules)
    assert {"OnlyOverTls", "NoForeignEncryptionKeys"} <= {statement["Sid"] for statement in statements}
    assert (
        bucket in ("IndexBucket", "AuditBucket", "ExportsBucket")
        or "ETag" in one["CorsConfiguration"]["CorsRules"][0]["ExposedHeaders"]
    )
    assert DATA[bucket]["DeletionPolicy"] == DATA[bucket]["UpdateReplacePolicy"] == "Retain"


@pytest.mark.requirement("R41")
def test_no_rule_ever_deletes_what_waits_in_the_inbox() -> None:
    allowed = {"Id", "Status", "AbortIncompleteMultipartUpload", "ExpiredObjectDeleteMarker"}

    for rule in DATA["InboxBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]:
        assert set(rule) <= allowed


def test_every_table_is_kept_protected_and_can_be_restored_unless_its_rows_are_short_lived() -> None:
    short_lived = {"SessionsTable", "SignInsTable", "UploadsTable", "IdempotencyTable"}

    for name, table in of_type(DATA, "AWS::DynamoDB::Table").items():
        assert table["DeletionProtectionEnabled"] is True
        assert DATA[name]["DeletionPolicy"] == "Retain"
        assert "PointInTimeRecoverySpecification" in table or name in short_lived
        assert "TimeToLiveSpecification" in table or name not in short_lived


def test_the_visibility_of_every_queue_outlasts_its_function() -> None:
    data = template.load(ROOT / "infra" / "data.yml")["Parameters"]

    assert data["IngestVisibilitySeconds"]["Default"] >= 6 * 120
    assert data["QueueVisibilitySeconds"]["Default"] >= 6 * 60
    assert data["JobsVisibilitySeconds"]["Default"] >= 900


def test_the_runbook_names_no_alarm_that_is_gone() -> None:
    alarms = {_plain(one["AlarmName"]) for one in of_type(APP["Resources"], "AWS::CloudWatch::Alarm").values()}

    assert set(re.findall(r"^### (\S+)$", (ROOT / "docs" / "operations.md").read_text(), re.M)) == alarms
