// @ts-check
// The words that more than one part says or every visit loads, and how numbers, sizes and times are written. Words of one
// part that is loaded later: there, as SAYS. Plain, short, present tense.

export const T = {
  app: 'Packshot',
  nav: { library: 'Library', review: 'Review', uploads: 'Uploads', duplicates: 'Duplicates', alike: 'Pictures that are there twice', manage: 'Manage', shares: 'Shared links', shared: 'Shared', places: 'Collections', trash: 'Trash', work: 'Under way', goTo: 'Go to', main: 'Main', tabs: 'Rooms', account: (/** @type {string} */ name) => `Account: ${name}` },
  collections: {
    title: 'Collections', one: 'a collection', choose: 'Choose a collection', search: 'Find a collection', all: 'All pictures', create: 'Make a collection', createIn: 'Make a collection in here', name: 'Name', rename: 'Rename', move: 'Move to', acts: 'What to do with', top: 'The whole library', none: 'No collection fits.',
    renamed: (/** @type {string} */ name) => `It is now called “${name}”.`, moved: (/** @type {string} */ name, /** @type {string} */ to) => `“${name}” is now in “${to}”.`,
    rules: 'Rules', rulesSaved: (/** @type {string} */ name) => `The rules of “${name}” are saved.`,
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
  visit: {
    title: 'Shared pictures', download: 'Download', more: 'Show more', back: 'All pictures', none: 'Nothing to see here yet', noneHint: 'Whoever sent you this link may still add pictures.',
    locked: 'This link has a password', lockedHint: 'Whoever sent you the link knows it.', password: 'Password', enter: 'Open', closed: 'This link does not open',
    from: (/** @type {string} */ pictures, /** @type {string} */ who) => `${pictures} from ${who}.`, until: (/** @type {string} */ day) => `The link is open until ${day}.`,
    follows: 'Pictures here follow the approved version. When a better one is approved, you see it at this address.',
    may: (/** @type {Record<string, boolean>} */ switches) => `You can ${[switches.view && 'look', switches.comment && 'comment', switches.download && 'download', switches.upload && 'send files', switches.approve && 'approve'].filter(Boolean).join(', ').replace(/, ([^,]+)$/, ' and $1')}`,
  },
  theme: { label: 'Colours', names: /** @type {Record<string, string>} */ ({ system: 'as the system', light: 'light', dark: 'dark' }) },
  picture: { one: 'picture', many: 'pictures' },
  library: {
    grid: 'Pictures', seen: (/** @type {string[]} */ words) => `seen: ${words.join(', ')}`, loading: 'Loading', empty: 'No pictures yet', emptyHere: 'No pictures in this collection', emptyTrash: 'The trash is empty', emptyTrashHint: 'What you move to the trash waits here and can be restored.', emptyHint: 'Drop files anywhere in this window, or copy them into the drop folder.',
  },
  search: {
    product: (/** @type {string} */ sku) => `Product ${sku}`, label: 'Search the library', placeholder: 'Search names, SKUs, keywords', more: 'Add a word, sku:, keyword:, -not', focus: 'Search', busy: 'Searching', inside: 'in', not: 'not', drop: 'Remove',
    offers: 'Suggestions', none: 'No picture matches all of this', noneHint: 'Take a word or a filter away to see more.', dropAll: 'Drop all filters', save: 'Save search', or: 'or', without: (/** @type {string} */ name, /** @type {number} */ count) => `Without “${name}”: ${counted(count, 'picture')}`,
  },
  facets: {
    label: 'Filters', show: (/** @type {number} */ count) => `Show ${counted(count, 'picture')}`, approval: 'Approval', shot_type: 'Shot', color: 'Colour', background: 'Ground', keyword: 'Keyword', auto_tag: 'Visual tag', orientation: 'Orientation', aspect: 'Aspect', format: 'Format', type: 'Type', year: 'Year taken',
    more: (/** @type {number} */ count) => `${count} more`,
    values: /** @type {Record<string, string>} */ ({ portrait: 'Portrait', landscape: 'Landscape', square: 'Square', white: 'White', black: 'Black', grey: 'Grey', red: 'Red', orange: 'Orange', yellow: 'Yellow', green: 'Green', blue: 'Blue', purple: 'Purple', pink: 'Pink', brown: 'Brown', beige: 'Beige', plain: 'One colour', transparent: 'Transparent', scene: 'A scene', wide: 'Very wide', tall: 'Very tall', image: 'Picture', video: 'Video', document: 'Document', audio: 'Sound', other: 'Other' }),
  },
  sort: /** @type {Record<string, string>} */ ({
    label: 'Order', '-uploaded': 'Newest first', uploaded: 'Oldest first', relevance: 'Best match', name: 'Name, A to Z', '-name': 'Name, Z to A', '-taken': 'Taken last', taken: 'Taken first', '-size': 'Largest file', size: 'Smallest file', '-rating': 'Best rated', rating: 'Lowest rated',
  }),
  size: /** @type {Record<string, string>} */ ({ label: 'Size of the pictures', small: 'Small', medium: 'Medium', large: 'Large' }),
  view: { label: 'Show as', grid: 'Grid', list: 'List' },
  selection: {
    asks: /** @type {Record<string, string>} */ ({ ask: 'Ask for approval', download: 'Download', edit: 'Edit' }), short: /** @type {Record<string, string>} */ ({ ask: 'Ask' }),
    label: (/** @type {number} */ count) => `${count} selected`, of: 'of', all: 'Select all', addTo: 'Add to', clear: 'Clear the selection', cleared: 'Selection cleared.', added: 'added to', adding: 'on their way to', trashed: 'in the trash.', restored: 'restored.', trashing: 'on their way to the trash.', restoring: 'on their way out of the trash.',
    working: (/** @type {number} */ done, /** @type {number} */ many) => `${done} of ${many} done`, failed: (/** @type {number} */ count) => `${count} did not work.`,
  },
  asset: {
    back: 'Back to the library', next: 'Next picture', previous: 'Previous picture', first: 'This is the first one', last: 'This is the last one', older: 'Older version', newer: 'Newer version', tag: 'Add a keyword',
    place: (/** @type {number} */ place, /** @type {number} */ total) => `${number(place)} of ${number(total)}`,
    details: 'Details', product: 'Product', shots: (/** @type {string} */ sku) => `All shots of ${sku}`, theFile: 'The file', story: 'How it got here', versions: 'Versions', newVersion: 'Add a version', history: 'All versions', toDetails: 'Back to the details', approve: (/** @type {number} */ at) => `Approve v${at}`, show: (/** @type {number} */ at) => `Show v${at}`, compareWith: (/** @type {number} */ at) => `Compare with v${at}`, downloadOne: (/** @type {number} */ at) => `Download v${at}`, more: (/** @type {number} */ at) => `More for v${at}`,
    shown: 'shown to everyone', trashed: 'The picture is in the trash.',
    noPicture: 'No preview', noPictureHint: 'The file is kept as it is and can be downloaded.', none: 'Not set', add: 'Add',
    clash: 'Somebody else changed this while you wrote.', theirs: 'Now:', mine: 'Yours:', keepTheirs: 'Keep theirs', keepMine: 'Use mine',
    saved: (/** @type {string} */ field) => `${field} saved.`, saving: /** @type {Record<string, string>} */ ({ saving: 'Saving', saved: 'Saved' }),
    states: /** @type {Record<string, string>} */ ({ trashed: 'In the trash', archived: 'Archived' }),
    file: 'Format', taken: 'Taken', camera: 'Camera', gps: 'Place', checksum: 'SHA-256', came: 'Came', changed: 'Changed', duplicate: 'The same file is already here',
    sources: /** @type {Record<string, string>} */ ({ drop: 'Drop folder', upload: 'Upload', drive: 'Google Drive', seed: 'Seed', sample: 'Sample' }),
    fields: /** @type {Record<string, string>} */ ({ skus: 'SKU', name: 'File name', title: 'Title', alt: 'Alt text', description: 'Description', keywords: 'Keywords', shot_type: 'Shot', position: 'Position', rating: 'Rating' }),
    stars: (/** @type {number} */ stars) => `${stars} of 5`,
  },
  people: { you: 'You', other: 'A colleague', keyCalled: (/** @type {string} */ name) => `Key ${name}`, kinds: /** @type {Record<string, string>} */ ({ key: 'A key', job: 'A job', share: 'A visitor', system: 'Packshot' }) },
  review: {
    title: 'Review', waiting: 'Waiting for you', queue: 'Queue', leave: 'Leave review', about: 'About this picture', place: (/** @type {number} */ place, /** @type {string} */ total) => `${number(place)} of ${total}`, all: (/** @type {string} */ many) => `${many} in the queue`,
    none: 'Nothing waits for you', noneHint: 'New versions that need your decision come here by themselves.', over: 'That was the last one', lookBack: 'Look at them again',
    approve: 'Approve', reject: 'Reject', request_changes: 'Request changes', short: /** @type {Record<string, string>} */ ({ request_changes: 'Changes' }), later: 'Later', next: 'Next picture', previous: 'Previous picture', undo: 'Take the last decision back', left: (/** @type {string} */ many) => `${many} to go`,
    decided: /** @type {Record<string, (what: string) => string>} */ ({ approve: (what) => `${what} approved`, reject: (what) => `${what} rejected`, request_changes: (what) => `Changes asked for ${what}` }), sent: 'That one was sent. Decide again to change it.', nothing: 'Nothing to take back yet.',
    outcomes: /** @type {Record<string, string>} */ ({ approved: 'approved', rejected: 'rejected', changes_requested: 'to change' }),
    gone: 'Somebody else decided this, a newer version took its place, or it is not in the library now.', waits: 'You have decided. It waits for the others.', failed: 'It could not be read.',
    asks: (/** @type {string} */ who) => `from ${who}`, due: (/** @type {string} */ day) => `due ${day}`, since: (/** @type {number} */ version) => `Changed since v${version}`, was: (/** @type {string} */ value) => `was ${value}`, same: 'Same size', size: 'Size', bytes: 'File', deciders: 'Who decides', open: 'open',
    rule: (/** @type {any} */ rule, /** @type {number} */ people) => (people < 2 || rule === 'any' ? 'One decision is enough.' : rule === 'all' ? 'All must approve.' : `${rule.at_least} must approve.`), outcome: (/** @type {string} */ version) => `Your yes lets ${version} out to links, shops and downloads.`, anyone: 'Everyone who may approve',
  },
  compare: {
    label: 'Compare', modes: /** @type {Record<string, string>} */ ({ one: 'One', side: 'Side by side', wipe: 'Wipe', flick: 'Flick' }), how: 'How to look', close: 'Stop comparing', against: 'Compare with', version: (/** @type {number} */ number) => `Version ${number}`, together: 'Zoom and pan together', wiper: 'Where the wipe stands', flick: 'Show the other one', parts: (/** @type {number} */ left, /** @type {number} */ right, /** @type {number} */ part) => `v${left} ${part} %, v${right} ${100 - part} %`,
  },
  notices: { title: 'Notices', label: (/** @type {number} */ fresh) => (fresh ? `Notices, ${number(fresh)} new` : 'Notices'), fresh: 'new', readAll: 'Mark all as read', none: 'Nothing yet', noneHint: 'Here you hear when somebody names you, answers you or asks you to approve.', more: 'Show more', mail: 'Mail me what I have not read here', mailed: { on: 'You are told by mail too.', off: 'No more mails about notices.' } },
  manage: {
    rooms: /** @type {Record<string, string>} */ ({ members: 'Members', roles: 'Roles', keys: 'Keys', connections: 'Connections', naming: 'Names', sheets: 'Sheets', presets: 'Presets', looks: 'Visual tags', audit: 'Audit' }), may: 'Only those who manage the library see this.',
    name: 'Name', email: 'E-mail', roles: 'Roles', until: 'Access ends', untilHint: 'Leave it empty for no end.', acts: 'What to do with', never: 'Never', edit: 'Change', noRoles: 'No role yet: sees nothing.',
    add: 'Add a member', addHint: 'They sign in with a link sent to this address.', addAct: 'Add member', remove: 'Remove', removeAsk: (/** @type {string} */ name) => `Remove ${name}?`, removeHint: 'They are signed out at once and their keys stop. Their pictures stay. This cannot be undone; they can be added again.', removed: (/** @type {string} */ name) => `${name} is removed.`, over: 'Over', ends: (/** @type {string} */ day) => `until ${day}`,
  },
  uploads: {
    files: 'Choose files', folder: 'Choose a folder', drop: 'Drop pictures or folders anywhere', dropHint: 'Folders become collections.', dropHere: 'Drop to upload', dropInto: (/** @type {string} */ name) => `Drop to upload to “${name}”`, underWay: 'Files on their way', to: 'to', progress: 'Progress',
    count: (/** @type {number} */ over, /** @type {number} */ all) => `${number(over)} of ${counted(all, 'file')}`, left: (/** @type {number} */ minutes) => `${minutes} min left`,
    storeSaid: (/** @type {number} */ status) => `The store answered ${status}. Try again goes on from where it stopped.`, broke: 'The connection broke. Try again goes on from where it stopped.',
    pause: 'Pause', resume: 'Go on', retryAll: 'Try all failed again', clear: 'Clear the list', remove: 'Remove from the queue', openIt: 'Open it', quarantine: 'Set aside', aside: 'Set aside', kept: 'Kept safe and shown to nobody. Nothing is lost.',
    into: (/** @type {string} */ place) => `Files go to “${place}”.`, otherwise: 'Put them at the top', show: 'Show the collection', needs: (/** @type {number} */ files) => `${counted(files, 'file waits', 'files wait')} for you`, needsHint: (/** @type {string} */ place) => `${place} requires these fields. You fill them in once for all of these files and can change each later.`, here: 'The collection', give: (/** @type {number} */ files) => `Send ${counted(files, 'file')}`, fillFirst: 'Fill in every field first', listed: 'Several with commas between them.',
    states: /** @type {Record<string, string>} */ ({ waiting: 'Waiting', choice: 'Your choice', asks: 'Needs fields', reading: 'Being read', done: 'In the library', same: 'Already here', refused: 'Not taken in', stopped: 'Stopped', paused: 'Paused' }),
  },
  acts: { create: 'Make', saving: 'Saving', nameFirst: 'Give it a name first', restore: 'Restore', share: 'Share', shareLink: 'Make a link', download: 'Download', upload: 'Upload', trash: 'Move to trash', undo: 'Undo', retry: 'Try again', close: 'Close', cancel: 'Cancel', save: 'Save', open: 'Open', help: 'Keys' },
  trouble: {
    title: 'This part did not load', offline: 'No connection. What you see may be old; changes wait until you are back.',
    lost: 'There is nothing at this address', lostHint: 'It may have been moved or deleted.', home: 'Go to the library',
  },
}

/** What keys do where no button has them, for the sheet behind `?`. */
export const KEYS = {
  places: { everywhere: 'Everywhere', review: 'Review', compare: 'Compare', grid: 'Pictures', library: 'Library', picture: 'Picture', change: 'After a change' },
  go: (/** @type {string} */ room) => `Go to ${room}`, sheet: 'Show the keys', single: 'Single keys act', grid: /** @type {Array<[string, string]>} */ ([['← → ↑ ↓', 'Walk'], ['Home End', 'First, last'], ['PageUp PageDown', 'A screen up, down'], ['Enter', 'Open'], ['Space x', 'Select'], ['Shift', 'with any of these: select up to there'], ['Ctrl+A', 'Select all'], ['Escape', 'Clear the selection']]),
}

const locale = document.documentElement.lang
/** What is made when it is first used: the browser takes milliseconds for each of these. @template T @param {() => T} make */
const once = (make) => { /** @type {T | undefined} */ let made; return () => (made ??= make()) }
const whole = once(() => new Intl.NumberFormat(locale))
const tenth = once(() => new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }))
const days = once(() => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' }))
const longDay = once(() => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' }))
const hour = once(() => new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }))
const ago = once(() => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }))

