// @ts-check
// The sheet behind the bell: what one is told, newest first; each leads to the version or the words it is about.
import { html, useEffect, useState } from '../vendor/ui.js'
import { leadsTo, markRead, notices, older, readNotices, readOlder } from '../lib/notices.js'
import { call } from '../lib/http.js'
import { closeSheet, go } from '../lib/router.js'
import { moment, T, when } from '../lib/text.js'
import { Button, Empty, Icon, Trouble } from '../parts/basics.js'
import { Dialog } from '../parts/dialog.js'
import { say, sayFailed } from '../parts/toast.js'

const W = T.notices
const ICONS = /** @type {Record<string, string>} */ ({ 'comment.mention': 'comment', 'comment.reply': 'comment', 'approval.requested': 'review', 'version.pending': 's-wait', 'approval.due': 'clock', 'approval.overdue': 'clock', 'version.decided': 's-ok' })

export default function Notices() {
  const [problem, setProblem] = useState(/** @type {Error | null} */ (null))
  const load = () => { setProblem(null); readNotices().catch(setProblem) }
  useEffect(load, [])
  const all = notices.value, fresh = (all ?? []).filter((one) => !one.read).map((one) => one.id)
  const read = (/** @type {string[]} */ ids) => { markRead(ids).catch(sayFailed) }
  const open = (/** @type {Event} */ event, /** @type {import('../lib/notices.js').Notice} */ one) => {
    event.preventDefault()
    if (!one.read) read([one.id])
    go(leadsTo(one), { replace: true })
  }
  return html`<${Dialog} title=${W.title} cls="sheet-s" close=${closeSheet} safe=${T.acts.close} act=${fresh.length ? { word: W.readAll, kind: '', do: () => read(fresh) } : undefined}>
    ${problem && !all ? html`<${Trouble} problem=${problem} again=${load} />` : !all ? html`<p class="dim" role="status">${T.library.loading}</p>` : !all.length ? html`<${Empty} icon="bell" title=${W.none}><p class="dim">${W.noneHint}</p><//>`
    : html`<ul class="told">${all.map((one) => html`<li key=${one.id}><a class=${one.read ? '' : 'new'} href=${leadsTo(one)} onClick=${(/** @type {Event} */ event) => open(event, one)}><${Icon} name=${ICONS[one.kind] ?? 'info'} /><span class="grow"><span class="wordy">${one.text}</span><span class="small dim block" title=${moment(one.at)}>${when(one.at)}${!one.read && html`, <b class="strong">${W.fresh}</b>`}</span></span></a></li>`)}</ul>`}
    ${older.value && html`<p><${Button} kind="small" act=${() => { readOlder().catch(sayFailed) }}>${W.more}<//></p>`}${all && html`<${ByMail} />`}<//>`
}

/** Whether what waits unread is mailed too; hidden until it is known. */
function ByMail() {
  const [isOn, setOn] = useState(/** @type {boolean | null} */ (null))
  useEffect(() => { call('GET', '/v1/notices/settings').then((found) => setOn(found.mail), sayFailed) }, [])
  const turn = (/** @type {boolean} */ mail) => {
    setOn(mail)
    call('PATCH', '/v1/notices/settings', { body: { mail } }).then(() => say({ text: mail ? W.mailed.on : W.mailed.off }), (problem) => { setOn(!mail); sayFailed(problem) })
  }
  return isOn === null ? null : html`<label class="facet"><input type="checkbox" checked=${isOn} onChange=${(/** @type {any} */ event) => turn(event.target.checked)} />${W.mail}</label>`
}
