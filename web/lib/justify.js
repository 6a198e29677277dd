// @ts-check
// Rows of pictures that fill the width without cropping. Pure: numbers in, places out, so that tests call it directly.

/** @typedef {{x: number, y: number, w: number, h: number}} Box */

/**
 * Lay pictures of these aspects (width by height) out in justified rows. Every row fills `width`; the last one does
 * unless `isLast`, then its pictures have the wanted height. Row heights stay near `wanted`.
 *
 * @param {number[]} aspects
 * @param {{width: number, wanted: number, gap: number, caption: number, isLast: boolean}} frame all in CSS pixels
 * @returns {{boxes: Box[], rows: number[][], height: number}} boxes by item, items by row, height of the whole
 */
export function justified(aspects, { width, wanted, gap, caption, isLast }) {
  /** @type {Box[]} */
  const boxes = []
  const rows = rowsOf(aspects, { width, wanted, gap, isLast })
  let y = 0
  rows.forEach((row, place) => {
    const sum = row.reduce((total, item) => total + aspects[item], 0)
    const full = (width - gap * (row.length - 1)) / sum
    const h = place === rows.length - 1 && isLast ? Math.min(full, wanted) : Math.min(full, wanted * 1.9)
    let x = 0
    for (const item of row) {
      boxes[item] = { x, y, w: aspects[item] * h, h }
      x += aspects[item] * h + gap
    }
    y += h + caption + gap
  })
  return { boxes, rows, height: y }
}

const SMALLEST = 0.5

/**
 * Break pictures into rows so that the heights differ least from the wanted one, all rows together. Where the result
 * ends, a last row that is not full costs nothing.
 * @param {number[]} aspects @param {{width: number, wanted: number, gap: number, isLast: boolean}} frame
 */
function rowsOf(aspects, { width, wanted, gap, isLast }) {
  const many = aspects.length
  const cost = new Float64Array(many + 1).fill(Infinity), begin = new Int32Array(many + 1)
  cost[0] = 0
  for (let first = 0; first < many; first += 1) {
    let sum = 0
    for (let end = first; end < many; end += 1) {
      sum += aspects[end]
      const h = (width - gap * (end - first)) / sum
      const isFree = isLast && end === many - 1 && h > wanted
      const whole = cost[first] + (isFree ? 0 : h > 0 ? Math.log(h / wanted) ** 2 : 1e6)
      if (whole < cost[end + 1]) { cost[end + 1] = whole; begin[end + 1] = first }
      if (h < wanted * SMALLEST) break
    }
  }
  /** @type {number[][]} */
  const rows = []
  for (let end = many; end > 0; end = begin[end]) rows.unshift(Array.from({ length: end - begin[end] }, (_, at) => begin[end] + at))
  return rows
}

/** Pictures a row holds on average, for places whose aspects are not known yet. @param {number} width @param {number} wanted @param {number} gap */
export const perRow = (width, wanted, gap) => Math.max(1, (width + gap) / (wanted * 1.05 + gap))

/** An item's aspect, kept within what a row can show. @param {{width_px?: number | null, height_px?: number | null}} item */
export const aspectOf = (item) => Math.min(3.2, Math.max(0.4, item.width_px && item.height_px ? item.width_px / item.height_px : 1))
