// @ts-check
// One change to many pictures, as a form makes it and as the API takes it. With the words of the dialog.
import { counted, number, T } from './text.js'

/** @typedef {{add: string[], drop: string[], into: string[], out: string[], fields: Array<{name: string, text: string}>, archive: string | null}} Wish `fields` with an empty text are cleared */

export const W = {
  title: (/** @type {number} */ many) => `Edit ${counted(many, T.picture.one, T.picture.many)}`, add: 'Add keywords', drop: 'Take keywords away', wordsHint: 'Enter or a comma ends a word. Other keywords stay.', word: (/** @type {string} */ word) => `Leave out ${word}`, now: 'Keywords now', placesNow: 'Collections now', allHave: 'all', someOf: (/** @type {number} */ some, /** @type {number} */ all) => `${number(some)} of ${number(all)}`, getsAll: 'to all', losesAll: 'to none', into: 'Put into', out: 'Take out of', outHint: 'A picture stays in at least one collection.',
  fields: 'Set fields', field: 'Add a field', clear: 'Empty: it is cleared in all of them.', drops: (/** @type {string} */ name) => `Leave ${name} as it is`, archive: 'Archive them', archiveHint: 'Read-only and out of daily work. You can bring them back.', reason: 'Why',
  check: 'Check', checking: 'Checking', first: 'Choose a change first', reasonFirst: 'Say why they are archived', apply: (/** @type {number} */ many) => `Change ${number(many)}`, applying: 'Beginning', back: 'Back', none: 'None of these may change, because:', all: (/** @type {number} */ count) => `All ${number(count)} may change. Nothing is changed yet.`, some: (/** @type {number} */ may, /** @type {number} */ count, /** @type {number} */ not) => `${number(may)} of ${number(count)} may change, ${number(not)} may not. Nothing is changed yet.`,
  example: 'For example', under: 'All that is under way', becomes: 'becomes', nothing: 'nothing',
  names: /** @type {Record<string, string>} */ ({ available_from: 'Available from', available_until: 'Available until', collection_ids: 'Collections', state: 'State', archive_reason: 'Why archived' }),
}

/** Fields that can be set alike, with how they are entered. @type {Array<{name: string, type: string}>} */
export const FIELDS = [{ name: 'shot_type', type: 'text' }, { name: 'rating', type: 'number' }, { name: 'skus', type: 'text' }, { name: 'title', type: 'text' }, { name: 'alt', type: 'text' }, { name: 'description', type: 'text' }, { name: 'available_from', type: 'date' }, { name: 'available_until', type: 'date' }]
/** @param {string} name */
export const fieldWord = (name) => T.asset.fields[name] ?? W.names[name] ?? name
const at = (/** @type {string} */ day, /** @type {string} */ time) => new Date(`${day}T${time}`).toISOString()
const AS = /** @type {Record<string, (text: string) => unknown>} */ ({ rating: Number, skus: (text) => text.split(',').map((one) => one.trim()).filter(Boolean), available_from: (day) => at(day, '00:00:00'), available_until: (day) => at(day, '23:59:59') })

/** @type {Wish} */
export const nothing = { add: [], drop: [], into: [], out: [], fields: [], archive: null }
/** The change as the API takes it; null when it is none. @param {Wish} wish */
export function asChange({ add, drop, into, out, fields, archive }) {
  const change = {
    ...(add.length ? { add_keywords: add } : {}), ...(drop.length ? { remove_keywords: drop } : {}), ...(into.length ? { add_to: into } : {}), ...(out.length ? { remove_from: out } : {}),
    ...(fields.length ? { set: Object.fromEntries(fields.map(({ name, text }) => [name, text.trim() ? (AS[name] ?? ((one) => one))(text.trim()) : null])) } : {}),
    ...(archive === null ? {} : { archive: { reason: archive.trim() } }),
  }
  return Object.keys(change).length ? change : null
}

/** A value as it is shown in a trial. @param {any} value @param {Map<string, {name: string}>} byId */
export const shown = (value, byId) => (Array.isArray(value) ? value.map((one) => byId.get(one)?.name ?? one).join(', ') || W.nothing : value === null || value === undefined || value === '' ? W.nothing : String(value))
