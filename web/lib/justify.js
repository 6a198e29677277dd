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
  const rows = rowsOf(aspects, width / wanted, gap / wanted, isLast)
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

/**
 * Break pictures into rows of about `room` (width by wanted height); an unfinished last row is spread over the rows
 * before it unless the result ends there.
 * @param {number[]} aspects @param {number} room @param {number} gap @param {boolean} isLast
 */
function rowsOf(aspects, room, gap, isLast) {
  const sum = aspects.reduce((total, aspect) => total + aspect + gap, 0)
  const fair = isLast ? room : sum / Math.max(1, Math.round(sum / room))
  /** @type {number[][]} */
  const rows = []
  /** @type {number[]} */
  let row = []
  let filled = 0, before = 0
  aspects.forEach((aspect, item) => {
    const limit = fair * (rows.length + 1)
    const over = before + filled + aspect + gap - limit, under = limit - before - filled
    if (row.length && over > 0 && over > under) { rows.push(row); before += filled; row = []; filled = 0 }
    row.push(item)
    filled += aspect + gap
  })
  if (row.length) rows.push(row)
  return rows
}

/** Pictures a row holds on average, for places whose aspects are not known yet. @param {number} width @param {number} wanted @param {number} gap */
export const perRow = (width, wanted, gap) => Math.max(1, (width + gap) / (wanted * 1.05 + gap))

/** An item's aspect, kept within what a row can show. @param {{width_px?: number | null, height_px?: number | null}} item */
export const aspectOf = (item) => Math.min(3.2, Math.max(0.4, item.width_px && item.height_px ? item.width_px / item.height_px : 1))
