"""HTTP on this machine has API Gateway's shape: what the product sees and what a browser gets."""

import base64
import io
import json
import threading
from dataclasses import dataclass
from typing import Any

import pytest
from chalice.app import Chalice, Response

from infra.local import statics
from infra.local.media_host import Pictures
from infra.local.wsgi import by_port, site

app = Chalice(app_name="wsgi-test")
MEETING = threading.Barrier(2, timeout=10)


@app.route("/v1/echo/{name}", methods=["GET", "POST"], content_types=["application/json", "application/octet-stream"])
def echo(name: str) -> Any:
    asked = app.current_request
    event = asked.to_original_event()
    kept = ("body", "isBase64Encoded", "multiValueQueryStringParameters", "path", "queryStringParameters")
    return {"name": name, **{field: event[field] for field in kept}}


@app.route("/v1/echo/fixed")
def fixed() -> Any:
    return Response({"fixed": True}, headers={"Set-Cookie": ["a=1", "b=2"]}, status_code=201)


@app.route("/v1/meet")
def meet() -> Any:
    MEETING.wait()
    return {"who": app.current_request.headers["x-who"]}


@dataclass(frozen=True)
class Got:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        return [value for given, value in self.headers if given.lower() == name]

    @property
    def told(self) -> Any:
        return json.loads(self.body)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Any:
    web = tmp_path_factory.mktemp("site") / "web"
    web.mkdir()
    (web / "index.html").write_text("<!doctype html>")
    (web / "app.js").write_text("1")
    (web / ".secret").write_text("s")
    (web.parent / "outside.txt").write_text("s")
    policy = statics.policy({"AWS_ENDPOINT_URL": "http://s3", "PACKSHOT_MEDIA_URL": "http://media"})
    return site(app, web, policy)


def ask(served: Any, target: str, method: str = "GET", body: bytes = b"", **headers: str) -> Got:
    environ: dict[str, Any] = {"REQUEST_METHOD": method, "RAW_URI": target, "wsgi.input": io.BytesIO(body)}
    environ |= {"REMOTE_ADDR": "127.0.0.1", **headers}
    if body:
        environ["CONTENT_LENGTH"] = str(len(body))
    got: list[Any] = []
    content = b"".join(served(environ, lambda status, head: got.extend([int(status[:3]), head])))
    return Got(got[0], got[1], content)


def test_a_query_is_decoded_and_a_path_parameter_is_not(served: Any) -> None:
    told = ask(served, "/v1/echo/a%20b?q=x+y%26&tag=1&tag=2&empty=").told

    assert told["name"] == "a%20b"
    assert told["path"] == "/v1/echo/a b"
    assert told["multiValueQueryStringParameters"] == {"q": ["x y&"], "tag": ["1", "2"], "empty": [""]}
    assert told["queryStringParameters"] == {"q": "x y&", "tag": "2", "empty": ""}


def test_a_fixed_path_wins_over_a_parameter_and_cookies_stay_two(served: Any) -> None:
    got = ask(served, "/v1/echo/fixed")

    assert got.status == 201
    assert got.all("set-cookie") == ["a=1", "b=2"]


def test_binary_bodies_travel_as_base64_and_text_as_text(served: Any) -> None:
    binary = ask(served, "/v1/echo/x", "POST", b"\xff\x00", CONTENT_TYPE="application/octet-stream").told
    text = ask(served, "/v1/echo/x", "POST", "{ü}".encode(), CONTENT_TYPE="application/json").told

    assert (binary["isBase64Encoded"], base64.b64decode(binary["body"])) == (True, b"\xff\x00")
    assert (text["isBase64Encoded"], text["body"]) == (False, "{ü}")


@pytest.mark.parametrize(
    ("target", "method", "status", "code"),
    [
        ("/v1/nothing", "GET", 404, "not_found"),
        ("/v1/nothing", "OPTIONS", 404, "not_found"),
        ("/app.js", "POST", 404, "not_found"),
        ("/v1/echo/x", "DELETE", 405, "method_not_allowed"),
        ("/v1/echo/x", "OPTIONS", 405, "method_not_allowed"),
        ("/v1/echo/", "GET", 404, "not_found"),
        ("/v1/echo//x", "GET", 404, "not_found"),
    ],
)
def test_the_gateways_own_refusals_are_problems(served: Any, target: str, method: str, status: int, code: str) -> None:
    got = ask(served, target, method)

    assert (got.status, got.told["code"], got.told["status"]) == (status, code, status)
    assert got.all("content-type") == ["application/problem+json"]
    assert got.told["request_id"]


def test_a_method_that_an_address_does_not_take_is_answered_with_those_it_takes(served: Any) -> None:
    assert ask(served, "/v1/echo/x", "DELETE").all("allow") == ["GET, POST"]


def test_head_of_a_route_has_no_body_even_when_refused(served: Any) -> None:
    got = ask(served, "/v1/echo/x", "HEAD")

    assert (got.status, got.body) == (405, b"")
    assert int(got.all("content-length")[0]) > 0


