// SPDX-License-Identifier: Apache-2.0
// Steps that add rows of the followed token: the inputs above each other, the sum below. All numbers are the trace's.
import { Grid, brief, exact } from "./data.js";
import { h } from "./dom.js";
import { set, state, word } from "./state.js";
import { stack } from "./stack.js";
import { t } from "./text.js";

const MOST = 8;

const source = (steps, input) => steps.find((one) => one.id === input.step);

/** The followed token's row of a step; nothing where the page has only a picture of it. */
function rowOf(step) {
  const values = step?.values && new Grid(step.values, state.doc.shown);
  const row = values?.rows === 1 ? 0 : state.token;
  return values?.isExact(row) ? values.row(row) : undefined;
}

/** `a + b = c` for the followed token. */
export function addition(step, steps) {
  const inputs = (step.inputs ?? []).map((input) => ({ input, from: source(steps, input) }));
  const rows = inputs.map(({ input, from }, i) => ({ sign: i === 0 ? "" : "+", name: from?.label ?? input.symbol, values: rowOf(from) }));
  const result = rowOf(step);
  if (rows.length === 0 || !result || rows.some((row) => !row.values || row.values.length !== result.length)) {
    return undefined;
  }
  return stack({ label: t("sum.label", { word: word(state.token) }), rows: [...rows, { sign: "=", name: step.label, values: result, result: true, strong: true }] });
}

/** The followed token's query, key and value cut into heads; a click goes to a head. */
export function heads(step, steps) {
  const [from, to] = step.extra?.columns ?? [];
  const size = to - from;
  const rows = (step.inputs ?? []).map((input) => ({ input, values: rowOf(source(steps, input)) })).filter((row) => row.values)
    .map(({ input, values }) => ({ name: `${input.symbol} · ${word(state.token)}`, values }));
  const same = rows.filter((row) => row.values.length === rows[0].values.length);
  return same.length > 0 && size > 0 && stack({ label: step.label, rows: same, gaps: size, chosen: state.head, hint: t("split.hint"),
    choose: (_, col) => set({ head: Math.floor(col / size), heads: new Set([Math.floor(col / size)]) }) });
}

/** Weight times value, for the tokens that the followed one looks at most, and their sum. */
export function weighting(step, steps) {
  const softmax = steps.find((one) => one.role === "softmax");
  const values = source(steps, step.inputs?.find((input) => input !== step.inputs[0]) ?? {});
  const split = steps.find((one) => one.role === "splitHeads");
  const weights = rowOf(softmax);
  const result = rowOf(step);
  if (!weights || !values?.values || !result) {
    return undefined;
  }
  const grid = new Grid(values.values, state.doc.shown);
  const columns = grid.cols === result.length ? [0, result.length] : split?.extra?.valueColumns ?? split?.extra?.keyColumns ?? split?.extra?.columns ?? [0, grid.cols];
  const order = Array.from(weights, (weight, token) => ({ weight, token })).filter((one) => grid.place.has(one.token) || grid.isExact(one.token))
    .sort((a, b) => b.weight - a.weight);
  const strongest = order.slice(0, MOST);
  const rows = strongest.map(({ weight, token }, i) => ({
    sign: i === 0 ? "" : "+", name: `${weight.toFixed(3)} · ${word(token)}`, share: weight, sure: grid.isExact(token),
    values: grid.row(token).slice(columns[0], columns[1]).map((value) => weight * value),
  }));
  const others = order.slice(MOST).reduce((sum, one) => sum + one.weight, 0);
  return [stack({ label: t("weighted.label", { word: word(state.token) }), rows: [...rows, { sign: "=", name: t("weighted.sum", { word: word(state.token) }), values: result, result: true, strong: true }] }),
    others > 0 && h("p", { class: "keys" }, t("weighted.others", { count: order.length - MOST, share: (100 * others).toFixed(1) }))];
}

/** How long the stream is and what is added to it. */
export function lengths({ stream, added }) {
  const i = state.token;
  return h("p", { class: "why" }, t("residual.norms", { word: word(i), stream: brief(exact(stream)[i]), added: brief(exact(added)[i]) }));
}
