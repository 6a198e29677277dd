"""Members, roles, keys, the audit trail and the rules of a collection, as those who manage see them."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
import requests
from playwright.sync_api import Browser, Locator, Page, expect

from infra.local.polling import await_true
from tests.browser.conftest import PATIENCE_MS, Mishaps
from tests.browser.gallery import Gallery, picture
from tests.journeys.instance import Instance

LIMIT_S = 30


def line(page: Page, name: str) -> Locator:
    return page.locator(".up").filter(has_text=name)


def act_on(page: Page, name: str, act: str) -> None:
    page.get_by_role("button", name=f"What to do with: {name}").click()
    page.get_by_role("menuitem", name=act).click()


@pytest.fixture
def role(packshot: Instance, page: Page) -> Iterator[dict[str, Any]]:
    """A role that may view everything, its matrix on screen."""
    made = packshot.call(
        "POST", "/v1/roles", {"name": "Lookers", "grants": [{"collection_id": None, "allow": ["view"]}]}
    )
    assert made.status_code == 201
    page.goto(f"/#/manage/roles?role={made.json()['id']}")
    expect(page.get_by_role("heading", name="Lookers")).to_be_visible()
    yield made.json()
    packshot.call("DELETE", f"/v1/roles/{made.json()['id']}")


@pytest.mark.requirement("R17")
def test_a_member_is_added_changed_and_removed(page: Page, packshot: Instance) -> None:
    page.goto("/#/manage")
    page.get_by_role("button", name="Add a member").click()
    page.get_by_label("Name").fill("Ada Penn")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_role("checkbox", name="Staff").check()
    page.get_by_role("button", name="Add member").click()
    expect(line(page, "ada@example.com")).to_contain_text("Staff")
    known = next(one for one in packshot.every("/v1/members") if one["email"] == "ada@example.com")
    assert len(known["role_ids"]) == 1

    act_on(page, "Ada Penn", "Change")
    page.get_by_label("Access ends").fill("2030-05-01")
    page.get_by_role("button", name="Save").click()
    expect(line(page, "ada@example.com")).to_contain_text("until 1 May 2030")

    act_on(page, "Ada Penn", "Remove")
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Ada Penn is removed.")).to_be_visible()
    expect(line(page, "ada@example.com")).to_have_count(0)
    assert all(one["email"] != "ada@example.com" for one in packshot.every("/v1/members"))


def test_what_is_refused_stays_in_the_dialog_with_the_reason(page: Page, mishaps: Mishaps) -> None:
    mishaps.allow("status of 4")
    page.goto("/#/manage")
    page.get_by_role("button", name="Add a member").click()
    page.get_by_label("Name").fill("No Address")
    page.get_by_label("E-mail").fill("nobody@localhost")
    page.get_by_role("button", name="Add member").click()

    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("No Address")


@pytest.mark.requirement("R20")
def test_a_cell_of_the_matrix_grants_denies_and_shows_at_once_what_they_would_see(
    page: Page, packshot: Instance, role: dict[str, Any]
) -> None:
    sight = page.get_by_role("region", name="What would they see?")
    page.get_by_label("May they").select_option("view")
    expect(sight).to_contain_text("pictures of this library")
    expect(sight.get_by_text("Yes", exact=True)).to_be_visible()

    page.get_by_role("button", name="View, The whole library: allowed").click()
    expect(page.get_by_role("button", name="View, The whole library: denied")).to_be_visible()
    expect(sight).to_contain_text("No picture of this library")
    expect(sight).to_contain_text("This role denies it.")
    grants = packshot.get(f"/v1/roles/{role['id']}")["grants"]
    assert grants == [{"collection_id": None, "allow": [], "deny": ["view"]}]


def test_a_role_gets_a_collection_of_its_own(
    page: Page, packshot: Instance, photos: Gallery, role: dict[str, Any]
) -> None:
    page.get_by_role("button", name="Add a collection").click()
    page.get_by_role("dialog").get_by_role("button", name="Gallery", exact=True).click()
    page.get_by_role("button", name="Edit, Gallery: not said").click()
    expect(page.get_by_role("button", name="Edit, Gallery: allowed")).to_be_visible()

    def is_kept() -> bool:
        grants = packshot.get(f"/v1/roles/{role['id']}")["grants"]
        return any(one["collection_id"] == photos.id and sorted(one["allow"]) == ["edit", "view"] for one in grants)

    assert await_true(is_kept, LIMIT_S, 0.2)


def test_a_key_is_shown_once_works_and_stops_when_revoked(page: Page, packshot: Instance) -> None:
    page.goto("/#/manage/keys")
    page.get_by_role("button", name="Make a key").click()
    page.get_by_label("Name").fill("Shop window")
    page.get_by_role("checkbox", name="View").check()
    page.get_by_role("button", name="Make key").click()
    secret = page.get_by_role("textbox", name="Shop window").input_value()
    page.get_by_role("button", name="Close").click()

    def status() -> int:
        url, headers = packshot.connection["url"], {"Authorization": f"Bearer {secret}"}
        return requests.get(f"{url}/v1/me", headers=headers, timeout=30).status_code

    assert secret.startswith("ps_")
    assert status() == 200
    assert secret not in page.content()
    act_on(page, "Shop window", "Revoke")
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("“Shop window” is revoked.")).to_be_visible()
    assert status() == 401


@pytest.mark.requirement("RA1")
def test_a_key_is_held_to_the_collections_and_rights_that_its_maker_ticks(
    page: Page, packshot: Instance, photos: Gallery
) -> None:
    page.goto("/#/manage/keys")
    page.get_by_role("button", name="Make a key").click()
    page.get_by_label("Name").fill("Agency")
    page.get_by_role("checkbox", name="View").check()
    page.get_by_role("button", name="Only in these collections").press("Enter")
    page.get_by_role("dialog", name="Only in these collections").get_by_role("button", name="Gallery").press("Enter")
    page.get_by_role("button", name="Make key").click()
    secret = page.get_by_role("textbox", name="Agency").input_value()
    page.get_by_role("button", name="Close").click()

    expect(page.get_by_role("listitem").filter(has_text="Agency")).to_contain_text("View · in Gallery")
    url, headers = packshot.connection["url"], {"Authorization": f"Bearer {secret}"}
    seen = requests.get(f"{url}/v1/collections", headers=headers, timeout=30).json()["items"]
    assert [one["path"] for one in seen if one["parent_id"] is not None] == ["Gallery"]


@pytest.mark.requirement("R41")
def test_lent_keys_put_a_file_into_the_library(page: Page, packshot: Instance) -> None:
    page.goto("/#/manage/keys")
    page.get_by_role("button", name="Lend keys").click()
    lines = page.get_by_role("textbox", name="Lines for a terminal").input_value()
    told = dict(line.removeprefix("export ").split("=", 1) for line in lines.splitlines() if "export" in line)
    bucket, _, prefix = lines.partition("s3://")[2].rstrip('"').partition("/")

    store = boto3.client(
        "s3", region_name="us-east-1", endpoint_url=told["AWS_ENDPOINT_URL"],
        aws_access_key_id=told["AWS_ACCESS_KEY_ID"], aws_secret_access_key=told["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=told["AWS_SESSION_TOKEN"],
    )  # fmt: skip
    store.put_object(Bucket=bucket, Key=f"{prefix}Lent/lent.jpg", Body=picture(5200))

    packshot.await_assets("Lent", 1, 60)


@pytest.mark.requirement("R51")
def test_the_audit_trail_is_filtered_in_the_address_and_written_as_csv(page: Page) -> None:
    page.goto("/#/manage/audit")
    page.get_by_label("What", exact=True).fill("key.made")
    page.get_by_label("What", exact=True).press("Enter")
    expect(page).to_have_url(re.compile("action=key.made"))
    page.get_by_label("What", exact=True).fill("no.such.act")
    page.get_by_label("What", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    page.get_by_role("button", name="Clear filters").click()
    expect(page.locator(".up").first).to_be_visible()
    page.get_by_label("From", exact=True).fill("2026-01-01")
    with page.expect_download() as coming:
        page.get_by_role("button", name="CSV").click()

    rows = list(csv.reader(io.StringIO(coming.value.path().read_text("utf-8-sig"))))
    assert len(rows) > 5
    assert {"at", "actor", "action", "subject", "result"} <= set(rows[0])


@pytest.mark.requirement("R51")
def test_the_audit_trail_names_keys_and_a_name_narrows_it_to_what_they_did(page: Page, packshot: Instance) -> None:
    key = does_something(packshot, "Nightly")
    page.goto("/#/manage/audit")

    page.get_by_role("button", name="Key Nightly").first.click()

    expect(page).to_have_url(re.compile(f"actor=key%3A{key}"))
    expect(page.locator(".audit")).to_have_count(1)
    expect(page.locator(".audit")).to_contain_text("collection")


@pytest.mark.requirement("R51")
def test_a_key_made_since_the_page_was_loaded_has_its_name_in_the_audit_trail(page: Page, packshot: Instance) -> None:
    does_something(packshot, "Early")
    page.goto("/#/manage/audit")
    expect(page.get_by_role("button", name="Key Early").first).to_be_visible()
    late = does_something(packshot, "Late")

    page.get_by_label("Who", exact=True).fill(f"key:{late}")
    page.get_by_label("Who", exact=True).press("Enter")

    expect(page.locator(".audit").get_by_role("button", name="Key Late")).to_have_count(1)


def does_something(packshot: Instance, name: str) -> str:
    """A new key of this name has made a collection; the key's id."""
    key = packshot.call("POST", "/v1/keys", {"name": name, "rights": ["view", "upload"]}).json()
    made = packshot.http.post(
        packshot.connection["url"] + "/v1/collections",
        json={"name": f"By {name}"}, headers={"Authorization": f"Bearer {key['key']}"}, timeout=30,
    )  # fmt: skip
    assert made.status_code == 201, made.text
    return str(key["id"])


