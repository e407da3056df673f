/* Conversations stay in this browser: every finished turn is kept here, can be opened again, saved as a file, and deleted. */
(() => {
  const PREFIX = 'policy-talk:';
  const OPEN = 'policy-talk-open'; // which one this tab shows; a tab of its own starts a conversation of its own
  const MOST = 50;

  function read(id) {
    try {
      const talk = JSON.parse(localStorage.getItem(PREFIX + id));
      return talk && Array.isArray(talk.turns) ? { ...talk, turns: talk.turns.filter(Boolean) } : null;
    } catch {
      return null;
    }
  }
  const ids = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
  const all = () => ids().map((id) => ({ id, talk: read(id) })).filter((each) => each.talk?.turns.length)
    .sort((a, b) => b.talk.on - a.talk.on);
  const forget = (id) => {
    localStorage.removeItem(PREFIX + id);
    if (sessionStorage.getItem(OPEN) === id) sessionStorage.removeItem(OPEN);
  };

  function write(id, talk) {
    for (;;) {
      try {
        localStorage.setItem(PREFIX + id, JSON.stringify(talk));
        return true;
      } catch { // full: the oldest gives way
        const oldest = all().reverse().find((each) => each.id !== id);
        if (!oldest) return false;
        forget(oldest.id);
      }
    }
  }

  function keep(node) {
    const place = Number(node.dataset.place);
    let id = sessionStorage.getItem(OPEN);
    if (!id || (place > 0 && !read(id))) {
      id = `${Date.now()}-${Math.random().toString(36).slice(2, 8)}`;
      sessionStorage.setItem(OPEN, id);
    }
    const talk = read(id) ?? { turns: [] };
    const turns = talk.turns.slice(0, place);
    turns[place] = JSON.parse(node.dataset.turn);
    write(id, { on: Date.now(), turns });
    for (const old of all().slice(MOST)) forget(old.id);
  }

  // Gradio asks for the conversation to open when the hidden button is pressed.
  window.keptTalk = () => JSON.stringify(read(sessionStorage.getItem(OPEN))?.turns ?? []);
  function reopen(id) {
    const talk = read(id);
    if (!talk) return;
    write(id, talk); // without gaps: the numbers of its turns are those that the page will show
    sessionStorage.setItem(OPEN, id);
    document.getElementById('reopen')?.click();
  }

  async function save(id, ending, said) {
    try {
      const answer = await fetch(`/export/talk.${ending}`, { method: 'POST', body: JSON.stringify(read(id).turns) });
      if (!answer.ok) throw new Error(await answer.text());
      const link = document.createElement('a');
      link.href = URL.createObjectURL(await answer.blob());
      link.download = `政策问答记录.${ending}`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
      said.textContent = '已导出。';
    } catch (error) {
      said.textContent = error instanceof TypeError ? '连不上服务器，没有导出；请稍后再试。' : error.message;
    }
  }

  function element(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  }
  function button(text, label, act) {
    const node = element('button', { type: 'button', class: 'copy', 'aria-label': label }, text);
    node.addEventListener('click', act);
    return node;
  }
  const when = (time) => new Date(time).toLocaleString('zh-CN', { dateStyle: 'medium', timeStyle: 'short' });

  function list(dialog) {
    const said = element('p', { role: 'status', class: 'empty' });
    const rows = all().map(({ id, talk }) => {
      const title = talk.turns[0].question;
      const open = element('button', { type: 'button', class: 'ask-chip talk-title' }, title);
      open.addEventListener('click', () => { dialog.close(); reopen(id); });
      return element('li', {}, open, element('small', {}, `${when(talk.on)}，${talk.turns.length} 问`),
        element('span', { class: 'talk-acts' },
          button('Word', `导出 Word：${title}`, () => save(id, 'docx', said)),
          button('Markdown', `导出 Markdown：${title}`, () => save(id, 'md', said)),
          button('删除', `删除：${title}`, () => {
            const shown = sessionStorage.getItem(OPEN) === id;
            forget(id);
            list(dialog);
            if (shown) document.getElementById('clear')?.click();
          })));
    });
    const foot = element('p', { class: 'talk-foot' }, button('关闭', '关闭', () => dialog.close()));
    if (rows.length) {
      foot.prepend(button('全部删除', '删除全部对话', () => {
        if (!confirm('删除这个浏览器里保存的全部对话？删除后不能恢复。')) return;
        all().forEach((each) => forget(each.id));
        list(dialog);
        document.getElementById('clear')?.click();
      }));
    }
    dialog.replaceChildren(
      element('h2', { id: 'talks-title' }, '历史对话'),
      element('p', { class: 'empty' }, rows.length ? '对话只保存在这个浏览器里，最近的在前。' : '这个浏览器里还没有保存的对话；得到答案后自动保存。'),
      element('ul', { class: 'talk-list' }, ...rows), said, foot);
    if (dialog.open) foot.lastChild.focus();
  }

  document.addEventListener('click', (event) => {
    if (event.target.closest?.('#clear')) sessionStorage.removeItem(OPEN);
    if (!event.target.closest?.('#talks-open')) return;
    let dialog = document.getElementById('talks-dialog');
    if (!dialog) {
      dialog = element('dialog', { id: 'talks-dialog', 'aria-labelledby': 'talks-title' });
      (document.querySelector('.gradio-container') ?? document.body).append(dialog);
    }
    list(dialog);
    dialog.showModal();
  });

  // The conversation of this tab comes back after a reload, once Gradio listens to the button.
  let tries = 8;
  function restore() {
    if (tries-- <= 0 || document.querySelector('#chat .user-row') || !sessionStorage.getItem(OPEN)) return;
    if (document.querySelector('#question textarea')?.value) return; // somebody is typing already
    document.getElementById('reopen')?.click();
    setTimeout(restore, 400);
  }
  let seen = false;
  new MutationObserver(() => {
    const turn = document.querySelector('#copies [data-turn]:not([data-kept])');
    if (turn) {
      turn.dataset.kept = '';
      keep(turn);
    }
    if (!seen && document.getElementById('reopen')) {
      seen = true;
      if (read(sessionStorage.getItem(OPEN))) setTimeout(restore, 50);
    }
  }).observe(document, { childList: true, subtree: true });
})();
