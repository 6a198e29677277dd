// @ts-check
// On small screens: the places, and what has no room among the tabs, as a sheet.
import { html } from '../vendor/ui.js'
import { unread } from '../lib/live.js'
import { theme } from '../lib/look.js'
import { change, closeSheet, href } from '../lib/router.js'
import { number, T } from '../lib/text.js'
import { Button, Icon } from '../parts/basics.js'
import { Dialog } from '../parts/dialog.js'
import { leaveSession, Rest, rooms, THEMES, UnderWay, waiting } from './sidebar.js'

export default function PlacesSheet() {
  return html`<${Dialog} title=${T.nav.goTo} safe=${T.acts.close} close=${closeSheet} cls="sheet-s"><button type="button" class="nav only-s" onClick=${() => change({ sheet: 'notices' }, { replace: true })}><${Icon} name="bell" /><span>${T.notices.title}</span>${unread.value > 0 && html`<span class="n">${T.notices.fresh} ${number(unread.value)}</span>`}</button>${rooms().filter((room) => room.isMinor).map((room) => html`<a class="nav only-s" href=${href([room.path])}><${Icon} name=${room.icon} /><span>${room.word}</span>${waiting(room)}</a>`)}<${UnderWay} cls="only-s" /><nav aria-label=${T.nav.places}><${Rest} prefix="sheet" /></nav>
    <div class="flow wrap only-s"><label class="flow mid">${T.theme.label}<select class="btn" value=${theme.value} onChange=${(/** @type {any} */ event) => { theme.value = event.target.value }}>${THEMES.map((one) => html`<option value=${one}>${T.theme.names[one]}</option>`)}</select></label>
    <${Button} icon="lock" act=${leaveSession}>${T.signIn.leave}<//></div><//>`
}
