/** Elements by their names, and changes to them only where something has changed. Text is only ever set as text. */

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`#${id} is missing`);
  return found;
}

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string>} [attributes]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

/**
 * What is selected, or read aloud, stays so while it is the same.
 * @param {Element} at
 * @param {string} text
 */
export function write(at, text) {
  if (at.textContent !== text) at.textContent = text;
}

/**
 * @param {Element} at
 * @param {string} name
 * @param {string | null} value
 */
export function mark(at, name, value) {
  if (at.getAttribute(name) === value) return;
  if (value === null) at.removeAttribute(name);
  else at.setAttribute(name, value);
}

/**
 * Children by key: those that stay are the same elements, in the order of the keys.
 * @template T
 * @param {Element} parent
 * @param {readonly T[]} items
 * @param {(item: T) => string} keyOf
 * @param {(item: T) => { node: Element, update: (item: T) => void }} make
 */
export function keyed(parent, items, keyOf, make) {
  const known = PARTS.get(parent) ?? new Map();
  /** @type {Map<string, { node: Element, update: (item: T) => void }>} */
  const now = new Map();
  for (const item of items) {
    const key = keyOf(item);
    const part = known.get(key) ?? make(item);
    part.update(item);
    now.set(key, part);
  }
  PARTS.set(parent, now);
  const nodes = [...now.values()].map(({ node }) => node);
  if (nodes.length !== parent.children.length || nodes.some((node, i) => parent.children[i] !== node))
    parent.replaceChildren(...nodes);
}

/** @type {WeakMap<Element, Map<string, any>>} */
const PARTS = new WeakMap();
