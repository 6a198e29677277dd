"""The gate before S3 and SQS: no web page, no stranger's name, and nobody before the resources are there."""

import urllib.error
import urllib.request
from pathlib import Path

from infra.local import children, emulators, loopback, stack as local
from infra.local.emulators import Addresses
from infra.local.stack import Stack
from infra.local.tools import ensure, folder


def asked(url: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str]]:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method, headers=sent)) as answer:
            return answer.status, dict(answer.headers)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, dict(refusal.headers)


def presigned_put(stack: Stack, key: str) -> str:
    values = {"Bucket": "packshot-local-inbox", "Key": key}
    return str(stack.clients.s3.generate_presigned_url("put_object", Params=values))


def test_nobody_can_wipe_the_buckets(stack: Stack) -> None:
    url = stack.settings.addresses.aws_url + "/_ministack/reset"

    assert asked(url, "POST")[0] == 403
    assert stack.clients.s3.list_buckets()["Buckets"]


def test_a_foreign_page_is_refused_even_with_a_signed_address(stack: Stack) -> None:
    url = presigned_put(stack, "guard/foreign.jpg")

    assert asked(url, "PUT", Origin="http://evil.example")[0] == 403


def test_a_name_that_was_bent_to_this_machine_is_refused(stack: Stack) -> None:
    assert asked(stack.settings.addresses.aws_url + "/", Host="evil.example")[0] == 403


def test_our_own_page_puts_and_reads_the_tag_of_what_it_put(stack: Stack) -> None:
    status, headers = asked(presigned_put(stack, "guard/own.jpg"), "PUT", Origin=stack.settings.url)

    assert status == 200
    assert headers["access-control-allow-origin"] == stack.settings.url
    assert "ETag" in headers["access-control-expose-headers"]


def test_a_preflight_names_our_page(stack: Stack) -> None:
    status, headers = asked(presigned_put(stack, "guard/x"), "OPTIONS", Origin=stack.settings.url)

    assert status == 200
    assert headers["access-control-allow-origin"] == stack.settings.url


def test_a_forged_address_opens_nothing(stack: Stack) -> None:
    assert asked(presigned_put(stack, "guard/forged.jpg") + "x", "PUT")[0] == 403


def test_nobody_is_served_before_the_gate_opens(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    addresses = Addresses(loopback.free_port(), loopback.free_port(), "secret", "the-word")
    aws = emulators.start_aws(ensure(folder()), tmp_path, addresses, ["http://127.0.0.1:1"], durable=False)

    try:
        before = asked(addresses.aws_url + "/bucket")[0]
        with_the_word = asked(addresses.aws_url + "/bucket", User_Agent="x the-word")[0]
        emulators.open_gate(aws, addresses)
        after = asked(addresses.aws_url + "/bucket")[0]
    finally:
        children.stop(aws)

    assert (before, with_the_word, after) == (503, 404, 404)


def test_a_durable_store_keeps_every_acknowledged_write_through_kills(tmp_path: Path) -> None:
    running = local.start(tmp_path, durable=True)
    tools, settings = ensure(folder()), running.settings
    versions: list[tuple[str, str]] = []
    rows: list[str] = []

    try:
        for round_ in range(2):
            clients = running.clients
            for number in range(10):
                key = f"w/{number}.jpg"
                answer = clients.s3.put_object(Bucket="packshot-local-inbox", Key=key, Body=f"{round_}".encode())
                versions.append((key, answer["VersionId"]))
                row = f"{round_}-{number}"
                clients.dynamodb.put_item(TableName="packshot-local-workspaces", Item={"workspace": {"S": row}})
                rows.append(row)
            running.aws.kill()
            running.dynamodb.kill()
            children.stop(running.aws, 0)
            children.stop(running.dynamodb, 0)
            running.dynamodb = local.start_dynamodb(settings, tools)
            running.aws = local.start_aws(settings, tools)
        clients = running.clients
        listed = clients.s3.list_object_versions(Bucket="packshot-local-inbox")["Versions"]
        found = clients.dynamodb.scan(TableName="packshot-local-workspaces")["Items"]
    finally:
        running.stop()

    assert {(v["Key"], v["VersionId"]) for v in listed} == set(versions)
    assert {row["workspace"]["S"] for row in found} == set(rows)
