// @ts-check
// The words of a product's page.
import { counted } from './text.js'

export const W = {
  gone: (/** @type {string} */ sku) => `No picture that you may see has the SKU ${sku}`, goneHint: 'A SKU comes from a file’s name, from a sheet, or from what somebody enters on the picture.', library: 'Find it in the library',
  shots: (/** @type {number} */ count) => counted(count, 'shot'), missing: (/** @type {string[]} */ names) => names.length ? `Missing: ${names.join(', ')}` : 'No required shot is missing', isMissing: 'Missing', order: 'Shots in order', noShot: 'no shot type', at: (/** @type {number} */ position) => `Position ${position}`, none: 'No version approved', some: 'An earlier version is approved',
  out: 'Pictures for shops and programs', outHint: 'What other programs are given: approved pictures, in this order.', size: 'Size', large: 'Largest picture', nothing: 'Nothing of it is approved yet', nothingHint: 'Approve a version of a shot, and it is here at once.', noRight: 'You may look at these, but not download them.', open: 'Open', alt: 'Alt text', noAlt: 'no alt text', address: 'Address for programs', copy: 'Copy address', copied: 'Copied.',
}
