"""People who talk about a picture, for tests: colleagues who sign in by their mail, and what they say."""

import secrets
from dataclasses import dataclass, field
from typing import Any

import requests

from infra.local.polling import await_true
from tests.journeys.instance import Instance

LIMIT_S = 60


@dataclass(frozen=True)
class Colleague:
    """A member who is signed in."""

    id: str
    name: str
    url: str
    http: requests.Session = field(repr=False)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """What the API answers; anything but success fails."""
        answer = self.http.request(method, self.url + path, json=body, headers={"Origin": self.url}, timeout=30)
        assert answer.ok, (answer.status_code, answer.text)
        return answer.json() if answer.content else None


def colleague(packshot: Instance, name: str, role: str = "designer") -> Colleague:
    """A new member with a ready-made role, invited by mail and come in by its link."""
    told, email = packshot.connection, f"{name.split()[0].lower()}.{secrets.token_hex(3)}@example.com"
    roles = {one["key"]: one["id"] for one in packshot.every("/v1/roles")}
    made = packshot.call("POST", "/v1/members", {"name": name, "email": email, "role_ids": [roles[role]]})
    assert made.status_code == 201, made.text
    links = list[str]()

    def has_mail() -> bool:
        mails = requests.get(told["mail_url"], timeout=10).json()["items"]
        links[:] = [link for one in mails if email in str(one["to"]) for link in one["links"]]
        return bool(links)

    assert await_true(has_mail, LIMIT_S, 0.3)
    http = requests.Session()
    token = links[0].rpartition("/")[2]
    answer = http.post(f"{told['url']}/v1/sessions", json={"token": token}, headers={"Origin": told["url"]}, timeout=30)
    assert answer.status_code == 201, answer.text
    return Colleague(made.json()["id"], name, told["url"], http)


def said(who: Instance | Colleague, asset: str, body: str, **more: Any) -> Any:
    """A comment on version 1 unless `version` says another."""
    answer = who.call("POST", f"/v1/assets/{asset}/comments", {"version": 1, "body": body, **more})
    return answer.json() if isinstance(answer, requests.Response) else answer
