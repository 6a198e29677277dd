// @ts-check
// All versions of a picture in the drawer: who brought each, when and why, what was decided, and what one may do with it.
import { html } from '../vendor/ui.js'
import { mayWith } from '../lib/collections.js'
import { who } from '../lib/people.js'
import { change } from '../lib/router.js'
import { moment, number, size, T, when } from '../lib/text.js'
import { Button, Icon, Menu } from './basics.js'
import { AddVersion, VersionHead } from './versions.js'

/** @param {{asset: any, versions: any[], shown: any, reload: () => void, decide: (decision: import('../lib/reviews.js').Decision, version: any) => void, close: () => void, made: Map<number, string>}} given `made`: what was decided just now, by version */
export default function History({ asset, versions, shown, reload, decide, close, made }) {
  const approves = mayWith(asset, 'approve')
  return html`<div class="sec"><h2>${T.asset.versions}<span class="dimmer num">${number(versions.length)}</span><span class="grow"></span><${Button} kind="bare small" icon="x" label=${T.asset.toDetails} act=${close} /></h2></div>
    <ol class="past" aria-label=${T.asset.versions}>${versions.map((one) => html`<li key=${one.number} class=${`sec ${one === shown ? 'on' : ''}`}>
      <button type="button" class="pastpic" aria-label=${T.asset.show(one.number)} aria-current=${one === shown ? 'true' : undefined} onClick=${() => change({ v: String(one.number), with: undefined, as: undefined }, { replace: true })}>${one.thumb_url ? html`<img src=${one.thumb_url} alt="" />` : html`<${Icon} name="doc" />`}</button>
      <div class="stack tight"><span class="flow mid"><${VersionHead} one=${one} asset=${asset} state=${made.get(one.number)} /></span><span class="small dim" title=${moment(one.at)}>${[who(one.by) || T.asset.sources[asset.sources?.[0]?.kind], when(one.at)].filter(Boolean).join(', ')}</span>
        <span class="small dimmer num">${[one.width_px && `${number(one.width_px)} × ${number(one.height_px)}`, size(one.size_bytes)].filter(Boolean).join(', ')}</span></div>
      ${one.note && html`<p class="mid wordy">“${one.note}”</p>`}
      <span class="flow wrap">${approves && (made.get(one.number) ?? one.approval) !== 'approved' && html`<${Button} kind="small" icon="s-ok" label=${T.asset.approve(one.number)} act=${() => decide('approve', one)}>${T.review.approve}<//>`}
        ${versions.length > 1 && one !== shown && html`<${Button} kind="small bare" icon="compare" label=${T.asset.compareWith(one.number)} act=${() => change({ with: String(one.number), as: 'side' }, { over: true })}>${T.compare.label}<//>`}
        <a class="btn small bare" href=${`/v1/assets/${asset.id}/download?version=${one.number}`} download aria-label=${T.asset.downloadOne(one.number)}><${Icon} name="download" />${T.acts.download}</a>
        ${approves && html`<${Menu} id=${`more-${one.number}`} label=${T.asset.more(one.number)} items=${[{ word: T.review.request_changes, icon: 's-redo', do: () => decide('request_changes', one), state: 'changes_requested' }, { word: T.review.reject, icon: 's-bad', kind: 'bad', do: () => decide('reject', one), state: 'rejected' }].filter((act) => act.state !== (made.get(one.number) ?? one.approval))} />`}</span></li>`)}</ol>
    <div class="sec"><${AddVersion} asset=${asset} reload=${reload} /></div>`
}
