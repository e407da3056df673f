/* What the pages do by themselves: Chinese labels, copying, jumping from a mark to its card, never sending a half-typed word. */
(() => {
  const chinese = { configurable: true, get: () => 'zh-CN' };
  Object.defineProperty(navigator, 'language', chinese);
  Object.defineProperty(navigator, 'languages', { configurable: true, get: () => ['zh-CN', 'zh'] });
  document.documentElement.lang = 'zh-CN';

  // Enter that ends a pinyin word must not send the question.
  window.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.isComposing || event.keyCode === 229)) event.stopImmediatePropagation();
  }, true);

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Pages opened over plain HTTP from another machine have no clipboard API.
      const box = document.createElement('textarea');
      box.value = text;
      box.style.position = 'fixed';
      box.style.opacity = '0';
      document.body.append(box);
      box.select();
      const done = document.execCommand('copy');
      box.remove();
      return done;
    }
  }

  function reveal(target) {
    for (let at = target; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true;
    const inner = target.querySelector(':scope > details');
    if (inner) inner.open = true;
    target.scrollIntoView({ block: 'start' });
    if (target.hasAttribute('tabindex')) target.focus({ preventScroll: true });
  }

  const named = (hash) => hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));

  document.addEventListener('click', async (event) => {
    const button = event.target.closest?.('[data-copy]');
    if (button) {
      const label = button.textContent;
      button.textContent = (await copy(button.dataset.copy)) ? '已复制' : '复制失败，请手工选取';
      button.setAttribute('aria-live', 'polite');
      setTimeout(() => { button.textContent = label; }, 1600);
      return;
    }
    const link = event.target.closest?.('a[href^="#"]');
    const target = link && named(link.hash);
    if (target) {
      event.preventDefault();
      if (location.hash !== link.hash) location.hash = link.hash; // for :target and the back button
      reveal(target);
    }
  });

  // What Gradio draws after the page has loaded: the place that the address names, and the newest question.
  let jumped = '';
  let questions = 0;
  let ready = false;
  let pinnedUntil = 0; // while an answer comes in, its question stays at the top, unless the reader scrolls
  for (const name of ['wheel', 'touchmove', 'keydown']) window.addEventListener(name, () => { pinnedUntil = 0; }, { passive: true });
  new MutationObserver(() => {
    const place = location.pathname + location.search + location.hash;
    const target = jumped !== place && named(location.hash);
    if (target) {
      jumped = place;
      location.replace(location.href); // the browser looked for :target before there was anything to find
      requestAnimationFrame(() => reveal(target));
    }
    const box = !ready && document.querySelector('#question textarea');
    if (box) {
      ready = true;
      if (matchMedia('(min-width: 821px)').matches) box.focus(); // on a telephone the keyboard would cover the page
    }
    const asked = document.querySelectorAll('#chat .user-row');
    if (asked.length !== questions) {
      questions = asked.length;
      pinnedUntil = Date.now() + 5000;
    }
    const last = asked[questions - 1];
    const log = last?.closest('.bubble-wrap');
    if (log && Date.now() < pinnedUntil) {
      requestAnimationFrame(() => { log.scrollTop += last.getBoundingClientRect().top - log.getBoundingClientRect().top - 8; });
    }
  }).observe(document, { childList: true, subtree: true });
})();
