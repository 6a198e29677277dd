"""Every error of ours has one answer over HTTP and one outcome for a queue message."""

import json

import pytest

from chalicelib import errors
from chalicelib.handlers import events, problems

EVERY = sorted(
    (one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.PackshotError)),
    key=lambda one: one.__name__,
)
RAISED = [one for one in EVERY if one is not errors.PackshotError]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (errors.Malformed, 400, "malformed"),
        (errors.NotAuthenticated, 401, "not_authenticated"),
        (errors.NotAllowed, 403, "not_allowed"),
        (errors.NotFound, 404, "not_found"),
        (errors.Conflict, 409, "conflict"),
        (errors.Gone, 410, "gone"),
        (errors.Stale, 412, "stale"),
        (errors.TooLarge, 413, "too_large"),
        (errors.Unsupported, 415, "unsupported_media_type"),
        (errors.InvalidInput, 422, "invalid"),
        (errors.Busy, 429, "busy"),
        (errors.UpstreamRejected, 502, "upstream_rejected"),
        (errors.UpstreamUnavailable, 503, "upstream_unavailable"),
    ],
)
def test_an_error_is_answered_as_a_problem(error: type[errors.PackshotError], status: int, code: str) -> None:
    response = problems.of(error("In words."), "r1")
    body = json.loads(response.body)

    assert response.status_code == body["status"] == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert (body["code"], body["detail"], body["request_id"]) == (code, "In words.", "r1")
    assert body["title"]
    assert body["type"]


def test_every_error_is_in_the_table_above() -> None:
    listed = test_an_error_is_answered_as_a_problem.pytestmark[0].args[1]  # type: ignore[attr-defined]

    assert {one for one, _, _ in listed} == set(RAISED)


@pytest.mark.parametrize("error", RAISED, ids=lambda one: one.__name__)
def test_a_message_comes_again_only_for_what_may_work_later(error: type[errors.PackshotError]) -> None:
    lost_races = {errors.Conflict, errors.Stale}

    assert (events.OUTCOME[error] == "again") == (error.retryable or error in lost_races)


def test_an_error_nobody_foresaw_is_a_500_without_its_words() -> None:
    body = json.loads(problems.of(None, "r1").body)

    assert (body["status"], body["code"], body["request_id"]) == (500, "internal", "r1")


def test_what_an_error_carries_is_in_the_answer() -> None:
    unsigned = problems.of(errors.NotAuthenticated("Sign in."), "r1")
    busy = problems.of(errors.Busy("Later.", retry_after_s=7), "r1")
    invalid = problems.of(errors.InvalidInput("No.", fields={"name": "is empty"}), "r1")

    assert unsigned.headers["WWW-Authenticate"].startswith("Bearer")
    assert busy.headers["Retry-After"] == "7"
    assert json.loads(invalid.body)["fields"] == {"name": "is empty"}


def test_a_kind_of_error_without_a_line_of_its_own_is_answered_like_its_parent() -> None:
    class NameTaken(errors.Conflict):
        """A special conflict."""

    assert problems.of(NameTaken("Taken."), "r1").status_code == 409
