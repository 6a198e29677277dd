"""What an operator does by the `packshot` command: redrive, reconcile, retry, usage."""

import argparse
import json
from pathlib import Path
from typing import Any

import boto3
import pytest

from chalicelib.handlers import cli, operating
from chalicelib.models import audit, ingest
from tests.builders import Shop, a_photo

CUT = a_photo(5)[:2000]


@pytest.fixture
def packshot(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command; its exit code and what it said."""

    def run(*words: str) -> tuple[int, Any]:
        code = cli.main(list(words))
        out = capsys.readouterr().out
        return code, json.loads(out) if out else None

    return run


def state(shop: Shop) -> dict[str, str]:
    return {one.file_name: one.state for one in ingest.every(shop.workspace)}


def test_dead_messages_are_counted_and_sent_again(shop: Shop, packshot: Any) -> None:
    sqs, settings = boto3.client("sqs"), shop.ctx.settings
    dead, queue = (
        sqs.get_queue_url(QueueName=name)["QueueUrl"]
        for name in (settings.dead_queue("connections"), settings.queue("connections"))
    )
    sqs.purge_queue(QueueUrl=queue)  # other tests share it
    sqs.send_message(QueueUrl=dead, MessageBody=json.dumps({"for": shop.workspace}), MessageGroupId="a")

    before, moved, after = packshot("redrive"), packshot("redrive", "connections"), packshot("redrive")

    assert set(before[1]) == set(operating.QUEUES)
    assert (before[1]["connections"], moved, after[1]["connections"]) == (1, (0, {"connections": 1}), 0)
    (message,) = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1)["Messages"]
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    assert json.loads(message["Body"]) == {"for": shop.workspace}


def test_every_dead_letter_queue_has_the_name_the_command_looks_for(shop: Shop) -> None:
    sqs = boto3.client("sqs")

    for noun in operating.QUEUES:
        name = shop.ctx.settings.dead_queue(noun)
        assert sqs.get_queue_url(QueueName=name)["QueueUrl"].endswith(f"/{name}")


def test_a_file_that_waits_unannounced_is_announced(shop: Shop, packshot: Any) -> None:
    shop.put("Spring/a.jpg", a_photo())

    code, said = packshot("reconcile")

    assert code == 0
    assert said["sent"] >= 1
    assert "voided" not in said


@pytest.mark.requirement("RF4")
def test_quarantined_files_are_tried_again_by_id_or_all_of_a_workspace(shop: Shop, packshot: Any) -> None:
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        shop.drop(f"Spring/{name}", CUT)
    first = next(one for one in ingest.every(shop.workspace) if one.file_name == "a.jpg")

    one = packshot("retry", "--workspace", shop.workspace, first.id)
    after_one = state(shop)
    rest = packshot("retry", "--workspace", shop.workspace)

    assert one == (0, {"retried": 1})
    assert after_one == {"a.jpg": "pending", "b.jpg": "quarantined", "c.jpg": "quarantined"}
    assert rest == (0, {"retried": 2})
    assert set(state(shop).values()) == {"pending"}
    told = [entry.actor for entry in audit.day(shop.workspace, shop.ctx.now()) if entry.action == "ingest.retried"]
    assert told == ["system:operator"] * 3


def test_a_file_that_is_not_quarantined_or_not_there_is_refused_in_words(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.drop("Spring/a.jpg", a_photo())
    done = next(iter(ingest.every(shop.workspace))).id

    codes = [cli.main(["retry", "--workspace", shop.workspace, one]) for one in (done, "nothing")]

    assert codes == [1, 1]
    assert capsys.readouterr().err.splitlines() == [
        "Only quarantined files can be tried again.",
        "There is no such arrival.",
    ]


@pytest.mark.requirement("RA2")
def test_usage_is_told_by_day_and_meter(shop: Shop, packshot: Any) -> None:
    for name in ("a.jpg", "b.jpg"):
        shop.drop(f"Spring/{name}", a_photo(ord(name[0])))
    today = f"{shop.ctx.now():%Y-%m-%d}"

    code, said = packshot("usage", "--workspace", shop.workspace)
    _, none = packshot("usage", "--workspace", shop.workspace, "--from", "2020-01-01", "--to", "2020-02-01")

    assert (code, said) == (0, {"workspace": shop.workspace, "days": {today: {"ingest": 2}}})
    assert none["days"] == {}


def test_every_command_is_in_the_operators_page() -> None:
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
    (commands,) = (one for one in cli.parser()._actions if isinstance(one, argparse._SubParsersAction))

    assert [name for name in commands.choices if f"`packshot {name}" not in page] == []


@pytest.mark.parametrize(
    "words", [["usage"], ["usage", "--workspace", "w", "--from", "yesterday"], ["redrive", "nowhere"], ["mend"]]
)
def test_a_command_that_cannot_be_understood_ends_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(words) == 2
    assert "usage: packshot" in capsys.readouterr().err
