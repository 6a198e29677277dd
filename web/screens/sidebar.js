// @ts-check
// Where one can go: rooms, the tree of collections, saved searches. On a phone the tabs at the foot.
import { html, signal, useEffect } from '../vendor/ui.js'
import { byId, children, readCollections, root } from '../lib/collections.js'
import { href, route } from '../lib/router.js'
import { me, signOut } from '../lib/session.js'
import { theme } from '../lib/look.js'
import { number, T } from '../lib/text.js'
import { Icon } from '../parts/basics.js'
import { Menu } from '../parts/dialog.js'
import { sayFailed } from '../parts/toast.js'

const ROOMS = [
  { path: 'library', icon: 'library', word: T.nav.library },
  { path: 'uploads', icon: 'upload', word: T.nav.uploads },
]
const opened = signal(new Set(/** @type {string[]} */ (JSON.parse(localStorage.getItem('packshot.open') ?? '[]'))))

export function Sidebar() {
  useEffect(() => { readCollections().catch(sayFailed) }, [])
  const here = route.value.path[0] ?? 'library'
  const inside = route.value.query.in
  return html`<nav class="side" aria-label=${T.nav.main}>
    <div class="brand"><${Icon} name="mark" cls="mark" /><span class="grow cut">${me.value?.workspace.name ?? T.app}</span><${Account} /></div>
    ${ROOMS.map((room) => html`<a class=${`nav ${here === room.path && !inside ? 'on' : ''}`} href=${href([room.path])} aria-current=${here === room.path && !inside ? 'page' : undefined}><${Icon} name=${room.icon} /><span class="cut">${room.word}</span></a>`)}
    <h2 id="tree-title">${T.collections.title}</h2>
    <ul class="tree" aria-labelledby="tree-title">${(children.value.get(root.value?.id ?? '') ?? []).map((one) => html`<${Branch} key=${one.id} one=${one} depth=${0} />`)}</ul>
    ${children.value.size === 0 && html`<p class="small dimmer hint-in">${T.collections.empty}</p>`}</nav>`
}

/** @param {{one: import('../lib/collections.js').Collection, depth: number}} given */
function Branch({ one, depth }) {
  const below = children.value.get(one.id) ?? []
  const isOpen = opened.value.has(one.id)
  const isHere = route.value.query.in === one.id
  const toggle = () => {
    const next = new Set(opened.value)
    if (!next.delete(one.id)) next.add(one.id)
    opened.value = next
    localStorage.setItem('packshot.open', JSON.stringify([...next].filter((id) => byId.value.has(id))))
  }
  return html`<li><div class=${`nav l${Math.min(depth, 6)} ${isHere ? 'on' : ''}`}>
    ${below.length ? html`<button type="button" class="twist" aria-expanded=${isOpen} aria-label=${`${isOpen ? T.collections.close : T.collections.open}: ${one.name}`} onClick=${toggle}><${Icon} name=${isOpen ? 'down' : 'right'} /></button>` : html`<span class="twist"></span>`}
    <a class="flow grow" href=${href(['library'], { in: one.id })} aria-current=${isHere ? 'page' : undefined}><${Icon} name="folder" /><span class="cut" title=${one.path}>${one.name}</span><span class="n">${number(one.asset_count)}</span></a></div>
    ${isOpen && below.length > 0 && html`<ul>${below.map((each) => html`<${Branch} key=${each.id} one=${each} depth=${depth + 1} />`)}</ul>`}</li>`
}

function Account() {
  const choose = (/** @type {string} */ name) => () => { theme.value = name }
  return html`<${Menu} id="account" label=${me.value?.principal.name ?? ''} icon="gear" items=${[
    { word: `${T.theme.label}: ${T.theme.system}`, do: choose('system'), icon: theme.value === 'system' ? 'check' : undefined },
    { word: T.theme.light, do: choose('light'), icon: theme.value === 'light' ? 'check' : undefined },
    { word: T.theme.dark, do: choose('dark'), icon: theme.value === 'dark' ? 'check' : undefined },
    { word: T.signIn.leave, icon: 'lock', do: () => { signOut().catch(sayFailed) } },
  ]} />`
}

export function Tabs() {
  const here = route.value.path[0] ?? 'library'
  return html`<nav class="tabs" aria-label=${T.nav.main}>${ROOMS.map((room) => html`<a href=${href([room.path])} class=${here === room.path ? 'on' : ''} aria-current=${here === room.path ? 'page' : undefined}><${Icon} name=${room.icon} />${room.word}</a>`)}</nav>`
}
