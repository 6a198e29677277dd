// @ts-check
// Names of those who did something, as far as this person may know them: oneself, and for those who manage the library all people and keys.
import { signal } from '../vendor/ui.js'
import { every } from './http.js'
import { may, me } from './session.js'
import { T } from './text.js'

const names = signal(/** @type {Map<string, string> | null} */ (null))

/** Who that is. @param {string | null | undefined} by a member's id, or `member:<id>`, `key:<id>`, `job:<id>` and the like as versions and the audit trail have it */
export function who(by) {
  if (!by) return ''
  const [kind, id = kind] = by.split(':')
  if (id === me.value?.principal.id) return T.people.you
  if (!names.value) readNames()
  return names.value?.get(id) ?? T.people.kinds[kind] ?? T.people.other
}

function readNames() {
  names.value = new Map()
  if (!may('manage')) return
  const add = (/** @type {Array<[string, string]>} */ more) => { names.value = new Map([...(names.value ?? []), ...more]) }
  every('/v1/members', { limit: 200 }).then((all) => add(all.map((one) => [one.id, one.name])), () => {})
  every('/v1/keys', { limit: 200 }).then((all) => add(all.map((one) => [one.id, T.people.keyCalled(one.name)])), () => {})
}
