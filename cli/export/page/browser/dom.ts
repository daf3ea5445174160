/** What the page touches, found once. Everything said goes through here as text, never as markup. */

/** The element of this id. Throws TypeError where the markup has none: the two are made together. */
export const byId = <T extends HTMLElement>(id: string, type: new () => T): T => {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new TypeError(`the page has no ${type.name} "${id}"`);
  return element;
};

/**
 * Text of a pack comes from anybody: what turns text around, or moves it, is taken out, as on a terminal. That it is no
 * markup is seen to by `textContent`.
 */
export const inert = (text: string): string =>
  text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').replaceAll(/[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g, '');

export const say = (element: HTMLElement, text: string): void => {
  element.textContent = inert(text);
};

export const made = (name: string, text: string): HTMLElement => {
  const element = document.createElement(name);
  say(element, text);
  return element;
};
