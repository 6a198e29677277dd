// @ts-check
// Before a file is sent: which picture could it be a new version of, and is it that very picture? With the words of the table.
import { call } from './http.js'
import { trying } from './transfer.js'
import { counted } from './text.js'

/** @typedef {import('./uploads.js').Entry} Entry */
/** A picture that a file could be a new version of. @typedef {{asset: any, size_bytes: number | null, sha256: string | null, because: 'name' | 'name_elsewhere' | 'sku', is_sure: boolean}} Likely */

export const W = {
  title: (/** @type {number} */ many) => `${counted(many, 'file looks', 'files look')} like pictures you have`, hint: 'Nothing is sent before you choose. A new version keeps the old one and waits for approval again.',
  state: 'Your choice', known: 'In the library', chosen: 'Your file', because: { name: 'Same file name', name_elsewhere: 'Same file name elsewhere', sku: 'Same SKU, same shot' }, asNew: 'New picture', version: (/** @type {number} */ next) => `Version ${next}`,
  allNew: 'All as new pictures', allVersions: 'All as new versions', send: (/** @type {number} */ many) => `Send ${counted(many, 'file')}`, choice: (/** @type {string} */ name) => `What becomes of ${name}`, leave: (/** @type {string} */ name) => `Do not send ${name}`,
}

const AT_ONCE = 100, LONGEST_MS = 15_000, MOST_HASHED = 100_000_000

/**
 * Look these files up before they are sent. Calls `settle` once with each: the very same bytes in the same place are a `same` picture, else the
 * likely one, else null. Where the answer does not come, files are settled as new: that is the safe choice.
 * @param {Entry[]} entries @param {(one: Entry, likely: Likely | null, isSame: boolean) => void} settle
 */
export async function lookUp(entries, settle) {
  for (let at = 0; at < entries.length; at += AT_ONCE) {
    const these = entries.slice(at, at + AT_ONCE), found = await ask(these)
    for (const [place, one] of these.entries()) {
      const likely = found[place]?.likely ?? null
      settle(one, likely, likely?.because === 'name' && await isSame(one, likely))
    }
  }
}

/** @param {Entry[]} these @returns {Promise<Array<{likely: Likely | null}>>} */
async function ask(these) {
  const signal = AbortSignal.timeout(LONGEST_MS)
  const files = these.map(({ path }) => ({ file_name: path.split('/').at(-1), collection_path: path.split('/').slice(0, -1).join('/') }))
  try {
    return (await trying(signal, () => call('POST', '/v1/uploads/try', { body: { files, collection_id: these[0].collectionId }, signal }))).items
  } catch { return [] }
}

/** Whether a file has the bytes of this picture's version. @param {Entry} one @param {Likely} likely */
async function isSame(one, likely) {
  if (!likely.sha256 || likely.size_bytes !== one.size || one.size > MOST_HASHED || !crypto.subtle) return false
  try {
    const bits = new Uint8Array(await crypto.subtle.digest('SHA-256', await one.file.arrayBuffer()))
    return [...bits].map((byte) => byte.toString(16).padStart(2, '0')).join('') === likely.sha256
  } catch { return false }
}
