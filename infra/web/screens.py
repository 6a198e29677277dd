"""How to reach every screen of the web app in a library that is lived in, for `make screenshots`."""

from collections.abc import Callable

from playwright.sync_api import Page


def library(page: Page) -> None:
    page.goto("/#/library")


def first_steps(page: Page) -> None:
    page.add_init_script("localStorage.removeItem('packshot.guide')")
    page.goto("/#/library?view=grid")
    page.get_by_role("region", name="First steps").wait_for()


def selected(page: Page) -> None:
    page.goto("/#/library?view=grid&f=keyword%3Astudio")
    for at in (1, 4, 5):
        page.locator(f"#t{at}").click(modifiers=["Control"])
    page.locator("#t7").hover()


def as_list(page: Page) -> None:
    page.goto("/#/library?view=list")


def nothing_found(page: Page) -> None:
    page.goto("/#/library?words=zeppelin&f=keyword%3Agift")
    page.get_by_role("button", name="Without").first.wait_for()


def picture(page: Page) -> None:
    page.goto("/#/library?view=grid")
    page.locator("#t3").click()
    page.locator("#f-title").wait_for()


def review(page: Page) -> None:
    page.goto("/#/review")
    page.locator(".rside .meta, .rnote").first.wait_for(state="attached")


def compared(page: Page) -> None:
    review(page)
    page.goto(f"{page.url}?as=side")
    page.get_by_role("region", name="Version 1").wait_for()


def wiped(page: Page) -> None:
    review(page)
    page.goto(f"{page.url}?as=wipe")
    page.get_by_role("slider").wait_for()


def versions(page: Page) -> None:
    review(page)
    page.goto(f"/#/asset/{page.url.split('/')[-2]}?v=2&drawer=versions")
    page.get_by_role("list", name="Versions").wait_for()


def uploads(page: Page) -> None:
    page.goto("/#/uploads")
    some = page.request.get("/v1/search?limit=1").json()["items"][0]
    copy = page.request.get(f"/v1/assets/{some['id']}/download").body()
    files = [
        {"name": "a copy.jpg", "mimeType": "image/jpeg", "buffer": copy},
        {"name": "AUR-LMP-09_front.jpg", "mimeType": "image/jpeg", "buffer": b""},
    ]
    page.locator("#choose-files").set_input_files(files)  # type: ignore[arg-type]
    page.get_by_text("Not taken in").first.wait_for()
    page.get_by_text("Already here").wait_for()


def keys(page: Page) -> None:
    page.goto("/#/library?sheet=keys")


def filters(page: Page) -> None:
    page.goto("/#/library?sheet=filters")


def places(page: Page) -> None:
    page.goto("/#/library?sheet=places")


def members(page: Page) -> None:
    page.goto("/#/manage")
    page.locator(".up").first.wait_for()


def adding(page: Page) -> None:
    members(page)
    page.get_by_role("button", name="Add a member").click()


def roles(page: Page) -> None:
    page.goto("/#/manage/roles")
    page.locator(".sight img").first.wait_for()


def api_keys(page: Page) -> None:
    page.goto("/#/manage/keys")
    page.locator(".up").first.wait_for()


def audit(page: Page) -> None:
    page.goto("/#/manage/audit")
    page.locator(".up").first.wait_for()


def talk(page: Page) -> None:
    some = (
        page.request.get("/v1/search?q=sku:AUR-LMP-01&limit=1").json()["items"]
        or (page.request.get("/v1/search?limit=1").json()["items"])
    )
    path = f"/v1/assets/{some[0]['id']}/comments"
    if not page.request.get(path).json()["items"]:
        for x, y, body in ((0.62, 0.3, "Seam of the shade is visible here."), (0.55, 0.82, "Dust on the foot.")):
            page.request.post(path, data={"version": 1, "body": body, "anchor": {"kind": "point", "x": x, "y": y}})
    page.goto(f"/#/asset/{some[0]['id']}")
    page.locator(".pin").first.click()
    page.locator(".note.on").scroll_into_view_if_needed()


def notices(page: Page) -> None:
    page.goto("/#/library?sheet=notices")
    page.locator("dialog[open] footer").wait_for()


def sharing(page: Page) -> None:
    selected(page)
    page.get_by_role("toolbar").get_by_role("button", name="Share").click()
    page.locator("dialog[open] fieldset").wait_for()


def shares(page: Page) -> None:
    if not page.request.get("/v1/shares").json()["items"]:
        for name, q in (("Autumn 26 for the press", ""), ("Gifts", "keyword:gift")):
            asked = {"target": {"q": q}, "switches": {"view": True, "download": True}, "name": name}
            page.request.post("/v1/shares", data=asked)
    page.goto("/#/shares")
    page.locator(".up").first.wait_for()


def presets(page: Page) -> None:
    page.request.post("/v1/workspace/template", data={"name": "ecommerce"})
    page.goto("/#/manage/presets")
    page.locator(".up").first.wait_for()


