// SPDX-License-Identifier: Apache-2.0
// The walk: the steps of the forward pass, in the order of the computation, each a panel.
import { brief } from "./data.js";
import { h, keepingFocus } from "./dom.js";
import { formula, shapes } from "./math.js";
import { dependsOn, pictureOf } from "./panels.js";
import { on, set, state } from "./state.js";
import { stepText, t } from "./text.js";

const NUMBERS = { embedding: "1", position: "2", attention: "3", addNorm1: "4", feedForward: "5", addNorm2: "5" };

function check(step) {
  const { difference, tolerance, ok, values } = step.check ?? {};
  return step.check && h("p", { class: `checked ${ok ? "ok" : "no"}` },
    t(ok ? "check.ok" : "check.no", { difference: brief(difference, 2), tolerance: brief(tolerance, 2), values: values ?? "" }));
}

function panel(step, steps) {
  step.label = stepText(step, "title");
  const body = h("div", { class: "body" });
  const draw = () => body.replaceChildren(...[pictureOf(step, steps)].flat(Infinity).filter(Boolean));
  draw();
  on(dependsOn(step.role), () => body.isConnected && keepingFocus(draw));
  return h("article", { class: "step", "data-role": step.role, "data-step": step.id, "data-layer": step.layer },
    h("header", {}, h("h3", {}, step.label), step.name && h("span", { class: "module" }, step.name)),
    h("p", { class: "why" }, stepText(step, "why")), step.formula && h("p", { class: "formula" }, formula(step.formula)),
    step.shapes?.length > 0 && shapes(step.shapes), body, check(step));
}

/** A button to the next layer, at the end of a layer. */
function nextLayer() {
  const { layers } = state.doc.model;
  const more = state.layer + 1 < layers;
  return h("p", { class: "why" }, t(more ? "next.more" : "next.last", { layer: state.layer, layers, last: layers - 1 }), " ",
    more && h("button", { type: "button", onclick: () => {
      set({ layer: state.layer + 1 });
      document.getElementById("part-attention")?.scrollIntoView();
    } }, t("next.go", { layer: state.layer + 1 })));
}

/** Consecutive steps of a section. */
function sections(steps) {
  const all = [];
  for (const step of steps) {
    const last = all.at(-1);
    if (last?.name === step.section) {
      last.steps.push(step);
    } else {
      all.push({ name: step.section, steps: [step], again: all.some((one) => one.name === step.section) });
    }
  }
  return all;
}

/** Builds the walk, and gives its parts for the table of contents: `[{id, title}]`. */
export function buildWalk(root, steps) {
  const parts = [];
  root.replaceChildren(...sections(steps).map((section, at) => {
    const id = section.again ? `part-${section.name}-${at}` : `part-${section.name}`;
    const title = section.again ? t("section.again", { title: t(`section.${section.name}`) }) : t(`section.${section.name}`);
    const number = NUMBERS[section.name];
    parts.push({ id, title, number });
    return h("section", { class: "part", id, "aria-labelledby": `${id}-title` },
      h("h2", { id: `${id}-title` }, number && h("span", { class: "number" }, number), title), !section.again && h("p", { class: "intro" }, t(`intro.${section.name}`)),
      section.steps.map((step) => panel(step, steps)), section.name === "next" && state.doc.model.layers > 1 && nextLayer());
  }));
  return parts;
}
