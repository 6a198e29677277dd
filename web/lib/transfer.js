// @ts-check
// One file on its way into the store: begun or taken up again, part by part to signed addresses, each tried until it works.
import { call, Refused } from './http.js'
import { T } from './text.js'

/** @typedef {import('./uploads.js').Entry} Entry */

const TRIES = 5, KEPT_DAYS = 6, LONGEST_PAUSE_MS = 30_000

/** Resume marks: which upload belongs to which file, for as long as the store keeps its parts. */
export const marks = {
  key: (/** @type {Entry} */ one) => `packshot.upload.${one.path}.${one.file.size}.${one.file.lastModified}.${one.assetId ?? ''}`,
  read(/** @type {Entry} */ one) {
    const [id, at] = (localStorage.getItem(this.key(one)) ?? '').split(' ')
    return id && Date.now() - Number(at) < KEPT_DAYS * 86_400_000 ? id : null
  },
  write(/** @type {Entry} */ one, /** @type {string} */ id) { localStorage.setItem(this.key(one), `${id} ${Date.now()}`) },
  drop(/** @type {Entry} */ one) { localStorage.removeItem(this.key(one)) },
}

/**
 * Do something until it works, with growing pauses; what was refused for good or given up is thrown at once.
 * @template R @param {AbortSignal} signal @param {() => Promise<R>} act @param {(status: number) => boolean} [isWorthIt] @returns {Promise<R>}
 */
export async function trying(signal, act, isWorthIt = (status) => status === 0 || status === 429 || status >= 500) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      signal.throwIfAborted()
      return await act()
    } catch (problem) {
      const status = problem instanceof Refused ? problem.status : 400
      if (signal.aborted || attempt >= TRIES || !navigator.onLine || !isWorthIt(status)) throw problem
      await new Promise((go) => { setTimeout(go, Math.min(LONGEST_PAUSE_MS, 500 * 2 ** attempt) * (0.5 + Math.random())) })
    }
  }
}

/** Begin a new upload, or take up the one that this file had. @param {Entry} one @param {AbortSignal} signal */
export async function begin(one, signal) {
  const known = marks.read(one)
  if (known) {
    try {
      const found = await call('GET', `/v1/uploads/${known}`, { signal })
      if (!found.ingest_id) return { ...found, id: known, arrived: found.arrived.map((/** @type {any} */ part) => part.number ?? part), parts: [] }
    } catch (problem) { if (!(problem instanceof Refused) || ![404, 410].includes(problem.status)) throw problem }
  }
  const folder = one.path.split('/').slice(0, -1).join('/')
  const made = await call('POST', '/v1/uploads', { signal, key: one.key, body: {
    file_name: one.path.split('/').at(-1), size_bytes: one.file.size, content_type: one.file.type || undefined, ...(one.fields ? { fields: one.fields } : {}),
    ...(one.assetId ? { asset_id: one.assetId } : folder ? { collection_path: folder } : one.collectionId ? { collection_id: one.collectionId } : {}),
  } })
  marks.write(one, made.id)
  return made
}

/** @param {Entry} one @param {number} number @param {number} size */
export const slice = (one, number, size) => one.file.slice((number - 1) * size, Math.min(one.file.size, number * size))

/** @param {Entry} one @param {AbortSignal} signal @param {number} number @param {number} count @param {Map<number, any>} addresses @param {(bytes: number) => void} progress */
export function sendPart(one, signal, number, count, addresses, progress) {
  const { id, part_size_bytes: size } = one.upload
  return trying(signal, async () => {
    if (!addresses.has(number)) {
      const wanted = Array.from({ length: Math.min(50, count - number + 1) }, (_, at) => number + at)
      const more = await call('POST', `/v1/uploads/${id}/parts`, { body: { numbers: wanted }, signal })
      for (const part of more.parts) addresses.set(part.number, part)
    }
    const { url, headers } = addresses.get(number)
    try { return await put(url, headers ?? {}, slice(one, number, size), progress, signal) } catch (problem) {
      progress(0)
      if (problem instanceof Refused && problem.status === 403) addresses.delete(number)
      throw problem
    }
  }, (status) => status === 0 || status === 403 || status === 429 || status >= 500)
}

/** @param {string} url @param {Record<string, string>} headers @param {Blob} body @param {(bytes: number) => void} progress @param {AbortSignal} signal @returns {Promise<void>} */
function put(url, headers, body, progress, signal) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest()
    request.open('PUT', url)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.upload.onprogress = (event) => progress(event.loaded)
    request.onload = () => (request.status < 300 ? done() : failed(new Refused(request.status, { detail: T.uploads.storeSaid(request.status) })))
    request.onerror = () => failed(new Refused(0, { detail: T.uploads.broke }))
    request.onabort = () => failed(new DOMException('stopped', 'AbortError'))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(body)
  })
}
