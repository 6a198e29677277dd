// @ts-check
// Edits of one asset: shown at once, saved when the field is left, taken back when refused, both values when somebody was faster.
import { signal } from '../vendor/ui.js'
import { call, Refused } from './http.js'
import { expectChange } from './live.js'

/** @typedef {{field: string, mine: unknown, theirs: unknown}} Clash */

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
  }

  /** Read the asset anew. */
  async load() {
    try {
      this.asset.value = await call('GET', `/v1/assets/${this.id}`)
      this.problem.value = null
    } catch (problem) { this.problem.value = /** @type {Error} */ (problem) }
  }

  /**
   * Set one field; resolves with the way back, or null when it was not saved.
   * @param {string} field @param {unknown} value
   * @returns {Promise<(() => Promise<unknown>) | null>}
   */
  async set(field, value) {
    const before = this.asset.value
    if (JSON.stringify(before[field] ?? null) === JSON.stringify(value ?? null)) return null
    this.asset.value = { ...before, [field]: value }
    this.state.value = 'saving'
    this.refused.value = null
    this.unsaved.value = ''
    try {
      this.asset.value = await call('PATCH', `/v1/assets/${this.id}`, { body: { [field]: value }, etag: before.etag })
      this.state.value = 'saved'
      expectChange()
      return () => this.set(field, before[field])
    } catch (problem) {
      this.state.value = 'idle'
      if (problem instanceof Refused && problem.status === 412) {
        await this.load()
        if (JSON.stringify(this.asset.value[field]) === JSON.stringify(before[field])) return this.set(field, value)
        this.clash.value = { field, mine: value, theirs: this.asset.value[field] }
        return null
      }
      this.unsaved.value = field
      this.asset.value = before
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
