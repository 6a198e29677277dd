// @ts-check
// Dialogs that are fetched when somebody asks for them: sharing, choosing a collection, giving a name.
import { html } from '../vendor/ui.js'
import { Lazy } from './basics.js'
import { sayFailed } from './toast.js'

/** What could not be fetched is said, and nothing stays open. @param {() => void} close */
const over = (close) => (/** @type {Error} */ problem) => { close(); sayFailed(problem) }

/** `of` says what is shared, given `lib/shares.js`.
 * @param {{of: (shares: typeof import('../lib/shares.js')) => any, close: () => void}} given */
export const ShareLater = (given) => html`<${Lazy} bare load=${() => import('./sharing.js')} failed=${over(given.close)} ...${given} />`

/** @param {Parameters<typeof import('./picker.js').Picker>[0]} given */
export const PickerLater = (given) => html`<${Lazy} bare load=${() => import('./picker.js').then(({ Picker }) => ({ default: Picker }))} failed=${over(given.close)} ...${given} />`

/** @param {Parameters<typeof import('./picker.js').Naming>[0]} given */
export const NamingLater = (given) => html`<${Lazy} bare load=${() => import('./picker.js').then(({ Naming }) => ({ default: Naming }))} failed=${over(given.close)} ...${given} />`
