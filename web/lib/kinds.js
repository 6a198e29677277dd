// @ts-check
// What each kind of connection asks for and says, for screens that know no kind by name. A new kind is one more entry.

/**
 * One thing that is asked; `type` is that of a `Line`.
 * `read` makes the value of what was typed, `show` the opposite.
 * @typedef {{name: string, label: string, hint?: string, type?: string, optional?: boolean, read?: (text: string) => any, show?: (value: any) => string}} Ask
 * A way to sign in: what to do outside first, then what it gives. `note` says something of what was entered.
 * @typedef {{id: string, word: string, steps: string[], asks: Ask[], note?: (given: Record<string, string>) => string}} Way
 * @typedef {{word: string, icon: string, lead: string, ways: Way[], settings: Ask[], place: (settings: any) => string, answers: Record<string, string>, counts: Record<string, [string, string?]>, plans?: boolean}} Kind
 */

/** The id in a pasted address of a folder or shared drive; what is no address stays as it is. @param {string} text */
export const folderOf = (text) => text.match(/(?:folders\/|drives\/|[?&]id=)([\w-]+)/)?.[1] ?? text.trim()
/** @param {string} text */
const foldersOf = (text) => text.split(/\s+/).filter(Boolean).map(folderOf)
/** Whom a key file names, empty when it is none. @param {string} [text] */
export function accountOf(text) {
  try { return String(JSON.parse(text ?? '').client_email ?? '') } catch { return '' }
}

/** @type {Record<string, Kind>} */
export const KINDS = {
  drive: {
    word: 'Google Drive', icon: 'folder', lead: 'Your team keeps its Drive. Folders become collections, files become assets, and what changes there changes here.',
    ways: [
      {
        id: 'service_account', word: 'Service account',
        steps: ['In a Google Cloud project of your own, switch on the Google Drive API.', 'Make a service account there, and a JSON key for it.', 'Choose the key file here. The address to share with then stands below it.', 'In Drive, share each folder with that address as Viewer. It sees nothing else.', 'To save approved versions into a folder, make it an editor of that folder. It must lie in a shared drive: a service account has no room of its own.'],
        asks: [{ name: 'service_account', label: 'Key file', type: 'json' }],
        note: (given) => { const who = accountOf(given.service_account); return who && `Share the folders with ${who}` },
      },
      {
        id: 'refresh_token', word: 'A person’s account',
        steps: ['In a Google Cloud project of your own, make an OAuth client. Internal to your Workspace, nothing is to be verified.', 'Let the person agree to the scope drive.readonly, or drive where approved versions are saved; Google gives a refresh token.', 'Packshot then sees every file of that person, and follows only the folders below.'],
        asks: [{ name: 'client_id', label: 'Client ID' }, { name: 'client_secret', label: 'Client secret', type: 'password' }, { name: 'refresh_token', label: 'Refresh token', type: 'password' }],
      },
    ],
    settings: [
      { name: 'folder_ids', label: 'Folders to follow', type: 'lines', hint: 'Open the folder in Drive and paste its address, one a line. A shared drive counts as a folder.', read: foldersOf, show: (ids) => (ids ?? []).join('\n') },
      { name: 'every_minutes', label: 'Longest pause in minutes', type: 'number', optional: true, hint: 'After a day without changes. While changes keep coming it looks every minute.', read: Number, show: (value) => String(value ?? '') },
      { name: 'write_back_folder_id', label: 'Save approved versions into', optional: true, hint: 'A folder of Drive. Empty: nothing is written. Only what you may download is saved, and nothing else in Drive is touched.', read: folderOf },
    ],
    place: (settings) => (settings.folder_ids ?? []).join(', '),
    answers: { try_again: 'It is shared again: try again', detach: 'Keep what is here, follow no longer', keep: 'Wait for them to come back' },
    counts: { found: ['file found', 'files found'], fetched: ['fetched'], changed: ['changed'], detached: ['detached'], trashed: ['in the trash'], back: ['back'], missing: ['missing'], left_out: ['left out'], saved: ['saved to Drive'], not_saved: ['not saved to Drive'] },
  },
  shopify: {
    word: 'Shopify', icon: 'store', lead: 'What your store sells is known here: its products, variants and SKUs, as they are now.',
    ways: [
      {
        id: 'client', word: 'An app of your own',
        steps: ['In Shopify’s Dev Dashboard, make an app for your store, with the scopes read_products, write_products, read_files and write_files.', 'Install it in the store.', 'Its settings show a client ID and a secret. Copy both here.'],
        asks: [{ name: 'client_id', label: 'Client ID' }, { name: 'client_secret', label: 'Client secret', type: 'password' }],
      },
      {
        id: 'access_token', word: 'A token from before 2026',
        steps: ['In the store’s admin, an app that was made there before 2026 has an Admin API access token.', 'Its scopes must be read_products, write_products, read_files and write_files.', 'Nobody can tell who posts in such an app’s name, so the store is asked every 15 minutes instead.'],
        asks: [{ name: 'access_token', label: 'Access token', type: 'password' }],
      },
    ],
    settings: [{ name: 'shop', label: 'Store', hint: 'Its address with Shopify, like your-store.myshopify.com. It cannot be changed later.' }],
    place: (settings) => settings.shop ?? '',
    answers: {},
    plans: true,
    counts: { added: ['variant added', 'variants added'], changed: ['changed'], gone: ['gone'] },
  },
}

