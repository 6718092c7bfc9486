// The page's only script: filters assertions and findings, keeps the filter in the address, and opens the target of a permalink.
// The page contains it unchanged; tsconfig.json beside it checks its types.
(() => {
  'use strict';
  const form = document.querySelector('form');
  if (!form) return;
  const fields = /** @type {(HTMLInputElement | HTMLSelectElement)[]} */ ([...form.querySelectorAll('input, select')]);
  const count = form.querySelector('output');
  const main = document.querySelector('main');
  /** @type {(selector: string) => HTMLElement[]} */
  const all = (selector) => [...document.querySelectorAll(selector)].filter((one) => one instanceof HTMLElement);
  const cards = all('.card');
  const findings = all('.finding');
  const rows = all('.row');
  const ofKinds = all('.standing, .state, .bundle');
  /** @type {WeakMap<HTMLElement, string>} */
  const texts = new WeakMap();

  /** @param {HTMLElement} element */
  const textOf = (element) => {
    const known = texts.get(element);
    if (known !== undefined) return known;
    const text = `${element.id} ${element.textContent}`.toLowerCase();
    texts.set(element, text);
    return text;
  };

  const asked = () => Object.fromEntries(fields.map(({ name, value }) => [name, value.trim()]));

  /** @type {(element: HTMLElement, asked: Record<string, string>) => boolean} */
  const matches = (element, { text = '', row = '' }) =>
    (row === '' || element.dataset.row === row) &&
    text
      .toLowerCase()
      .split(/\s+/)
      .every((word) => textOf(element).includes(word));

  /** @type {(states: string, standing: string) => boolean} */
  const stands = (states, standing) =>
    standing === '' || (standing === 'open' ? states !== 'passed' : states.split(' ').includes(standing));

  /** @type {(element: HTMLElement, there: boolean) => boolean} */
  const show = (element, there) => {
    element.hidden = !there;
    return there;
  };

  const apply = () => {
    const by = asked();
    const { standing = '', boundary = '', kind = '' } = by;
    const shownCards = cards.filter((card) => {
      const blocks = [...card.querySelectorAll('.evidence')].filter((one) => one instanceof HTMLElement);
      const left = blocks.filter((one) =>
        show(one, (kind === '' || one.dataset.kind === kind) && stands(one.dataset.standing ?? '', standing)),
      );
      return show(
        card,
        left.length > 0 && (boundary === '' || card.dataset.boundary === boundary) && matches(card, by),
      );
    });
    const ofKind = (/** @type {HTMLElement} */ { dataset }) => kind === '' || !dataset.kind || dataset.kind === kind;
    const shownFindings = findings.filter((one) => show(one, ofKind(one) && matches(one, by)));
    for (const one of ofKinds) show(one, ofKind(one));
    const narrow = Object.values(by).some((value) => value !== '');
    for (const one of rows) show(one, !narrow || one.querySelector('.card:not([hidden])') !== null);
    if (count) {
      count.value = `${shownCards.length} of ${cards.length} assertions, ${shownFindings.length} of ${findings.length} findings`;
    }
  };

  /** Keeps the filter in the address; where the page may not change that (a sandboxed frame), the filter still works. */
  const keep = () => {
    const query = new URLSearchParams(Object.entries(asked()).filter(([, value]) => value !== ''));
    const text = query.toString();
    try {
      history.replaceState(null, '', `${location.pathname}${text === '' ? '' : `?${text}`}${location.hash}`);
    } catch {}
  };

  const take = () => {
    const query = new URLSearchParams(location.search);
    for (const field of fields) field.value = query.get(field.name) ?? '';
  };

  const clear = () => {
    for (const field of fields) field.value = '';
    keep();
    apply();
  };

  /** The target of the address, also where a mail program has escaped it. */
  const named = () => {
    const fragment = location.hash.slice(1);
    try {
      return document.getElementById(decodeURIComponent(fragment));
    } catch {
      return document.getElementById(fragment);
    }
  };

  /** Opens the target of the address and everything around it; a filter that hides it is cleared. */
  const reveal = () => {
    const target = named();
    if (!target || !main?.contains(target)) return;
    if (target.closest('[hidden]')) clear();
    target.querySelector(':scope > details')?.setAttribute('open', '');
    for (let at = target.closest('details'); at; at = at.parentElement?.closest('details') ?? null) at.open = true;
    target.scrollIntoView();
    const focus = target.querySelector(':scope > details > summary');
    if (focus instanceof HTMLElement) focus.focus({ preventScroll: true });
  };

  form.addEventListener('input', () => {
    keep();
    apply();
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', (event) => {
    event.preventDefault();
    clear();
  });
  addEventListener('hashchange', reveal);
  // A permalink that is followed twice does not change the hash.
  document.addEventListener('click', ({ target }) => {
    const link = target instanceof Element ? target.closest('a[href^="#"]') : null;
    // The browser goes there first, and takes the focus away.
    if (link && link.getAttribute('href') === location.hash) setTimeout(reveal);
  });
  form.hidden = false;
  take();
  apply();
  addEventListener('load', reveal);
})();
