/* What the pages do by themselves: Chinese labels, copying, jumping from a mark to its card, never sending a half-typed word. */
(() => {
  document.documentElement.lang = 'zh-CN';
  // Gradio chooses its words by the browser's language; this product speaks Chinese to everyone.
  Object.defineProperty(navigator, 'language', { get: () => 'zh-CN' });
  Object.defineProperty(navigator, 'languages', { get: () => ['zh-CN', 'zh'] });
  // On a telephone the question box must stay above the keyboard.
  const viewport = document.querySelector('meta[name=viewport]');
  if (viewport) viewport.content = 'width=device-width, initial-scale=1, interactive-widget=resizes-content';

  // The address of a clause without its page: /?doc=…#任务7
  const address = new URL(location.href);
  if (address.searchParams.has('doc') && !/\/(document|matrix)\/?$/.test(address.pathname)) {
    address.pathname = address.pathname.replace(/\/?$/, '/document');
    location.replace(address);
  }

  // What Gradio says in English whatever the browser's language.
  const words = {
    'Error': '出错了', 'Warning': '注意', 'Info': '提示', 'Clear': '清空', 'chatbot conversation': '对话',
    'Connection to the server was lost. Attempting reconnection...': '与服务器的连接断了，正在重新连接；服务恢复后请重试。',
    'Dependency function failed': '程序出错，请重试。',
  };
  function translate() {
    for (const node of document.querySelectorAll('[aria-label]')) {
      const chinese = words[node.getAttribute('aria-label')];
      if (chinese) node.setAttribute('aria-label', chinese);
    }
    for (const toast of document.querySelectorAll('.toast-wrap')) {
      const texts = document.createTreeWalker(toast, NodeFilter.SHOW_TEXT);
      for (let node = texts.nextNode(); node; node = texts.nextNode()) {
        const text = node.data.trim();
        const chinese = words[text] ?? (/queue is full|currently busy/i.test(text) ? '现在提问的人太多，请过几秒再试。' : null) ?? (/^[\x20-\x7e]{4,}$/.test(text) ? '程序出错，请重试。' : null);
        if (chinese) node.data = chinese;
      }
    }
  }

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

  // A clause of the reader with its source, as the document has it: without what the reader adds.
  function cited(button) {
    const text = button.closest('.clause').querySelector(':scope > p').cloneNode(true);
    text.querySelectorAll('.mended, .held').forEach((each) => each.remove());
    text.querySelectorAll('br').forEach((each) => each.replaceWith('\n'));
    return `${button.dataset.cite}\n${text.textContent.trim()}`;
  }

  // From one highlighted place of the reader to the next.
  let hit = -1;
  function stepTo(by) {
    const hits = [...document.querySelectorAll('#reader .text mark')];
    if (!hits.length) return;
    hits[hit]?.classList.remove('now');
    hit = (Math.max(hit, by > 0 ? -1 : 0) + by + hits.length) % hits.length;
    hits[hit].classList.add('now');
    hits[hit].scrollIntoView({ block: 'center' });
    count(hits);
  }
  function count(hits) {
    const said = document.querySelector('#reader .hit-count');
    if (said) said.textContent = hit < 0 ? `高亮 ${hits.length} 处` : `第 ${hit + 1} 处，共 ${hits.length} 处`;
  }

  // The outline tells which clause one is reading.
  let placing = false;
  function follow() {
    placing = false;
    const clauses = [...document.querySelectorAll('#reader .clause')];
    const here = clauses.filter((each) => each.getBoundingClientRect().top < 140).pop() ?? clauses[0];
    for (const link of document.querySelectorAll('#reader .toc nav a')) {
      if (here && decodeURIComponent(link.hash.slice(1)) === here.id) link.setAttribute('aria-current', 'location');
      else link.removeAttribute('aria-current');
    }
    const current = document.querySelector('#reader .toc nav [aria-current]');
    const aside = current?.closest('aside');
    if (aside && aside.scrollHeight > aside.clientHeight) {
      const at = current.getBoundingClientRect(), frame = aside.getBoundingClientRect();
      if (at.top < frame.top || at.bottom > frame.bottom) aside.scrollTop += at.top - frame.top - frame.height / 3;
    }
  }
  addEventListener('scroll', () => {
    if (placing || !document.querySelector('#reader .toc')) return;
    placing = true;
    requestAnimationFrame(follow);
  }, { passive: true });

  const named = (hash) => hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));

  document.addEventListener('click', async (event) => {
    const fold = event.target.closest?.('#filters-toggle');
    if (fold) fold.setAttribute('aria-expanded', String(document.querySelector('.foldable').classList.toggle('shown')));
    const step = event.target.closest?.('[data-hit]');
    if (step) return stepTo(Number(step.dataset.hit));
    const button = event.target.closest?.('[data-copy], [data-link], [data-cite]');
    if (button) {
      const label = button.textContent;
      const text = button.dataset.copy ?? (button.dataset.cite ? cited(button) : new URL(button.dataset.link, location.href).href);
      button.textContent = (await copy(text)) ? '已复制' : '复制失败，请手工选取';
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
    translate();
    const place = location.pathname + location.search + location.hash;
    const target = jumped !== place && named(location.hash);
    if (target) {
      jumped = place;
      location.replace(location.href); // the browser looked for :target before there was anything to find
      requestAnimationFrame(() => reveal(target));
    }
    const outline = document.querySelector('#reader .toc:not([data-shown])');
    if (outline) {
      outline.dataset.shown = '';
      outline.open = matchMedia('(min-width: 821px)').matches; // folded on a telephone
      count(document.querySelectorAll('#reader .text mark'));
      follow();
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
      requestAnimationFrame(() => {
        // on a telephone the page scrolls, not the conversation
        if (getComputedStyle(log).overflowY === 'visible') last.scrollIntoView({ block: 'start' });
        else log.scrollTop += last.getBoundingClientRect().top - log.getBoundingClientRect().top - 8;
      });
    }
  }).observe(document, { childList: true, subtree: true });
})();
