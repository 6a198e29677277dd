// @ts-check
// For whoever is not signed in: have a link sent, and why a link did not work.
import { html, useState } from '../vendor/ui.js'
import { call } from '../lib/http.js'
import { T } from '../lib/text.js'
import { Button, Icon } from '../parts/basics.js'

/** Pictures of the sample library beside the words, in three columns; a missing one leaves no hole. */
const WALL = [['aur-vas-01', 'aur-mug-01', 'aur-btl-02'], ['aur-ktl-02', 'aur-lmp-01', 'aur-bks-01', 'aur-jar-01'], ['aur-tot-02', 'aur-chr-01', 'aur-prf-01']]

/** @param {{refused: import('../lib/http.js').Refused | null}} given */
export default function SignIn({ refused }) {
  return html`<div class="sign"><main class="in"><div class="brand"><${Icon} name="mark" cls="mark" />${T.app}</div>
    <div class="sent"><div class="stack"><h1>${T.signIn.title}</h1><p class="dim">${T.signIn.lead}</p></div>
    ${refused && html`<div class="bann is-bad" role="alert"><${Icon} name="warn" /><span>${refused.message} ${T.signIn.again}</span></div>`}<${ByMail} /></div>
    <p class="small dimmer">${T.signIn.guest}</p></main><div class="wall" aria-hidden="true">${WALL.map((column) => html`<div>${column.map((name) => html`<img src=${`wall/${name}.webp`} alt="" onError=${(/** @type {any} */ event) => event.target.remove()} />`)}</div>`)}</div></div>`
}

/** Have a link sent. The answer is the same whether anybody has the address or not. */
function ByMail() {
  const [email, setEmail] = useState('')
  const [said, setSaid] = useState({ is: '', text: '' })
  const ask = async (/** @type {Event} */ event) => {
    event.preventDefault()
    if (said.is === 'busy') return
    setSaid({ is: 'busy', text: '' })
    try { await call('POST', '/v1/sign-in/links', { body: { email } }); setSaid({ is: 'sent', text: T.signIn.asked(email.trim()) }) } catch (problem) { setSaid({ is: 'bad', text: /** @type {Error} */ (problem).message }) }
  }
  return html`<form class="stack" onSubmit=${ask}><label for="email">${T.signIn.mail}</label>
    <div class=${`field ${said.is === 'bad' ? 'err' : ''}`}><input id="email" type="email" autocomplete="email" required value=${email} aria-describedby="email-said" onInput=${(/** @type {any} */ event) => { setEmail(event.target.value); setSaid({ is: '', text: '' }) }} /></div>
    <${Button} type="submit" kind="main" act=${() => {}} busy=${said.is === 'busy' && T.signIn.sending}>${T.signIn.send}<//>
    <p id="email-said" class=${`hint ${said.is === 'bad' ? 'bad' : ''}`} role="status">${said.text}</p></form>`
}