def sheets(page: Page) -> None:
    page.goto("/#/manage/sheets")
    rows = (
        "AUR-MUG-01_front.jpg,AUR-MUG-01,1,A blue mug",
        "AUR-MUG-01_angle.jpg,AUR-MUG-01,2,",
        "mug.jpg,AUR-MUG-01,3,",
    )
    page.get_by_label("Paste rows").fill("\n".join(("file,sku,position,alt", *rows)))
    page.get_by_role("button", name="See the rows").click()
    page.locator(".sr").first.wait_for()


def naming(page: Page) -> None:
    page.goto("/#/manage/naming")
    page.locator(".trial li").first.wait_for()


def product(page: Page) -> None:
    page.goto("/#/sku/AUR-MUG-01")
    page.locator(".shots li").first.wait_for()


def rules(page: Page) -> None:
    page.goto("/#/library?sheet=places" if page.viewport_size == {"width": 360, "height": 740} else "/#/library")
    page.get_by_role("button", name="What to do with: Autumn 26").last.click()
    page.get_by_role("menuitem", name="Rules").click()
    page.locator("dialog[open] fieldset").wait_for()


def _asked_of_selection(page: Page, word: str) -> None:
    selected(page)
    page.get_by_role("toolbar").get_by_role("button", name=word).click()
    page.locator("dialog[open] label").first.wait_for()


def editing_many(page: Page) -> None:
    _asked_of_selection(page, "Edit")
    page.get_by_label("Add keywords").fill("autumn, linen")
    page.get_by_label("Add keywords").press("Enter")


def tried(page: Page) -> None:
    editing_many(page)
    page.get_by_role("button", name="Check").click()
    page.get_by_text("Nothing is changed yet").wait_for()


def asking(page: Page) -> None:
    _asked_of_selection(page, "Ask for approval")
    page.locator("dialog[open] input[type=checkbox]").first.check()


def downloading(page: Page) -> None:
    _asked_of_selection(page, "Download")


def under_way(page: Page) -> None:
    if not any(one["kind"] == "bulk" for one in page.request.get("/v1/jobs?by=me").json()["items"]):
        page.request.post("/v1/downloads", data={"selection": {"q": "keyword:gift"}})
        change = {"selection": {"q": "keyword:gift"}, "change": {"add_keywords": ["present"]}}
        page.request.post("/v1/bulk", data=change)
    page.goto("/#/work")
    page.get_by_role("button", name="Undo").first.wait_for()


def visitor(page: Page) -> None:
    switches = {"view": True, "comment": True, "approve": True, "download": True}
    asked = {"target": {"q": "sku:AUR-LMP-01"}, "switches": switches, "name": "Lamps for the press"}
    made = page.request.post("/v1/shares", data=asked).json()
    page.goto(made["url"])
    page.locator(".vgrid a").first.click()
    page.locator(".decide").wait_for()


def required(page: Page) -> None:
    place = next(one for one in page.request.get("/v1/collections").json()["items"] if one["path"] == "Press")
    page.request.patch(f"/v1/collections/{place['id']}", data={"policy": {"required_fields": ["alt", "keywords"]}})
    page.goto(f"/#/uploads?in={place['id']}")
    page.get_by_text("Files go to").wait_for()
    page.locator("#choose-files").set_input_files({"name": "new.jpg", "mimeType": "image/jpeg", "buffer": b"new"})
    page.get_by_label("Alt text").wait_for()


def limited_key(page: Page) -> None:
    api_keys(page)
    page.get_by_role("button", name="Make a key").click()
    page.get_by_text("As which roles").wait_for()


def seen(page: Page) -> None:
    some = page.request.get('/v1/search?q=name:"blue mug"&limit=1').json()["items"]
    page.goto(f"/#/asset/{(some or page.request.get('/v1/search?limit=1').json()['items'])[0]['id']}")
    page.locator(".alikes:not([aria-busy])").wait_for()
    page.locator(".sight-of").evaluate("one => one.scrollIntoView()")


def duplicates(page: Page) -> None:
    page.goto("/#/duplicates")
    page.locator(".verdict, .twins .empty").first.wait_for()


def decided(page: Page) -> None:
    page.goto("/#/duplicates/decided")
    page.locator(".decided, .twins .empty").first.wait_for()


def looks(page: Page) -> None:
    page.goto("/#/manage/looks")
    page.get_by_role("heading", name="All pictures").wait_for()


def lost(page: Page) -> None:
    page.goto("/#/nowhere")


SCREENS: dict[str, Callable[[Page], None]] = {
    "library": library, "first-steps": first_steps, "selected": selected, "list": as_list,
    "nothing-found": nothing_found, "picture": picture, "seen": seen, "duplicates": duplicates,
    "decided": decided, "looks": looks,
    "review": review, "compared": compared, "wiped": wiped, "versions": versions,
    "uploads": uploads, "keys": keys, "filters": filters, "places": places, "lost": lost,
    "members": members, "adding": adding, "roles": roles, "api-keys": api_keys, "audit": audit, "rules": rules,
    "talk": talk, "notices": notices, "sharing": sharing, "shares": shares, "presets": presets,
    "sheets": sheets, "naming": naming, "product": product,
    "editing-many": editing_many, "tried": tried, "asking": asking, "downloading": downloading, "under-way": under_way,
    "visitor": visitor, "required": required, "limited-key": limited_key,
}  # fmt: skip
