// @ts-check
// Every word of the app, and how numbers, sizes and times are written. Plain, short, present tense.

export const T = {
  app: 'Packshot',
  nav: { library: 'Library', uploads: 'Uploads', places: 'Collections', goTo: 'Go to', main: 'Main', tabs: 'Rooms', account: (/** @type {string} */ name) => `Account: ${name}` },
  collections: {
    title: 'Collections', one: 'a collection', search: 'Find a collection', all: 'All pictures', create: 'New collection', createIn: 'New collection in here', name: 'Name', rename: 'Rename', move: 'Move to', acts: 'What to do with', top: 'The whole library', none: 'No collection fits.',
    renamed: (/** @type {string} */ name) => `It is now called “${name}”.`, moved: (/** @type {string} */ name, /** @type {string} */ to) => `“${name}” is now in “${to}”.`,
    remove: 'Delete', removed: (/** @type {string} */ name) => `“${name}” is in the trash.`, open: 'Show what is below', close: 'Hide what is below',
    empty: 'No collections yet. Folders that you drop become collections.',
  },
  searches: {
    title: 'Saved searches', none: 'A search you save stays here with its count.', name: 'Name', rename: 'Rename the search', shared: 'Everyone in this library sees it', isShared: 'Shared', share: 'Share with everyone', keep: 'Keep to yourself', acts: 'What to do with',
    saved: (/** @type {string} */ name) => `“${name}” is saved.`, removed: (/** @type {string} */ name) => `“${name}” is deleted.`,
  },
  signIn: {
    title: 'Sign in', lead: 'Open the link you were given, or have one sent to you. It works once.', mail: 'Work e-mail', send: 'Send me a link', sending: 'Sending', busy: 'Signing in',
    asked: (/** @type {string} */ email) => `If ${email} is a member, a link is on its way. It works for 30 minutes.`,
    over: 'This link is used or over.', again: 'Have a new one sent to you below.', leave: 'Sign out', ended: 'Your session is over', endedHint: 'What you typed is still here. Open a new sign-in link in this browser, then go on.', goOn: 'Go on', stillOut: 'You are not signed in yet.',
    guest: 'Got a link to pictures instead? Open it as it is, you need no account.',
  },
  theme: { label: 'Colours', names: /** @type {Record<string, string>} */ ({ system: 'as the system', light: 'light', dark: 'dark' }) },
  picture: { one: 'picture', many: 'pictures' },
  library: {
    grid: 'Pictures', loading: 'Loading', empty: 'No pictures yet', emptyHere: 'No pictures in this collection', emptyHint: 'Drop files anywhere in this window, or copy them into the drop folder.',
  },
  search: {
    label: 'Search the library', placeholder: 'Search names, SKUs, keywords', more: 'Add a word, sku:, keyword:, -not', focus: 'Search', busy: 'Searching', inside: 'in', not: 'not', drop: 'Remove',
    offers: 'Suggestions', none: 'No picture matches all of this', noneHint: 'Take a word or a filter away to see more.', dropAll: 'Drop all filters', save: 'Save search', or: 'or', without: (/** @type {string} */ name, /** @type {number} */ count) => `Without “${name}”: ${counted(count, 'picture')}`,
  },
  facets: {
    label: 'Filters', show: (/** @type {number} */ count) => `Show ${counted(count, 'picture')}`, approval: 'Approval', shot_type: 'Shot', color: 'Colour', keyword: 'Keyword', orientation: 'Orientation', format: 'Format', type: 'Type', year: 'Year taken',
    more: (/** @type {number} */ count) => `${count} more`,
    values: /** @type {Record<string, string>} */ ({ portrait: 'Portrait', landscape: 'Landscape', square: 'Square', image: 'Picture', video: 'Video', document: 'Document', audio: 'Sound', other: 'Other' }),
  },
  sort: /** @type {Record<string, string>} */ ({
    label: 'Order', '-uploaded': 'Newest first', uploaded: 'Oldest first', relevance: 'Best match', name: 'Name, A to Z', '-name': 'Name, Z to A', '-taken': 'Taken last', taken: 'Taken first', '-size': 'Largest file', size: 'Smallest file', '-rating': 'Best rated', rating: 'Lowest rated',
  }),
  size: /** @type {Record<string, string>} */ ({ label: 'Size of the pictures', small: 'Small', medium: 'Medium', large: 'Large' }),
  view: { label: 'Show as', grid: 'Grid', list: 'List' },
  selection: {
    label: (/** @type {number} */ count) => `${count} selected`, of: 'of', all: 'Select all', addTo: 'Add to', clear: 'Clear the selection', cleared: 'Selection cleared.', added: 'added to', trashed: 'in the trash.',
    working: (/** @type {number} */ done, /** @type {number} */ many) => `${done} of ${many} done`, failed: (/** @type {number} */ count) => `${count} did not work.`,
  },
  viewer: { role: 'picture', keys: 'plus and minus zoom, 0 fits, arrows move', in: 'Zoom in', out: 'Zoom out', fit: 'Fit to the window' },
  asset: {
    back: 'Back to the library', next: 'Next picture', previous: 'Previous picture', first: 'This is the first one', last: 'This is the last one', older: 'Older version', newer: 'Newer version', tag: 'Add a keyword',
    place: (/** @type {number} */ place, /** @type {number} */ total) => `${number(place)} of ${number(total)}`,
    details: 'Details', theFile: 'The file', story: 'How it got here', versions: 'Versions', newVersion: 'New version', shown: 'shown to everyone', trashed: 'The picture is in the trash.',
    noPicture: 'No preview', noPictureHint: 'The file is kept as it is and can be downloaded.', none: 'Not set', add: 'Add',
    clash: 'Somebody else changed this while you wrote.', theirs: 'Now:', mine: 'Yours:', keepTheirs: 'Keep theirs', keepMine: 'Use mine',
    saved: (/** @type {string} */ field) => `${field} saved.`, saving: /** @type {Record<string, string>} */ ({ saving: 'Saving', saved: 'Saved' }),
    states: /** @type {Record<string, string>} */ ({ trashed: 'In the trash', archived: 'Archived' }),
    file: 'Format', taken: 'Taken', camera: 'Camera', gps: 'Place', checksum: 'SHA-256', came: 'Came', changed: 'Changed', duplicate: 'The same file is already here',
    sources: /** @type {Record<string, string>} */ ({ drop: 'Drop folder', upload: 'Upload', drive: 'Google Drive', seed: 'Seed', sample: 'Sample' }),
    fields: /** @type {Record<string, string>} */ ({ skus: 'SKU', name: 'File name', title: 'Title', alt: 'Alt text', description: 'Description', keywords: 'Keywords', shot_type: 'Shot', position: 'Position', rating: 'Rating' }),
    stars: (/** @type {number} */ stars) => `${stars} of 5`,
  },
  uploads: {
    files: 'Choose files', folder: 'Choose a folder', drop: 'Drop pictures or folders anywhere', dropHint: 'Folders become collections.', dropHere: 'Drop to upload', dropInto: (/** @type {string} */ name) => `Drop to upload to “${name}”`, underWay: 'Files on their way', to: 'to', progress: 'Progress',
    count: (/** @type {number} */ over, /** @type {number} */ all) => `${number(over)} of ${counted(all, 'file')}`, left: (/** @type {number} */ minutes) => `${minutes} min left`, more: (/** @type {number} */ count) => `and ${number(count)} earlier ones`,
    storeSaid: (/** @type {number} */ status) => `The store answered ${status}. Try again goes on from where it stopped.`, broke: 'The connection broke. Try again goes on from where it stopped.',
    pause: 'Pause', resume: 'Go on', retryAll: 'Retry all failed', clear: 'Clear the list', remove: 'Remove from the queue', openIt: 'Open it', quarantine: 'Set aside', aside: 'Set aside', kept: 'Kept safe and shown to nobody. Nothing is lost.',
    states: /** @type {Record<string, string>} */ ({ waiting: 'Waiting', reading: 'Being read', done: 'In the library', same: 'Already here', refused: 'Not taken in', stopped: 'Stopped', paused: 'Paused' }),
  },
  acts: { create: 'Create', saving: 'Saving', nameFirst: 'Give it a name first', restore: 'Restore', download: 'Download', upload: 'Upload', trash: 'Move to trash', undo: 'Undo', retry: 'Try again', close: 'Close', cancel: 'Cancel', save: 'Save', open: 'Open', help: 'Keys' },
  trouble: {
    title: 'This part did not load', offline: 'No connection. What you see may be old; changes wait until you are back.',
    lost: 'There is nothing at this address', lostHint: 'It may have been moved or deleted.', home: 'Go to the library',
  },
}

