// @ts-check
// Names of those who did something: oneself, and for those who manage the library all people and keys.
import { signal } from '../vendor/ui.js'
import { every } from './http.js'
import { may, me } from './session.js'
import { T } from './text.js'

const names = signal(/** @type {Record<string, string>} */ ({}))
/** Ids that names were read for: a new one has them read once more. */
const asked = new Set()
let reading = /** @type {any} */ (null)

/** Who that is. @param {string | null | undefined} by an id, or `member:<id>`, `key:<id>` … */
export function who(by) {
  if (!by) return ''
  const [kind, id = kind] = by.split(':')
  if (id === me.value?.principal.id) return T.people.you
  if (!asked.has(id) && may('manage')) { asked.add(id); reading ||= read() }
  return names.value[id] ?? T.people.kinds[kind] ?? T.people.other
}

async function read() {
  const all = await Promise.all(['/v1/members', '/v1/keys'].map((path) => every(path, { limit: 200 }).catch(() => [])))
  reading = null
  names.value = Object.fromEntries(all.flat().map((one) => [one.id, one.prefix ? T.people.keyCalled(one.name) : one.name]))
}