def test_head_of_a_page_is_its_headers_alone(served: Any) -> None:
    whole, head = ask(served, "/app.js"), ask(served, "/app.js", "HEAD")

    assert (head.status, head.body, head.headers) == (200, b"", whole.headers)


def test_an_address_over_ten_kilobytes_is_refused_as_a_problem(served: Any) -> None:
    got = ask(served, f"/v1/echo/x?q={'x' * 11_000}")

    assert (got.status, got.told["code"]) == (414, "address_too_long")


def test_a_body_of_exactly_ten_megabytes_is_taken(served: Any) -> None:
    whole = b"x" * (10 * 1024 * 1024)

    got = ask(served, "/v1/echo/x", "POST", whole, CONTENT_TYPE="application/octet-stream")

    assert (got.status, got.told["code"]) == (502, "bad_gateway")  # taken; the echo is more than Lambda passes on


def test_a_body_over_ten_megabytes_is_refused(served: Any) -> None:
    got = ask(served, "/v1/echo/x", "POST", b"x" * (10 * 1024 * 1024 + 1), CONTENT_TYPE="application/octet-stream")

    assert (got.status, got.told["code"]) == (413, "too_large")


def test_two_callers_at_once_each_see_their_own_request(served: Any) -> None:
    seen: dict[str, str] = {}

    def call(who: str) -> None:
        seen[who] = ask(served, "/v1/meet", HTTP_X_WHO=who).told["who"]

    threads = [threading.Thread(target=call, args=(who,)) for who in ("ann", "bob")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen == {"ann": "ann", "bob": "bob"}


def test_the_page_runs_only_our_own_scripts(served: Any) -> None:
    got = ask(served, "/")

    (policy,) = got.all("content-security-policy")
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "connect-src 'self' http://s3;" in policy
    assert got.all("x-content-type-options") == ["nosniff"]


def test_an_unchanged_file_is_not_sent_again(served: Any) -> None:
    first = ask(served, "/app.js")

    again = ask(served, "/app.js", HTTP_IF_NONE_MATCH=first.all("etag")[0])

    assert (first.status, again.status, again.body) == (200, 304, b"")


@pytest.mark.parametrize(
    "path", ["/../outside.txt", "/%2e%2e/outside.txt", "/.secret", "/%00", "//etc/passwd", "/" + "x" * 5000]
)
def test_no_address_leads_out_of_the_web_folder(served: Any, path: str) -> None:
    assert ask(served, path).status == 404


@dataclass(frozen=True)
class Picture:
    content_type: str = "image/webp"
    body: bytes = b"pixels"


def media(path: str) -> Picture | int:
    return Picture() if path == "/shown" else 404


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("GET", "/shown", 200, b"pixels"),
        ("HEAD", "/shown", 200, b""),
        ("GET", "/x", 404, b""),
        ("POST", "/x", 405, b""),
    ],
)
def test_the_picture_host_only_shows(method: str, path: str, status: int, body: bytes) -> None:
    got = ask(Pictures(media), path, method, PATH_INFO=path)

    assert (got.status, got.body) == (status, body)
    assert got.all("set-cookie") == []
    assert got.all("content-security-policy") == ["default-src 'none'; sandbox"]


def test_a_picture_is_kept_for_an_hour_by_the_browser_alone_and_a_refusal_not_at_all() -> None:
    shown, missing = (ask(Pictures(media), path, PATH_INFO=path) for path in ("/shown", "/x"))

    assert shown.all("cache-control") == ["private, max-age=3600, immutable"]
    assert (shown.all("content-type"), shown.all("content-length")) == (["image/webp"], ["6"])
    assert missing.all("cache-control") == ["no-store"]


def test_a_range_of_a_picture_is_the_whole_picture() -> None:
    got = ask(Pictures(media), "/shown", PATH_INFO="/shown", HTTP_RANGE="bytes=0-1")

    assert (got.status, got.body) == (200, b"pixels")


def test_a_picture_that_breaks_is_an_empty_answer_and_not_the_end(caplog: pytest.LogCaptureFixture) -> None:
    def broken(path: str) -> Picture | int:
        raise OSError("the disk is tired")

    got = ask(Pictures(broken), "/shown", PATH_INFO="/shown")

    assert (got.status, got.body) == (500, b"")
    assert "the disk is tired" in caplog.text


def test_the_picture_host_names_the_methods_it_takes() -> None:
    assert ask(Pictures(media), "/x", "POST", PATH_INFO="/x").all("allow") == ["GET, HEAD"]


def test_the_accepting_port_decides_whether_pictures_or_pages_answer(served: Any) -> None:
    both = by_port(8001, Pictures(media), served)

    assert ask(both, "/shown", PATH_INFO="/shown", SERVER_PORT="8001").body == b"pixels"
    assert ask(both, "/", PATH_INFO="/", SERVER_PORT="8000", HTTP_HOST="127.0.0.1:8001").body == b"<!doctype html>"
