"""How a refusal looks on the wire."""

import json

import pytest

from chalicelib.domain.search import BadQuery
from chalicelib.handlers import problems


@pytest.mark.requirement("RA1")
def test_a_bad_query_is_a_422_that_says_where_and_why() -> None:
    response = problems.of(BadQuery(3, "This bracket is never closed."), "r1")

    body = json.loads(response.body)
    assert (response.status_code, body["status"], body["code"], body["position"]) == (422, 422, "bad_query", 3)
    assert body["detail"] == "This bracket is never closed."
    assert body["fields"] == {"q": "at character 4: This bracket is never closed."}
