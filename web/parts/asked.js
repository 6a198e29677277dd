// @ts-check
// Who was asked about a picture and has not decided, on its page; whoever asked may take it back. And the way to ask.
import { html, useEffect, useState } from '../vendor/ui.js'
import { people, readAbout, W, withdraw } from '../lib/asking.js'
import { changedIds, changedSince } from '../lib/live.js'
import { may, me } from '../lib/session.js'
import { T } from '../lib/text.js'
import { Button, Lazy } from './basics.js'
import { say, sayFailed } from './toast.js'

/** @param {{asset: any, version: {number: number, approval: string}, name: string, reload: () => void}} given */
export default function Asked({ asset, version, name, reload }) {
  const [found, setFound] = useState(/** @type {import('../lib/asking.js').Request[]} */ ([])), [isAsking, setAsking] = useState(false)
  const load = () => { readAbout(asset.id).then(setFound, sayFailed) }
  useEffect(() => { setFound([]); load() }, [asset.id])
  useEffect(() => { if (changedIds.value.has(asset.id)) load() }, [changedSince.value])
  const done = () => { load(); reload() }
  const back = (/** @type {string} */ id) => { withdraw(id).then(() => { say({ text: W.withdrawn }); done() }, sayFailed) }
  const mayAsk = asset.rights.includes('submit') && asset.state === 'live' && version.approval !== 'approved'
  return html`${found.map((one) => html`<div class="bann is-wait" key=${one.id}><div class="stack grow"><span>${W.asked(one.by === me.value?.principal.id ? T.people.you : one.by ? people([one.by]) : W.packshot, people(one.approver_ids))}${one.due_at && `, ${W.due_by(one.due_at)}`}</span>${one.note && html`<span class="small wordy">${one.note}</span>`}${one.items.length > 1 && html`<span class="small dim">${W.these(one.items.length)}</span>`}</div>
      ${(one.by === me.value?.principal.id || (one.by && may('manage'))) && html`<${Button} kind="small" act=${() => back(one.id)}>${W.withdraw}<//>`}</div>`)}
    ${mayAsk && html`<span><${Button} kind="small" icon="review" act=${() => setAsking(true)}>${W.ask}<//></span>`}
    ${isAsking && html`<${Lazy} bare load=${() => import('./asking.js')} failed=${(/** @type {Error} */ problem) => { setAsking(false); sayFailed(problem) }} chosen=${{ rule: { ids: [asset.id] }, many: 1 }} first=${async () => asset.id} one=${{ name: `${name} v${version.number}`, version: version.number }} close=${() => setAsking(false)} done=${done} />`}`
}
