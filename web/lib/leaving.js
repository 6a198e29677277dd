// @ts-check
// Files that leave, one directly and many as a ZIP: as what one may ask for them. With the words of the dialog.
import { mayAnywhere } from './collections.js'
import { call, every } from './http.js'
import { counted, T } from './text.js'
import { follow } from './work.js'

/** @typedef {import('./work.js').Chosen} Chosen */

export const W = {
  title: (/** @type {string} */ what) => `Download ${what}`, these: (/** @type {number} */ many) => counted(many, T.picture.one, T.picture.many), as: 'As what',
  usual: 'As they come', usualHint: 'The original where you may have it, else the largest picture.', original: 'The original files', originalHint: 'Pictures whose original you may not have do not come along.',
  presetHint: (/** @type {any} */ one) => `${one.width_px} × ${one.height_px}, ${one.format.toUpperCase()}. Only what is usable there comes along.`, preset: (/** @type {any} */ one) => (one.channel ? `${one.name} (${one.channel})` : one.name),
  act: 'Download', zip: 'Make the ZIP', busy: 'Asking', zipHint: 'Everything in one ZIP. What may not leave is left out, and you see why.', oneHint: 'The file comes directly.', under: 'All that is under way',
}

/** What one may ask for the files as: the usual way, originals where that is a right anywhere, and each preset. */
export async function readWays() {
  const presets = await every('/v1/presets').catch(() => [])
  return [
    { value: 'usual', word: W.usual, hint: W.usualHint, wish: {} },
    ...(mayAnywhere('download_original') ? [{ value: 'original', word: W.original, hint: W.originalHint, wish: { original: true } }] : []),
    ...presets.map((one) => ({ value: one.id, word: W.preset(one), hint: W.presetHint(one), wish: { preset: one.id } })),
  ]
}

/** Begin a ZIP; the id of the work. @param {Chosen} chosen @param {object} wish @returns {Promise<string>} */
export async function zip(chosen, wish) {
  const { job_id: id } = await call('POST', '/v1/downloads', { body: { selection: chosen.rule, ...wish }, key: crypto.randomUUID() })
  follow(id)
  return id
}

/** Let the browser save one file. @param {string} id @param {object} wish */
export async function one(id, wish) { location.assign((await call('GET', `/v1/assets/${id}/download`, { query: { redirect: false, ...wish } })).url) }
