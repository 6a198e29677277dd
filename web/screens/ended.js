// @ts-check
// In place of an answer for want of a session: sign in elsewhere and go on here.
import { html, useState } from '../vendor/ui.js'
import { enter } from '../lib/session.js'
import { T } from '../lib/text.js'
import { Dialog } from '../parts/dialog.js'

/** The session is over while somebody works: what is on screen and what was typed stay. */
export default function Ended() {
  const [why, setWhy] = useState('')
  const again = () => { enter().then((isIn) => setWhy(isIn ? '' : T.signIn.stillOut), (problem) => setWhy(problem.message)) }
  return html`<${Dialog} title=${T.signIn.ended} close=${again} safe=${T.signIn.goOn}><p class="dim">${T.signIn.endedHint}</p>${why && html`<p class="hint bad" role="alert">${why}</p>`}<//>`
}
