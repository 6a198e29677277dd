// @ts-check
// Names of people by id, as far as this person may know them: oneself, and everybody for those who manage the library.
import { signal } from '../vendor/ui.js'
import { every } from './http.js'
import { may, me } from './session.js'
import { T } from './text.js'

const names = signal(/** @type {Map<string, string> | null} */ (null))

/** Who that is. @param {string | null | undefined} by a member's id, or `member:<id>`, `key:<id>` as versions have it */
export function who(by) {
  if (!by) return ''
  const [kind, id = kind] = by.split(':')
  if (id === me.value?.principal.id) return T.people.you
  if (kind === 'key') return T.people.key
  if (!names.value) readNames()
  return names.value?.get(id) ?? T.people.other
}

function readNames() {
  names.value = new Map()
  if (may('manage')) every('/v1/members', { limit: 200 }).then((all) => { names.value = new Map(all.map((one) => [one.id, one.name])) }, () => {})
}
