// @ts-check
// Uploads straight to the store by signed addresses: one queue, four requests in flight, resumed after a reload, retried.
import { computed, signal } from '../vendor/ui.js'
import { byId } from './collections.js'
import { bearer, call, lastWrite, Refused } from './http.js'
import { expectChange, underWay } from './live.js'
import { T } from './text.js'

const LANES = 4, TRIES = 5, KEPT_DAYS = 6, ASK_MS = 700, ASK_LONGEST_MS = 8000, LONGEST_PAUSE_MS = 30_000
/** `asks`: the collection requires fields, and somebody has to fill them in. @typedef {'waiting' | 'asks' | 'sending' | 'reading' | 'done' | 'same' | 'refused' | 'stopped' | 'paused'} State */
/** @typedef {{key: string, file: File, path: string, collectionId?: string, assetId?: string, done?: () => void, state: State, needs: string[], fields?: Record<string, any>, refusals: Record<string, string>, sent: number, why: string, result: {assetId?: string, version?: number, ingestId?: string}, upload: any, control: AbortController}} Entry */

const tick = signal(0)
/** @type {Entry[]} */
const entries = []
let lanes = 0
let isPaused = false
const speed = { bytes: 0, at: performance.now(), perSecond: 0 }

const changed = () => {
  tick.value += 1
  underWay.value = entries.reduce((sum, one) => sum + (isOver(one) ? 0 : 1), 0)
}
/** Resume marks: which upload belongs to which file, for as long as the store keeps its parts. */
const marks = {
  key: (/** @type {Entry} */ one) => `packshot.upload.${one.path}.${one.file.size}.${one.file.lastModified}.${one.assetId ?? ''}`,
  read(/** @type {Entry} */ one) {
    const [id, at] = (localStorage.getItem(this.key(one)) ?? '').split(' ')
    return id && Date.now() - Number(at) < KEPT_DAYS * 86_400_000 ? id : null
  },
  write(/** @type {Entry} */ one, /** @type {string} */ id) { localStorage.setItem(this.key(one), `${id} ${Date.now()}`) },
  drop(/** @type {Entry} */ one) { localStorage.removeItem(this.key(one)) },
}

/** All entries, with what they add up to. Read it in a component to be drawn anew. */
export const overall = computed(() => {
  tick.value
  const total = entries.reduce((sum, one) => sum + one.file.size, 0), sent = entries.reduce((sum, one) => sum + (isOver(one) ? one.file.size : one.sent), 0)
  const over = entries.filter(isOver).length, failed = entries.filter((one) => one.state === 'stopped' || one.state === 'refused').length
  return { entries: [...entries], total, sent, over, failed, isPaused, isBusy: entries.some((one) => !isOver(one) && one.state !== 'stopped' && one.state !== 'asks'), perSecond: speed.perSecond, left: speed.perSecond ? (total - sent) / speed.perSecond : 0 }
})
/** @param {Entry} one */
export const isOver = (one) => one.state === 'done' || one.state === 'same' || one.state === 'refused'

addEventListener('online', () => { if (!isPaused) pump() })
addEventListener('beforeunload', (event) => { if (entries.some((one) => ['sending', 'waiting', 'asks'].includes(one.state))) event.preventDefault() })

export const queue = {
  /**
   * Put files into the queue; folders of their paths become collections unless a collection or an asset is given.
   * @param {Array<{file: File, path: string}>} files @param {{collectionId?: string, assetId?: string, done?: () => void}} [to]
   */
  add(files, to = {}) {
    for (const { file, path } of files) {
      const needs = to.assetId || path.includes('/') ? [] : required(to.collectionId)
      entries.push({ key: crypto.randomUUID(), file, path, ...to, state: needs.length ? 'asks' : 'waiting', needs, refusals: {}, sent: 0, why: '', result: {}, upload: null, control: new AbortController() })
    }
    changed()
    pump()
  },
  pause() { isPaused = true; for (const one of entries) if (one.state === 'sending') { one.control.abort(); one.state = 'paused' } changed() },
  resume() { isPaused = false; for (const one of entries) if (one.state === 'paused') again(one); pump() },
  /** @param {Entry} one */
  retry(one) { again(one); pump() },
  retryAll() { for (const one of entries) if (one.state === 'stopped') again(one); pump() },
  /** Send files that wait for fields, with these. @param {Entry[]} these @param {Record<string, any>} fields */
  give(these, fields) {
    for (const one of these) { Object.assign(one, { fields, refusals: {}, key: crypto.randomUUID() }); again(one) }
    pump()
  },
  /** @param {Entry} one */
  remove(one) { one.control.abort(); entries.splice(entries.indexOf(one), 1); marks.drop(one); changed() },
  clearDone() { for (const one of entries.filter((each) => each.state === 'done' || each.state === 'same')) entries.splice(entries.indexOf(one), 1); changed() },
}

/** What a collection requires of every file, as far as it is known here. @param {string} [id] @returns {string[]} */
const required = (id) => (/** @type {any} */ (byId.value.get(id ?? '')?.policy)?.required_fields ?? []).filter((/** @type {string} */ name) => name !== 'name')

/** @param {Entry} one */
function again(one) { Object.assign(one, { state: 'waiting', why: '', control: new AbortController() }); changed() }

function pump() {
  while (lanes < LANES && !isPaused && navigator.onLine) {
    const next = entries.find((one) => one.state === 'waiting')
    if (!next) return
    next.state = 'sending'
    lanes += 1
    send(next).catch((problem) => fail(next, problem)).finally(() => { lanes -= 1; changed(); pump() })
  }
}

