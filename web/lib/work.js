// @ts-check
// Long work that this person began: ZIPs, changes to many pictures. Each is followed until it is over, wherever one looks
// meanwhile, and found again after a reload. With the words of what shows it.
import { signal } from '../vendor/ui.js'
import { say, sayFailed } from '../parts/toast.js'
import { call } from './http.js'
import { expectChange, working } from './live.js'
import { href } from './router.js'
import { counted, day, number, size, T } from './text.js'

/** @typedef {{id: string, kind: string, state: string, created_at: string, done: number, total: number | null, errors: Array<{subject: string, code: string, detail: string}>, result: any, change: string[] | null, undo_until: string | null}} Job */
/** What an act takes: the pictures as a rule, and how many they are. @typedef {{rule: {ids?: string[], q?: string, except?: string[]}, many: number}} Chosen */
/** What a trial says. @typedef {{count: number, refused: number, reasons: Array<{code: string, detail: string, count: number}>, sample: any[], keywords: Array<{value: string, count: number}>, collections: Array<{value: string, count: number}>}} Trial */

const SOON_MS = 600, LATE_MS = 5000, PAGE = 100, PAGES = 5, SHOWN = 20, KEPT_DAYS = 7, DAY_MS = 86_400_000
const pictures = (/** @type {number} */ many) => counted(many, T.picture.one, T.picture.many)

export const W = {
  room: 'Under way', jobs: 'Files and changes', none: 'Nothing is under way', noneHint: 'ZIPs, changes to many pictures and requests for approval that you begin stand here until they are over.',
  goesOn: 'It goes on when you close this. You find it under “Under way”.', show: 'Show', stop: 'Stop', stopped: 'Stopped. What was done stays.', save: 'Save', undo: 'Undo', undoing: 'Taken back. You see how far under “Under way”.', takenBack: 'Taking it back',
  states: /** @type {Record<string, [string, string, string]>} */ ({ queued: ['is-none', 's-none', 'Waiting'], running: ['is-wait', 's-wait', 'Under way'], done: ['is-ok', 's-ok', 'Done'], failed: ['is-bad', 's-bad', 'Stopped'], cancelled: ['is-none', 'x', 'Stopped by hand'] }),
  kept: (/** @type {string} */ stamp) => `Kept until ${day(stamp)}. Each press makes a link that opens for two minutes.`, undoUntil: (/** @type {string} */ stamp) => `Can be undone until ${day(stamp)}.`,
  left: /** @type {Record<string, (many: number) => string>} */ ({ download: (many) => `${pictures(many)} did not come along`, bulk: (many) => `${pictures(many)} stayed as ${many === 1 ? 'it is' : 'they are'}`, 'bulk.undo': (many) => `${pictures(many)} could not be taken back` }), more: (/** @type {number} */ many) => `and ${number(many)} more`,
  moved: /** @type {Record<string, (many: number) => string>} */ ({ trash: (many) => `${pictures(many)} to the trash`, restore: (many) => `${pictures(many)} out of the trash` }), asking: (/** @type {number} */ many) => `Approval of ${pictures(many)} asked for`, one: 'a picture', progress: (/** @type {number} */ done, /** @type {number} */ total) => `${number(done)} of ${number(total)}`, over: 'It is done.', failed: 'It stopped.',
}

/** What each kind is called, and what it came to. @type {Record<string, {icon: string, word: (many: number) => string, came: (result: any) => string}>} */
export const KINDS = {
  download: { icon: 'download', word: (many) => `ZIP of ${pictures(many)}`, came: (result) => (result.files ? `${counted(result.files, 'file')}, ${size(result.size_bytes)}` : 'Nothing of it may leave.') },
  bulk: { icon: 'gear', word: (many) => `Change to ${pictures(many)}`, came: (result) => (result.submitted !== undefined ? `${pictures(result.submitted)} asked about` : `${number(result.changed)} changed${result.unchanged ? `, ${number(result.unchanged)} were so already` : ''}`) },
  'bulk.undo': { icon: 'undo', word: (many) => `Change to ${pictures(many)} taken back`, came: (result) => `${number(result.undone)} as before` },
}

/** What a job is called on screen. @param {Job} job */
export const called = (job) => (W.moved[job.change?.[0] ?? ''] ?? (job.change?.includes('submit') ? W.asking : KINDS[job.kind]?.word))?.(job.total ?? 0)

