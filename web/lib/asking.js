// @ts-check
// Requests for approval as whoever asks sees them: whom one may ask, what was sent, taking it back. With their words.
import { signal } from '../vendor/ui.js'
import { call } from './http.js'
import { me } from './session.js'
import { counted, day, number, T } from './text.js'
import { who } from './people.js'

/** @typedef {{id: string, by: string | null, at: string, items: Array<{asset_id: string, version: number, state: string, decisions: Array<{by: string, decision: string, note: string | null}>}>, approver_ids: string[], rule: any, due_at: string | null, note: string | null, state: string}} Request */
/** What is asked, as the API takes it. @typedef {{approver_ids: string[], rule: 'any' | 'all' | {at_least: number}, due_at: string | null, note: string | null}} Submission */

const pictures = (/** @type {number} */ many) => counted(many, T.picture.one, T.picture.many)

export const W = {
  ask: 'Ask for approval', short: 'Ask', title: (/** @type {string} */ what) => `Ask for approval of ${what}`, these: pictures, whom: 'Whom to ask', whomHint: 'People who may approve these.', find: 'Find a person', nobody: 'Nobody may approve this. Whoever manages the library gives the right “Approve”.', nobodyFits: 'Nobody of that name may approve this.',
  first: 'Choose whom to ask', rule: 'Who must decide', rules: { any: 'One decision is enough', all: 'All must approve', some: 'At least so many must approve' }, atLeast: 'How many', due: 'Due', dueHint: 'Empty: when they come to it.', note: 'Note', noteHint: 'They read it above the pictures.',
  send: 'Ask', sending: 'Asking', back: 'Back', sendSome: (/** @type {number} */ many) => `Ask for ${number(many)}`, none: 'None of these can be asked about', some: (/** @type {number} */ may, /** @type {number} */ count) => `${pictures(may)} of ${number(count)} can be asked about. The rest is left out, because:`,
  sent: (/** @type {string} */ people, /** @type {string} */ what) => `${people} asked about ${what}.`, withdraw: 'Withdraw', withdrawn: 'The request is withdrawn.', under: 'Asked for approval', asked: (/** @type {string} */ by, /** @type {string} */ people) => `${by} asked ${people}`, everybody: 'everybody who may approve', packshot: 'Packshot', and: 'and',
  due_by: (/** @type {string} */ stamp) => `due ${day(stamp)}`, decided: (/** @type {number} */ done, /** @type {number} */ all) => `${number(done)} of ${number(all)} decided`, details: 'Pictures',
  states: /** @type {Record<string, [string, string, string]>} */ ({ open: ['is-wait', 's-wait', 'Waiting'], approved: ['is-ok', 's-ok', 'Approved'], rejected: ['is-bad', 's-bad', 'Rejected'], changes_requested: ['is-redo', 's-redo', 'Changes asked'], replaced: ['is-none', 's-none', 'Newer version'], withdrawn: ['is-none', 'x', 'Withdrawn'] }),
}

/** Names of people that were told of with a picture. */
const known = signal(/** @type {Map<string, string>} */ (new Map()))

/** People who may approve a picture, of whose name a word begins so. @param {string} asset @param {string} [q] @returns {Promise<Array<{id: string, name: string}>>} */
export async function readPeople(asset, q = '') {
  const { items } = await call('GET', `/v1/assets/${asset}/people`, { query: { right: 'approve', q } })
  known.value = new Map([...known.value, ...items.map((/** @type {any} */ one) => [one.id, one.name])])
  return items
}

/** @param {string} id */
export const named = (id) => (id === me.value?.principal.id ? T.people.you : known.value.get(id) ?? who(id))
/** People in a row: “Ann, Bob and You”. @param {string[]} ids */
export const people = (ids) => (ids.length ? ids.map(named).join(', ').replace(/, ([^,]+)$/, ` ${W.and} $1`) : W.everybody)

/** Requests that this person made, newest first. @returns {Promise<Request[]>} */
export async function readAsked() {
  const { items } = await call('GET', '/v1/approvals', { query: { limit: 100 } })
  const own = items.filter((/** @type {Request} */ one) => one.by === me.value?.principal.id)
  await Promise.allSettled([...new Set(own.slice(0, 20).map((/** @type {Request} */ one) => one.items[0]?.asset_id))].map((id) => readPeople(String(id))))
  return own
}

/** Open requests about one picture. @param {string} asset @returns {Promise<Request[]>} */
export async function readAbout(asset) {
  const { items } = await call('GET', '/v1/approvals', { query: { state: 'open', limit: 200 } })
  const about = items.filter((/** @type {Request} */ one) => one.items.some((each) => each.asset_id === asset && each.state === 'open'))
  if (about.length) await readPeople(asset).catch(() => {})
  return about
}

/** Ask about versions. @param {Array<{asset_id: string, version?: number}>} items @param {Submission} asked @returns {Promise<Request>} */
export const ask = (items, asked) => call('POST', '/v1/approvals', { body: { items, ...asked }, key: crypto.randomUUID() })
/** @param {string} id @returns {Promise<Request>} */
export const withdraw = (id) => call('POST', `/v1/approvals/${id}/withdraw`)

/** How many of a request's pictures are decided. @param {Request} one */
export const decided = (one) => one.items.filter((each) => each.state !== 'open').length
