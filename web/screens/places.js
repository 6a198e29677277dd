// @ts-check
// The tree of collections and the saved searches, with all one may do to them. In the sidebar, and as a sheet on small screens.
import { html, signal, useEffect, useState } from '../vendor/ui.js'
import { carried, CARRIED } from '../lib/carrying.js'
import { byId, changeCollection, children, collections, makeCollection, mayAnywhere, root, trashCollection, within } from '../lib/collections.js'
import { changedSince } from '../lib/live.js'
import { fromQuery, TRASH, writeTicked } from '../lib/query.js'
import { go, href, route } from '../lib/router.js'
import { changeSearch, forgetSearch, readSearches, saveSearch, searches } from '../lib/searches.js'
import { number, T } from '../lib/text.js'
import { addTo } from '../parts/adding.js'
import { Icon, Menu } from '../parts/basics.js'
import { Naming, Picker } from '../parts/picker.js'
import { ShareLater } from '../parts/later.js'
import { say, sayFailed } from '../parts/toast.js'

/** @typedef {import('../lib/collections.js').Collection} Collection */
/** @typedef {import('../lib/searches.js').Saved} Saved */

const opened = signal(new Set(/** @type {string[]} */ (JSON.parse(localStorage.getItem('packshot.open') ?? '[]'))))
/** The dialog that is open: what is to be done to which. */
const asked = signal(/** @type {{what: string, one?: any, prefix: string} | null} */ (null))

/** @param {string} id @param {boolean} isOpen */
function unfold(id, isOpen) {
  const next = new Set(opened.value)
  if (isOpen) next.add(id)
  else next.delete(id)
  opened.value = next
  localStorage.setItem('packshot.open', JSON.stringify([...next].filter((each) => byId.value.has(each))))
}

/** `prefix` keeps ids apart where the list is on the page twice. @param {{prefix?: string}} given */
export default function Places({ prefix = 'side' }) {
  useEffect(() => { readSearches().catch(sayFailed) }, [changedSince.value])
  const mayMake = root.value?.rights.includes('upload') ?? false
  return html`<section class="places"><h2>${T.collections.title}${mayMake && html`<button type="button" class="btn bare icon small" aria-label=${T.collections.create} title=${T.collections.create} onClick=${() => { asked.value = { what: 'create', prefix } }}><${Icon} name="plus" /></button>`}</h2>
    <ul class="tree" aria-label=${T.collections.title}>${(children.value.get(root.value?.id ?? '') ?? []).map((one) => html`<${Branch} key=${one.id} one=${one} depth=${0} prefix=${prefix} />`)}</ul>
    ${mayAnywhere('delete') && html`<${TrashLine} />`}
    ${collections.value.length < 2 && html`<p class="small dimmer hint-in">${T.collections.empty}</p>`}
    <h2>${T.searches.title}</h2><ul class="tree" aria-label=${T.searches.title}>${searches.value.map((one) => html`<${SavedLine} key=${one.id} one=${one} prefix=${prefix} />`)}</ul>
    ${searches.value.length === 0 && html`<p class="small dimmer hint-in">${T.searches.none}</p>`}
    ${asked.value?.prefix === prefix && html`<${Asking} ...${asked.value} />`}</section>`
}

/** @param {{one: Collection, depth: number, prefix: string}} given */
function Branch({ one, depth, prefix }) {
  const below = children.value.get(one.id) ?? []
  const isOpen = opened.value.has(one.id), isHere = route.value.query.in === one.id
  const [isUnder, setUnder] = useState(false)
  const drag = (/** @type {DragEvent} */ event) => {
    if (!carried.value || !event.dataTransfer?.types.includes(CARRIED) || !one.rights.includes('upload')) return
    event.preventDefault()
    event.stopPropagation()
    setUnder(event.type === 'dragover')
    if (event.type === 'drop') addTo(carried.value, one)
  }
  const items = /** @type {any[]} */ ([
    one.rights.includes('upload') && { word: T.collections.createIn, icon: 'plus', do: () => { asked.value = { what: 'create', one, prefix } } },
    one.rights.includes('edit') && { word: T.collections.rename, icon: 'gear', do: () => { asked.value = { what: 'rename', one, prefix } } },
    one.rights.includes('move') && { word: T.collections.move, icon: 'folder', do: () => { asked.value = { what: 'move', one, prefix } } },
    one.rights.includes('share') && { word: T.acts.share, icon: 'share', do: () => { asked.value = { what: 'link', one, prefix } } },
    one.rights.includes('manage') && { word: T.collections.rules, icon: 'lock', do: () => { asked.value = { what: 'rules', one, prefix } } },
    one.rights.includes('delete') && { word: T.acts.trash, icon: 'trash', kind: 'bad', do: () => { trash(one) } },
  ].filter(Boolean))
  return html`<li><div class=${`nav l${Math.min(depth, 6)} ${isHere ? 'on' : ''} ${isUnder ? 'under' : ''}`} onDragOver=${drag} onDragLeave=${drag} onDrop=${drag}>
    ${below.length ? html`<button type="button" class="twist" aria-expanded=${isOpen} aria-label=${`${isOpen ? T.collections.close : T.collections.open}: ${one.name}`} onClick=${() => unfold(one.id, !isOpen)}><${Icon} name=${isOpen ? 'down' : 'right'} /></button>` : html`<span class="twist"></span>`}
    <a class="flow grow" href=${href(['library'], { in: one.id })} aria-current=${isHere ? 'page' : undefined}><${Icon} name="folder" /><span class="cut" title=${one.path}>${one.name}</span><span class="n">${one.asset_count || !below.length ? number(one.asset_count) : ''}</span></a>
    ${items.length > 0 && html`<${Menu} id=${`${prefix}-${one.id}`} label=${`${T.collections.acts}: ${one.name}`} kind="bare small" items=${items} />`}</div>
    ${isOpen && below.length > 0 && html`<ul>${below.map((each) => html`<${Branch} key=${each.id} one=${each} depth=${depth + 1} prefix=${prefix} />`)}</ul>`}</li>`
}

