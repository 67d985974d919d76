// SPDX-License-Identifier: Apache-2.0
// The views after the walk: the whole model, and what it makes of the text.
import { head, maskChooser, masking, predictions, similarity } from "./answers.js";
import { Squares } from "./data.js";
import { h } from "./dom.js";
import { headView } from "./headview.js";
import { matrix } from "./matrix.js";
import { allHeads, contributions, journey } from "./overview.js";
import { on, state, visible } from "./state.js";
import { t } from "./text.js";

/** All heads of the layer as matrices, one chosen. */
function headMatrix(heads) {
  const squares = new Squares(heads.attention);
  const root = h("div", {});
  const draw = () => {
    const shown = visible();
    root.replaceChildren(matrix({ label: t("matrix.label", { layer: state.layer, head: state.head }), kind: "weight", reach: 1, value: (q, k) => squares.value(state.head, q, k), sure: () => squares.exact, queries: shown, keys: shown }));
  };
  draw();
  on(["head", "hideSpecial", "token", "key"], () => root.isConnected && draw());
  return root;
}

/** A view: `{id, title, body}`, or nothing where the explanation has no data for it. */
function views(ask) {
  const { overview, heads, similarity: pair, predictions: guesses, head: scored, masking: masked, model } = state.doc;
  const canMask = state.live && model.maskToken;
  return [
    heads && { id: "lines", body: () => headView(heads) },
    heads && { id: "matrix", body: () => headMatrix(heads) },
    overview?.attention && { id: "grid", body: () => allHeads(overview.attention) },
    overview?.journey && { id: "journey", body: () => journey(overview.journey) },
    overview?.contributions && { id: "contributions", body: () => contributions(overview.contributions) },
    (guesses?.masked?.length > 0 || canMask) && { id: "predictions", body: () => [canMask && maskChooser(ask.mask), guesses?.masked?.length > 0 && predictions(guesses)] },
    scored && { id: "scores", body: () => head(scored) },
    (masked || (scored && state.live)) && { id: "masking", body: () => (masked ? masking(masked) : h("button", { type: "button", onclick: ask.masking }, t("masking.ask"))) },
    pair && { id: "similarity", body: () => similarity(pair) },
  ].filter(Boolean);
}

/** Builds the views, and gives their parts for the table of contents. */
export function buildViews(root, ask) {
  const all = views(ask);
  root.replaceChildren(...all.map(({ id, body }) => h("section", { class: "part", id: `view-${id}`, "aria-labelledby": `view-${id}-title` },
    h("h2", { id: `view-${id}-title` }, t(`view.${id}`)), h("p", { class: "intro" }, t(`view.${id}.intro`)), h("div", { class: "step", "data-view": id }, body()))));
  return all.map(({ id }) => ({ id: `view-${id}`, title: t(`view.${id}`) }));
}
