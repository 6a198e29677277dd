// @ts-check
// Where one can go: rooms, and below them the places. On a phone the tabs at the foot; the places open as a sheet there.
import { html, useEffect, useState } from '../vendor/ui.js'
import { readCollections } from '../lib/collections.js'
import { closeSheet, href, openSheet, route } from '../lib/router.js'
import { may, me, signOut } from '../lib/session.js'
import { theme } from '../lib/look.js'
import { underWay } from '../lib/live.js'
import { number, T } from '../lib/text.js'
import { Button, Icon } from '../parts/basics.js'
import { Dialog, Menu } from '../parts/dialog.js'
import { sayFailed } from '../parts/toast.js'

const ROOMS = [
  { path: 'library', icon: 'library', word: T.nav.library },
  { path: 'uploads', icon: 'upload', word: T.nav.uploads },
  { path: 'manage', icon: 'lock', word: T.nav.manage, right: 'manage' },
]
/** Rooms that this person may enter. */
const rooms = () => ROOMS.filter((room) => !room.right || may(room.right))
/** What waits in a room. @param {{path: string}} room */
const waiting = (room) => room.path === 'uploads' && underWay.value > 0 && html`<span class="n" title=${T.uploads.underWay}>${number(underWay.value)}</span>`
const THEMES = ['system', 'light', 'dark']

export function Sidebar() {
  useEffect(() => { readCollections().catch(sayFailed) }, [])
  const here = route.value.path[0] ?? 'library'
  const inside = route.value.query.in
  return html`<nav class="side" aria-label=${T.nav.main}>
    <div class="brand"><${Icon} name="mark" cls="mark" /><span class="grow cut">${me.value?.workspace.name ?? T.app}</span><${Account} /></div>
    ${rooms().map((room) => html`<a class=${`nav ${here === room.path && !inside ? 'on' : ''}`} href=${href([room.path])} title=${room.word} aria-current=${here === room.path && !inside ? 'page' : undefined}><${Icon} name=${room.icon} /><span class="cut">${room.word}</span>${waiting(room)}</a>`)}
    <button type="button" class="nav only-m" aria-label=${T.nav.places} title=${T.nav.places} onClick=${() => openSheet('places')}><${Icon} name="folder" /></button>
    <${Rest} /></nav>`
}

/** The places come after the first screen: nothing waits for them. @param {{prefix?: string}} given */
function Rest({ prefix }) {
  const [Places, setPlaces] = useState(/** @type {any} */ (null))
  useEffect(() => { import('./places.js').then((found) => setPlaces(() => found.default), sayFailed) }, [])
  return Places && html`<${Places} prefix=${prefix} />`
}

export function PlacesSheet() {
  return html`<${Dialog} title=${T.nav.goTo} safe=${T.acts.close} close=${closeSheet} cls="sheet-s"><nav aria-label=${T.nav.places}><${Rest} prefix="sheet" /></nav>
    <div class="flow wrap only-s"><label class="flow mid">${T.theme.label}<select class="btn" value=${theme.value} onChange=${(/** @type {any} */ event) => { theme.value = event.target.value }}>${THEMES.map((one) => html`<option value=${one}>${T.theme.names[one]}</option>`)}</select></label>
    <${Button} icon="lock" act=${leaveSession}>${T.signIn.leave}<//></div><//>`
}

const leaveSession = () => { signOut().catch(sayFailed) }

function Account() {
  return html`<${Menu} id="account" label=${T.nav.account(me.value?.principal.name ?? '')} icon="gear" items=${[
    ...THEMES.map((name) => ({ word: `${T.theme.label}: ${T.theme.names[name]}`, icon: theme.value === name ? 'check' : 's-none', do: () => { theme.value = name } })),
    { word: T.acts.help, icon: 'help', do: () => openSheet('keys') },
    { word: T.signIn.leave, icon: 'lock', do: leaveSession },
  ]} />`
}

export function Tabs() {
  const here = route.value.path[0] ?? 'library'
  return html`<nav class="tabs" aria-label=${T.nav.tabs}>${rooms().map((room) => html`<a href=${href([room.path])} class=${here === room.path ? 'on' : ''} aria-current=${here === room.path ? 'page' : undefined}><${Icon} name=${room.icon} />${room.word}${waiting(room)}</a>`)}
    <button type="button" onClick=${() => openSheet('places')}><${Icon} name="folder" />${T.nav.places}</button></nav>`
}
