// SPDX-License-Identifier: Apache-2.0
// One cell of attention, step by step: two vectors, products, sum, ÷ √d, exp, ÷ sum.
import { Grid, brief, digits, exact } from "./data.js";
import { scale } from "./colour.js";
import { h } from "./dom.js";
import { state, word } from "./state.js";
import { t } from "./text.js";

/** The cell that is chosen: as the explanation tells it, or from its exact rows of Q, K and scores. */
export function chosenCell(steps) {
  const scores = steps.find((step) => step.role === "scores");
  const told = scores?.extra?.cell;
  if (told && told.query === state.token && told.key === state.key) {
    return { ...told, q: exact(told.q), k: exact(told.k), products: exact(told.products) };
  }
  return scores && fromRows(steps, scores);
}

function fromRows(steps, scores) {
  const split = steps.find((step) => step.role === "splitHeads");
  const source = (symbol) => steps.find((step) => step.id === scores.inputs?.find((one) => one.symbol.startsWith(symbol))?.step);
  const [queries, keys] = [source("Q"), source("K")];
  if (!queries?.values || !keys?.values || !scores.values || !split?.extra?.columns) {
    return undefined;
  }
  const all = [new Grid(queries.values, []), new Grid(keys.values, []), new Grid(scores.values, [])];
  if (!all[0].isExact(state.token) || !all[1].isExact(state.key) || !all[2].isExact(state.token)) {
    return undefined;
  }
  const [from, to] = split.extra.columns;
  const keyFrom = (split.extra.keyColumns ?? split.extra.columns)[0];
  const q = all[0].row(state.token).slice(from, to);
  const k = all[1].row(state.key).slice(keyFrom, keyFrom + to - from);
  const products = q.map((value, i) => value * k[i]);
  const row = Array.from(all[2].row(state.token));
  const seen = row.filter(Number.isFinite);
  const dot = products.reduce((a, b) => a + b, 0);
  const max = Math.max(...seen);
  const sum = seen.reduce((total, one) => total + Math.exp(one - max), 0);
  const score = row[state.key];
  const exp = Math.exp(score - max);
  return { query: state.token, key: state.key, q, k, products, dot, scale: scores.extra.scale, bias: score - dot * scores.extra.scale, score, max, exp, sum, probability: exp / sum };
}

/** Query, key and their products side by side, a column for each feature. */
function table(cell, names) {
  const row = (label, values) => {
    const colours = scale("signed", Math.max(...Array.from(values, Math.abs)) || 1);
    return h("tr", {}, h("th", { scope: "row" }, label), Array.from(values, (value) => h("td", { title: digits(value), style: { background: colours.css(value), color: colours.ink(value) } }, value.toFixed(2).replace("-", "−"))));
  };
  const head = h("tr", {}, h("th", {}, t("feature")), Array.from(cell.q, (_, i) => h("td", {}, String(i))));
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("cell.products") }, h("table", { class: "cells" }, h("thead", {}, head),
    h("tbody", {}, row(t("cell.q", names), cell.q), row(t("cell.k", names), cell.k), row(t("cell.products"), cell.products))));
}

/** The arithmetic of a cell as a panel. */
export function arithmetic(cell) {
  const names = { query: word(cell.query), key: word(cell.key) };
  const root = brief(1 / (cell.scale * cell.scale), 6);
  const hidden = !Number.isFinite(cell.score);
  const steps = [
    h("li", {}, t("cell.sum"), " ", brief(cell.products[0]), ` + (${brief(cell.products[1])}) + … = `, h("b", { "data-cell": "dot" }, digits(cell.dot))),
    h("li", {}, t("cell.scale", { root }), " ", brief(cell.dot, 5), " × ", brief(cell.scale, 5),
      Math.abs(cell.bias ?? 0) > 1e-6 ? ` + ${brief(cell.bias, 5)} ${t("cell.bias")}` : "", " = ", h("b", { "data-cell": "score" }, digits(cell.score))),
    h("li", {}, t("cell.exp"), " exp(", brief(cell.score, 5), " − ", brief(cell.max, 5), ") = ", h("b", { "data-cell": "exp" }, digits(cell.exp))),
    h("li", {}, t("cell.share", { word: names.query }), " ", brief(cell.exp, 5), " ÷ ", brief(cell.sum, 6), " = ",
      h("b", { "data-cell": "probability" }, digits(cell.probability)), ` (${(100 * cell.probability).toFixed(1)} %)`),
  ];
  return h("div", { class: "arithmetic", "data-cell": `${cell.query},${cell.key}` },
    h("h4", {}, t("cell.title", names)), hidden ? h("p", {}, t("cell.hidden")) : [table(cell, names), h("ol", {}, steps)]);
}
