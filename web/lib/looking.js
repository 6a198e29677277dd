// @ts-check
// What is to be looked at next is fetched before it is asked for: the asset, its versions, the large picture.
import { signal } from '../vendor/ui.js'
import { call } from './http.js'

/** @typedef {{asset: any, versions: any[], at: number}} Seen */

const AT_ONCE = 4, KEPT_MS = 30 * 60_000, PICTURES = 8
const changes = signal(0)
/** @type {Map<string, Seen | Promise<void>>} */
const known = new Map()
/** @type {Map<string, HTMLImageElement>} */
const pictures = new Map()

/** What is known of an asset, or undefined; a component that reads it is drawn anew. @param {string} id @returns {Seen | undefined} */
export function seen(id) {
  changes.value
  const found = known.get(id)
  return found && 'asset' in found ? found : undefined
}

/** Fetch these, the first ones first; what is known for less than half an hour, as its addresses are good, is not asked again. @param {string[]} ids */
export async function look(ids) {
  const due = ids.filter((id) => { const found = known.get(id); return !found || ('asset' in found && Date.now() - found.at > KEPT_MS) })
  const lane = async () => { for (let id = due.shift(); id; id = due.shift()) await fetchOne(id) }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
}

/** @param {string} id */
function fetchOne(id) {
  const coming = Promise.all([call('GET', `/v1/assets/${id}`), call('GET', `/v1/assets/${id}/versions`)]).then(
    ([asset, versions]) => { known.set(id, { asset, versions: versions.items, at: Date.now() }) },
    () => { known.delete(id) },
  ).finally(() => { changes.value += 1 })
  if (!known.has(id)) known.set(id, coming)
  return coming
}

/** Fetch these anew, with what is known shown until then. @param {Iterable<string>} ids */
export async function lookAgain(ids) {
  await Promise.all([...ids].filter((id) => known.has(id)).map(fetchOne))
}

/** The large picture of a version. @param {any} version @returns {string | undefined} */
export const largeOf = (version) => (version?.renditions.find((/** @type {any} */ one) => one.name === 'large') ?? version?.renditions[0])?.url

/** Load and decode pictures that may be shown next; a few are kept ready. @param {Array<string | undefined>} urls */
export function ready(urls) {
  for (const url of urls) {
    if (!url || pictures.has(url)) continue
    const picture = new Image()
    picture.src = url
    picture.decode().catch(() => pictures.delete(url))
    pictures.set(url, picture)
  }
  for (const url of pictures.keys()) if (pictures.size > PICTURES && !urls.includes(url)) pictures.delete(url)
}
