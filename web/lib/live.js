// @ts-check
// What others change appears by itself: `/v1/changes` is asked while the tab is looked at, less often when nothing happens.
import { signal } from '../vendor/ui.js'
import { call, online, signedOut } from './http.js'
import { readCollections } from './collections.js'

const REST_MS = 300, LATEST_MS = 1500, SOON_MS = 3000, LATE_MS = 30000, OWN_MS = 1200
/** Rises with every change that is not ours alone; screens read it and load again. */
export const changedSince = signal(0)
/** How many files are on their way up, for whoever is not looking at them. */
export const underWay = signal(0)
/** How much long work of one's own is not over; `lib/work.js` counts. */
export const working = signal(0)
/** How many notices nobody read yet; `lib/notices.js` counts. */
export const unread = signal(0)
/** How many versions wait for this person's decision, as it is written: `12`, `100+`; empty for none. */
export const toReview = signal('')
/** How many pairs of near duplicates wait, written likewise. */
export const toDecide = signal('')
/** Ids of assets that changed or went, of the last answer. */
export const changedIds = signal(/** @type {Set<string>} */ (new Set()))

let open = () => {}
const settled = new Promise((/** @type {(nothing?: any) => void} */ go) => { open = go })
/** The first screen has what it is about: the rest of the page may ask for what it shows. */
export function settle() {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(open, { timeout: REST_MS })
  else setTimeout(open)
}
/**
 * Begin something once the first screen is there, or after a while, so that nothing makes that wait. An effect: the
 * returned function ends it. @param {() => any} begin which may return what ends it
 */
export function afterFirst(begin) {
  let isOver = false
  /** @type {any} */
  let end
  settled.then(() => { if (!isOver) end = begin() })
  setTimeout(open, LATEST_MS)
  return () => { isOver = true; if (typeof end === 'function') end() }
}

let cursor = '', pause = SOON_MS, timer = 0

async function ask() {
  try {
    if (document.visibilityState === 'visible' && !signedOut.value) {
      const found = await call('GET', '/v1/changes', { query: { since: cursor } })
      const isFirst = !cursor
      cursor = found.next ?? cursor
      if (!isFirst && found.items.length) {
        changedIds.value = new Set(found.items.map((/** @type {{id: string}} */ one) => one.id))
        changedSince.value += 1
        await readCollections()
        pause = SOON_MS
      } else pause = Math.min(LATE_MS, pause * 1.3)
    }
  } catch { pause = online.value ? LATE_MS : SOON_MS }
  timer = setTimeout(ask, pause)
}

/** Watch until the returned function is called. */
export function watch() {
  ask()
  const wake = () => { if (document.visibilityState === 'visible') { clearTimeout(timer); pause = SOON_MS; ask() } }
  document.addEventListener('visibilitychange', wake)
  addEventListener('online', wake)
  return () => { clearTimeout(timer); document.removeEventListener('visibilitychange', wake); removeEventListener('online', wake) }
}

/** Something was just changed here: look again soon. */
export function expectChange() { clearTimeout(timer); pause = SOON_MS; timer = setTimeout(ask, OWN_MS) }
