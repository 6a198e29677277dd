"""The shapes of connections: what each kind's settings and credentials look like, and what is shown."""

import json
import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints, field_validator, model_validator

from chalicelib.handlers import schemas
from chalicelib.handlers.shapes import ETAG, Out, Page, Time

FolderId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{4,100}$")]
"""What stands in the address of a Drive folder, after `folders/`; for a shared drive its own id."""
Secret = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4_000)]
_SHOP = re.compile(
    r"(?:https?://)?(?:([a-z0-9][a-z0-9_-]*)(?:\.myshopify\.com)?|admin\.shopify\.com/store/([a-z0-9][a-z0-9_-]*))/?"
)
KindName = Literal["drive", "shopify"]


class ConnectionIn(schemas.Closed):
    """A new connection. What `settings` and `credentials` hold depends on its kind."""

    kind: KindName
    name: schemas.Line
    settings: dict[str, Any]
    credentials: dict[str, Any]


class ConnectionPatch(schemas.Closed):
    """What is to change. `settings` is merged; credentials are replaced as a whole and never shown."""

    name: schemas.Line | None = Field(None, json_schema_extra=schemas.never_null)
    settings: dict[str, Any] | None = Field(None, json_schema_extra=schemas.never_null)
    credentials: dict[str, Any] | None = Field(None, json_schema_extra=schemas.never_null)


class AnswerIn(schemas.Closed):
    """An answer to the connection's question."""

    decision: Annotated[str, StringConstraints(min_length=1, max_length=80)]


class DriveSettings(schemas.Closed):
    """Folders that are followed, and the one that approved versions are saved into; without it nothing is written."""

    folder_ids: list[FolderId] = Field(min_length=1, max_length=50)
    every_minutes: int = Field(15, ge=1, le=1440)
    write_back_folder_id: FolderId | None = None


class DriveCredentials(schemas.Closed):
    """A service account's key file, or a refresh token with the client it was given to."""

    service_account: dict[str, Any] | None = None
    refresh_token: Secret | None = None
    client_id: Secret | None = None
    client_secret: Secret | None = None

    @model_validator(mode="before")
    @classmethod
    def _opened(cls, given: Any) -> Any:
        """The key file may come as its text."""
        if isinstance(given, dict) and isinstance(given.get("service_account"), str):
            try:
                return {**given, "service_account": json.loads(given["service_account"])}
            except ValueError as problem:
                raise ValueError("service_account is not the JSON of a key file") from problem
        return given

    @model_validator(mode="after")
    def _whole(self) -> "DriveCredentials":
        tokens = (self.refresh_token, self.client_id, self.client_secret)
        if self.service_account is None:
            if not all(tokens):
                raise ValueError("give service_account, or refresh_token with client_id and client_secret")
            return self
        if any(tokens):
            raise ValueError("give either service_account or refresh_token, not both")
        account = self.service_account
        if account.get("type") != "service_account":
            raise ValueError("this is no service account's key file: its type must be service_account")
        missing = [one for one in ("client_email", "private_key") if not isinstance(account.get(one), str)]
        if missing:
            raise ValueError(f"the service account's key file lacks {' and '.join(missing)}")
        return self


class ShopifyMatch(schemas.Closed):
    """Where the SKU of a picture is looked for, the surest first."""

    fields: list[Literal["sku", "name", "folder"]] = Field(default=["sku", "name"], min_length=1, max_length=3)


class ShopifySettings(schemas.Closed):
    """A store, by its host name or its address; the name that it has with Shopify, not a domain of its own.

    `auto_apply`: its runs apply their own plans. `remove_withdrawn`: what is not approved any more, or is no longer a
    picture of a product, is taken off it.
    """

    shop: Annotated[str, StringConstraints(max_length=200)]
    auto_apply: bool = False
    remove_withdrawn: bool = False
    match: ShopifyMatch = Field(default_factory=ShopifyMatch)

    @field_validator("shop")
    @classmethod
    def _host(cls, given: str) -> str:
        found = _SHOP.fullmatch(given.strip().lower())
        if found is None:
            raise ValueError("must be like your-store.myshopify.com")
        return f"{found[1] or found[2]}.myshopify.com"


class ShopifyCredentials(schemas.Closed):
    """The client ID and secret of an app of one's own, or the token of an app from before 2026."""

    client_id: Secret | None = None
    client_secret: Secret | None = None
    access_token: Secret | None = None

    @model_validator(mode="after")
    def _whole(self) -> "ShopifyCredentials":
        pair = (self.client_id, self.client_secret)
        if self.access_token is None and not all(pair):
            raise ValueError("give client_id with client_secret, or access_token")
        if self.access_token is not None and any(pair):
            raise ValueError("give either client_id with client_secret or access_token, not both")
        return self


SHAPES: dict[str, tuple[type[BaseModel], type[BaseModel]]] = {
    "drive": (DriveSettings, DriveCredentials),
    "shopify": (ShopifySettings, ShopifyCredentials),
}
"""Settings and credentials of each kind that is offered."""


class Question(Out):
    """What only a person can decide; answered by `decide`."""

    code: str
    text: str
    choices: list[str]


class Connection(Out):
    """A connection, without its credentials. `because` says why it does not work, in words."""

    id: str
    kind: KindName
    name: str
    settings: dict[str, Any]
    state: Literal["ok", "needs_reconnect", "needs_decision", "error"]
    because: str | None
    question: Question | None
    running: bool
    last_run: Time | None
    next_run: Time | None = Field(description="Null while it waits for a person.")
    created_at: Time
    etag: str = Field(description=ETAG)


class Connections(Page):
    """Connections, oldest first."""

    items: list[Connection]


class Line(Out):
    """What happened."""

    at: Time
    text: str
    subject: str | None
    trouble: bool


class ConnectionRun(Out):
    """What one run did."""

    id: str
    state: Literal["running", "done", "failed"]
    by: str
    started_at: Time
    ended_at: Time | None
    done: int
    total: int | None = Field(description="Null while it is unknown.")
    because: str | None
    counts: dict[str, int]
    log: list[Line]


class ConnectionRuns(Page):
    """Runs, newest first."""

    items: list[ConnectionRun]
