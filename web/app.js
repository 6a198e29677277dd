// @ts-check
// Start: the theme, who is signed in, and the screen that the address names.
import { html, render } from './vendor/ui.js'
import { App } from './screens/shell.js'
import { restoreLook } from './lib/look.js'

restoreLook()
const root = document.getElementById('app')
if (root) render(html`<${App} />`, root)
