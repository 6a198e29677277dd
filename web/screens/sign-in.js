// @ts-check
// For whoever is not signed in: what to do, and why a link did not work.
import { html } from '../vendor/ui.js'
import { T } from '../lib/text.js'
import { Icon } from '../parts/basics.js'

/** Pictures of the sample library beside the words, in three columns; a missing one leaves no hole. */
const WALL = [['aur-vas-01', 'aur-mug-01', 'aur-btl-02'], ['aur-ktl-02', 'aur-lmp-01', 'aur-bks-01', 'aur-jar-01'], ['aur-tot-02', 'aur-chr-01', 'aur-prf-01']]

/** @param {{refused: import('../lib/http.js').Refused | null}} given */
export default function SignIn({ refused }) {
  return html`<div class="sign"><main class="in"><div class="brand"><${Icon} name="mark" cls="mark" />${T.app}</div>
    <div class="sent"><div class="stack"><h1>${T.signIn.title}</h1><p class="dim">${T.signIn.lead}</p></div>
    ${refused && html`<div class="bann is-bad" role="alert"><${Icon} name="warn" /><span>${refused.message} ${T.signIn.again}</span></div>`}</div>
    <p class="small dimmer">${T.signIn.guest}</p></main><div class="wall" aria-hidden="true">${WALL.map((column) => html`<div>${column.map((name) => html`<img src=${`wall/${name}.webp`} alt="" onError=${(/** @type {any} */ event) => event.target.remove()} />`)}</div>`)}</div></div>`
}
