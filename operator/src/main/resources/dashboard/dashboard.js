// Asks for the page again every ten seconds while it is looked at, and puts in the parts that have changed: not the one
// that has the focus, nor one with opened values. Without this script the pages work as well; they just stay as they are.
'use strict';

const INTERVAL_MILLIS = 10_000;

async function refresh() {
  if (document.hidden || !document.querySelector('[data-live]')) {
    return;
  }
  const answer = await fetch(location.href, { signal: AbortSignal.timeout(INTERVAL_MILLIS) });
  if (!answer.ok) {
    return;
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const part of document.querySelectorAll('[data-live]')) {
    const next = fresh.getElementById(part.id);
    const busy = part.contains(document.activeElement) || part.querySelector('details[open]');
    if (next && !busy && next.innerHTML !== part.innerHTML) {
      part.innerHTML = next.innerHTML;
    }
  }
}

setInterval(() => refresh().catch(() => {}), INTERVAL_MILLIS);
