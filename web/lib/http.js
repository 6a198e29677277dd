// @ts-check
// One way to call the API: JSON in and out, problems as errors with words to show, session and line watched.
import { signal } from '../vendor/ui.js'

/** Whether the last call reached the API. */
export const online = signal(navigator.onLine)
/** True once a call was refused for want of a session: the shell then shows the sign-in screen. */
export const signedOut = signal(false)

/** The session of a visitor who came by a link; empty for people who sign in, whose session is a cookie. */
export const bearer = signal('')

addEventListener('online', () => { online.value = true })
addEventListener('offline', () => { online.value = false })

/** What the API refused, in its own words. `status` 0: it could not be reached. */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {{code?: string, detail?: string, fields?: Record<string, string>, request_id?: string, position?: number, starts_at?: string}} problem
   */
  constructor(status, problem) {
    super(problem.detail ?? 'Packshot could not be reached. Check the connection, then try again.')
    this.status = status
    this.code = problem.code ?? 'unreachable'
    this.fields = problem.fields ?? {}
    this.requestId = problem.request_id
    this.position = problem.position
    this.startsAt = problem.starts_at
  }
}

/**
 * Call the API. Resolves with the body (null for none); rejects with `Refused`, or `AbortError` when aborted.
 *
 * @param {string} method
 * @param {string} path
 * @param {{body?: unknown, query?: Record<string, unknown>, signal?: AbortSignal, etag?: string, key?: string, as?: string, leaving?: boolean}} [options] `as`: with whose eyes, `role:<id>`; `leaving`: outlives the page
 * @returns {Promise<any>}
 */
export async function call(method, path, { body, query, signal: aborted, etag, key, as, leaving } = {}) {
  const address = addressOf(path, query), headers = new Headers()
  if (body !== undefined) headers.set('Content-Type', method === 'PATCH' ? 'application/merge-patch+json' : 'application/json')
  if (etag) headers.set('If-Match', `"${etag}"`)
  if (key) headers.set('Idempotency-Key', key)
  if (as) headers.set('Packshot-View-As', as)
  if (bearer.value) headers.set('Authorization', `Bearer ${bearer.value}`)
  let reply
  try {
    reply = await ((method === 'GET' && [...headers].length === 0 && taken(address, aborted)) || fetch(address, {
      method, headers, signal: aborted, keepalive: leaving, body: body === undefined ? undefined : JSON.stringify(body),
    }))
  } catch (problem) { throw failed(problem) }
  online.value = true
  const token = reply.headers.get('Packshot-Token')
  if (token) lastWrite.value = token
  const said = reply.status === 204 ? null : await reply.json().catch(unread)
  if (reply.ok) return said
  if (reply.status === 401 && !bearer.value && !/^\/v1\/(share-)?sessions/.test(path)) signedOut.value = true
  throw new Refused(reply.status, said ?? {})
}

/** @param {string} path @param {Record<string, unknown>} [query] what is empty is left out */
function addressOf(path, query = {}) {
  const asked = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') asked.set(name, String(value))
  }
  const text = asked.toString()
  return path + (text ? `?${text}` : '')
}

const AHEAD_MS = 10_000
/** By address. @type {Map<string, {reply: Promise<Response>, control: AbortController, at: number}>} */
const early = new Map()

/**
 * Ask now, or `after` another answer, for what somebody will `call` for with the same path and query: they get this answer.
 * @param {string} path @param {Record<string, unknown>} [query] @param {Promise<unknown>} [after]
 */
export function ahead(path, query, after) {
  const address = addressOf(path, query), control = new AbortController()
  const ask = () => fetch(address, { signal: control.signal }), reply = after ? after.then(ask) : ask()
  early.set(address, { reply, control, at: performance.now() })
  // Read whether somebody calls for it or not: an answer that nobody reads holds its connection. Where nobody was signed in, who
  // calls asks anew: somebody may have signed in meanwhile.
  return reply.then((answer) => { if (answer.status === 401) early.delete(address); return answer.clone().arrayBuffer() }).catch(() => {})
}

/** The answer that was asked for ahead, once and not for long. @param {string} address @param {AbortSignal} [aborted] */
function taken(address, aborted) {
  const known = early.get(address)
  early.delete(address)
  if (!known || performance.now() - known.at > AHEAD_MS || aborted?.aborted) return undefined
  aborted?.addEventListener('abort', () => known.control.abort(), { once: true })
  return known.reply
}

/** What a request that came to nothing rejects with. @param {unknown} problem */
function failed(problem) {
  if (problem instanceof DOMException && problem.name === 'AbortError') return problem
  online.value = false
  return new Refused(0, {})
}

/** A body that is no JSON is none; one that was given up or cut off fails as its request would. @param {unknown} problem */
function unread(problem) {
  if (problem instanceof SyntaxError) return null
  throw failed(problem)
}

/** Every item of a list, page by page. @param {string} path @param {Record<string, unknown>} [query] @returns {Promise<any[]>} */
export async function every(path, query) {
  const all = []
  let cursor = ''
  do {
    const page = await call('GET', path, { query: { ...query, cursor } })
    all.push(...page.items)
    cursor = page.next
  } while (cursor)
  return all
}

/** The token of this browser's last write: a search with `fresh_for` says whether it holds it. */
export const lastWrite = signal('')
