// @ts-check
// The dialog that downloads what is selected: one file at once, many as a ZIP whose making one may watch or leave.
import { html, useEffect, useState } from '../vendor/ui.js'
import { one as saveOne, readWays, W, zip } from '../lib/leaving.js'
import { T } from '../lib/text.js'
import { Dialog } from './dialog.js'
import { One } from './form.js'
import { Work } from './job.js'

/** @param {{chosen: import('../lib/work.js').Chosen, first: () => Promise<string>, close: () => void}} given */
export default function Downloading({ chosen, first, close }) {
  const [ways, setWays] = useState(/** @type {Awaited<ReturnType<typeof readWays>>} */ ([])), [way, setWay] = useState('usual')
  const [why, setWhy] = useState(''), [isBusy, setBusy] = useState(false), [job, setJob] = useState('')
  useEffect(() => { readWays().then(setWays) }, [])
  const isOne = chosen.many === 1, title = W.title(W.these(chosen.many)), now = ways.find((each) => each.value === way)
  const act = async () => {
    if (!now) return
    setBusy(true)
    setWhy('')
    try {
      if (isOne) { await saveOne(await first(), now.wish); close() } else setJob(await zip(chosen, now.wish))
    } catch (refused) { setWhy(/** @type {Error} */ (refused).message) } finally { setBusy(false) }
  }
  if (job) return html`<${Dialog} key="job" title=${title} close=${close} safe=${T.acts.close}><${Work} id=${job} main /><a class="link mid" href="#/work">${W.under}</a><//>`
  return html`<${Dialog} key="form" title=${title} close=${close} act=${{ word: isOne ? W.act : W.zip, do: act, busy: isBusy && W.busy, why: now ? undefined : T.library.loading }}>${why && html`<p class="hint bad" role="alert">${why}</p>`}
    <${One} id="d-as" label=${W.as} all=${ways} value=${way} set=${setWay} hint=${now?.hint} /><p class="dim mid">${isOne ? W.oneHint : W.zipHint}</p><//>`
}
