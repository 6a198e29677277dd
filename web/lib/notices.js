// @ts-check
// What one is told: read while the tab is looked at, so that the bell says how much of it is new.
import { effect, signal } from '../vendor/ui.js'
import { call, signedOut } from './http.js'
import { changedSince, unread } from './live.js'

/** @typedef {{id: string, at: string, kind: string, text: string, link: string, read: boolean}} Notice */

const EVERY_MS = 30_000, PAGE = 50
/** The newest, newest first; null until known. */
export const notices = signal(/** @type {Notice[] | null} */ (null))
/** Where the older ones begin. */
export const older = signal(/** @type {string | null} */ (null))

/** Read here, though an answer that was under way may not know it yet. @type {Set<string>} */
const done = new Set()

/** @param {Notice[]} all */
function put(all) {
  notices.value = all.map((one) => (done.has(one.id) ? { ...one, read: true } : one))
  unread.value = notices.value.filter((one) => !one.read).length
}

/** Read the newest again; older ones that were read before stay. */
export async function readNotices() {
  const page = await call('GET', '/v1/notices', { query: { limit: PAGE } })
  const fresh = new Set(page.items.map((/** @type {Notice} */ one) => one.id))
  if (!notices.value || notices.value.length <= PAGE) older.value = page.next
  put([...page.items, ...(notices.value ?? []).slice(PAGE).filter((one) => !fresh.has(one.id))])
}

export async function readOlder() {
  const page = await call('GET', '/v1/notices', { query: { limit: PAGE, cursor: older.value } })
  older.value = page.next
  put([...(notices.value ?? []), ...page.items])
}

/** Remember that these were read. @param {string[]} ids */
export async function markRead(ids) {
  for (const id of ids) done.add(id)
  put(notices.value ?? [])
  try {
    for (let at = 0; at < ids.length; at += 200) await call('POST', '/v1/notices/read', { body: { ids: ids.slice(at, at + 200) } })
  } catch (problem) {
    for (const id of ids) done.delete(id)
    throw problem
  }
}

/** Where a notice leads, within the app. @param {Notice} one */
export const leadsTo = (one) => new URL(one.link, location.href).hash

/** Look again now and then, and when something changed, until the returned function is called. */
export function watchNotices() {
  const ask = () => { if (document.visibilityState === 'visible' && !signedOut.value) readNotices().catch(() => {}) }
  const timer = setInterval(ask, EVERY_MS)
  document.addEventListener('visibilitychange', ask)
  const stop = effect(() => { changedSince.value; ask() })
  return () => { clearInterval(timer); document.removeEventListener('visibilitychange', ask); stop() }
}
