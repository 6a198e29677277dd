"""A plan of a store, as who manages the library sees it: made, reviewed, applied, seen in the shop, taken back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from infra.local.polling import await_true
from tests.browser import gallery, reviewing
from tests.browser.conftest import PATIENCE_MS
from tests.browser.test_access import findings
from tests.journeys.instance import Instance

LIMIT_S = 120
CARD, BAG, ODD = "PLN-CRD-01", "PLN-BAG-01", "ZZZ-900"
BIG = (2048, 2048)


@dataclass(frozen=True)
class Counter:
    """An instance whose library has pictures for the store that it is connected to."""

    packshot: Instance
    id: str

    def control(self, what: str, **asked: Any) -> Any:
        told = self.packshot.connection["shopify"]
        url = told["url"].rpartition("/")[0]
        reply = requests.post(f"{url}/__standin__/{what}", json={"shop": told["shop"], **asked}, timeout=10)
        assert reply.ok, reply.text
        return reply.json()

    def shown(self, title: str) -> int:
        """How many pictures hang on the product of this name."""
        return len(next(one["media"] for one in self.control("dump")["products"] if one["title"] == title))


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """One picture for one product, one whose SKU two products have, one that belongs nowhere; all are approved."""
    running = Instance(tmp_path_factory.mktemp("planning")).start()
    try:
        yield Counter(running, connected(running))
    finally:
        running.interrupt()


def connected(running: Instance) -> str:
    """Fill the library and the store, and connect them; the connection's id."""
    found = Counter(running, "")
    titles = (("Plan card", CARD), ("Plan bag", BAG), ("Plan bag as a gift", BAG))
    found.control("seed", products=[{"title": title, "variants": [{"sku": sku}]} for title, sku in titles])
    store = running.connection["shopify"]
    body = {
        "kind": "shopify", "name": "Our store", "settings": {"shop": store["shop"]},
        "credentials": {"client_id": store["client_id"], "client_secret": store["client_secret"]},
    }  # fmt: skip
    made = running.call("POST", "/v1/connections", body)
    assert made.status_code == 201, made.text
    (running.drop / "Push").mkdir()
    for number, sku in enumerate((CARD, BAG, ODD)):
        (running.drop / "Push" / f"{sku}_front.jpg").write_bytes(gallery.picture(number, BIG))
    running.await_assets("Push", 3, LIMIT_S)
    pictures = gallery.found_by(running, "collection:Push", 3)
    items = [{"asset_id": one["id"]} for one in pictures]
    asked = running.call("POST", "/v1/approvals", {"items": items, "approver_ids": [reviewing.owner(running)]}).json()
    for one in items:
        said = running.call("POST", f"/v1/approvals/{asked['id']}/decisions", {**one, "decision": "approve"})
        assert said.ok, said.text
    variants = f"/v1/connections/{made.json()['id']}/variants?q={BAG}"
    assert await_true(lambda: len(running.get(variants)["items"]) == 2, LIMIT_S, 0.5)
    return str(made.json()["id"])


@pytest.fixture
def room(browser: Browser, counter: Counter) -> Iterator[Page]:
    """The store's page in the room of connections."""
    context = browser.new_context(base_url=counter.packshot.connection["url"], accept_downloads=True)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(counter.packshot.sign_in_link())
    page.get_by_role("button", name="Skip").click()
    page.goto("/#/manage/connections")
    page.get_by_role("link", name="Our store").click()
    yield page
    context.close()


@pytest.mark.requirement("R34", "R35")
def test_a_plan_is_made_reviewed_applied_and_rolled_back_and_nothing_is_sent_before(
    room: Page, counter: Counter
) -> None:
    room.get_by_role("region", name="Plans").get_by_role("button", name="Make a plan").click()
    expect(room.get_by_role("heading", name="1 line to change in the store")).to_be_visible(timeout=2 * PATIENCE_MS)
    expect(room.get_by_text("Nothing is sent until you approve.")).to_be_visible()
    lists = room.get_by_role("navigation", name="Lists")
    expect(lists.get_by_role("link")).to_have_text(
        [re.compile(one) for one in ("Matched1", "Ambiguous1", "Unmatched1", "Blocked0", "Unchanged0")]
    )
    line = room.get_by_role("region", name="Matched").get_by_role("listitem")
    expect(line).to_contain_text(re.compile(f"{CARD}.*Plan card.*SKU.*new picture.*none.*v1"))
    expect(line.locator("img").first).to_be_visible()
    expect(line.get_by_role("img", name="In the store now: No picture")).to_be_visible()
    expect(line.get_by_role("img", name="By this plan: v1").locator("img")).to_be_visible()

    line.get_by_role("button", name=f"Skip: {CARD}").click()
    expect(room.get_by_role("heading", name="Nothing is to change in the store")).to_be_visible()
    lists.get_by_role("link", name="Blocked").click()
    room.get_by_role("button", name=f"Take back: {CARD}").click()
    expect(room.get_by_role("heading", name="1 line to change in the store")).to_be_visible()
    lists.get_by_role("link", name="Ambiguous").click()
    room.get_by_role("button", name=f"Choose variants: {BAG}").click()
    dialog = room.get_by_role("dialog")
    dialog.get_by_label("Plan bag as a gift").check()
    dialog.get_by_role("button", name="Choose").click()
    expect(room.get_by_role("heading", name="2 lines to change in the store")).to_be_visible()
    with room.expect_download() as csv:
        room.get_by_role("button", name="CSV").click()
    assert csv.value.path().read_text().count("\n") == 3
    lists.get_by_role("link", name=re.compile("^Matched")).click()
    expect(room.get_by_role("region", name="Matched").get_by_role("listitem")).to_have_count(2)
    assert findings(room) == []
    room.set_viewport_size({"width": 1280, "height": 800})
    assert (counter.shown("Plan card"), counter.shown("Plan bag as a gift")) == (0, 0)

    room.get_by_role("button", name="Approve and apply 2").click()
    room.get_by_role("dialog").get_by_role("button", name="Approve and apply").click()
    expect(room.get_by_label("What came of it")).to_have_text("2 done", timeout=4 * PATIENCE_MS)
    expect(room.get_by_role("heading", name="2 lines changed in the store")).to_be_visible()
    assert [counter.shown(one) for one in ("Plan card", "Plan bag as a gift", "Plan bag")] == [1, 1, 0]

    room.get_by_role("button", name="Roll back").click()
    room.get_by_role("dialog").get_by_role("button", name="Roll back").click()
    expect(room.get_by_label("What came of it")).to_have_text("2 taken back", timeout=4 * PATIENCE_MS)
    assert (counter.shown("Plan card"), counter.shown("Plan bag as a gift")) == (0, 0)
    assert findings(room) == []

    room.get_by_role("link", name="Back to the store").click()
    expect(room.get_by_role("region", name="Plans").get_by_role("listitem").first).to_contain_text("Rolled back")
    room.get_by_role("link", name="Changed in the store").click()
    expect(room.get_by_role("heading", name="Changed in the store")).to_be_visible()
    assert findings(room) == []