def test_the_rules_of_a_collection_are_set_and_taken_back(page: Page, packshot: Instance) -> None:
    made = packshot.call("POST", "/v1/collections", {"name": "Ruled"}).json()
    page.goto("/#/library")
    act_on(page, "Ruled", "Rules")
    page.get_by_role("checkbox", name="Show approved pictures only").check()
    page.get_by_role("checkbox", name="Alt text").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The rules of “Ruled” are saved.")).to_be_visible()
    policy = packshot.get(f"/v1/collections/{made['id']}")["policy"]
    assert (policy["unapproved"], policy["required_fields"]) == ("block", ["alt"])

    page.get_by_role("button", name="Undo").click()
    assert await_true(lambda: packshot.get(f"/v1/collections/{made['id']}")["policy"] == made["policy"], LIMIT_S, 0.2)
    packshot.call("DELETE", f"/v1/collections/{made['id']}")


def test_a_member_signs_in_by_mail_and_without_the_right_has_no_such_room(
    browser: Browser, packshot: Instance, photos: Gallery
) -> None:
    staff = next(one["id"] for one in packshot.every("/v1/roles") if one["key"] == "staff")
    email = "staff@example.com"
    packshot.call("POST", "/v1/members", {"name": "Sam Staff", "email": email, "role_ids": [staff]})
    context = browser.new_context(base_url=packshot.connection["url"])
    page = context.new_page()
    page.goto("/", timeout=PATIENCE_MS)
    page.get_by_label("Work e-mail").fill(email)
    page.get_by_role("button", name="Send me a link").click()
    links = list[str]()

    def has_come() -> bool:
        mails = requests.get(packshot.connection["mail_url"], timeout=30).json()["items"]
        links[:] = [link for mail in mails if mail["to"] == [email] for link in mail["links"]]
        return bool(links)

    assert await_true(has_come, LIMIT_S, 0.2)
    page.goto(links[0])
    expect(page.get_by_role("link", name="Library").first).to_be_visible()

    expect(page.get_by_role("link", name="Manage")).to_have_count(0)
    page.goto("/#/manage")
    expect(page.get_by_text("Only those who manage the library see this.")).to_be_visible()
    context.close()
