// @ts-check
// How versions are looked at, and what a decision makes of one.
import { html } from '../vendor/ui.js'
import { change } from '../lib/router.js'
import { T } from '../lib/text.js'
import { Button } from './basics.js'

/** What a decision makes of a version. */
export const OUTCOME = { approve: 'approved', reject: 'rejected', request_changes: 'changes_requested' }
export const MODES = ['one', 'side', 'wipe', 'flick']
/** What a version is compared with unless the address says so: the shown one, else the one before it. @param {{asset: any, versions: any[]}} found @param {any} shown */
export const against = (found, shown) => (found.asset.shown_version !== shown.number && found.asset.shown_version) || (found.versions[found.versions.indexOf(shown) + 1] ?? found.versions.find((one) => one !== shown))?.number
const ICONS = /** @type {Record<string, string>} */ ({ one: 'single', side: 'compare', wipe: 'wipe', flick: 'flick' })

/** How two versions are looked at; the address holds it. @param {{mode: string, modes?: string[], cls?: string}} given */
export const Modes = ({ mode, modes = MODES, cls = '' }) => html`<span class=${`bar ${cls}`} role="group" aria-label=${T.compare.how}>${modes.map((one) => html`<${Button} key=${one} icon=${ICONS[one]} label=${T.compare.modes[one]} pressed=${mode === one}
  act=${() => change({ as: one === 'one' ? undefined : one }, { replace: true })}><span class="hide-s">${T.compare.modes[one]}</span><//>`)}</span>`
