// @ts-check
// Presets in words: what each asks of a picture and makes of it; what a form may hold before the API is asked.
import { number, size } from './text.js'

/** @typedef {{id: string, name: string, channel: string | null, width_px: number, height_px: number, mode: string, format: string, quality: number, max_bytes: number | null, background: string, file_name: string, etag: string}} Preset */
/** What is typed, as text. @typedef {{name: string, channel: string, width_px: string, height_px: string, mode: string, format: string, quality: string, max_kb: string, background: string, file_name: string}} Typed */

export const MOST_PX = 8192, MOST_PIXELS = 25_000_000
export const PARTS = ['name', 'sku', 'position', 'shot_type', 'version', 'preset', 'width', 'height']

export const W = {
  room: 'Presets', make: 'Make a preset', none: 'No presets yet', noneHint: 'A preset makes a download fit a place: its size, its format, its weight.', acts: 'What to do with', change: 'Change', remove: 'Delete', try: 'Try', saved: (/** @type {string} */ name) => `“${name}” is saved. It counts for the next download.`,
  removeAsk: (/** @type {string} */ name) => `Delete “${name}”?`, removeHint: 'Downloads by it stop at once, and whether pictures are usable there is told no more. This cannot be undone; you can make it anew.', removed: (/** @type {string} */ name) => `“${name}” is deleted.`,
  name: 'Name', width: 'Width in pixels', height: 'Height in pixels', mode: 'How it fits', modes: /** @type {Record<string, string>} */ ({ fit: 'All of it, within this size', fill: 'Exactly this size, cut off evenly', pad: 'Exactly this size, filled up with a colour' }),
  format: 'Format', formats: /** @type {Record<string, string>} */ ({ jpeg: 'JPEG', png: 'PNG', webp: 'WebP' }), quality: 'Quality', qualityHint: '40 to 100. Lowered, never below 40, until the weight holds.', weight: 'Heaviest file in KB', weightHint: 'Empty: as heavy as it comes.', background: 'Colour behind it', backgroundHint: 'Where a picture is transparent or does not reach.',
  file: 'File name', fileHint: `In braces: ${PARTS.join(', ')}.`, channel: 'Channel', channelHint: 'Small letters, like “shopify”. Whether each picture is usable there is then told and searched. It cannot be changed later.',
  needs: { name: 'Give it a name first', side: `Each side is 1 to ${number(MOST_PX)} pixels`, pixels: `At most ${MOST_PIXELS / 1e6} megapixels: make it smaller`, quality: 'Quality is 40 to 100', weight: 'The heaviest file is 10 KB or more', file: 'The file name has braces that mean nothing', channel: 'A channel is small letters, digits and dashes' },
  cut: /** @type {Record<string, string>} */ ({ fit: 'within', fill: 'cut to', pad: 'filled up to' }), under: (/** @type {number} */ bytes) => `below ${size(bytes)}`,
  tryOn: (/** @type {string} */ name) => `Try “${name}”`, tryHint: 'Choose a picture. Nothing is enlarged: one that is too small says so.', tryFind: 'Find a picture', tryNone: 'No picture matches.', made: (/** @type {string} */ name, /** @type {number} */ bytes) => `${name}, ${size(bytes)}`, making: 'Making it', load: 'Download it', another: 'Another picture',
}

/** What a preset does, in one line. @param {Preset} one */
export const sayPreset = (one) => [`${W.cut[one.mode]} ${number(one.width_px)} × ${number(one.height_px)}`, one.format === 'png' ? W.formats.png : `${W.formats[one.format]} ${one.quality}`, one.max_bytes && W.under(one.max_bytes)].filter(Boolean).join(', ')

/** @param {Preset} [one] @returns {Typed} */
export const typed = (one) => ({
  name: one?.name ?? '', channel: one?.channel ?? '', width_px: String(one?.width_px ?? 2048), height_px: String(one?.height_px ?? 2048), mode: one?.mode ?? 'fit', format: one?.format ?? 'jpeg', quality: String(one?.quality ?? 85),
  max_kb: one?.max_bytes ? String(one.max_bytes / 1000) : '', background: one?.background ?? '#ffffff', file_name: one?.file_name ?? '{name}-{preset}',
})

const isWhole = (/** @type {string} */ text, /** @type {number} */ low, /** @type {number} */ high) => /^\d+$/.test(text.trim()) && Number(text) >= low && Number(text) <= high

/** What is wrong with what is typed, by field; empty when it can be sent. @param {Typed} given @returns {Record<string, string>} */
export function wrongWith(given) {
  /** @type {Record<string, string>} */
  const why = {}
  if (!given.name.trim()) why.name = W.needs.name
  for (const side of /** @type {const} */ (['width_px', 'height_px'])) if (!isWhole(given[side], 1, MOST_PX)) why[side] = W.needs.side
  if (!why.width_px && !why.height_px && Number(given.width_px) * Number(given.height_px) > MOST_PIXELS) why.width_px = W.needs.pixels
  if (!isWhole(given.quality, 40, 100)) why.quality = W.needs.quality
  if (given.max_kb.trim() && !(Number(given.max_kb) >= 10)) why.max_bytes = W.needs.weight
  const rest = given.file_name.replace(/\{(\w*)\}/g, (all, part) => (PARTS.includes(part) ? '' : all))
  if (!given.file_name.trim() || /[{}]/.test(rest)) why.file_name = W.needs.file
  if (given.channel && !/^[a-z][a-z0-9-]{0,39}$/.test(given.channel)) why.channel = W.needs.channel
  return why
}

/** What is typed, as the API takes it; `isNew` with its channel. @param {Typed} given @param {boolean} isNew */
export const asPreset = (given, isNew) => ({
  name: given.name.trim(), width_px: Number(given.width_px), height_px: Number(given.height_px), mode: given.mode, format: given.format, quality: Number(given.quality), max_bytes: given.max_kb.trim() ? Math.round(Number(given.max_kb) * 1000) : null,
  background: given.background, file_name: given.file_name.trim(), ...(isNew ? { channel: given.channel || null } : {}),
})
