"""The script that proves a real account: those of its proofs that the emulators can answer, answered by them."""

import boto3
import pytest

from infra import prove
from infra.local.stack import STAGE, Stack


@pytest.fixture
def place(stack: Stack) -> prove.Place:
    return prove.Place(boto3.session.Session(region_name="us-east-1"), STAGE, "", stack.settings.url, None)


def test_of_many_writers_one_wins(place: prove.Place) -> None:
    assert "one winner" in prove.one_winner(place)


def test_the_origin_of_the_app_may_put_and_another_may_not(place: prove.Place) -> None:
    assert "foreign origin refused" in prove.cors(place)


def test_a_promise_that_does_not_hold_is_said_so(place: prove.Place) -> None:
    with pytest.raises(prove.NotProved, match="without TLS"):
        prove.plain_http_is_refused(place)


def test_what_a_proof_wrote_is_gone_afterwards(place: prove.Place) -> None:
    with prove.scratch(place, "originals") as key:
        place.s3().put_object(Bucket=place.bucket("originals"), Key=key, Body=b"x")

    found = place.s3().list_object_versions(Bucket=place.bucket("originals"), Prefix="_prove/")
    assert "Versions" not in found
