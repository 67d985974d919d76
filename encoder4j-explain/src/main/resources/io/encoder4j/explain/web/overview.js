// SPDX-License-Identifier: Apache-2.0
// The whole model at a glance: a small square for each layer and head; and each token's way through the layers.
import { Grid, Squares, brief, exact } from "./data.js";
import { css, scale } from "./colour.js";
import { keys, lines } from "./chart.js";
import { h } from "./dom.js";
import { picture } from "./picture.js";
import { on, set, state, visible, word } from "./state.js";
import { t } from "./text.js";

/** All layers × heads. A click goes to the layer and head. */
export function allHeads(attention) {
  const [layers, heads] = attention.shape;
  const squares = new Squares(attention);
  const colours = scale("weight", 1);
  const images = Array.from({ length: layers * heads }, (_, index) => {
    const image = new ImageData(squares.side, squares.side);
    for (let i = 0; i < squares.side * squares.side; i++) {
      colours.paint(image.data, 4 * i, squares.exact ? squares.values[index * squares.side * squares.side + i] : squares.min + squares.step * squares.values[index * squares.side * squares.side + i]);
    }
    const canvas = Object.assign(document.createElement("canvas"), { width: squares.side, height: squares.side });
    canvas.getContext("2d").putImageData(image, 0, 0);
    return canvas;
  });
  const most = (index) => {
    let best = [0, 0, -1];
    for (const query of visible()) {
      for (const key of visible()) {
        const value = squares.value(index, query, key);
        if (value > best[2]) {
          best = [query, key, value];
        }
      }
    }
    return best;
  };
  const made = picture({
    label: t("grid.label"), colours, hint: t("grid.hint"),
    tell(row, col) {
      const [query, key, value] = most(row * heads + col);
      return t("grid.tell", { layer: row, head: col, query: word(query), key: word(key), value: brief(value, 2) });
    },
    layout(width) {
      const gutter = 54;
      const side = Math.min(78, (width - gutter) / heads);
      return { height: 22 + side * layers, side, rows: layers, cols: heads, box: { x: gutter, y: 22, width: side * heads, height: side * layers } };
    },
    draw(context, { side, box }) {
      context.imageSmoothingEnabled = squares.side > side;
      images.forEach((image, index) => {
        const x = box.x + (index % heads) * side;
        const y = box.y + Math.floor(index / heads) * side;
        context.drawImage(image, x + 2, y + 2, side - 4, side - 4);
        const chosen = index === state.layer * heads + state.head;
        context.strokeStyle = css(chosen ? "follow" : "quiet");
        context.globalAlpha = chosen ? 1 : 0.25;
        context.lineWidth = chosen ? 3 : 1;
        context.strokeRect(x + 2, y + 2, side - 4, side - 4);
        context.globalAlpha = 1;
      });
      context.fillStyle = css("quiet");
      context.font = "12px system-ui, sans-serif";
      context.textAlign = "center";
      for (let head = 0; head < heads; head++) {
        context.fillText(String(head), box.x + (head + 0.5) * side, 11);
      }
      context.textAlign = "left";
      for (let layer = 0; layer < layers; layer++) {
        context.fillText(t("layerShort", { layer }), 0, box.y + (layer + 0.5) * side);
      }
    },
    choose: (layer, head) => set({ head, layer, heads: new Set([head]) }),
  });
  on(["layer", "head"], () => made.isConnected && made.redraw());
  return made;
}

function tokenLines(array, label, note) {
  const grid = new Grid(array, state.doc.shown);
  const root = h("div", {});
  const draw = () => {
    const shown = visible().slice(0, 40);
    if (!shown.includes(state.token)) {
      shown.push(state.token);
    }
    const series = shown.map((token) => ({
      name: word(token), colour: token === state.token ? "var(--follow)" : "var(--quiet)", strong: token === state.token,
      values: Float64Array.from({ length: grid.rows }, (_, row) => grid.value(row, token)),
    }));
    series.sort((a, b) => Number(a.strong) - Number(b.strong));
    root.replaceChildren(h("h3", {}, label), lines({ series, label, xLabel: t("layer"), start: note }),
      h("p", { class: "keys" }, h("span", {}, h("span", { class: "dot", style: { background: "var(--follow)" } }), word(state.token)), " ", t("others")));
  };
  draw();
  on(["token", "hideSpecial"], () => root.isConnected && draw());
  return root;
}

/** Lengths of tokens' vectors after each layer, and how far each layer turns them. */
export function journey({ norm, cosine }) {
  return [tokenLines(norm, t("journey.norm"), -1), tokenLines(cosine, t("journey.cosine"), 0)];
}

/** What attention and feed-forward add to the followed token's stream in each layer. */
export function contributions({ stream, attention, feedForward }) {
  const root = h("div", {});
  const draw = () => {
    const series = [["contribution.stream", stream, "var(--quiet)"], ["contribution.attention", attention, "var(--weight)"], ["contribution.feedForward", feedForward, "var(--positive)"]]
      .filter(([, array]) => array).map(([name, array, colour]) => {
        const [rows, cols] = array.shape;
        return { name: t(name), colour, values: Float64Array.from({ length: rows }, (_, row) => exact(array)[row * cols + state.token]) };
      });
    root.replaceChildren(h("h3", {}, t("contribution.title", { word: word(state.token) })), lines({ series, label: t("contribution.title", { word: word(state.token) }), xLabel: t("layer"), from: 0, start: 0 }), keys(series));
  };
  draw();
  on(["token"], () => root.isConnected && draw());
  return root;
}
