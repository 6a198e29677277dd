"""The shapes of answers, as the API's document shows them. Every answer a test sees is compared with its shape.

Here: what all have in common, people, sessions, keys, jobs. Assets: asset_shapes.py; search: search_shapes.py.

A field without a default is always there; one with a default may be left out. Lists of things are pages.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from chalicelib.domain.access import Right

Time = Annotated[str, Field(json_schema_extra={"format": "date-time"}, examples=["2026-04-01T08:30:00Z"])]
ETAG = "The `ETag` header quotes it; send it as `If-Match`."


class Out(BaseModel):
    """An answer. Built when the document is made, not when the product starts."""

    model_config = ConfigDict(defer_build=True)


class Page(Out):
    """One page of a list."""

    next: str | None = Field(description="The `cursor` of the next page; null at the end.")


class Problem(Out):
    """Why a request was refused (RFC 9457). `code` is stable, `detail` is for people."""

    model_config = ConfigDict(
        defer_build=True,
        json_schema_extra={
            "additionalProperties": True,
            "examples": [
                {
                    "type": "about:blank", "title": "Invalid input", "status": 422,
                    "detail": "The request is not valid: name is empty.", "code": "invalid",
                    "request_id": "01k4g2v7m8wz5s0n9q3c6d1xya", "fields": {"name": "is empty"},
                }
            ],
        },
    )  # fmt: skip
    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    fields: dict[str, str] = Field(default={}, description="A reason for each field that does not fit.")
    position: int = Field(default=0, description="Where in `q`, for the code `bad_query`.")


class Health(Out):
    """That it runs."""

    status: Literal["ok"]
    version: str


class Principal(Out):
    """Who acts."""

    id: str
    kind: str
    name: str


class MyWorkspace(Out):
    """The workspace of the caller."""

    id: str
    name: str


class LinkAsked(Out):
    """The same for every address, whether anybody has it or not."""

    asked: Literal[True]


class SignedIn(Out):
    """The session's cookie is in the `Set-Cookie` header."""

    signed_in: Literal[True]


class Session(Out):
    """A place where the caller is signed in."""

    id: str
    created_at: Time
    expires_at: Time
    current: bool


class Sessions(Page):
    """The caller's sessions."""

    items: list[Session]


class JobError(Out):
    """What went wrong with one item of a job."""

    subject: str
    code: str
    detail: str


class Job(Out):
    """Long work with its progress."""

    id: str
    kind: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    by: str
    created_at: Time
    done: int
    total: int | None = Field(description="Null while it is unknown.")
    errors: list[JobError]
    result: dict[str, Any] | None
    change: list[str] | None = Field(description="Of a change to many assets: what it changes, by its names there.")
    undo_until: Time | None


class Jobs(Page):
    """Jobs, newest first."""

    items: list[Job]


class Started(Out):
    """Long work that was begun."""

    job_id: str


class StartedOnMany(Started):
    """Long work on a set of assets that is fixed now; `count` is how many they are."""

    count: int


class Key(Out):
    """An API key without its secret. Null limits nothing."""

    id: str
    prefix: str
    name: str
    role_ids: list[str] | None
    rights: list[Right] | None
    collection_ids: list[str] | None
    created_by: str
    created_at: Time
    expires_at: Time | None
    last_used_at: Time | None


class NewKey(Key):
    """A key with its secret, which is shown this once."""

    key: str


class Keys(Page):
    """API keys."""

    items: list[Key]


class DropCredentials(Out):
    """S3 keys that can only put files below `prefix`."""

    access_key: str
    secret_key: str
    session_token: str
    endpoint: str
    bucket: str
    prefix: str
    expires_at: Time


class Document(Out):
    """The document of the API in OpenAPI 3.1."""

    model_config = ConfigDict(defer_build=True, json_schema_extra={"additionalProperties": True})
    openapi: str
    info: dict[str, Any]
    paths: dict[str, Any]
    components: dict[str, Any]
