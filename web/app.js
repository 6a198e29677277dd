// @ts-check
// Start: what the first screen shows is asked for while the modules that show it are on their way.
import { ahead } from './lib/http.js'
import { askedAt, firstWindow } from './lib/query.js'
import { route } from './lib/router.js'

/** All that the library imports beside the frame, fetched at once. */
const LIBRARY = 'screens/library parts/grid parts/tile parts/facets parts/search-box parts/selection-bar parts/dialog parts/later lib/windows lib/layout lib/justify lib/placeholder lib/searches lib/selection lib/carrying'

const [room = 'library', token] = route.value.path
if (room !== 's' && !(room === 'sign-in' && token)) ahead('/v1/me')
if (room === 'library') {
  // In this order: a change between the two is told.
  ahead('/v1/search', firstWindow(askedAt(route.value.query)), ahead('/v1/changes'))
  for (const name of LIBRARY.split(' ')) document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href: `${name}.js` }))
}

const [{ html, render }, { App }, { restoreLook }] = await Promise.all([import('./vendor/ui.js'), import('./screens/shell.js'), import('./lib/look.js')])
restoreLook()
const root = document.getElementById('app')
if (root) render(html`<${App} />`, root)
