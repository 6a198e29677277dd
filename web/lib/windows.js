// @ts-check
// The result of a search as index windows over one snapshot: any place can be asked for, what was scrolled past is aborted.
import { signal } from '../vendor/ui.js'
import { call, Refused } from './http.js'
import { firstWindow, WINDOW } from './query.js'

/** @typedef {{id: string, name: string, title: string | null, type: string, width_px: number | null, height_px: number | null, thumb_url: string | null, thumbhash: string | null, sku: string | null, approval: string | null, shown_version: number | null, newest_version: number | null, state: string, seen?: string[]}} Item */
/** @typedef {{value: string, label?: string, count: number}} FacetValue */

/** So few items before the end of a window, the next one is asked for: it is there when it is scrolled to. */
const NEAR = 24
const KEPT = 80
/** The counting of facets among the windows that are on their way. */
const FACETS_AT = -1

/** One search, its windows as they come. Read `changed` in a component to be drawn anew. */
export class Windows {
  /** @param {{q: string, sort: string, facets?: string}} asked */
  constructor(asked) {
    this.asked = asked
    this.changed = signal(0)
    this.total = 0
    this.snapshot = ''
    /** Counts of everything found; those of the result before until they have come. */
    this.facets = signal(/** @type {Record<string, FacetValue[]>} */ ({}))
    /** @type {Error | null} */
    this.problem = null
    this.isReady = false
    /** @type {Map<number, Item[]>} */
    this.have = new Map()
    /** @type {Map<number, AbortController>} */
    this.flying = new Map()
    /** Windows that are asked for whatever is on screen. @type {Set<number>} */
    this.held = new Set()
    /** Where the grid over it is scrolled to, and the first item to be seen there. */
    this.top = 0
    this.firstSeen = 0
  }

  /**
   * Begin: the first window with the total, and what lies around a place. Resolves when it is there or has failed. The
   * facets of the same state are asked for after it and come when they are counted: no picture waits for them.
   * @param {string} [freshFor] @param {number} [around]
   */
  async open(freshFor, around = 0) {
    const control = new AbortController()
    this.flying.set(0, control)
    try {
      const found = await call('GET', '/v1/search', {
        query: { ...firstWindow(this.asked), fresh_for: freshFor }, signal: control.signal,
      })
      Object.assign(this, { total: found.total, snapshot: found.snapshot, isReady: true, problem: null, fresh: found.fresh })
      this.have.set(0, found.items)
    } catch (problem) {
      if (problem instanceof Error && problem.name !== 'AbortError') this.problem = problem
    } finally {
      this.flying.delete(0)
      this.changed.value += 1
    }
    if (!this.isReady) return
    if (this.asked.facets) this.#count()
    const number = Math.floor(around / WINDOW)
    if (number && around < this.total) await this.#read(number)
  }

  /** Count the facets of the state that is shown. */
  async #count() {
    const control = new AbortController()
    this.flying.set(FACETS_AT, control)
    this.held.add(FACETS_AT)
    try {
      const found = await call('GET', '/v1/search', { query: { q: this.asked.q, limit: 1, facets: this.asked.facets, snapshot: this.snapshot }, signal: control.signal })
      this.facets.value = found.facets ?? {}
    } catch (problem) {
      if (problem instanceof Refused && problem.status === 410) return this.#renew()
      if (problem instanceof Error && problem.name !== 'AbortError') this.problem = problem
    } finally {
      this.flying.delete(FACETS_AT)
    }
  }

  /** The item at a place, or undefined while it is on its way. @param {number} place @returns {Item | undefined} */
  at(place) {
    return this.have.get(Math.floor(place / WINDOW))?.[place % WINDOW]
  }

  /**
   * Ask for the windows that these places need, and for a neighbour that they have nearly reached, once somebody has begun
   * to scroll; give up on what is far from them.
   * @param {number} first @param {number} last
   */
  need(first, last) {
    const near = first > 0 ? NEAR : 0
    const low = Math.max(0, Math.floor((first - near) / WINDOW)), high = Math.floor((Math.max(first, last) + near) / WINDOW)
    for (const [number, control] of this.flying) if ((number < low - 1 || number > high + 1) && !this.held.has(number)) control.abort()
    for (let number = low; number <= high; number += 1) {
      if (number * WINDOW < this.total && !this.have.has(number) && !this.flying.has(number)) this.#read(number)
    }
    if (this.have.size > KEPT) for (const number of this.have.keys()) if (Math.abs(number - low) > KEPT / 2) this.have.delete(number)
  }

  /** Ids of the items from one place to another, read where they are not known. @param {number} first @param {number} last */
  async ids(first, last) {
    const found = []
    for (let number = Math.floor(first / WINDOW); number * WINDOW <= last; number += 1) {
      this.held.add(number)
      if (!this.have.has(number)) await this.#read(number)
      this.held.delete(number)
      found.push(...(this.have.get(number) ?? []).filter((_, at) => number * WINDOW + at >= first && number * WINDOW + at <= last).map((item) => item.id))
    }
    return found
  }

  /** Where an item is, of what is known; -1 when it is not. @param {string | undefined} id */
  placeOf(id) {
    for (const [number, items] of this.have) {
      const at = items.findIndex((item) => item.id === id)
      if (at >= 0) return number * WINDOW + at
    }
    return -1
  }

  /** @param {number} number */
  async #read(number) {
    const control = new AbortController()
    this.flying.set(number, control)
    try {
      const found = await call('GET', '/v1/search', {
        query: { q: this.asked.q, sort: this.asked.sort, limit: WINDOW, from: number * WINDOW, snapshot: this.snapshot }, signal: control.signal,
      })
      this.have.set(number, found.items)
      this.problem = null
    } catch (problem) {
      if (problem instanceof Refused && problem.status === 410) return this.#renew()
      if (problem instanceof Error && problem.name !== 'AbortError') this.problem = problem
    } finally {
      this.flying.delete(number)
      this.changed.value += 1
    }
  }

  /** The snapshot is gone: begin again, keeping what is on screen until the new windows are there. */
  async #renew() {
    this.close()
    await this.open()
    const first = this.have.get(0)
    this.have.clear()
    if (first) this.have.set(0, first)
  }

  /** Give up on everything that is on its way. */
  close() {
    for (const control of this.flying.values()) control.abort()
  }
}
