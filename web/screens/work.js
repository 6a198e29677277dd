// @ts-check
// What this person set going: files that are made, changes to many pictures, requests for approval; found again after a reload.
import { html, useEffect, useState } from '../vendor/ui.js'
import { ask, decided, people, readAsked, W as A, withdraw } from '../lib/asking.js'
import { changedSince } from '../lib/live.js'
import { T, when } from '../lib/text.js'
import { jobs, readJobs, W } from '../lib/work.js'
import { Badge, Button, Empty, Icon, Trouble } from '../parts/basics.js'
import { Named, Row } from '../parts/job.js'
import { say, sayFailed } from '../parts/toast.js'

/** @typedef {import('../lib/asking.js').Request} Request */

export default function UnderWay() {
  const [asked, setAsked] = useState(/** @type {Request[] | null} */ (null)), [problem, setProblem] = useState(/** @type {Error | null} */ (null))
  const load = () => Promise.all([readJobs(), readAsked().then(setAsked)]).then(() => setProblem(null), setProblem)
  useEffect(() => { document.title = `${W.room} · ${T.app}` }, [])
  useEffect(() => { load() }, [changedSince.value])
  const isNone = !jobs.value.length && !asked?.length
  return html`<header class="top"><h1>${W.room}</h1></header><main class="room"><div class="page">${problem && isNone ? html`<${Trouble} problem=${problem} again=${load} />` : !asked ? html`<p class="dim" role="status">${T.library.loading}</p>`
    : isNone ? html`<${Empty} icon="clock" title=${W.none}><p class="dim">${W.noneHint}</p><a class="btn" href="#/library">${T.trouble.home}</a><//>`
    : html`${jobs.value.length > 0 && html`<section class="list" aria-label=${W.jobs}><header><h2>${W.jobs}</h2></header><ul>${jobs.value.map((job) => html`<${Row} key=${job.id} job=${job} />`)}</ul></section>`}
      ${asked.length > 0 && html`<section class="list" aria-label=${A.under}><header><h2>${A.under}</h2></header><ul>${asked.map((one) => html`<${Sent} key=${one.id} one=${one} again=${load} />`)}</ul></section>`}`}</div></main>`
}

/** One request that was sent. @param {{one: Request, again: () => void}} given */
function Sent({ one, again }) {
  const [kind, glyph, word] = A.states[one.state], ids = one.items.map((each) => each.asset_id)
  const back = async () => {
    try {
      await withdraw(one.id)
      const resend = () => { ask(one.items.filter((each) => each.state === 'open').map(({ asset_id, version }) => ({ asset_id, version })), { approver_ids: one.approver_ids, rule: one.rule, due_at: one.due_at, note: one.note }).then(again, sayFailed) }
      say({ text: A.withdrawn, undo: resend })
    } catch (refused) { sayFailed(refused) }
    again()
  }
  const facts = [people(one.approver_ids), one.due_at && A.due_by(one.due_at), one.items.length > 1 && A.decided(decided(one), one.items.length), when(one.at)].filter(Boolean).join(' · ')
  return html`<li class="up"><span class="doc"><${Icon} name="review" /></span><div class="stack tight"><div class="strong cut">${A.these(one.items.length)}</div><div class="small dim">${facts}</div>${one.note && html`<div class="small wordy">${one.note}</div>`}
    <details class="left"><summary class="small">${A.details}</summary><p class="small"><${Named} ids=${ids} /></p></details></div><div class="pg"><${Badge} kind=${kind} glyph=${glyph}>${word}<//></div>
    <div class="acts">${one.state === 'open' && html`<${Button} kind="small" act=${back} label=${`${A.withdraw}: ${A.these(one.items.length)}`}>${A.withdraw}<//>`}</div></li>`
}