/** The way to what was moved to the trash. */
function TrashLine() {
  const isHere = route.value.path[0] === 'library' && route.value.query.words === TRASH
  return html`<div class="tree"><div class=${`nav ${isHere ? 'on' : ''}`}><span class="twist"></span><a class="flow grow" href=${href(['library'], { words: TRASH })} aria-current=${isHere ? 'page' : undefined}><${Icon} name="trash" /><span class="cut">${T.nav.trash}</span></a></div></div>`
}

/** Where a saved search leads: chips, ticks and place as they were saved. @param {Saved} one */
function address(one) {
  const { words, ticked, inside } = fromQuery(one.q)
  return href(['library'], { words, f: writeTicked(ticked), in: inside, sort: one.sort ?? undefined })
}

/** @param {{one: Saved, prefix: string}} given */
function SavedLine({ one, prefix }) {
  const to = address(one)
  const { words = '', f = '', in: inside = '', sort = '' } = route.value.query
  const isHere = route.value.path[0] === 'library' && href(['library'], { words, f, in: inside, sort: one.sort ? sort : undefined }) === to
  const items = [
    { word: T.collections.rename, icon: 'gear', do: () => { asked.value = { what: 'search', one, prefix } } },
    ...(mayAnywhere('share') ? [{ word: T.acts.shareLink, icon: 'share', do: () => { asked.value = { what: 'link', one, prefix } } }] : []),
    { word: one.shared ? T.searches.keep : T.searches.share, icon: 'share', do: () => { changeSearch(one, { shared: !one.shared }).catch(sayFailed) } },
    { word: T.collections.remove, icon: 'trash', kind: 'bad', do: () => { forget(one) } },
  ]
  return html`<li><div class=${`nav ${isHere ? 'on' : ''}`}><span class="twist"></span><a class="flow grow" href=${to} aria-current=${isHere ? 'page' : undefined}><${Icon} name=${one.shared ? 'share' : 'save'} label=${one.shared ? T.searches.isShared : undefined} /><span class="cut" title=${one.name}>${one.name}</span><span class="n">${one.count === null ? '' : number(one.count)}</span></a>
    <${Menu} id=${`${prefix}-${one.id}`} label=${`${T.searches.acts}: ${one.name}`} kind="bare small" items=${items} /></div></li>`
}

/** @param {{what: string, one?: any}} given */
function Asking({ what, one }) {
  const close = () => { asked.value = null }
  if (what === 'move') {
    const own = within(one.id)
    const move = (/** @type {Collection} */ to) => {
      close()
      const before = one.parent_id
      changeCollection(one.id, { parent_id: to.id }).then(() => { unfold(to.id, true); say({ text: T.collections.moved(one.name, to.path || T.collections.top), undo: () => { changeCollection(one.id, { parent_id: before }).catch(sayFailed) } }) }, sayFailed)
    }
    return html`<${Picker} title=${`${T.collections.move}: ${one.name}`} close=${close} pick=${move} isOpen=${(/** @type {Collection} */ to) => !own.has(to.id) && to.id !== one.parent_id && to.rights.includes('upload')} />`
  }
  if (what === 'link') return html`<${ShareLater} of=${(/** @type {any} */ shares) => ('q' in one ? shares.ofSearch(one.q) : shares.ofCollection(one))} close=${close} />`
  if (what === 'rules') return html`<${Rules} one=${one} close=${close} />`
  if (what === 'search') return html`<${Naming} title=${T.searches.rename} label=${T.searches.name} name=${one.name} word=${T.acts.save} close=${close} save=${(/** @type {string} */ name) => changeSearch(one, { name })} />`
  if (what === 'rename') {
    const rename = async (/** @type {string} */ name) => {
      await changeCollection(one.id, { name })
      say({ text: T.collections.renamed(name), undo: () => { changeCollection(one.id, { name: one.name }).catch(sayFailed) } })
    }
    return html`<${Naming} title=${T.collections.rename} label=${T.collections.name} name=${one.name} word=${T.acts.save} close=${close} save=${rename} />`
  }
  const make = async (/** @type {string} */ name) => { await makeCollection(name, one?.id ?? null); if (one) unfold(one.id, true) }
  return html`<${Naming} title=${one ? `${T.collections.create}: ${one.path}` : T.collections.create} label=${T.collections.name} word=${T.acts.create} close=${close} save=${make} />`
}

/** The rules come when they are asked for. @param {{one: Collection, close: () => void}} given */
function Rules(given) {
  const [Sheet, setSheet] = useState(/** @type {any} */ (null))
  useEffect(() => { import('./rules.js').then((found) => setSheet(() => found.default), sayFailed) }, [])
  return Sheet && html`<${Sheet} ...${given} />`
}

/** @param {Collection} one */
async function trash(one) {
  try {
    const isHere = route.value.query.in && within(one.id).has(route.value.query.in)
    await trashCollection(one.id, true)
    if (isHere) go(href(['library']))
    say({ text: T.collections.removed(one.name), undo: () => { trashCollection(one.id, false).catch(sayFailed) } })
  } catch (problem) { sayFailed(problem) }
}

/** @param {Saved} one */
async function forget(one) {
  try {
    await forgetSearch(one)
    say({ text: T.searches.removed(one.name), undo: () => { saveSearch({ name: one.name, q: one.q, shared: one.shared, ...(one.sort ? { sort: one.sort } : {}) }).catch(sayFailed) } })
  } catch (problem) { sayFailed(problem) }
}