/** Words of these screens that are the same for every kind. */
export const W = {
  connect: 'Connect', connectAct: 'Connect', none: 'Nothing is connected', noneHint: 'Connect a Google Drive and its folders become collections here. Connect a Shopify store and its products are known here.', kind: 'What to connect', name: 'Name', way: 'Sign in with', first: 'Before you begin', later: 'Leave empty to keep the present one.',
  copy: 'Copy', copied: 'Copied', kept: 'Kept sealed, and never shown again.', all: 'All connections', gone: 'There is no such connection', change: 'Change', disconnect: 'Disconnect', run: 'Run now', check: 'Check', checked: 'It works.', asked: 'It runs.', busy: 'Running', decided: 'Decided. It goes on.', question: 'A decision is needed',
  disconnectAsk: (/** @type {string} */ name) => `Disconnect ${name}?`, disconnectHint: 'Every asset stays, with its versions and comments. Nothing is deleted on the other side. The credentials are deleted here.', disconnected: (/** @type {string} */ name) => `${name} is disconnected. Everything stays.`,
  states: /** @type {Record<string, [string, string, string]>} */ ({ ok: ['is-ok', 's-ok', 'Works'], error: ['is-bad', 's-bad', 'Does not work'], needs_reconnect: ['is-bad', 's-bad', 'Needs new credentials'], needs_decision: ['is-wait', 's-wait', 'Waits for you'] }),
  newOnes: 'Enter new credentials', facts: 'Connection', last: 'Last run', next: 'Next run', never: 'Not yet', waits: 'When somebody has answered', follows: 'Follows', runs: 'Runs', noRuns: 'No run yet', noRunsHint: 'Runs that find nothing to do are not kept.', quiet: 'Nothing new', lastSeen: (/** @type {string} */ when) => `Last checked ${when}.`, nothing: 'Nothing to do', more: 'Show more',
  run_states: /** @type {Record<string, [string, string, string]>} */ ({ running: ['is-acc', 's-wait', 'Running'], done: ['is-ok', 's-ok', 'Done'], failed: ['is-bad', 's-bad', 'Stopped'] }), byHand: 'by hand', bySchedule: 'by schedule', progress: 'Progress', of: (/** @type {string} */ done, /** @type {string} */ total) => `${done} of ${total}`, units: 'quota units', log: 'What happened', trouble: 'Trouble',
}
