// @ts-check
// A thumbhash as a picture of a few pixels, which the browser blurs into the shape of a tile. As small as what is in a
// hash allows: a screen of tiles is drawn in a few milliseconds, before the first of its pictures is asked for.

const LONGEST_PX = 12, KEPT = 800
/** @type {Map<string, string>} */
const drawn = new Map()
/** Of each length, the waves that fit into it: `waves(length)[wave][place]`. @type {Map<number, number[][]>} */
const known = new Map()
const waves = (/** @type {number} */ length) => {
  const found = known.get(length) ?? Array.from({ length: 7 }, (_, wave) => Array.from({ length }, (_nothing, at) => Math.cos((Math.PI / length) * (at + 0.5) * wave)))
  known.set(length, found)
  return found
}
const CRC = Uint32Array.from({ length: 256 }, (_, value) => {
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

/** The address of a thumbhash as a picture, drawn once. @param {string} hash */
export function placeholder(hash) {
  let found = drawn.get(hash)
  if (!found) {
    found = png(decoded(Uint8Array.from(atob(hash), (sign) => sign.charCodeAt(0))))
    drawn.set(hash, found)
    const oldest = drawn.keys().next().value
    if (drawn.size > KEPT && oldest) drawn.delete(oldest)
  }
  return found
}

/** @typedef {{width: number, height: number, pixels: Uint8ClampedArray}} Small */

/** @param {Uint8Array} hash @returns {Small} */
function decoded(hash) {
  const head = hash[0] | (hash[1] << 8) | (hash[2] << 16), more = hash[3] | (hash[4] << 8)
  const hasAlpha = Boolean(head >> 23), isWide = Boolean(more >> 15), most = hasAlpha ? 5 : 7, least = more & 7
  const across = isWide ? most : least, down = isWide ? least : most
  const width = Math.max(1, Math.round(across >= down ? LONGEST_PX : (LONGEST_PX * across) / down)), height = Math.max(1, Math.round(across >= down ? (LONGEST_PX * down) / across : LONGEST_PX))
  let nibble = hasAlpha ? 12 : 10
  /** One channel: what is the same everywhere, and the waves over it, half a byte each. */
  const channel = (/** @type {number} */ base, /** @type {number} */ nx, /** @type {number} */ ny, /** @type {number} */ scale) => {
    const inX = waves(width), inY = waves(height), out = new Float64Array(width * height).fill(base)
    for (let cy = 0; cy < ny; cy += 1) {
      const row = new Float64Array(width)
      for (let cx = cy ? 0 : 1; cx * ny < nx * (ny - cy); cx += 1, nibble += 1) {
        const value = (((hash[nibble >> 1] >> ((nibble & 1) << 2)) & 15) / 7.5 - 1) * scale * 2
        for (let x = 0; x < width; x += 1) row[x] += value * inX[cx][x]
      }
      for (let y = 0, at = 0; y < height; y += 1) for (let x = 0; x < width; x += 1, at += 1) out[at] += row[x] * inY[cy][y]
    }
    return out
  }
  // Saturation is raised a little, against what rounding takes of it.
  const light = channel((head & 63) / 63, Math.max(3, across), Math.max(3, down), ((head >> 18) & 31) / 31)
  const yellow = channel(((head >> 6) & 63) / 31.5 - 1, 3, 3, (((more >> 3) & 63) / 63) * 1.25)
  const red = channel(((head >> 12) & 63) / 31.5 - 1, 3, 3, (((more >> 9) & 63) / 63) * 1.25)
  const alpha = hasAlpha ? channel((hash[5] & 15) / 15, 5, 5, (hash[5] >> 4) / 15) : null
  const pixels = new Uint8ClampedArray(width * height * 4)
  for (let at = 0; at < light.length; at += 1) {
    const b = light[at] - (2 / 3) * yellow[at], r = (3 * light[at] - b + red[at]) / 2
    pixels.set([255 * r, 255 * (r - red[at]), 255 * b, alpha ? 255 * alpha[at] : 255], at * 4)
  }
  return { width, height, pixels }
}

/** @param {Small} small */
function png({ width, height, pixels }) {
  const rows = []
  for (let y = 0; y < height; y += 1) rows.push(0, ...pixels.subarray(y * width * 4, (y + 1) * width * 4))
  let low = 1, high = 0
  for (const one of rows) { low = (low + one) % 65521; high = (high + low) % 65521 }
  const size = rows.length
  const bytes = [
    137, 80, 78, 71, 13, 10, 26, 10, ...chunk('IHDR', [0, 0, 0, width, 0, 0, 0, height, 8, 6, 0, 0, 0]),
    ...chunk('IDAT', [120, 1, 1, size & 255, size >> 8, ~size & 255, (~size >> 8) & 255, ...rows, high >> 8, high & 255, low >> 8, low & 255]), ...chunk('IEND', []),
  ]
  return `data:image/png;base64,${btoa(String.fromCharCode(...bytes))}`
}

/** @param {string} name @param {number[]} body */
function chunk(name, body) {
  const content = [...name].map((sign) => sign.charCodeAt(0)).concat(body)
  let sum = -1
  for (const one of content) sum = CRC[(sum ^ one) & 255] ^ (sum >>> 8)
  sum = ~sum
  return [...word(body.length), ...content, ...word(sum)]
}
const word = (/** @type {number} */ value) => [value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255]
