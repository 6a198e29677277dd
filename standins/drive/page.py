"""A small file manager, so that a newcomer can rename, move, replace and trash files and watch the library follow."""

HTML = """<!doctype html><meta charset="utf-8"><title>Drive stand-in</title>
<style>body{font:15px system-ui;margin:2rem;max-width:60rem}li{padding:.3rem 0}button{margin-left:.4rem}
li.trashed{opacity:.5;text-decoration:line-through}ul{list-style:none;padding-left:1.2rem}</style>
<h1>Drive stand-in</h1><p>Not Google: a stand-in on this machine. Folder <b id="at">My Drive</b>
<button id="up">Up</button><button id="folder">New folder</button><input type="file" id="file" multiple></p><ul id="list"></ul>
<script type="module">
let token = "", at = "root", trail = [];
const call = async (verb, path, body, type) => {
  const headers = {Authorization: `Bearer ${token}`}; if (type) headers["Content-Type"] = type;
  const reply = await fetch(path, {method: verb, headers, body});
  if (!reply.ok) { alert(await reply.text()); throw new Error(path); }
  return reply.status === 204 ? null : reply.json(); };
const json = (verb, path, body) => call(verb, path, JSON.stringify(body), "application/json");
const files = "/drive/v3/files", flags = "supportsAllDrives=true";
const button = (text, act) => { const one = document.createElement("button"); one.textContent = text;
  one.onclick = async () => { await act(); await show(); }; return one; };
const pick = (act) => { const input = document.createElement("input"); input.type = "file";
  input.onchange = async () => { await act(input.files[0]); await show(); }; input.click(); };
async function show() {
  const q = encodeURIComponent(`'${at}' in parents`);
  const found = await call("GET", `${files}?q=${q}&pageSize=1000&${flags}&includeItemsFromAllDrives=true&orderBy=name&fields=files(id,name,mimeType,trashed)`);
  document.querySelector("#list").replaceChildren(...found.files.map((one) => {
    const line = document.createElement("li"), isFolder = one.mimeType.endsWith(".folder");
    line.className = one.trashed ? "trashed" : ""; line.append((isFolder ? "\\u{1F4C1} " : "") + one.name);
    if (isFolder) line.append(button("Open", () => { trail.push([at, one.name]); at = one.id; }));
    line.append(button("Rename", async () => { const name = prompt("New name", one.name);
      if (name) await json("PATCH", `${files}/${one.id}?${flags}`, {name}); }));
    line.append(button("Move", async () => { const to = prompt("Id of the folder");
      if (to) await json("PATCH", `${files}/${one.id}?addParents=${to}&removeParents=${at}&${flags}`, {}); }));
    if (!isFolder) line.append(button("Replace", () => pick((file) =>
      call("PATCH", `/upload${files}/${one.id}?uploadType=media&${flags}`, file, file.type))));
    line.append(button(one.trashed ? "Restore" : "Trash", () =>
      json("PATCH", `${files}/${one.id}?${flags}`, {trashed: !one.trashed})));
    const id = document.createElement("code"); id.textContent = " " + one.id; line.append(id); return line; }));
  document.querySelector("#at").textContent = ["My Drive", ...trail.map((one) => one[1])].join(" / "); }
document.querySelector("#up").onclick = () => { const last = trail.pop(); if (last) at = last[0]; show(); };
document.querySelector("#folder").onclick = async () => { const name = prompt("Name");
  if (name) await json("POST", files, {name, mimeType: "application/vnd.google-apps.folder", parents: [at]}); show(); };
document.querySelector("#file").onchange = async (event) => { for (const file of event.target.files) {
  const made = await json("POST", files, {name: file.name, mimeType: file.type, parents: [at]});
  await call("PATCH", `/upload${files}/${made.id}?uploadType=media`, file, file.type || "application/octet-stream"); } show(); };
token = (await (await fetch("/__standin__/page-token")).json()).access_token; await show();
</script>"""
