"""Pages of the stand-in: the shops, and a storefront on which the products are seen with their pictures in order.

The storefront has a merchant's buttons, so that a newcomer can change the shop by hand and watch what Packshot says.
"""

import html

from standins.shopify.store import Store
from standins.shopify.world import World

_HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<style>:root{color-scheme:light dark}body{font:15px/1.45 system-ui;margin:1.5rem auto;max-width:72rem;padding:0 1rem}
header{display:flex;flex-wrap:wrap;gap:.6rem 1rem;align-items:baseline}h1{margin:0}h2{font-size:1.05rem;margin:0}
article{border-top:1px solid #8886;padding:1rem 0}ol{list-style:none;display:flex;flex-wrap:wrap;gap:.8rem;padding:0}
figure{margin:0;width:9.5rem}figure img,figure .none{width:9.5rem;height:9.5rem;object-fit:contain;background:#8882}
figcaption{font-size:.8rem;overflow-wrap:anywhere}button{font:inherit;font-size:.8rem}small,.none{opacity:.75}button{margin:.1rem .2rem .1rem 0}
.none{display:grid;place-items:center}td{padding:.1rem .8rem .1rem 0}</style>
"""


def shops(world: World) -> str:
    """The shops that there are."""
    lines = "".join(
        f'<li><a href="/{domain}/">{html.escape(str(one.setting("name")))}</a> <code>{domain}</code></li>'
        for domain, one in world.shops.items()
    )
    return f"{_HEAD}<title>Shopify stand-in</title><h1>Shopify stand-in</h1><ul>{lines}</ul>"


def storefront(store: Store) -> str:
    """The products of a shop; the page asks for them itself."""
    name = html.escape(str(store.setting("name")))
    return f"{_HEAD}<title>{name}</title>" + _STOREFRONT.replace("{name}", name).replace("{shop}", store.domain)


_STOREFRONT = """<header><h1>{name}</h1><small>Not Shopify: a stand-in on this machine. {shop}</small>
<label><input type="checkbox" id="hands"> Merchant's buttons</label>
<button id="new" hidden>New product</button></header><p id="said" role="status"></p><main id="list"></main>
<script type="module">
const shop = "{shop}", list = document.querySelector("#list"), hands = document.querySelector("#hands");
const made = document.querySelector("#new");
const act = async (what, asked = {}) => {
  const reply = await fetch(`/__standin__/${what}`, {method: "POST", body: JSON.stringify({shop, ...asked})});
  const told = await reply.json();
  if (!reply.ok) document.querySelector("#said").textContent = told.error;
  return told; };
const element = (name, ...inside) => { const one = document.createElement(name); one.append(...inside); return one; };
const button = (text, what, asked) => { const one = element("button", text);
  one.onclick = async () => { const told = typeof asked === "function" ? asked() : asked;
    if (told) { await act(what, told); await show(); } };
  return one; };
const moved = (media, at, to) => { const order = [...media]; order.splice(to, 0, ...order.splice(at, 1)); return order; };
const ask = (text, name, old) => { const told = prompt(text, old); return told === null ? null : {[name]: told}; };
function picture(product, file, at, files) {
  const one = files[file], box = element("figure");
  if (one.sha256) { const image = element("img");
    image.src = `shown/${encodeURIComponent(one.name)}?v=${one.v}`; image.alt = one.alt; image.title = one.alt; box.append(image); }
  else { const none = element("div", one.status.toLowerCase()); none.className = "none"; box.append(none); }
  box.append(element("figcaption", `${at + 1}. ${one.alt || "(no alt text)"} `, element("small", one.name)));
  if (hands.checked) { const last = product.media.length - 1, id = product.id;
    if (at) box.append(button("Earlier", "reorder", {product: id, order: moved(product.media, at, at - 1)}));
    if (at < last) box.append(button("Later", "reorder", {product: id, order: moved(product.media, at, at + 1)}));
    box.append(button("Alt", "alt", () => { const told = ask("Alt text", "alt", one.alt); return told && {file, ...told}; }));
    box.append(button("Remove", "remove", {product: id, file})); }
  return element("li", box); }
function variant(product, one, files) {
  const line = element("tr", element("td", element("code", one.sku || "(no SKU)")), element("td", one.title));
  const at = product.media.indexOf(one.medium);
  line.append(element("td", at < 0 ? "" : `shows picture ${at + 1}`));
  if (hands.checked) line.append(element("td",
    button("Show", "show", () => { const told = ask("Number of the picture; 0 for none", "at", String(at + 1));
      return told && {variant: one.id, file: product.media[Number(told.at) - 1] ?? null}; }),
    button("SKU", "rename", () => { const told = ask("SKU", "sku", one.sku); return told && {variant: one.id, ...told}; })));
  return line; }
let before = "";
async function show(isQuiet = false) {
  const told = await act("dump"), text = JSON.stringify([told, hands.checked]);
  if (isQuiet && text === before) return;
  before = text; made.hidden = !hands.checked;
  list.replaceChildren(...told.products.map((product) => {
    const head = element("header", element("h2", product.title), element("small", `${product.status.toLowerCase()}, ${product.handle}`));
    if (hands.checked) head.append(button("Add own picture", "add", {product: product.id, alt: "The merchant's own"}),
      button("Delete product", "delete_product", {product: product.id}));
    const media = element("ol", ...product.media.map((file, at) => picture(product, file, at, told.files)));
    const variants = element("table", ...product.variants.map((one) => variant(product, one, told.files)));
    return element("article", head, product.media.length ? media : element("p", element("small", "No pictures yet.")), variants); })); }
made.onclick = async () => { const title = prompt("Title"), skus = title && prompt("SKUs, with commas between them", "");
  if (title) { await act("seed", {products: [{title, variants: skus.split(",").map((sku) => ({sku: sku.trim()}))}]}); await show(); } };
hands.onchange = () => show();
await show();
setInterval(() => show(true), 2000);
</script></html>"""
