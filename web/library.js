// The plain page: sign in by the printed link, filter names, look at thumbnails, see what was set aside.

const at = (id) => document.getElementById(id);
const status = at("status"), list = at("assets"), more = at("more");
let asked = 0, next = null;

async function api(path, options = {}) {
  const reply = await fetch(path, { headers: { "Content-Type": "application/json" }, ...options });
  const body = reply.status === 204 ? null : await reply.json();
  if (!reply.ok) throw new Error(body.detail);
  return body;
}

async function signIn() {
  const token = location.hash.match(/^#\/sign-in\/(.+)$/)?.[1];
  if (!token) return;
  history.replaceState(null, "", "/");
  await api("/v1/sessions", { method: "POST", body: JSON.stringify({ token }) });
}

async function showCollections() {
  const { items } = await api("/v1/collections");
  const filled = items.find((one) => one.asset_count > 0);
  const chosen = list.children.length || at("name").value ? at("collection").value : filled?.id || "root";
  at("collection").replaceChildren(...items.map((one) => {
    const option = new Option(`${one.path || "All files without a folder"} (${one.asset_count})`, one.id);
    option.selected = one.id === chosen;
    return option;
  }));
}

function card(asset) {
  const item = document.createElement("li"), figure = document.createElement("figure");
  const picture = document.createElement(asset.thumb_url ? "img" : "div");
  if (asset.thumb_url) Object.assign(picture, { src: asset.thumb_url, alt: "", loading: "lazy" });
  else { picture.className = "icon"; picture.textContent = asset.type; }
  const caption = document.createElement("figcaption");
  caption.textContent = asset.name;
  figure.append(picture, caption);
  item.append(figure);
  return item;
}

async function showAssets(goOn = false) {
  const turn = ++asked;
  const query = new URLSearchParams({ collection_id: at("collection").value || "root", name: at("name").value, limit: 100 });
  if (goOn && next) query.set("cursor", next);
  const page = await api(`/v1/assets?${query}`);
  if (turn !== asked) return;
  next = page.next;
  more.hidden = !next;
  if (!goOn) list.replaceChildren();
  list.append(...page.items.map(card));
  const aside = await api("/v1/ingest?state=quarantined&limit=1");
  status.textContent = list.children.length
    ? `${list.children.length}${next ? "+" : ""} files${aside.items.length ? ` · set aside: ${aside.items[0].file_name}: ${aside.items[0].reason}` : ""}`
    : "Nothing here yet. Copy pictures into the drop folder.";
}

const attempt = (action) => action().catch((problem) => { status.textContent = problem.message; });
at("name").addEventListener("input", () => attempt(() => showAssets()));
at("collection").addEventListener("change", () => attempt(() => showAssets()));
more.addEventListener("click", () => attempt(() => showAssets(true)));
attempt(async () => { await signIn(); await showCollections(); await showAssets(); });
setInterval(() => document.hidden || list.children.length > 100 || attempt(async () => { await showCollections(); await showAssets(); }), 3000);
