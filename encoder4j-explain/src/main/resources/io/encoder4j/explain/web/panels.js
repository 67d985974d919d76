// SPDX-License-Identifier: Apache-2.0
// The picture of a step, by its role. A role without a picture of its own shows its values.
import { Grid, brief, digits, exact } from "./data.js";
import { arithmetic, chosenCell } from "./cell.js";
import { clocks, keys, lines, spread } from "./chart.js";
import { h } from "./dom.js";
import { scale } from "./colour.js";
import { matrix } from "./matrix.js";
import { state, visible, word } from "./state.js";
import { strip } from "./strip.js";
import { addition, heads, lengths, weighting } from "./sums.js";
import { activation } from "./units.js";
import { stepText, t } from "./text.js";

const COLOURS = ["var(--head0)", "var(--head1)", "var(--head2)", "var(--head3)", "var(--head4)", "var(--head5)"];
export const colourOf = (i) => COLOURS[i % COLOURS.length];

const grid = (step) => new Grid(step.values, state.doc.shown);
const plain = (step, options = {}) => step.values && strip(grid(step), { label: step.label, ...options });

function tokens() {
  const rows = state.doc.tokens.map((token, i) => h("tr", i === state.token ? { style: { color: "var(--follow)", "font-weight": "600" } } : {},
    h("td", {}, String(i)), h("td", { style: { "white-space": "pre", "text-align": "left" } }, word(i)), h("td", {}, String(token.id)), h("td", {}, String(token.segment)),
    h("td", { style: { "text-align": "left" } }, token.special ? t("special") : `${token.start}–${token.end}`)));
  const head = ["position", "token", "id", "segment", "characters"].map((name, i) => h("th", i === 1 || i === 4 ? { style: { "text-align": "left" } } : {}, t(`column.${name}`)));
  const table = h("div", { class: "scroll" }, h("table", {}, h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows)));
  return rows.length <= 16 ? table : h("details", {}, h("summary", {}, t("allTokens", { count: rows.length })), table);
}

/** The paper's table beside the one that the model learned, where it has one. */
function beside(step, steps) {
  const learned = steps.find((one) => one.role === "learnedPosition" && one.values);
  if (learned) {
    learned.label = stepText(learned, "title");
  }
  return learned ? h("div", { class: "pairs" }, h("div", {}, h("h4", {}, stepText(learned, "title")), plain(learned)), h("div", {}, h("h4", {}, stepText(step, "title")), plain(step))) : plain(step);
}

/** Points of a curve for each position. */
const DENSE = 8;

/** The paper's sine curves. */
function sinusoid(step, steps) {
  const table = grid(step);
  const longest = Math.max(table.rows, 48);
  const width = table.cols;
  const features = width >= 128 ? [0, 8, 24, 56] : [0, 1, 2, 3];
  const series = features.map((pair, i) => ({
    name: t("feature") + ` ${2 * pair}`, colour: colourOf(i),
    values: Float64Array.from({ length: longest * DENSE }, (_, i) => Math.sin(i / DENSE / Math.pow(10000, (2 * pair) / width))),
  }));
  return [lines({ series, label: t("sine.label"), xLabel: t("column.position"), from: -1, to: 1, dense: DENSE, mark: state.token < longest ? state.token : undefined }), keys(series), h("p", { class: "why" }, t(step.extra?.used ? "sine.used" : "sine.compare")), beside(step, steps)];
}

function rotaryTable(step) {
  const extra = step.extra;
  const cos = new Grid(extra.cos, state.doc.shown);
  const pairs = [0, 1, 2, 4, 8, 16, 24, 31].filter((one) => one < extra.pairs);
  const series = pairs.slice(0, 5).map((pair, i) => ({
    name: t("pair", { pair }), colour: colourOf(i), values: cos.order.map((row) => cos.value(row, pair)),
  }));
  return [lines({ series, label: t("rotary.label"), xLabel: t("column.position"), from: -1, to: 1 }), keys(series)];
}

/** Some pairs of the followed token's query or key before and after they were turned. */
function rotated(step, steps) {
  const before = steps.find((one) => one.id === step.inputs?.[0]?.step);
  const table = steps.concat(state.doc.walk).find((one) => one.role === "rotaryTable");
  const split = steps.find((one) => one.role === "splitHeads");
  const after = grid(step);
  if (!before?.values || !table || !after.isExact(state.token)) {
    return plain(step);
  }
  const was = new Grid(before.values, state.doc.shown);
  const from = split?.extra?.columns?.[0] ?? 0;
  const { pairs, interleaved } = table.extra;
  const places = Array.from({ length: pairs }, (_, pair) => (interleaved ? [2 * pair, 2 * pair + 1] : [pair, pair + pairs]));
  const shown = places.filter((_, pair) => pair % Math.max(1, Math.floor(pairs / 16)) === 0).slice(0, 16);
  const at = (matrixOf, [a, b]) => [matrixOf.value(state.token, from + a), matrixOf.value(state.token, from + b)];
  return [h("p", { class: "why" }, t("rotary.turn", { word: word(state.token) })),
    clocks({ label: t("rotary.label"), pairs: shown.map((place) => ({ name: `${place[0]}, ${place[1]}`, before: at(was, place), after: at(after, place) })) }), plain(step)];
}

