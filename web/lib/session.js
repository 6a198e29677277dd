// @ts-check
// Who is signed in, and what they may do with the whole library.
import { signal } from '../vendor/ui.js'
import { call, Refused, signedOut } from './http.js'

/** @typedef {{principal: {id: string, kind: string, name: string}, workspace: {id: string, name: string}, role_ids: string[], rights: string[]}} Me */

/** Null until known. */
export const me = signal(/** @type {Me | null} */ (null))
/** @param {string} right */
export const may = (right) => me.value?.rights.includes(right) ?? false

/** Ask who we are. Resolves false when nobody is signed in; rejects with `Refused` when the API cannot say. */
export async function enter() {
  try {
    me.value = await call('GET', '/v1/me')
    signedOut.value = false
    return true
  } catch (problem) {
    if (problem instanceof Refused && problem.status === 401) return false
    throw problem
  }
}

/** Trade the token of a one-time link for a session. Rejects with `Refused` when the link is used or over. @param {string} token */
export async function signIn(token) {
  await call('POST', '/v1/sessions', { body: { token } })
  return enter()
}

export async function signOut() {
  await call('DELETE', '/v1/sessions/current')
  me.value = null
  signedOut.value = false
}
