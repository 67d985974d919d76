// SPDX-License-Identifier: Apache-2.0
// Lines between tokens: who looks at whom in a layer, the stronger the more opaque. One canvas has all lines and is drawn once;
// a second one above it has the words and, while a word is pointed at, only its lines.
import { Squares, brief } from "./data.js";
import { css } from "./colour.js";
import { announce, h, whenSeen } from "./dom.js";
import { colourOf } from "./panels.js";
import { fitting, keepDrawn, prepare } from "./picture.js";
import { on, set, state, visible, word } from "./state.js";
import { t } from "./text.js";

const MOST = 128;
const FAINTEST = 0.02;
const STEPS = 16;

/** Which pairs of texts are shown: all, within, or from one to the other. */
export const DIRECTIONS = ["all", "aa", "ab", "ba", "bb"];

export function allows(direction, query, key) {
  if (direction === "all") {
    return true;
  }
  const side = (index) => ({ 0: "a", 1: "b" })[state.doc.tokens[index].sequence];
  return side(query) === direction[0] && side(key) === direction[1];
}

export function headView(data) {
  const squares = new Squares(data.attention);
  const root = h("div", {});
  const under = h("canvas", { class: "lines-all", "aria-hidden": "true" });
  const over = h("canvas", { class: "lines-over", tabindex: "0", role: "application", "aria-roledescription": t("picture"), "aria-label": t("lines.label", { layer: state.layer }) });
  const frame = h("div", { class: "lines" }, under, over);
  const readout = h("p", { class: "under readout" }, t("lines.hint"));
  const controls = h("div", {});
  let direction = "all";
  let focus;
  let shape;

  function measure() {
    const shown = visible().slice(0, MOST);
    const width = Math.max(240, Math.min(frame.clientWidth, 860));
    const row = shown.length <= 24 ? 26 : shown.length <= 64 ? 18 : 13;
    const gutter = Math.min(170, width * 0.3);
    return { shown, width, row, gutter, height: shown.length * row + 6, place: new Map(shown.map((token, i) => [token, i])) };
  }

  const middle = (i) => i * shape.row + shape.row / 2 + 3;

  /** Calls `line(from, to, weight, head)` for each line that is not too faint. */
  function each(queries, keys, line) {
    for (const query of queries) {
      for (const key of keys) {
        if (allows(direction, query, key)) {
          for (const head of state.heads) {
            const weight = squares.value(head, query, key);
            if (weight > FAINTEST) {
              line(shape.place.get(query), shape.place.get(key), weight, head);
            }
          }
        }
      }
    }
  }

  function strokes(context, queries, keys) {
    const paths = new Map();
    each(queries, keys, (from, to, weight, head) => {
      const name = head * STEPS + Math.min(STEPS - 1, Math.floor(weight * STEPS));
      const path = paths.get(name) ?? paths.set(name, new Path2D()).get(name);
      const [left, right] = [shape.gutter, shape.width - shape.gutter];
      path.moveTo(left, middle(from));
      path.bezierCurveTo(left + (right - left) / 3, middle(from), right - (right - left) / 3, middle(to), right, middle(to));
    });
    for (const [name, path] of paths) {
      context.strokeStyle = state.heads.size === 1 ? css("violet") : css(`head${Math.floor(name / STEPS) % 6}`);
      context.globalAlpha = ((name % STEPS) + 0.7) / STEPS;
      context.lineWidth = shape.row < 15 ? 1.2 : 2;
      context.stroke(path);
    }
    context.globalAlpha = 1;
  }

  function words(context) {
    const strength = (token) => [...state.heads].reduce((sum, head) => sum + squares.value(head, focus, token), 0) / state.heads.size;
    shape.shown.forEach((token, i) => {
      for (const left of [true, false]) {
        const faint = focus !== undefined && left && token !== focus;
        context.fillStyle = css(token === state.token ? "follow" : faint ? "quiet" : "ink");
        context.globalAlpha = faint ? 0.55 : 1;
        context.font = `${token === state.token || (left && token === focus) ? "600 " : ""}${Math.min(14, shape.row - 1)}px system-ui, sans-serif`;
        context.textAlign = left ? "right" : "left";
        const number = !left && focus !== undefined ? ` ${brief(strength(token), 2)}` : "";
        context.fillText(fitting(context, word(token), shape.gutter - (number ? 62 : 14)), left ? shape.gutter - 8 : shape.width - shape.gutter + 8, middle(i));
        if (number) {
          context.fillStyle = css("quiet");
          context.textAlign = "right";
          context.fillText(number, shape.width - 2, middle(i));
        }
      }
    });
    context.globalAlpha = 1;
  }

  function drawOver() {
    const context = prepare(over, shape.width, shape.height);
    under.style.opacity = focus === undefined ? "1" : "0.07";
    if (focus !== undefined) {
      strokes(context, [focus], shape.shown);
    }
    words(context);
  }

  function draw() {
    if (frame.clientWidth === 0) {
      return;
    }
    shape = measure();
    frame.style.height = `${shape.height}px`;
    for (const canvas of [under, over]) {
      canvas.style.width = `${shape.width}px`;
    }
    over.setAttribute("aria-label", t("lines.label", { layer: state.layer }));
    strokes(prepare(under, shape.width, shape.height), shape.shown, shape.shown);
    focus = shape.place.has(focus) ? focus : undefined;
    drawOver();
  }

  function pointAt(token, spoken) {
    if (token === focus) {
      return;
    }
    focus = token;
    drawOver();
    readout.textContent = focus === undefined ? t("lines.hint") : tell(focus);
    if (spoken) {
      announce(readout.textContent);
    }
  }

  /** The tokens that a token looks at most. */
  function tell(query) {
    const mean = (key) => [...state.heads].reduce((sum, head) => sum + squares.value(head, query, key), 0) / state.heads.size;
    const best = shape.shown.filter((key) => allows(direction, query, key)).map((key) => ({ key, weight: mean(key) })).sort((a, b) => b.weight - a.weight).slice(0, 4);
    return `${word(query)} → ${best.map((one) => `${word(one.key)} ${brief(one.weight, 3)}`).join(", ")}`;
  }

  over.addEventListener("pointermove", (event) => {
    const at = shape && Math.floor((event.clientY - over.getBoundingClientRect().top - 3) / shape.row);
    pointAt(shape?.shown[at], false);
  });
  over.addEventListener("pointerleave", () => shape && pointAt(undefined, false));
  over.addEventListener("click", () => focus !== undefined && set({ token: focus }));
  over.addEventListener("blur", () => shape && pointAt(undefined, false));
  over.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && shape) {
      const at = focus === undefined ? shape.shown.indexOf(state.token) - (by > 0 ? 1 : 0) : shape.place.get(focus);
      pointAt(shape.shown[Math.min(shape.shown.length - 1, Math.max(0, at + by))], true);
      event.preventDefault();
    } else if ((event.key === "Enter" || event.key === " ") && focus !== undefined) {
      set({ token: focus });
      event.preventDefault();
    }
  });

  function buttons() {
    return h("div", { class: "heads", role: "group", "aria-label": t("heads") }, Array.from({ length: squares.count }, (_, head) =>
      h("button", { type: "button", "aria-pressed": String(state.heads.has(head)), "aria-label": t("head", { head }), onclick: () => {
        const next = new Set(state.heads);
        next.has(head) && next.size > 1 ? next.delete(head) : next.add(head);
        set({ heads: next });
      } }, h("span", { class: "dot", style: { background: colourOf(head) } }), String(head))),
      h("button", { type: "button", onclick: () => set({ heads: new Set(Array.from({ length: squares.count }, (_, i) => i)) }) }, t("heads.all")),
      h("button", { type: "button", onclick: () => set({ heads: new Set([state.head]) }) }, t("heads.one", { head: state.head })));
  }

  function pairButtons() {
    return state.doc.tokens.some((token) => token.sequence === 1) && h("div", { class: "heads", role: "group", "aria-label": t("pairs") }, DIRECTIONS.map((one) =>
      h("button", { type: "button", "aria-pressed": String(one === direction), "data-direction": one, onclick: () => {
        direction = one;
        control();
        draw();
      } }, t(`pairs.${one}`))));
  }

  /** The buttons again, with the keyboard where it was. */
  function control() {
    const all = () => [...controls.querySelectorAll("button")];
    const at = all().indexOf(document.activeElement);
    controls.replaceChildren(...[buttons(), pairButtons()].filter(Boolean));
    all()[at]?.focus();
  }

  control();
  root.append(controls, frame, readout, visible().length > MOST ? h("p", { class: "keys" }, t("lines.most", { most: MOST })) : "");
  const redraw = whenSeen(frame, draw);
  keepDrawn(() => frame.isConnected && (redraw(), true));
  on(["heads"], () => root.isConnected && control());
  on(["heads", "hideSpecial", "token"], () => root.isConnected && redraw());
  return root;
}