/** What is added to scores at each distance, a line for each head. */
function byDistance(step) {
  const { reach, bias } = step.extra;
  const values = new Grid(bias, []);
  const near = Math.min(reach, 64);
  const series = Array.from({ length: values.rows }, (_, head) => ({
    name: t("head", { head }), colour: head === state.head ? "var(--follow)" : colourOf(head), strong: head === state.head,
    values: Float64Array.from({ length: 2 * near + 1 }, (_, i) => values.value(head, reach - near + i)),
  }));
  return [lines({ series, label: step.label, xLabel: t("distance"), start: -near }), h("p", { class: "keys" }, t("distance.label", { head: state.head }))];
}

function scores(step, steps) {
  const cell = chosenCell(steps);
  return [square(step, "signed"), cell ? arithmetic(cell) : h("p", { class: "why" }, t("cell.missing"))];
}

/** A matrix over tokens, of scores or of weights. */
function square(step, kind) {
  const values = grid(step);
  const shown = visible();
  const queries = shown.filter((one) => values.place.has(one) || values.isExact(one)).slice(0, 128);
  return matrix({ label: step.label, kind, reach: kind === "weight" ? 1 : values.reach, value: (q, k) => values.value(q, k), sure: (q) => values.isExact(q), queries, keys: shown.slice(0, 512) });
}

function residual(step, steps) {
  return [step.extra?.norms?.stream && lengths(step.extra.norms), addition(step, steps), plain(step)];
}

/** Which tokens go into the pooled vector, and with which share. */
function pooling(step) {
  const [kind, second] = step.extra?.reductions ?? [];
  const count = step.extra?.tokens ?? state.doc.tokens.length;
  const share = second ? undefined : { mean: () => 1 / count, first: (i) => Number(i === 0), cls: (i) => Number(i === 0), last: (i) => Number(i === count - 1) }[String(kind).toLowerCase()];
  const colours = scale("weight", 1);
  const some = state.doc.tokens.slice(0, count).slice(0, 40);
  return [share && h("p", { class: "words" }, some.map((_, i) => [h("span", { style: { background: colours.css(share(i)), color: colours.ink(share(i)) } },
    word(i), " ", h("small", { style: { color: "inherit" } }, brief(share(i), 2))), " "]), some.length < count && `… ${t("allTokens", { count })}`), vector(step)];
}

/** Mean and variance of the followed token's features before and after, and how they are spread. */
function norm(step, steps) {
  const moments = step.extra?.moments ?? {};
  const i = state.token;
  const cell = (name) => h("td", { "data-moment": name }, moments[name] ? digits(exact(moments[name])[i]) : "–");
  const head = h("thead", {}, h("tr", {}, h("th", {}, word(i)), h("th", {}, t("before")), h("th", {}, t("after"))));
  const mean = moments.beforeMean && h("tr", {}, h("td", {}, t("mean")), cell("beforeMean"), cell("afterMean"));
  const variance = moments.beforeVariance && h("tr", {}, h("td", {}, t("variance")), cell("beforeVariance"), cell("afterVariance"));
  const squares = moments.beforeSquare && h("tr", {}, h("td", {}, t("meanSquare")), cell("beforeSquare"), cell("afterSquare"));
  const before = steps.find((one) => one.id === step.inputs?.[0]?.step);
  const after = step.values && grid(step);
  const sets = [];
  if (before?.values) {
    const was = new Grid(before.values, state.doc.shown);
    if (was.isExact(i)) {
      sets.push({ name: t("before"), colour: "var(--quiet)", values: was.row(i) });
    }
  }
  if (after?.isExact(i)) {
    sets.push({ name: t("after"), colour: "var(--follow)", values: after.row(i) });
  }
  return [h("table", {}, head, h("tbody", {}, mean, variance, squares)), sets.length > 0 && spread({ sets, label: t("spread", { word: word(i) }) }), plain(step)];
}

function vector(step) {
  const { length } = step.extra ?? {};
  const values = grid(step);
  return [plain(step), length !== undefined && h("p", { class: "keys" }, t("length", { length: digits(length), count: values.cols }))];
}

function logits(step) {
  return plain(step, { feature: t("label") });
}

const split = (step, steps) => step.extra?.columns && [heads(step, steps), h("p", { class: "why" }, t("split", { head: state.head, from: step.extra.columns[0], to: step.extra.columns[1] - 1 }))];

const withHead = (step, steps) => {
  const columns = steps.find((one) => one.role === "splitHeads")?.extra;
  return plain(step, { columns: step.role === "query" || step.role === "concat" ? columns?.columns : columns?.keyColumns ?? columns?.columns });
};

const PICTURES = {
  tokens, sinusoid, rotaryTable, rotateQuery: rotated, rotateKey: rotated, distanceTable: byDistance, linearTable: byDistance, splitHeads: split,
  query: withHead, key: withHead, value: withHead, concat: withHead, scores, softmax: (step) => square(step, "weight"), residual, norm,
  embeddingNorm: norm, finalNorm: norm, embeddingSum: (step, steps) => [addition(step, steps), plain(step)],
  weighted: (step, steps) => [weighting(step, steps), plain(step)], activation: (step, steps) => activation(step, steps, plain(step, { feature: t("unit") })), up: (step) => plain(step, { feature: t("unit") }), gate: (step) => plain(step, { feature: t("unit") }),
  gating: (step) => plain(step, { feature: t("unit") }), pooling, normalize: vector, module: vector, vector, logits,
};

/** The picture of a step among the steps of its document. */
export function pictureOf(step, steps) {
  return (PICTURES[step.role] ?? plain)(step, steps);
}

/** What a panel depends on besides its document. */
export function dependsOn(role) {
  if (role === "softmax") {
    return ["token", "key", "hideSpecial"];
  }
  return role === "scores" ? ["token", "key", "hideSpecial"] : ["token"];
}