/** @param {Entry} one @param {any} problem */
function fail(one, problem) {
  if (problem?.name === 'AbortError') return
  const told = Object.entries(/** @type {Record<string, string>} */ (problem?.fields ?? {})).filter(([name]) => name.startsWith('fields.')).map(([name, why]) => /** @type {[string, string]} */ ([/^fields\.((custom\.)?[^.]+)/.exec(name)?.[1] ?? name, why]))
  if (told.length) {
    one.state = 'asks'
    one.needs = [...new Set([...one.needs, ...told.map(([name]) => name)])]
    one.refusals = problem.code === 'fields_required' && !one.fields ? {} : Object.fromEntries(told)
    return
  }
  const isRefused = problem instanceof Refused && problem.status >= 400 && problem.status < 500 && problem.status !== 429
  one.state = !navigator.onLine ? 'waiting' : isRefused ? 'refused' : 'stopped'
  one.why = problem instanceof Error ? problem.message : String(problem)
}

/**
 * Do something until it works, with growing pauses; what was refused for good or given up is thrown at once.
 * @template R @param {AbortSignal} signal @param {() => Promise<R>} act @param {(status: number) => boolean} [isWorthIt] @returns {Promise<R>}
 */
async function trying(signal, act, isWorthIt = (status) => status === 0 || status === 429 || status >= 500) {
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

/** @param {Entry} one */
async function send(one) {
  const { signal } = one.control
  one.upload = await trying(signal, () => begin(one, signal))
  const { id, part_size_bytes: partSize } = one.upload
  const count = Math.ceil(one.file.size / partSize) || 1
  const arrived = new Set(one.upload.arrived ?? [])
  const addresses = new Map((one.upload.parts ?? []).map((/** @type {any} */ part) => [part.number, part]))
  const progress = new Map([...arrived].map((number) => [number, slice(one, number, partSize).size]))
  const tally = () => {
    const sent = [...progress.values()].reduce((sum, bytes) => sum + bytes, 0)
    measure(Math.max(0, sent - one.sent))
    one.sent = sent
    changed()
  }
  tally()
  for (let number = 1; number <= count; number += 1) {
    if (!arrived.has(number)) await sendPart(one, signal, number, count, addresses, (bytes) => { progress.set(number, bytes); tally() })
  }
  one.state = 'reading'
  changed()
  const { ingest_id: ingestId } = await trying(signal, () => call('POST', `/v1/uploads/${id}/complete`, { body: {}, signal }))
  marks.drop(one)
  one.result.ingestId = ingestId
  // A visitor of a link is not told what becomes of a file.
  if (bearer.value) { one.state = 'done'; return }
  follow(one, ingestId)
}

/** Begin a new upload, or take up the one that this file had. @param {Entry} one @param {AbortSignal} signal */
async function begin(one, signal) {
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
const slice = (one, number, size) => one.file.slice((number - 1) * size, Math.min(one.file.size, number * size))

/** @param {Entry} one @param {AbortSignal} signal @param {number} number @param {number} count @param {Map<number, any>} addresses @param {(bytes: number) => void} progress */
function sendPart(one, signal, number, count, addresses, progress) {
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

/** Follow a sent file until it is in the library or set aside. @param {Entry} one @param {string} ingestId */
async function follow(one, ingestId) {
  let pause = ASK_MS
  for (;;) {
    try {
      const found = await call('GET', `/v1/ingest/${ingestId}`)
      if (found.state === 'done') {
        one.result = { assetId: found.asset_id, version: found.version, ingestId }
        if (found.token) lastWrite.value = found.token
        const asset = await call('GET', `/v1/assets/${found.asset_id}`).catch(() => null)
        one.state = asset?.duplicate_of ? 'same' : 'done'
        if (asset?.duplicate_of) one.result.assetId = asset.duplicate_of
        one.done?.()
        expectChange()
        return changed()
      }
      if (found.state === 'quarantined') { Object.assign(one, { state: 'refused', why: found.reason }); return changed() }
    } catch (problem) { if (problem instanceof Refused && problem.status === 401) return }
    await new Promise((go) => { setTimeout(go, pause) })
    pause = Math.min(ASK_LONGEST_MS, pause * 1.4)
  }
}

/** @param {number} bytes */
function measure(bytes) {
  speed.bytes += bytes
  const now = performance.now(), passed = (now - speed.at) / 1000
  if (passed < 1) return
  speed.perSecond = speed.perSecond ? 0.6 * speed.perSecond + 0.4 * (speed.bytes / passed) : speed.bytes / passed
  speed.bytes = 0
  speed.at = now
}

/** Files of a drop, folders walked, paths kept. @param {any[]} entries of the file system, taken while the drop was handled @returns {Promise<Array<{file: File, path: string}>>} */
export async function walked(entries) {
  /** @type {Array<{file: File, path: string}>} */
  const found = []
  const walk = async (/** @type {any} */ entry, /** @type {string} */ path) => {
    if (entry.isFile) { found.push({ file: await new Promise((done, failed) => { entry.file(done, failed) }), path: path + entry.name }); return }
    const reader = entry.createReader()
    for (;;) {
      const batch = await new Promise((done, failed) => { reader.readEntries(done, failed) })
      if (!batch.length) return
      for (const each of batch) await walk(each, `${path}${entry.name}/`)
    }
  }
  for (const entry of entries.filter(Boolean)) await walk(entry, '')
  return found
}

/** Files of a picker; of a folder picker with their paths. @param {FileList | null} files */
export const picked = (files) => [...(files ?? [])].map((file) => ({ file, path: file.webkitRelativePath || file.name }))
