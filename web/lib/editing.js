// @ts-check
// Edits of one asset: shown at once, saved when the field is left, taken back when refused, both values when somebody was faster.
import { signal } from '../vendor/ui.js'
import { call, Refused } from './http.js'
import { expectChange } from './live.js'

/** @typedef {{field: string, mine: unknown, theirs: unknown}} Clash */

const same = (/** @type {unknown} */ one, /** @type {unknown} */ other) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null)

/** One asset on screen, with the state of its edits. */
export class Editing {
  /** @param {string} id */
  constructor(id) {
    this.id = id
    this.asset = signal(/** @type {any} */ (null))
    this.problem = signal(/** @type {Error | null} */ (null))
    this.state = signal(/** @type {'idle' | 'saving' | 'saved'} */ ('idle'))
    this.clash = signal(/** @type {Clash | null} */ (null))
    /** The field whose value was not saved: what was typed into it stays. */
    this.unsaved = signal('')
    this.refused = signal(/** @type {{field: string, why: string} | null} */ (null))
    /** Values that are shown and not sent yet. @type {Map<string, unknown>} */
    this.waiting = new Map()
    /** The save that is under way. @type {Promise<unknown>} */
    this.turn = Promise.resolve()
  }

  /** Read the asset anew; what still waits to be saved stays on screen. */
  async load() {
    try {
      this.lay(await call('GET', `/v1/assets/${this.id}`))
      this.problem.value = null
    } catch (problem) { this.problem.value = /** @type {Error} */ (problem) }
  }

  /**
   * Set one field: at once on screen, and saved after what was set before it, so that none is based on an older state.
   * Resolves with the way back, or null when it was not saved.
   * @param {string} field @param {unknown} value
   * @returns {Promise<(() => Promise<unknown>) | null>}
   */
  set(field, value) {
    const before = this.asset.value[field]
    if (same(before, value)) return Promise.resolve(null)
    this.waiting.set(field, value)
    this.lay(this.asset.value)
    this.state.value = 'saving'
    this.refused.value = null
    this.unsaved.value = ''
    const saved = this.turn.then(() => this.save(field, value, before))
    this.turn = saved.catch(() => null)
    return saved
  }

  /** Show what the server said, with what still waits laid over it. @param {any} told */
  lay(told) { this.asset.value = { ...told, ...Object.fromEntries(this.waiting) } }

  /** @param {string} field @param {unknown} value @param {unknown} before @returns {Promise<(() => Promise<unknown>) | null>} */
  async save(field, value, before) {
    if (this.waiting.get(field) === value) this.waiting.delete(field)
    try {
      this.lay(await call('PATCH', `/v1/assets/${this.id}`, { body: { [field]: value }, etag: this.asset.value.etag }))
      this.state.value = 'saved'
      expectChange()
      return () => this.set(field, before)
    } catch (problem) {
      this.state.value = 'idle'
      if (problem instanceof Refused && problem.status === 412) {
        await this.load()
        if (same(this.asset.value[field], before)) return this.save(field, value, before)
        this.clash.value = { field, mine: value, theirs: this.asset.value[field] }
        return null
      }
      this.unsaved.value = field
      this.lay({ ...this.asset.value, [field]: before })
      if (problem instanceof Refused && problem.status === 422) this.refused.value = { field, why: problem.fields[field] ?? Object.values(problem.fields)[0] ?? problem.message }
      else throw problem
      return null
    }
  }

  /** Decide a clash: mine replaces theirs, or theirs stays. @param {boolean} mine */
  async decide(mine) {
    const clash = this.clash.value
    this.clash.value = null
    if (clash && mine) await this.set(clash.field, clash.mine)
  }
}
