// @ts-check
// What those who manage the library see: members, roles, keys, connections, naming, sheets, presets and the audit trail, each read when it is looked at.
import { html, useEffect, useState } from '../vendor/ui.js'
import { dressed } from '../lib/look.js'
import { href, route } from '../lib/router.js'
import { may } from '../lib/session.js'
import { T } from '../lib/text.js'
import { Empty, Trouble } from '../parts/basics.js'

const PAGES = /** @type {Record<string, () => Promise<{default: any}>>} */ ({
  members: () => import('./members.js'), roles: () => dressed('roles', import('./roles.js')), keys: () => import('./keys.js'), connections: () => import('./connections.js'), naming: () => dressed('naming', import('./naming.js')), sheets: () => dressed('sheets', import('./sheets.js')), presets: () => dressed('presets', import('./presets.js')), looks: () => import('./looks.js'), audit: () => import('./audit.js'),
})

export default function Manage() {
  const name = route.value.path[1] ?? 'members'
  const [found, setFound] = useState(/** @type {{name: string, Page: any} | null} */ (null))
  const [problem, setProblem] = useState(/** @type {Error | null} */ (null))
  const load = () => { setProblem(null); PAGES[name]?.().then((page) => setFound({ name, Page: page.default }), setProblem) }
  useEffect(() => { document.title = `${T.manage.rooms[name] ?? T.nav.manage} · ${T.app}`; load(); document.querySelector('.top nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' }) }, [name])
  if (!may('manage') || !PAGES[name]) return html`<main class="room whole"><${Empty} level="h1" icon="lock" title=${T.trouble.lost}><p class="dim">${T.manage.may}</p><a class="btn" href=${href(['library'])}>${T.trouble.home}</a><//></main>`
  return html`<header class="top"><h1 class="vh">${T.manage.rooms[name]}</h1><nav class="flow" aria-label=${T.nav.manage}>${Object.entries(T.manage.rooms).map(([page, word]) => html`<a class=${`btn bare ${page === name ? 'on' : ''}`} href=${href(['manage', page])} aria-current=${page === name ? 'page' : undefined}>${word}</a>`)}</nav></header>
    <main class="room"><div class="page">${problem ? html`<${Trouble} problem=${problem} again=${load} />` : found?.name === name && html`<${found.Page} />`}</div></main>`
}