/** Work that is known here, newest first. */
export const jobs = signal(/** @type {Job[]} */ ([]))
/** Ids of what is on screen: no toast tells of them. */
export const watched = new Set()
/** @param {Job} job */
export const isOver = (job) => ['done', 'failed', 'cancelled'].includes(job.state)
/** Until when a ZIP is kept. @param {Job} job */
export const keptUntil = (job) => new Date(Date.parse(job.created_at) + KEPT_DAYS * DAY_MS).toISOString()
const followed = new Map(/** @type {Array<[string, Promise<Job | undefined>]>} */ ([]))

/** @param {Job} job */
function put(job) {
  jobs.value = [job, ...jobs.value.filter((one) => one.id !== job.id)].sort((a, b) => b.created_at.localeCompare(a.created_at))
  working.value = jobs.value.filter((one) => !isOver(one)).length
}

/** Follow a job until it is over; the job then, or nothing when it is not told of any more. @param {string} id */
export function follow(id) {
  const over = followed.get(id) ?? followOn(id).finally(() => { followed.delete(id) })
  followed.set(id, over)
  return over
}

/** @param {string} id @returns {Promise<Job | undefined>} */
async function followOn(id) {
  for (let pause = SOON_MS; ; pause = Math.min(LATE_MS, pause * 1.3)) {
    try {
      const job = await call('GET', `/v1/jobs/${id}`)
      put(job)
      if (isOver(job)) { tell(job); return job }
    } catch (problem) { if (![0, 429].includes(/** @type {any} */ (problem).status ?? 500) && /** @type {any} */ (problem).status < 500) return undefined }
    await new Promise((go) => { setTimeout(go, pause) })
  }
}

/** Say that it is over to who looks elsewhere. @param {Job} job */
function tell(job) {
  if (job.kind !== 'download') expectChange()
  if (watched.has(job.id) || location.hash.startsWith(href(['work'])) || job.state === 'cancelled') return
  const word = called(job)
  const act = { word: W.show, do: () => { location.hash = href(['work']) } }
  if (job.state === 'failed') say({ text: `${word}. ${W.failed}`, failed: true, act })
  else say({ text: `${word}. ${W.over}`, act })
}

/** What was begun in the last days; what is not over is followed on. */
export async function readJobs() {
  let cursor = '', found = /** @type {Job[]} */ ([])
  for (let page = 0; page < PAGES; page += 1) {
    const { items, next } = await call('GET', '/v1/jobs', { query: { by: 'me', limit: PAGE, cursor } })
    found = found.concat(items.filter((/** @type {Job} */ one) => KINDS[one.kind] && Date.now() - Date.parse(one.created_at) < KEPT_DAYS * DAY_MS))
    cursor = next
    if (!cursor || found.length >= SHOWN) break
  }
  for (const one of found) if (!isOver(one) || !jobs.value.some((known) => known.id === one.id)) put(one)
  for (const one of found) if (!isOver(one)) follow(one.id)
}

/** Begin a change to many pictures; its id. @param {Chosen} chosen @param {object} change @returns {Promise<string>} */
export async function begin(chosen, change) {
  const { job_id: id } = await call('POST', '/v1/bulk', { body: { selection: chosen.rule, change }, key: crypto.randomUUID() })
  follow(id)
  return id
}

/** What a change would do; without one, what is there. @param {Chosen} chosen @param {object} [change] @returns {Promise<Trial>} */
export const attempt = (chosen, change) => call('POST', '/v1/bulk', { body: { selection: chosen.rule, change, dry_run: true } })

/** Take a change back. @param {string} id @returns {Promise<string>} the id of the work that does it */
export async function undo(id) {
  const { job_id: back } = await call('POST', `/v1/jobs/${id}/undo`)
  follow(back)
  return back
}

/** Stop it; what it has done stays. @param {string} id */
export async function stop(id) { put(await call('POST', `/v1/jobs/${id}/cancel`)) }

/** Save a ZIP: its address is asked for now, for it lives two minutes. @param {string} id */
export async function save(id) {
  try {
    const job = await call('GET', `/v1/jobs/${id}`)
    put(job)
    if (job.result?.url) location.assign(job.result.url)
    else if (job.result?.because) sayFailed(job.result.because.detail)
  } catch (problem) { sayFailed(problem) }
}

/** Names of pictures by id, as they become known. */
export const names = signal(/** @type {Map<string, string>} */ (new Map()))
/** @param {string[]} ids */
export async function readNames(ids) {
  const found = await Promise.allSettled(ids.filter((id) => !names.value.has(id)).map((id) => call('GET', `/v1/assets/${id}`)))
  const fresh = found.flatMap((one) => (one.status === 'fulfilled' ? [/** @type {[string, string]} */ ([one.value.id, one.value.skus?.[0] ?? one.value.title ?? one.value.name])] : []))
  if (fresh.length) names.value = new Map([...names.value, ...fresh])
}
