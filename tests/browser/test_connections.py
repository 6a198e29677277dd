"""A Drive and a store are connected, followed, looked at and disconnected, as who manages the library sees it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import gallery
from tests.browser.conftest import PATIENCE_MS, Mishaps
from tests.drives import Place, a_drive
from tests.journeys.instance import Instance


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A Drive whose folder of photos holds one picture."""
    with a_drive(tmp_path_factory.mktemp("drive")) as found:
        found.file("KOS-900-front.jpg", gallery.picture(900))
        yield found


@pytest.fixture(scope="module")
def followed(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """An instance of its own whose Google Drive is that one."""
    running = Instance(tmp_path_factory.mktemp("following"), environment={"PACKSHOT_DRIVE_URL": place.url}).start()
    yield running
    running.interrupt()


@pytest.fixture(scope="module")
def signed_in(browser: Browser, followed: Instance) -> Any:
    """What a browser keeps of its sign-in to that instance: the printed link works once, for all tests here."""
    context = browser.new_context(base_url=followed.connection["url"])
    page = context.new_page()
    page.goto(followed.sign_in_link(), timeout=PATIENCE_MS)
    page.get_by_role("button", name="Skip").click()
    kept = context.storage_state()
    context.close()
    return kept


@pytest.fixture
def manager(browser: Browser, followed: Instance, signed_in: Any) -> Iterator[Page]:
    """Who manages that instance, in the room of its connections."""
    context = browser.new_context(base_url=followed.connection["url"], storage_state=signed_in)
    page = context.new_page()
    page.goto("/#/manage/connections", timeout=PATIENCE_MS)
    yield page
    context.close()


@pytest.mark.requirement("R39", "R42")
def test_a_drive_is_connected_runs_and_is_disconnected_while_its_pictures_stay(
    manager: Page, followed: Instance, place: Place, tmp_path: Path
) -> None:
    key_file, page = tmp_path / "key.json", manager
    key_file.write_text(json.dumps(place.service_account["service_account"]))

    expect(page.get_by_role("heading", name="Nothing is connected")).to_be_visible()
    page.get_by_role("button", name="Connect").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Studio Drive")
    dialog.get_by_label("Key file").set_input_files(key_file)
    expect(dialog.get_by_role("status")).to_contain_text("Share the folders with")
    dialog.get_by_label("Folders to follow").fill(f"https://drive.google.com/drive/folders/{place.photos}?usp=sharing")
    dialog.get_by_role("button", name="Connect").click()

    expect(page.get_by_role("heading", name="Studio Drive")).to_be_visible()
    expect(page.get_by_role("region", name="Runs")).to_contain_text("1 file found")
    gallery.found_by(followed, "KOS-900", 1)
    page.get_by_role("button", name="What to do with: Studio Drive").click()
    page.get_by_role("menuitem", name="Disconnect").click()
    page.get_by_role("dialog").get_by_role("button", name="Disconnect").click()

    expect(page.get_by_role("heading", name="Nothing is connected")).to_be_visible()
    assert len(gallery.found_by(followed, "KOS-900", 1)) == 1


@pytest.mark.requirement("R38")
def test_a_store_is_connected_its_catalogue_read_and_it_is_disconnected(manager: Page, followed: Instance) -> None:
    store, page = followed.connection["shopify"], manager

    page.get_by_role("button", name="Connect").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Shopify").check()
    dialog.get_by_label("Name").fill("Our store")
    dialog.get_by_label("Client ID").fill(store["client_id"])
    dialog.get_by_label("Client secret").fill(store["client_secret"])
    dialog.get_by_label("Store", exact=True).fill("our-store.example.com")
    dialog.get_by_role("button", name="Connect").click()
    expect(dialog.get_by_text("must be like your-store.myshopify.com")).to_be_visible()
    dialog.get_by_label("Store", exact=True).fill(f"https://{store['shop']}/")
    dialog.get_by_role("button", name="Connect").click()

    expect(page.get_by_role("heading", name="Our store")).to_be_visible()
    expect(page.get_by_text(store["shop"])).to_be_visible()
    expect(page.get_by_role("region", name="Runs")).to_contain_text("29 variants added", timeout=2 * PATIENCE_MS)
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("It works.")).to_be_visible()
    page.get_by_role("button", name="What to do with: Our store").click()
    page.get_by_role("menuitem", name="Disconnect").click()
    page.get_by_role("dialog").get_by_role("button", name="Disconnect").click()

    expect(page.get_by_role("heading", name="Nothing is connected")).to_be_visible()


