// SPDX-License-Identifier: Apache-2.0
// The tutorial's two proofs: by hand, by our layer, by torch.
import { Grid, brief, digits } from "./data.js";
import { h } from "./dom.js";
import { formula, shapes } from "./math.js";
import { strip } from "./strip.js";
import { stepText, t } from "./text.js";

function values(kind, array) {
  if (!array) {
    return undefined;
  }
  const flat = { ...array, shape: [array.shape.slice(0, -1).reduce((a, b) => a * b, 1), array.shape.at(-1)] };
  const grid = new Grid(flat, []);
  const rows = Array.from({ length: grid.rows }, (_, row) => h("tr", {}, h("td", {}, row === 0 ? t(`proof.${kind}`) : ""), Array.from(grid.row(row), (value) => h("td", { title: digits(value) }, value.toFixed(4).replace("-", "−")))));
  return grid.cols <= 8 ? rows : [h("tr", {}, h("td", {}, t(`proof.${kind}`)), h("td", { colspan: "8" }, strip(grid, { label: t(`proof.${kind}`), rowName: String })))];
}

function step(one) {
  const { difference, tolerance, ok } = one.check ?? {};
  return h("article", { class: "step", "data-proof": one.name }, h("header", {}, h("h3", {}, stepText(one, "title")), h("span", { class: "module" }, one.name)),
    h("p", { class: "why" }, stepText(one, "why")), h("p", { class: "formula" }, formula(one.formula)), one.shapes?.length > 0 && shapes(one.shapes),
    h("div", { class: "scroll" }, h("table", {}, h("tbody", {}, values("byHand", one.byHand), values("ours", one.ours), values("torch", one.torch)))),
    one.check && h("p", { class: `checked ${ok ? "ok" : "no"}` }, t(ok ? "check.ok" : "check.no", { difference: brief(difference, 2), tolerance: brief(tolerance, 2), values: "" })));
}

/** Builds the page of the proofs, and gives its parts for the table of contents. */
export function buildTutorial(root, doc) {
  root.replaceChildren(...doc.proofs.map((proof, at) => h("section", { class: "part", id: `proof-${proof.name}` },
    h("h2", {}, h("span", { class: "number" }, String(at + 1)), t(`proof.${proof.name}`, { shape: proof.shape.join(" × ") })), h("p", { class: "intro" }, t(`proof.${proof.name}.intro`)),
    proof.steps.map(step),
    h("ul", {}, (proof.checks ?? []).map((one) => h("li", { class: `checked ${one.ok ? "ok" : "no"}` }, t("proof.between", { between: one.between, difference: brief(one.difference, 2), tolerance: brief(one.tolerance, 2) })))))));
  return doc.proofs.map((proof, at) => ({ id: `proof-${proof.name}`, number: String(at + 1), title: t(`proof.${proof.name}`, { shape: proof.shape.join(" × ") }) }));
}
