// @ts-check
// The dialog that shares something, fetched with its words when somebody presses Share.
import { html } from '../vendor/ui.js'
import { Lazy } from './basics.js'
import { sayFailed } from './toast.js'

/** `of` says what is shared, given `lib/shares.js`.
 * @param {{of: (shares: typeof import('../lib/shares.js')) => any, close: () => void}} given */
export const ShareLater = ({ of, close }) => html`<${Lazy} bare load=${() => import('./sharing.js')} failed=${(/** @type {Error} */ problem) => { close(); sayFailed(problem) }} of=${of} close=${close} />`
