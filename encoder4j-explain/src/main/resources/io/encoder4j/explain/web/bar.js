// SPDX-License-Identifier: Apache-2.0
// The bar that stays: the text's tokens, one of which is followed, and the layer and head that are shown.
import { h } from "./dom.js";
import { on, set, state, word } from "./state.js";
import { t } from "./text.js";

function stepper(name, count, shown) {
  const output = h("output", {}, shown(state[name]));
  const move = (by) => () => set({ [name]: Math.min(count - 1, Math.max(0, state[name] + by)) });
  on([name], () => {
    output.textContent = shown(state[name]);
  });
  return h("span", { class: "stepper", role: "group", "aria-label": t(name), "data-stepper": name },
    h("button", { type: "button", "aria-label": t("less", { name: t(name) }), onclick: move(-1) }, "‹"), output,
    h("button", { type: "button", "aria-label": t("more", { name: t(name) }), onclick: move(1) }, "›"));
}

/** A radio group of tokens: arrow keys move, as in any radio group. */
function chips() {
  const { tokens } = state.doc;
  const all = tokens.map((token, i) => h("button", { type: "button", role: "radio", class: `chip${token.special ? " special" : ""}${token.sequence === 1 ? " second" : ""}`, "data-token": i, onclick: () => set({ token: i }) }, word(i)));
  const mark = () => all.forEach((chip, i) => {
    chip.setAttribute("aria-checked", String(i === state.token));
    chip.tabIndex = i === state.token ? 0 : -1;
  });
  const list = h("div", { class: "tokens", role: "radiogroup", "aria-label": t("follow") }, all);
  list.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (by) {
      set({ token: (state.token + by + tokens.length) % tokens.length });
      all[state.token].focus();
      event.preventDefault();
    }
  });
  mark();
  on(["token"], () => {
    mark();
    const chip = all[state.token];
    list.scrollTo({ left: chip.offsetLeft - list.offsetLeft - list.clientWidth / 2 + chip.clientWidth / 2 });
  });
  return list;
}

export function buildBar(root) {
  const { model } = state.doc;
  const special = h("input", { type: "checkbox", id: "special", checked: state.hideSpecial, onchange: (event) => set({ hideSpecial: event.target.checked }) });
  root.hidden = false;
  root.replaceChildren(chips(), h("div", { class: "tools" }, h("span", {}, t("follow.hint")),
    model.layers > 0 && stepper("layer", model.layers, (layer) => t("layerOf", { layer, last: model.layers - 1 })),
    model.heads > 1 && stepper("head", model.heads, (head) => t("headOf", { head, last: model.heads - 1 })),
    h("label", { class: "check", for: "special" }, special, t("hideSpecial"))));
}
