// @ts-check
// Where every tile of a result lies, though only some windows of it are known. Pure: no DOM, no requests.
import { aspectOf, justified, perRow } from './justify.js'
import { WINDOW } from './query.js'

/** @typedef {{top: number, height: number, isKnown: boolean, boxes: import('./justify.js').Box[], rows: number[][]}} Block */

/**
 * A result laid out in blocks of one window each. Unknown windows have an estimated height; when one becomes known its
 * true height replaces the estimate and everything below moves.
 */
export class Layout {
  /** @param {{total: number, width: number, wanted: number, gap: number, caption: number, line: number | null}} frame `line`: height of a row of the list view, else null */
  constructor(frame) {
    this.frame = frame
    this.count = Math.ceil(frame.total / WINDOW)
    /** @type {Map<number, Block>} */
    this.known = new Map()
    this.guess = this.#estimate()
    this.tops = new Float64Array(this.count + 1)
    this.#sum(0)
  }

  /** Height of everything in CSS pixels. */
  get height() { return this.tops[this.count] ?? 0 }

  #estimate() {
    const { width, wanted, gap, caption, line } = this.frame
    return line ? WINDOW * line : (WINDOW / perRow(width, wanted, gap)) * (wanted + caption + gap)
  }

  /** @param {number} from */
  #sum(from) {
    for (let number = from; number < this.count; number += 1) {
      const size = Math.min(WINDOW, this.frame.total - number * WINDOW)
      this.tops[number + 1] = this.tops[number] + (this.known.get(number)?.height ?? (this.guess * size) / WINDOW)
    }
  }

  /**
   * Lay a window out by its items; the height by which what lies below has moved.
   * @param {number} number @param {import('./windows.js').Item[]} items
   */
  learn(number, items) {
    if (this.known.has(number)) return 0
    const before = this.tops[number + 1] - this.tops[number]
    const { width, wanted, gap, caption, line } = this.frame
    const isLast = number === this.count - 1
    const made = line
      ? { boxes: items.map((_, place) => ({ x: 0, y: place * line, w: width, h: line })), rows: items.map((_, place) => [place]), height: items.length * line }
      : justified(items.map(aspectOf), { width, wanted, gap, caption, isLast })
    this.known.set(number, { top: 0, isKnown: true, ...made })
    this.#sum(number)
    return made.height - before
  }

  /** The number of the window at a height. @param {number} y */
  windowAt(y) {
    let low = 0, high = Math.max(0, this.count - 1)
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.tops[middle] <= y) low = middle
      else high = middle - 1
    }
    return low
  }

  /** Where an item lies; estimated while its window is unknown. @param {number} place @returns {import('./justify.js').Box} */
  boxOf(place) {
    const number = Math.floor(place / WINDOW), within = place % WINDOW
    const block = this.known.get(number), top = this.tops[number]
    const box = block?.boxes[within]
    if (box) return { ...box, y: top + box.y }
    const { width, wanted, gap, caption, line } = this.frame
    if (line) return { x: 0, y: top + within * line, w: width, h: line }
    const each = perRow(width, wanted, gap), columns = Math.max(1, Math.round(each))
    const w = (width - gap * (columns - 1)) / columns
    return { x: (within % columns) * (w + gap), y: top + Math.floor(within / columns) * (wanted + caption + gap), w, h: wanted }
  }

  /** First and last item that touch a stretch of the whole. @param {number} from @param {number} to */
  within(from, to) {
    const low = this.windowAt(from), high = this.windowAt(to)
    const first = this.#edge(low, from, true), last = this.#edge(high, to, false)
    return { first: Math.min(first, this.frame.total - 1), last: Math.min(last, this.frame.total - 1) }
  }

  /** @param {number} number @param {number} y @param {boolean} isFirst */
  #edge(number, y, isFirst) {
    const block = this.known.get(number), base = number * WINDOW, size = Math.min(WINDOW, this.frame.total - base)
    const inside = y - this.tops[number]
    if (!block) {
      const part = Math.max(0, Math.min(1, inside / (this.tops[number + 1] - this.tops[number] || 1)))
      return base + (isFirst ? Math.max(0, Math.floor(part * size) - 12) : Math.min(size - 1, Math.ceil(part * size) + 12))
    }
    const { caption, gap } = this.frame
    const rows = block.rows
    const at = isFirst
      ? rows.findIndex((row) => (block.boxes[row[0]]?.y ?? 0) + (block.boxes[row[0]]?.h ?? 0) + caption + gap > inside)
      : rows.findLastIndex((row) => (block.boxes[row[0]]?.y ?? 0) <= inside)
    const row = rows[at < 0 ? (isFirst ? rows.length - 1 : 0) : at] ?? [0]
    return base + (isFirst ? row[0] : row[row.length - 1])
  }

  /** Where an item's middle is from the left. @param {number} place */
  middleOf(place) {
    const box = this.boxOf(place)
    return box.x + box.w / 2
  }

  /** The item above (-1) or below (1) another one, nearest to its middle or to a given one. @param {number} place @param {number} step */
  beside(place, step, middle = this.middleOf(place)) {
    const box = this.boxOf(place)
    const { total, caption, gap } = this.frame
    const y = step < 0 ? box.y - gap - caption - 4 : box.y + box.h + caption + gap + 4
    if (y < 0 || y > this.height) return step < 0 ? 0 : total - 1
    const { first, last } = this.within(step < 0 ? Math.max(0, y - 1) : y, step < 0 ? y : y + 1)
    let best = place, row = step < 0 ? -Infinity : Infinity, distance = Infinity
    for (let other = Math.max(0, first - 2); other <= Math.min(total - 1, last + 2); other += 1) {
      const found = this.boxOf(other)
      if (step < 0 ? found.y + found.h >= box.y : found.y <= box.y + box.h) continue
      const isNearer = step < 0 ? found.y > row + 1 : found.y < row - 1
      const gone = Math.abs(found.x + found.w / 2 - middle)
      if (isNearer || (Math.abs(found.y - row) <= 1 && gone < distance)) { best = other; row = found.y; distance = gone }
    }
    return best
  }
}
