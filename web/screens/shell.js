// @ts-check
// The frame of every screen: who is signed in, the sidebar, the screen that the address names, toasts, the offline bar.
import { html, signal, useEffect, useState } from '../vendor/ui.js'
import { online, Refused, signedOut } from '../lib/http.js'
import { enter, me, signIn } from '../lib/session.js'
import { go, href, route } from '../lib/router.js'
import { shortcuts } from '../lib/keys.js'
import { watch } from '../lib/live.js'
import { T } from '../lib/text.js'
import { dropped, queue } from '../lib/uploads.js'
import { Empty, Trouble } from '../parts/basics.js'
import { ToastBar } from '../parts/toast.js'
import { Sidebar, Tabs } from './sidebar.js'

/** Screens by the first part of the address; each is loaded when it is first shown. */
const SCREENS = /** @type {Record<string, () => Promise<{default: any}>>} */ ({
  library: () => import('./library.js'),
  asset: () => import('./asset.js'),
  uploads: () => import('./uploads.js'),
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
  useEffect(() => { start() }, [])
  const linked = route.value.path[0] === 'sign-in' && route.value.path[1]
  useEffect(() => { if (linked && known.value) start() }, [linked])
  if (!known.value) return html`<div class="app" aria-busy="true"></div>`
  if (signedOut.value || !me.value) return html`<${Lazy} load=${() => import('./sign-in.js')} refused=${refusal.value} />`
  return html`<${Frame} />`
}

function Frame() {
  useEffect(watch, [])
  useEffect(() => shortcuts([
    { keys: 'g l', does: `Go to ${T.nav.library}`, where: 'Everywhere', act: () => go(href(['library'])) },
    { keys: 'g u', does: `Go to ${T.nav.uploads}`, where: 'Everywhere', act: () => go(href(['uploads'])) },
    { keys: '?', does: 'Show the keys', where: 'Everywhere', act: () => go(href(route.value.path, { ...route.value.query, sheet: 'keys' })) },
  ]), [])
  const name = route.value.path[0] ?? 'library'
  const load = SCREENS[name]
  const [isOver, setOver] = useState(false)
  const drag = (/** @type {DragEvent} */ event) => { if (event.dataTransfer?.types.includes('Files')) { event.preventDefault(); setOver(event.type !== 'dragleave' || event.relatedTarget !== null) } }
  const drop = async (/** @type {DragEvent} */ event) => {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    setOver(false)
    queue.add(await dropped(event.dataTransfer), { collectionId: route.value.query.in })
    go(href(['uploads']))
  }
  return html`<div class=${`app on-${name} ${isOver ? 'dropping' : ''}`} data-drop=${T.uploads.dropHere} onDragOver=${drag} onDragLeave=${drag} onDrop=${drop}><${Sidebar} />
    ${load ? html`<${Lazy} key=${name} load=${load} />` : html`<main class="room"><${Empty} icon="help" title=${T.trouble.lost}><p class="dim">${T.trouble.lostHint}</p>
      <a class="btn" href=${href(['library'])}>${T.trouble.home}</a><//></main>`}
    <${Tabs} />${route.value.query.sheet === 'keys' && html`<${Lazy} load=${() => import('./keys-sheet.js')} />`}
    ${!online.value && html`<p class="offline" role="status">${T.trouble.offline}</p>`}<${ToastBar} /></div>`
}

/** A screen that is fetched when it is first needed. @param {{load: () => Promise<{default: any}>} & Record<string, any>} given */
function Lazy({ load, ...rest }) {
  const [screen, setScreen] = useState(/** @type {any} */ (null))
  const [problem, setProblem] = useState(/** @type {Error | null} */ (null))
  const fetch = () => { setProblem(null); load().then((found) => setScreen(() => found.default), setProblem) }
  useEffect(fetch, [])
  if (problem) return html`<main class="room"><${Trouble} problem=${problem} again=${fetch} /></main>`
  return screen ? html`<${screen} ...${rest} />` : html`<main class="room" aria-busy="true"></main>`
}
