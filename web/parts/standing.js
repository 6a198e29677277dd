// @ts-check
// Where the version on the stage stands: said when it is not the newest, or not the one that everyone else sees.
import { html } from '../vendor/ui.js'
import { change } from '../lib/router.js'
import { T } from '../lib/text.js'
import { Icon } from './basics.js'

/** @param {{asset: any, shown: any}} given */
export function Standing({ asset, shown }) {
  if (!shown) return null
  const { newest_version: newest, approved_version: approved } = asset
  const isOld = newest && shown.number < newest, isOther = approved && shown.number !== approved
  if (!isOld && !isOther) return null
  const to = (/** @type {number} */ version) => html`<button type="button" class="link" onClick=${() => change({ v: String(version) }, { replace: true })}>${T.standing.show(version)}</button>`
  return html`<div class="bann is-wait" role="status"><${Icon} name="s-wait" /><span>${T.standing.here(shown.number)} ${isOld && T.standing.newest(newest)} ${isOther ? isOld ? T.standing.approved(approved) : T.standing.until(approved, shown.number) : isOld && approved && T.standing.isApproved} ${isOld && to(newest)} ${isOther && approved !== newest && to(approved)}</span></div>`
}