/** What keys do where no button has them, for the sheet behind `?`. */
export const KEYS = {
  places: { everywhere: 'Everywhere', grid: 'Pictures', library: 'Library', picture: 'Picture', change: 'After a change' },
  go: (/** @type {string} */ room) => `Go to ${room}`, sheet: 'Show the keys', single: 'Single keys act', grid: /** @type {Array<[string, string]>} */ ([['← → ↑ ↓', 'Walk'], ['Home End', 'First, last'], ['PageUp PageDown', 'A screen up, down'], ['Enter', 'Open'], ['Space x', 'Select'], ['Shift', 'with any of these: select up to there'], ['Ctrl+A', 'Select all'], ['Escape', 'Clear the selection']]),
}

const locale = document.documentElement.lang || 'en'
const whole = new Intl.NumberFormat(locale)
const tenth = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' })
const hour = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' })
const ago = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })

/** `1,284` @param {number} value */
export const number = (value) => whole.format(value)

/** `1 picture`, `1,284 pictures` @param {number} count @param {string} one @param {string} [many] */
export const counted = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`

/** `71.8 MB` @param {number} bytes */
export function size(bytes) {
  const steps = ['B', 'KB', 'MB', 'GB', 'TB']
  let step = 0
  while (bytes >= 1000 && step < steps.length - 1) { bytes /= 1000; step += 1 }
  return `${tenth.format(bytes)} ${steps[step]}`
}

/** `10:42` today, `3 hours ago`-like under a day, else the date. @param {string | null | undefined} stamp */
export function when(stamp) {
  if (!stamp) return ''
  const moment = new Date(stamp), seconds = (Date.now() - moment.getTime()) / 1000
  if (seconds < 60) return 'just now'
  if (seconds < 3600) return ago.format(-Math.round(seconds / 60), 'minute')
  if (seconds < 86400) return ago.format(-Math.round(seconds / 3600), 'hour')
  return day.format(moment)
}

/** The whole moment, for titles. @param {string | null | undefined} stamp */
export const moment = (stamp) => (stamp ? `${day.format(new Date(stamp))}, ${hour.format(new Date(stamp))}` : '')
