// @ts-check
// Where the version on the stage stands: said when it is not the newest, or not the one that everyone else sees.
import { html } from '../vendor/ui.js'
import { change } from '../lib/router.js'
import { Icon } from './basics.js'

const SAYS = {
  here: (/** @type {number} */ version) => `You are looking at v${version}.`, newest: (/** @type {number} */ version) => `The newest is v${version}.`, approved: (/** @type {number} */ version) => `Everyone else sees v${version}.`,
  until: (/** @type {number} */ approved, /** @type {number} */ version) => `Everyone else sees v${approved} until v${version} is approved.`, isApproved: 'Everyone else sees this one.', show: (/** @type {number} */ version) => `Show v${version}`,
}

/** @param {{asset: any, shown: any}} given */
export function Standing({ asset, shown }) {
  if (!shown) return null
  const { newest_version: newest, approved_version: approved } = asset
  const isOld = newest && shown.number < newest, isOther = approved && shown.number !== approved
  if (!isOld && !isOther) return null
  const to = (/** @type {number} */ version) => html`<button type="button" class="link" onClick=${() => change({ v: String(version) }, { replace: true })}>${SAYS.show(version)}</button>`
  return html`<div class="bann is-wait" role="status"><${Icon} name="s-wait" /><span>${SAYS.here(shown.number)} ${isOld && SAYS.newest(newest)} ${isOther ? isOld ? SAYS.approved(approved) : SAYS.until(approved, shown.number) : isOld && approved && SAYS.isApproved} ${isOld && to(newest)} ${isOther && approved !== newest && to(approved)}</span></div>`
}