/** `1,284` @param {number} value */
export const number = (value) => whole().format(value)

/** `1 picture`, `1,284 pictures` @param {number} count @param {string} one @param {string} [many] */
export const counted = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`

/** `71.8 MB` @param {number} bytes */
export function size(bytes) {
  const steps = ['B', 'KB', 'MB', 'GB', 'TB']
  let step = 0
  while (bytes >= 1000 && step < steps.length - 1) { bytes /= 1000; step += 1 }
  return `${tenth().format(bytes)} ${steps[step]}`
}

/** `10:42` today, `3 hours ago`-like under a day, else the date. @param {string | null | undefined} stamp */
export function when(stamp) {
  if (!stamp) return ''
  const moment = new Date(stamp), seconds = (Date.now() - moment.getTime()) / 1000
  if (seconds < 60) return 'just now'
  if (seconds < 3600) return ago().format(-Math.round(seconds / 60), 'minute')
  if (seconds < 86400) return ago().format(-Math.round(seconds / 3600), 'hour')
  return days().format(moment)
}

/** `3 Nov 2026` @param {string} stamp */
export const day = (stamp) => days().format(new Date(stamp))

/** The whole moment, for titles. @param {string | null | undefined} stamp */
export const moment = (stamp) => (stamp ? `${day(stamp)}, ${hour().format(new Date(stamp))}` : '')

/** A day as people write it: 24 December 2026. @param {string} stamp */
export const dated = (stamp) => longDay().format(new Date(stamp))