@pytest.mark.requirement("R39")
def test_a_file_that_is_no_key_is_refused_at_its_field(page: Page, mishaps: Mishaps) -> None:
    mishaps.allow("status of 422")
    page.goto("/#/manage/connections")
    page.get_by_role("button", name="Connect").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Wrong")
    dialog.get_by_label("Key file").set_input_files({"name": "key.json", "mimeType": "text/plain", "buffer": b"hello"})
    dialog.get_by_label("Folders to follow").fill("0B_some-folder")
    dialog.get_by_role("button", name="Connect").click()

    expect(dialog.get_by_role("alert")).to_contain_text("not the JSON of a key file")


def connected(followed: Instance, place: Place, name: str, folder_id: str) -> str:
    """A connection of the user's own account that follows the folder."""
    asked = {"kind": "drive", "name": name, "settings": {"folder_ids": [folder_id]}, "credentials": place.credentials}
    made = followed.call("POST", "/v1/connections", asked)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def disconnected(page: Page, name: str) -> None:
    page.get_by_role("button", name=f"What to do with: {name}").click()
    page.get_by_role("menuitem", name="Disconnect").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Every asset stays, with its versions and comments.")
    dialog.get_by_role("button", name="Disconnect").click()
    expect(page.get_by_text(f"{name} is disconnected. Everything stays.")).to_be_visible()


@pytest.mark.requirement("R40", "R42")
def test_what_is_lost_in_drive_is_asked_about_told_by_name_and_kept_here(
    manager: Page, followed: Instance, place: Place
) -> None:
    page, top = manager, place.folder("Autumn", "root")
    out = place.file("KOS-901-front.jpg", gallery.picture(901), top)
    place.file("KOS-902-front.jpg", gallery.picture(902), top)
    connection = connected(followed, place, "Autumn Drive", top)
    (kept, _other) = (followed.await_assets("Autumn", 2)[f"Autumn/KOS-90{each}-front.jpg"] for each in (1, 2))
    said = {"version": 1, "body": "Which hem?"}
    assert followed.call("POST", f"/v1/assets/{kept['id']}/comments", said).status_code == 201
    page.goto(f"/#/manage/connections?connection={connection}")
    runs = page.get_by_role("region", name="Runs")

    place.move(out, "root")
    page.get_by_role("button", name="Run now").click()
    expect(runs).to_contain_text("1 detached")
    runs.get_by_text("What happened").first.click()
    expect(runs).to_contain_text("“KOS-901-front.jpg” is kept, but not followed any more: moved out of the folders")

    place.delete(top)
    page.get_by_role("button", name="Run now").click()
    asking = page.get_by_role("alert")
    expect(asking.get_by_role("heading", name="A decision is needed")).to_be_visible()
    expect(asking).to_contain_text(f"The folder {top} is not there for team@standin.test")
    expect(asking).to_contain_text("choose “It is shared again: try again”")
    expect(asking.get_by_role("button", name="It is shared again: try again")).to_be_visible()
    assert gallery.found_by(followed, "KOS-902", 1)[0]["state"] == "live"
    asking.get_by_role("button", name="Keep what is here, follow no longer").click()
    expect(page.get_by_text("Decided. It goes on.")).to_be_visible()
    expect(page.get_by_text("Works", exact=True)).to_be_visible()
    runs.get_by_text("What happened").first.click()
    expect(runs).to_contain_text("“KOS-902-front.jpg” is kept, but not followed any more")

    disconnected(page, "Autumn Drive")
    assert len(gallery.found_by(followed, "KOS-902", 1)) == 1
    comments = followed.get(f"/v1/assets/{kept['id']}/comments")["items"]
    assert [one["body"] for one in comments] == ["Which hem?"]


@pytest.mark.requirement("R39")
def test_credentials_that_ended_are_replaced_and_following_goes_on(
    manager: Page, followed: Instance, place: Place
) -> None:
    page, top = manager, place.folder("Winter", "root")
    connection = connected(followed, place, "Winter Drive", top)
    page.goto(f"/#/manage/connections?connection={connection}")
    expect(page.get_by_text("Works", exact=True)).to_be_visible()

    place.file("KOS-903-front.jpg", gallery.picture(903), top)
    place.control("renew")  # the user's own hands are bound from here on, too
    followed.call("POST", f"/v1/connections/{connection}/run")  # the schedule may have been first
    expect(page.get_by_text("Needs new credentials")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("they were revoked or have expired")
    page.get_by_role("button", name="Enter new credentials").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("A person’s account").check()
    for label, name in (
        ("Client ID", "client_id"),
        ("Client secret", "client_secret"),
        ("Refresh token", "refresh_token"),
    ):
        dialog.get_by_label(label).fill(place.credentials[name])
    dialog.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Works", exact=True)).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    followed.await_assets("Winter", 1)
    disconnected(page, "Winter Drive")
