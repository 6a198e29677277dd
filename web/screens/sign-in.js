// @ts-check
// For whoever is not signed in: what to do, and why a link did not work.
import { html } from '../vendor/ui.js'
import { T } from '../lib/text.js'
import { Icon } from '../parts/basics.js'

/** @param {{refused: import('../lib/http.js').Refused | null}} given */
export default function SignIn({ refused }) {
  return html`<div class="sign"><main class="in"><div class="brand"><${Icon} name="mark" cls="mark" />${T.app}</div>
    <div class="sent"><div class="stack"><h1>${T.signIn.title}</h1><p class="dim">${T.signIn.lead}</p></div>
    ${refused && html`<div class="bann is-bad" role="alert"><${Icon} name="warn" /><span>${refused.message} ${T.signIn.again}</span></div>`}</div>
    <p class="small dimmer">${T.signIn.guest}</p></main><div class="wall" aria-hidden="true"></div></div>`
}
