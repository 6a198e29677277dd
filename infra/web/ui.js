// Everything the web app takes from other people's code, in one module: `web/vendor/ui.js` after set-up.
export { html } from 'htm/preact'
export { Fragment, createContext, render } from 'preact'
export { useCallback, useContext, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
export { batch, computed, effect, signal, untracked, useComputed, useSignal, useSignalEffect } from '@preact/signals'
export { thumbHashToDataURL, thumbHashToApproximateAspectRatio } from 'thumbhash'
