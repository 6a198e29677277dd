// @ts-check
// The frame of every screen: who is signed in, the sidebar, the screen that the address names, toasts, the offline bar.
import { html, signal, useEffect, useLayoutEffect, useState } from '../vendor/ui.js'
import { byId } from '../lib/collections.js'
import { online, Refused, signedOut } from '../lib/http.js'
import { enter, me, signIn } from '../lib/session.js'
import { go, href, openSheet, route } from '../lib/router.js'
import { shortcuts } from '../lib/keys.js'
import { settle, watch } from '../lib/live.js'
import { dressed } from '../lib/look.js'
import { KEYS, T } from '../lib/text.js'
import { Empty, Lazy, Trouble } from '../parts/basics.js'
import { ToastBar } from '../parts/toast.js'
import { Sidebar, Tabs } from './sidebar.js'

/** Screens by the first part of the address; each is loaded when it is first shown, `dressed` where it has styles of its own. */
const SCREENS = /** @type {Record<string, () => Promise<{default: any}>>} */ ({
  library: () => import('./library.js'),
  asset: () => dressed('asset', import('./asset.js')),
  review: () => dressed('review', import('./review.js')),
  uploads: () => import('./uploads.js'),
  sku: () => dressed('sku', import('./sku.js')),
  duplicates: () => dressed('duplicates', import('./duplicates.js')),
  shares: () => dressed('shares', import('./shares.js')),
  work: () => import('./work.js'),
  manage: () => import('./manage.js'),
})
const refusal = signal(/** @type {Refused | null} */ (null))
const known = signal(false)

async function start() {
  const [first, token] = route.value.path
  try {
    if (first === 'sign-in' && token) {
      go(href(['library']), { replace: true })
      await signIn(token)
    } else if (!(await enter())) signedOut.value = true
    refusal.value = null
  } catch (problem) {
    refusal.value = problem instanceof Refused ? problem : new Refused(0, {})
    if (!(await enter().catch(() => false))) signedOut.value = true
    else if (refusal.value.code === 'link_over') refusal.value = null
  }
  known.value = true
}

export function App() {
  const isVisit = route.value.path[0] === 's'
  useEffect(() => { if (!isVisit) start() }, [isVisit])
  const linked = route.value.path[0] === 'sign-in' && route.value.path[1]
  useEffect(() => { if (linked && known.value) start() }, [linked])
  if (isVisit) return html`<${Lazy} load=${() => dressed('visit', import('./visit.js'))} />`
  if (!known.value) return html`<div class="app" aria-busy="true"></div>`
  if (!me.value && refusal.value && (refusal.value.status === 0 || refusal.value.status >= 500)) return html`<main class="room whole"><${Trouble} level="h1" problem=${refusal.value} again=${start} /></main>`
  if (!me.value) return html`<${Lazy} load=${() => dressed('sign-in', import('./sign-in.js'))} refused=${refusal.value} />`
  return html`<${Frame} />`
}

function Frame() {
  useEffect(watch, [])
  useEffect(() => { if (name !== 'library') settle() }, [])
  useLayoutEffect(() => shortcuts([
    { keys: 'g l', does: KEYS.go(T.nav.library), where: KEYS.places.everywhere, act: () => go(href(['library'])) },
    { keys: 'g r', does: KEYS.go(T.nav.review), where: KEYS.places.everywhere, act: () => go(href(['review'])) },
    { keys: 'g u', does: KEYS.go(T.nav.uploads), where: KEYS.places.everywhere, act: () => go(href(['uploads'])) },
    { keys: 'g d', does: KEYS.go(T.nav.duplicates), where: KEYS.places.everywhere, act: () => go(href(['duplicates'])) },
    { keys: '?', does: KEYS.sheet, where: KEYS.places.everywhere, act: () => openSheet('keys') },
  ]), [])
  const name = route.value.path[0] ?? 'library'
  const load = SCREENS[name]
  const home = byId.value.get(route.value.query.in ?? '')
  const [isOver, setOver] = useState(false)
  const drag = (/** @type {DragEvent} */ event) => { if (event.dataTransfer?.types.includes('Files')) { event.preventDefault(); setOver(event.type !== 'dragleave' || event.relatedTarget !== null) } }
  const drop = async (/** @type {DragEvent} */ event) => {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    setOver(false)
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry())
    const { queue, walked } = await import('../lib/uploads.js')
    queue.add(await walked(entries), { collectionId: route.value.query.in })
    go(href(['uploads'], { in: route.value.query.in }))
  }
  return html`<div class=${`app on-${name} ${isOver ? 'dropping' : ''}`} data-drop=${home ? T.uploads.dropInto(home.name) : T.uploads.dropHere} onDragOver=${drag} onDragLeave=${drag} onDrop=${drop}><${Sidebar} />
    ${load ? html`<${Lazy} key=${name} load=${load} />` : html`<main class="room whole"><${Empty} level="h1" icon="help" title=${T.trouble.lost}><p class="dim">${T.trouble.lostHint}</p>
      <a class="btn" href=${href(['library'])}>${T.trouble.home}</a><//></main>`}
    <${Tabs} />${route.value.query.sheet === 'keys' && html`<${Lazy} bare load=${() => import('./keys-sheet.js')} />`}${route.value.query.sheet === 'notices' && html`<${Lazy} bare load=${() => dressed('notices', import('./notices.js'))} />`}${route.value.query.sheet === 'places' && html`<${Lazy} bare load=${() => import('./places-sheet.js')} />`}${signedOut.value && html`<${Lazy} bare load=${() => import('./ended.js')} />`}
    ${!online.value && html`<p class="offline" role="status">${T.trouble.offline}</p>`}<${ToastBar} /></div>`
}
