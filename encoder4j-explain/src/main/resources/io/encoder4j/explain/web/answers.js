// SPDX-License-Identifier: Apache-2.0
// What the model makes of the text: predictions at every layer, scores and what they depend on, and two texts side by side.
import { Grid, brief, digits, exact } from "./data.js";
import { scale } from "./colour.js";
import { h } from "./dom.js";
import { matrix } from "./matrix.js";
import { on, state, word } from "./state.js";
import { t } from "./text.js";

/** What would stand in a masked place, were the model to end after each layer. */
export function predictions({ masked }) {
  return masked.map(({ token, layers }) => {
    const rows = layers.map((best, layer) => h("tr", {}, h("td", {}, layer === 0 ? t("embeddings") : t("layerShort", { layer: layer - 1 })),
      best.map((one) => h("td", { style: { "text-align": "left", background: scale("weight", 1).css(one.probability), color: scale("weight", 1).ink(one.probability), "padding-left": "0.4rem" } },
        one.text, " ", h("small", {}, `${(100 * one.probability).toFixed(1)} %`)))));
    return h("div", {}, h("h3", {}, t("predictions.at", { word: word(token), token })), h("div", { class: "scroll" }, h("table", { class: "predictions" }, h("tbody", {}, rows))));
  });
}

/** A button for each token: mask it and read the predictions. Only where the page can ask the server. */
export function maskChooser(ask) {
  return h("div", { class: "heads", role: "group", "aria-label": t("mask.choose") }, state.doc.tokens.map((token, i) => !token.special &&
    h("button", { type: "button", "aria-pressed": String(state.doc.request.mask === i), onclick: () => ask(i) }, word(i))));
}

/** The scores of a head. */
export function head({ kind, perToken, labels, logits, scores, function: name }) {
  const values = new Grid(scores ?? logits, state.doc.shown);
  const raw = new Grid(logits, state.doc.shown);
  const rows = [];
  const names = Array.from({ length: values.cols }, (_, i) => labels[i] ?? String(i));
  const root = h("div", {});
  const draw = () => {
    const row = perToken ? state.token : 0;
    const best = names.map((label, i) => ({ label, logit: raw.value(row, i), score: values.value(row, i) })).sort((a, b) => b.score - a.score).slice(0, 20);
    rows.length = 0;
    rows.push(...best.map((one) => h("tr", {}, h("td", {}, one.label), h("td", { "data-score": one.label }, digits(one.score)), h("td", {}, digits(one.logit)))));
    root.replaceChildren(h("p", { class: "why" }, t(perToken ? "head.token" : "head.text", { kind, word: word(state.token) })),
      h("table", {}, h("thead", {}, h("tr", {}, h("th", {}, t("label")), h("th", {}, name && name !== "none" ? name : t("score")), h("th", {}, t("logit")))), h("tbody", {}, rows)));
  };
  draw();
  on(["token"], () => root.isConnected && draw());
  return root;
}

/** How the score changes when a token is masked: the text with its tokens coloured. */
export function masking({ by, label, score, changes }) {
  const values = exact(changes);
  const reach = Math.max(1e-6, ...values.map(Math.abs));
  const colours = scale("signed", reach);
  const name = state.doc.head?.labels?.[label] ?? String(label);
  return h("div", {}, h("p", { class: "why" }, t(`masking.${by === "removal" ? "removal" : "mask"}`, { label: name, score: brief(score, 4) })),
    h("p", { class: "words" }, state.doc.tokens.map((token, i) => !token.special && h("span", { style: { background: colours.css(values[i]), color: colours.ink(values[i]) }, title: digits(values[i]), "data-change": i },
      word(i), " ", h("small", { style: { color: "inherit" } }, brief(values[i], 2))))));
}

/** Which tokens of one text meet which of the other. */
export function similarity({ kind, value, left, right, map, best }) {
  const values = new Grid(map, []);
  const names = (index, column) => (column ? right[index] : left[index]);
  return h("div", {}, h("p", { class: "why" }, t(kind === "maxsim" ? "similarity.maxsim" : "similarity.cosine", { value: digits(value) })),
    matrix({ label: t("similarity.label"), kind: "signed", reach: kind === "maxsim" ? values.reach : 1, value: (q, k) => values.value(q, k), sure: () => values.all,
      queries: left.map((_, i) => i), keys: right.map((_, i) => i), names, choose: false }),
    best && h("p", { class: "keys" }, best.map((to, from) => h("span", {}, `${left[from]} → ${right[to] ?? "–"} ${brief(values.value(from, to), 2)}`))));
}
