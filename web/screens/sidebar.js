// @ts-check
// Where one can go: rooms, and below them the places. On a phone the tabs at the foot; the places open as a sheet there.
import { html, useEffect, useState } from '../vendor/ui.js'
import { mayAnywhere, readCollections } from '../lib/collections.js'
import { TRASH } from '../lib/query.js'
import { href, openSheet, route } from '../lib/router.js'
import { me, signOut } from '../lib/session.js'
import { theme } from '../lib/look.js'
import { afterFirst, toDecide, toReview, underWay, unread, working } from '../lib/live.js'
import { number, T } from '../lib/text.js'
import { Button, Icon, Menu } from '../parts/basics.js'
import { sayFailed } from '../parts/toast.js'

/** `isMinor`: on a phone it stands in the sheet of places, not among the tabs. */
const ROOMS = [
  { path: 'library', icon: 'library', word: T.nav.library },
  { path: 'review', icon: 'review', word: T.nav.review, right: 'approve' },
  { path: 'uploads', icon: 'upload', word: T.nav.uploads },
  { path: 'duplicates', icon: 'flick', word: T.nav.duplicates, right: 'edit', isMinor: true },
  { path: 'shares', icon: 'share', word: T.nav.shares, short: T.nav.shared, right: 'share' },
  { path: 'manage', icon: 'lock', word: T.nav.manage, right: 'manage' },
]
/** Rooms that this person may enter. */
export const rooms = () => ROOMS.filter((room) => !room.right || mayAnywhere(room.right))
/** What waits in a room. @param {{path: string}} room */
export const waiting = (room) => (room.path === 'uploads' ? underWay.value > 0 && html`<span class="n" title=${T.uploads.underWay}>${number(underWay.value)}</span>` : room.path === 'review' ? toReview.value && html`<span class="n" title=${T.review.waiting}>${toReview.value}</span>` : room.path === 'duplicates' && toDecide.value && html`<span class="n" title=${T.nav.alike}>${toDecide.value}</span>`)
export const THEMES = ['system', 'light', 'dark']

export function Sidebar() {
  useEffect(() => afterFirst(() => { readCollections().catch(sayFailed) }), [])
  const reviews = mayAnywhere('approve')
  useEffect(() => (reviews ? afterFirst(() => { import('../lib/reviews.js').then((found) => found.watchQueue(), sayFailed) }) : undefined), [reviews])
  const edits = mayAnywhere('edit')
  useEffect(() => (edits ? afterFirst(() => { import('../lib/duplicates.js').then((found) => found.watchPairs(), sayFailed) }) : undefined), [edits])
  const here = route.value.path[0] ?? 'library'
  const inside = here === 'library' && (route.value.query.in || route.value.query.words === TRASH)
  return html`<nav class="side" aria-label=${T.nav.main}>
    <div class="brand"><${Icon} name="mark" cls="mark" /><span class="grow cut">${me.value?.workspace.name ?? T.app}</span><${Bell} /><${Account} /></div>
    ${rooms().map((room) => html`<a class=${`nav ${here === room.path && !inside ? 'on' : ''}`} href=${href([room.path])} title=${room.word} aria-current=${here === room.path && !inside ? 'page' : undefined}><${Icon} name=${room.icon} /><span class="cut">${room.word}</span>${waiting(room)}</a>`)}
    <${UnderWay} on=${here === 'work'} />
    <button type="button" class="nav only-m" aria-label=${T.nav.places} title=${T.nav.places} onClick=${() => openSheet('places')}><${Icon} name="folder" /></button>
    <${Rest} /></nav>`
}

/** The places come after the first screen: nothing waits for them. @param {{prefix?: string}} given */
export function Rest({ prefix }) {
  const [Places, setPlaces] = useState(/** @type {any} */ (null))
  useEffect(() => afterFirst(() => { import('./places.js').then((found) => setPlaces(() => found.default), sayFailed) }), [])
  return Places && html`<${Places} prefix=${prefix} />`
}

/** What one has set going; found again once the first screen is there. @param {{cls?: string, on?: boolean}} given */
export function UnderWay({ cls = '', on = false }) {
  useEffect(() => afterFirst(() => { import('../lib/work.js').then((found) => found.readJobs()).catch(() => {}) }), [])
  return html`<a class=${`nav ${cls} ${on ? 'on' : ''}`} href="#/work" title=${T.nav.work} aria-current=${on ? 'page' : undefined}><${Icon} name="clock" /><span class="cut">${T.nav.work}</span>${working.value > 0 && html`<span class="n">${number(working.value)}</span>`}</a>`
}

export const leaveSession = () => { signOut().catch(sayFailed) }

/** What one is told, and how much of it is new; counting begins after the first screen. */
function Bell() {
  useEffect(() => afterFirst(() => {
    let stop = () => {}, isOver = false
    import('../lib/notices.js').then(({ watchNotices }) => { if (!isOver) stop = watchNotices() }, () => {})
    return () => { isOver = true; stop() }
  }), [])
  return html`<button type="button" class="btn bare icon small bell" aria-label=${T.notices.label(unread.value)} title=${T.notices.label(unread.value)} onClick=${() => openSheet('notices')}><${Icon} name="bell" /><${Fresh} /></button>`
}
const Fresh = () => unread.value > 0 && html`<b class="fresh num" aria-hidden="true">${unread.value > 99 ? '99+' : unread.value}</b>`

function Account() {
  return html`<${Menu} id="account" label=${T.nav.account(me.value?.principal.name ?? '')} icon="gear" items=${[
    ...THEMES.map((name) => ({ word: `${T.theme.label}: ${T.theme.names[name]}`, icon: theme.value === name ? 'check' : 's-none', do: () => { theme.value = name } })),
    { word: T.acts.help, icon: 'help', do: () => openSheet('keys') },
    { word: T.signIn.leave, icon: 'lock', do: leaveSession },
  ]} />`
}

export function Tabs() {
  const here = route.value.path[0] ?? 'library'
  return html`<nav class="tabs" aria-label=${T.nav.tabs}>${rooms().filter((room) => !room.isMinor).map((room) => html`<a href=${href([room.path])} class=${here === room.path ? 'on' : ''} aria-current=${here === room.path ? 'page' : undefined}><${Icon} name=${room.icon} />${room.short ?? room.word}${waiting(room)}</a>`)}
    <button type="button" class="bell" aria-label=${unread.value ? `${T.nav.places}. ${T.notices.label(unread.value)}` : undefined} onClick=${() => openSheet('places')}><${Icon} name="folder" />${T.nav.places}<${Fresh} /></button></nav>`
}
