/**
 * Making elements. Text is set as text and nothing else: what stands on the record was written by anybody.
 *
 * @typedef {string | Node | null | undefined | false} Content
 */

/**
 * @param {string} tag with classes, such as `span.pill.good`
 * @param {{ [attribute: string]: string | boolean | null | undefined }} attributes false, null and undefined leave one out
 * @param {...(Content | Content[])} contents
 * @returns {HTMLElement}
 */
export const element = (tag, attributes = {}, ...contents) => {
  const [name, ...classes] = tag.split('.');
  const made = document.createElement(name);
  made.classList.add(...classes);
  for (const [attribute, value] of Object.entries(attributes))
    if (value !== false && value !== null && value !== undefined)
      made.setAttribute(attribute, value === true ? '' : value);
  for (const content of contents.flat())
    if (content) made.append(typeof content === 'string' ? plain(content) : content);
  return made;
};

/** What turns the text after it around, or cannot be seen, is left out; line breaks stay. */
const plain = (text) =>
  text.replaceAll(/[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g, '').replaceAll(/(?!\n)\p{Cc}+/gu, ' ');

export const byId = (id) => document.getElementById(id);

/**
 * Shows a list. An element is kept as long as its item says the same: so that nothing flickers, loses its focus, or
 * is read out twice.
 *
 * @param {HTMLElement} list
 * @param {object[]} items
 * @param {(item: object) => string} keyOf
 * @param {(item: object) => HTMLElement} make
 */
export const showList = (list, items, keyOf, make) => {
  const known = new Map([...list.children].map((child) => [child.dataset.key, child]));
  const wanted = items.map((item) => {
    const [key, says] = [keyOf(item), JSON.stringify(item)];
    const old = known.get(key);
    if (old !== undefined && said.get(old) === says) return old;
    const fresh = make(item);
    fresh.dataset.key = key;
    said.set(fresh, says);
    return fresh;
  });
  if (wanted.length !== list.children.length || wanted.some((one, index) => list.children[index] !== one))
    list.replaceChildren(...wanted);
};

/** What an element was made of. */
const said = new WeakMap();
