// @ts-check
// The words of what only those who manage the library see: roles, keys, rules of a collection, the audit trail.
import { counted } from './text.js'

export const M = {
  roles: {
    ready: 'Ready-made', new: 'Make a role', whole: 'The whole library', where: 'Where', add: 'Add a collection', drop: 'Leave out', rename: 'Rename', remove: 'Delete', removed: (/** @type {string} */ name) => `“${name}” is deleted.`, saved: 'Saved. It counts from the next click of everyone who has it.',
    hint: 'Press a cell: not said, allowed, denied. A deny holds for everything below and wins.', states: /** @type {Record<string, string>} */ ({ none: 'not said', allow: 'allowed', deny: 'denied' }),
    see: 'What would they see?', sees: (/** @type {number} */ count) => (count ? `${counted(count, 'picture')} of this library` : 'No picture of this library'), ask: 'May they', on: 'in', yes: 'Yes', no: 'No',
    because: /** @type {Record<string, string>} */ ({ allowed: 'This role allows it.', denied: 'This role denies it.', not_granted: 'Nothing allows it.', in_trash: 'The collection is in the trash.', withheld: 'It is restricted or out of its dates.' }), place: (/** @type {string} */ right, /** @type {string} */ where) => `“${right}” is said for ${where}.`,
    rights: /** @type {Record<string, string>} */ ({ see: 'See', view: 'View', download: 'Download', download_original: 'Original', download_unapproved: 'Unapproved', comment: 'Comment', upload: 'Upload', edit: 'Edit', submit: 'Submit', approve: 'Approve', share: 'Share', move: 'Move', archive: 'Archive', delete: 'Delete', manage: 'Manage' }),
  },
  keys: {
    none: 'No keys yet', noneHint: 'A key lets a program do what you allow it.', make: 'Make a key', makeAct: 'Make key', only: 'Only these rights', onlyHint: 'None chosen: all that you may do.', used: 'Used', notUsed: 'Never used', all: 'All that its maker may', as: 'As which roles', asHint: 'None chosen: as you.', inside: 'Only in these collections', insideHint: 'None chosen: wherever it may. What lies below a collection counts.', in: (/** @type {string} */ places) => `in ${places}`,
    drop: 'Drop files with S3 tools', dropHint: 'Lent keys put files into the drop folder of this library, and can do nothing else. They are over after an hour; then you lend new ones.', lend: 'Lend keys', lending: 'Lending', lent: 'Copy these lines now', lentHint: (/** @type {string} */ until) => `They count until ${until} and are shown this once. Paste them into a terminal that has the AWS command line.`, lines: 'Lines for a terminal',
    once: 'Copy it now', onceHint: 'It is shown this once. Keep it where passwords are kept.', copy: 'Copy', copied: 'Copied', rotate: 'New secret', rotateAsk: (/** @type {string} */ name) => `Give “${name}” a new secret?`, rotateHint: 'The present one works for one more hour.', revoke: 'Revoke', revokeAsk: (/** @type {string} */ name) => `Revoke “${name}”?`, revokeHint: 'Whatever uses it stops at once. This cannot be undone.', revoked: (/** @type {string} */ name) => `“${name}” is revoked.`,
  },
  rules: {
    block: 'Show approved pictures only', blockHint: 'Others see nothing of a picture until one version is approved.', pending: 'Hold uploads until they are approved', pendingHint: 'A new version is seen by its uploader and by those who approve.',
    tags: 'Look at pictures for visual tags', tagsHint: 'Off: nobody looks at pictures in here. What was seen before stays.', required: 'Required fields', requiredHint: 'People are asked for them when they upload or edit here.',
  },
  audit: {
    who: 'Who', what: 'What', on: 'On what', from: 'From', to: 'To', csv: 'CSV', making: 'Writing', ready: 'The file is ready.', failed: 'The file could not be written.', more: 'Show more', none: 'Nothing matches', noneHint: 'Take a filter away to see more.', clear: 'Clear filters', detail: 'Details', results: /** @type {Record<string, string>} */ ({ ok: 'Done', refused: 'Refused', failed: 'Failed' }),
  },
}
