// @ts-check
// Sheets in words, and how one is sent: its bytes straight to the store, then a job that reads it.
import { call } from './http.js'
import { counted, number } from './text.js'

export const STATES = ['change', 'changed', 'same', 'refused']

export const W = {
  room: 'Read a sheet', lead: 'A row for each file: its SKU, position, shot type, alt text. Empty cells leave things as they are. Nothing changes until you have seen every row.',
  paste: 'Paste rows, with the names of the columns first', sample: 'file,sku,position,alt\nTS-100_02.jpg,TS-100,2,The back of a shirt', choose: 'Choose a CSV file', drop: 'or drop it here', chosen: (/** @type {string} */ name, /** @type {string} */ size) => `${name}, ${size}`, other: 'Take another', sheet: 'sheet.csv',
  look: 'See the rows', sending: 'Sending', reading: 'Reading', empty: 'Paste some rows or choose a file', large: 'At most 20 MB. Split it.',
  rows: 'Rows', tried: 'What would come of it', made: 'What came of it', all: 'All', of: (/** @type {number} */ done, /** @type {number} */ total) => `${number(done)} of ${number(total)}`,
  apply: (/** @type {number} */ count) => `Apply ${counted(count, 'row')}`, nothing: 'No row would change anything', starting: 'Starting', undo: 'Undo all of it', undoing: 'Taking it back', undone: (/** @type {number} */ count) => `${counted(count, 'file is', 'files are')} as before.`, kept: (/** @type {number} */ count) => ` ${counted(count, 'file', 'files')} changed since by others stayed.`,
  summary: (/** @type {any} */ one) => [one.changed !== undefined && `${counted(one.changed, 'file')} changed`, one.unchanged ? `${counted(one.unchanged, 'file')} as before` : '', one.assets_refused ? `${counted(one.assets_refused, 'file')} refused` : '', one.refused ? `${counted(one.refused, 'row')} refused` : ''].filter(Boolean).join(', '),
  ignored: (/** @type {string[]} */ names) => `Not read: ${names.map((one) => `“${one}”`).join(', ')}.`,
  states: /** @type {Record<string, [string, string, string]>} */ ({ change: ['is-acc', 's-wait', 'To change'], changed: ['is-ok', 's-ok', 'Changed'], same: ['is-none', 's-none', 'As it is'], refused: ['is-bad', 's-bad', 'Refused'] }),
  fields: /** @type {Record<string, string>} */ ({ skus: 'SKU', position: 'Position', shot_type: 'Shot', alt: 'Alt text' }), none: 'none', arrow: 'becomes', row: (/** @type {number} */ at) => `Row ${number(at)}`, noRows: 'No row is like that',
  failed: 'The sheet could not be read to its end.', cancelled: 'It was stopped.', gone: 'There is no such sheet any more',
  out: 'Write a sheet', outHint: 'SKU, position, shot type and alt text of what a search finds, for a spreadsheet. Change it there and read it in again.', q: 'Search, empty for everything', write: 'Write', writing: 'Writing', take: (/** @type {number} */ count) => `Download ${counted(count, 'row')}`,
}

/** Send a sheet's bytes; the id of its upload. @param {Blob} body @param {string} name @returns {Promise<string>} */
export async function send(body, name) {
  const made = await call('POST', '/v1/uploads', { body: { file_name: name, size_bytes: body.size, purpose: 'sheet' } }), [{ url, headers }] = made.parts
  const reply = await fetch(url, { method: 'PUT', headers, body })
  if (!reply.ok) throw new Error(`The store answered ${reply.status}.`)
  return made.id
}

/** The id of the job that reads it. @param {string} upload @param {boolean} dryRun @returns {Promise<string>} */
export const read = async (upload, dryRun) => (await call('POST', '/v1/metadata/import', { body: { upload_id: upload, dry_run: dryRun } })).job_id

/** What a row changes, as `[word, before, after]`. @param {any} row @returns {Array<[string, string, string]>} */
export const changesOf = ({ before, after }) => Object.keys(after ?? {}).filter((name) => W.fields[name]).map((name) => [W.fields[name], shown(before?.[name]), shown(after[name])])
/** @param {any} value */
const shown = (value) => (Array.isArray(value) ? value.join(', ') : value ?? '') === '' ? W.none : Array.isArray(value) ? value.join(', ') : String(value)
