// @ts-check
// Uploads straight to the store by signed addresses: one queue, four requests in flight, resumed after a reload, retried.
import { computed, signal } from '../vendor/ui.js'
import { byId } from './collections.js'
import { bearer, call, lastWrite, Refused } from './http.js'
import { expectChange, underWay } from './live.js'
import { begin, marks, sendPart, slice, trying } from './transfer.js'

const LANES = 4, ASK_MS = 700, ASK_LONGEST_MS = 8000
/** So many files are queued at once, and for so long, before the page may draw and answer keys; so often is told how far all is. */
const SLICE = 500, SLICE_MS = 20, TOLD_EVERY_MS = 200
/** `checking`: being looked up; `choice`: a new picture or a new version, somebody has to say; `asks`: the collection requires fields, and somebody has to fill them in. @typedef {'checking' | 'choice' | 'waiting' | 'asks' | 'sending' | 'reading' | 'done' | 'same' | 'refused' | 'stopped' | 'paused'} State */
/** @typedef {{key: string, file: File, size: number, path: string, collectionId?: string, assetId?: string, done?: () => void, state: State, likely: import('./next-versions.js').Likely | null, needs: string[], fields?: Record<string, any>, refusals: Record<string, string>, sent: number, why: string, result: {assetId?: string, version?: number, ingestId?: string}, upload: any, control: AbortController}} Entry */

const tick = signal(0)
/** @type {Entry[]} */
let entries = []
let lanes = 0
let isPaused = false
const speed = { bytes: 0, at: performance.now(), perSecond: 0 }

let toldAt = -Infinity, later = 0
/** Something about an entry is different: whoever shows the queue is told at once, then at most every so often. */
function changed() {
  if (!later) later = setTimeout(tell, Math.max(0, toldAt + TOLD_EVERY_MS - performance.now()))
}
function tell() {
  clearTimeout(later)
  later = 0
  toldAt = performance.now()
  tick.value += 1
  underWay.value = entries.length - overall.value.over
}

/** All entries, with what they add up to. Read it in a component to be drawn anew. */
export const overall = computed(() => {
  tick.value
  const sums = { total: 0, sent: 0, over: 0, failed: 0, stopped: 0, asks: 0, choice: 0 }
  for (const one of entries) {
    sums.total += one.size
    sums.sent += isOver(one) ? one.size : one.sent
    if (isOver(one)) sums.over += 1
    if (one.state === 'stopped' || one.state === 'refused') sums.failed += 1
    if (one.state === 'stopped' || one.state === 'asks' || one.state === 'choice') sums[one.state] += 1
  }
  const isBusy = entries.length > sums.over + sums.stopped + sums.asks + sums.choice
  return { ...sums, entries, isPaused, isBusy, perSecond: speed.perSecond, left: speed.perSecond ? (sums.total - sums.sent) / speed.perSecond : 0 }
})
/** @param {Entry} one */
export const isOver = (one) => one.state === 'done' || one.state === 'same' || one.state === 'refused'

addEventListener('online', () => { if (!isPaused) pump() })
addEventListener('beforeunload', (event) => { if (entries.some((one) => ['sending', 'waiting', 'checking', 'choice', 'asks'].includes(one.state))) event.preventDefault() })

export const queue = {
  /**
   * Put files into the queue; folders of their paths become collections unless a collection or an asset is given.
   * Resolves when all are in it; the page goes on in between, and the first are sent by then. A file that could be a new version
   * of a picture waits for a choice, unless `isNew` or a visitor's: those are told nothing of what is here.
   * @param {Iterable<{file: File, path: string}>} files @param {{collectionId?: string, assetId?: string, isNew?: boolean, done?: () => void}} [to]
   */
  async add(files, { isNew = Boolean(bearer.value), ...to } = {}) {
    /** @type {Entry[]} */
    const checked = []
    await inSlices(files, ({ file, path }) => {
      /** @type {Entry} */
      const one = { key: crypto.randomUUID(), file, size: file.size, path, ...to, state: 'checking', likely: null, needs: [], refusals: {}, sent: 0, why: '', result: {}, upload: null, control: new AbortController() }
      entries.push(one)
      if (isNew || to.assetId || marks.read(one)) ready(one)
      else checked.push(one)
    })
    if (!checked.length) return
    if (!navigator.onLine) await new Promise((go) => { addEventListener('online', go, { once: true }) })
    const known = await import('./next-versions.js').catch(() => null)
    if (known) await known.lookUp(checked, settle)
    else for (const one of checked) settle(one, null, false)
  },
  /** Send files that waited for a choice: as versions of their likely pictures where `isVersion` says so. @param {Entry[]} these @param {(one: Entry) => boolean} isVersion */
  choose: (these, isVersion) => inSlices(these, (one) => {
    if (isVersion(one)) one.assetId = one.likely?.asset.id
    ready(one)
  }),
  pause() { isPaused = true; for (const one of entries) if (one.state === 'sending') { one.control.abort(); one.state = 'paused' } tell() },
  resume() { isPaused = false; tell(); return inSlices(entries.filter((one) => one.state === 'paused'), again) },
  /** @param {Entry} one */
  retry(one) { again(one); tell(); pump() },
  retryAll: () => inSlices(entries.filter((one) => one.state === 'stopped'), again),
  /** Send files that wait for fields, with these. @param {Entry[]} these @param {Record<string, any>} fields */
  give: (these, fields) => inSlices(these, (one) => { Object.assign(one, { fields, refusals: {}, key: crypto.randomUUID() }); again(one) }),
  /** @param {Entry} one */
  remove(one) { one.control.abort(); entries = entries.filter((each) => each !== one); marks.drop(one); tell() },
  clearDone() { entries = entries.filter((one) => one.state !== 'done' && one.state !== 'same'); tell() },
}

/**
 * Do something with each of many, a slice at a time: the size of a chosen file alone takes a browser up to half a millisecond.
 * @template One @param {Iterable<One>} many @param {(one: One) => void} act
 */
async function inSlices(many, act) {
  let begun = performance.now(), done = 0
  for (const one of many) {
    act(one)
    done += 1
    if (done < SLICE && performance.now() - begun < SLICE_MS) continue
    changed()
    pump()
    await new Promise((go) => { setTimeout(go) })
    begun = performance.now()
    done = 0
  }
  tell()
  pump()
}

/** Nothing is to be asked about a file but what its collection requires. @param {Entry} one */
function ready(one) {
  one.needs = one.assetId || one.path.includes('/') ? [] : required(one.collectionId)
  one.state = one.needs.length ? 'asks' : 'waiting'
}

/** @param {Entry} one @param {import('./next-versions.js').Likely | null} likely @param {boolean} isSame */
function settle(one, likely, isSame) {
  if (one.state !== 'checking') return
  if (isSame) Object.assign(one, { state: 'same', result: { assetId: likely?.asset.id } })
  else if (likely) Object.assign(one, { state: 'choice', likely })
  else ready(one)
  changed()
  pump()
}

/** What a collection requires of every file, as far as it is known here. @param {string} [id] @returns {string[]} */
const required = (id) => (/** @type {any} */ (byId.value.get(id ?? '')?.policy)?.required_fields ?? []).filter((/** @type {string} */ name) => name !== 'name')

/** @param {Entry} one */
function again(one) { Object.assign(one, { state: 'waiting', why: '', control: new AbortController() }) }

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

/** Files of a picker, which may be emptied at once; of a folder picker with their paths. @param {FileList | null} files */
export function picked(files) {
  const taken = [...(files ?? [])]
  return (function* told() { for (const file of taken) yield { file, path: file.webkitRelativePath || file.name } })()
}
