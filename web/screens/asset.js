// @ts-check
import { html } from '../vendor/ui.js'
export default () => html`<main class="room"></main>`
