// SPDX-License-Identifier: Apache-2.0
// What the page shows now. Panels subscribe to what they depend on.

export const state = {
  doc: undefined, token: 0, key: 0, layer: 0, head: 0, hideSpecial: false, heads: new Set([0]), live: false,
};

const listeners = [];

/** Calls `update` when one of the named values changes. */
export function on(names, update) {
  listeners.push({ names, update });
}

export function forget() {
  listeners.length = 0;
}

export function set(changes) {
  const changed = Object.keys(changes).filter((name) => state[name] !== changes[name]);
  Object.assign(state, changes);
  for (const { names, update } of [...listeners]) {
    if (names.some((name) => changed.includes(name))) {
      update();
    }
  }
}

/** Tokens that views show: all, or those that are not special. */
export function visible() {
  return state.doc.tokens.map((_, i) => i).filter((i) => !state.hideSpecial || !state.doc.tokens[i].special);
}

/** How a token is written. Spaces and markers of subwords stay readable. */
export function word(index) {
  const token = state.doc.tokens[index];
  return token === undefined ? "" : token.text.replace(/^[ĠĠ▁]/u, "·").replace(/\s/gu, "·");
}
