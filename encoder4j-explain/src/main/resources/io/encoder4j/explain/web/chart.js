// SPDX-License-Identifier: Apache-2.0
// Small charts in SVG: lines, distributions, points, turning pairs. Each is drawn in the width it has, so that its words keep
// their size on a phone.
import { brief } from "./data.js";
import { h, s, whenSeen } from "./dom.js";
import { keepDrawn } from "./picture.js";

const LEFT = 44;
const BOTTOM = 26;

/** A chart that is drawn when it comes near the screen: `draw(width)` gives its parts. */
function chart(label, height, draw) {
  const root = h("div", { class: "chart", style: { "min-height": `${height}px` } });
  const paint = () => {
    const width = Math.max(220, root.clientWidth);
    const tall = typeof draw.height === "function" ? draw.height(width) : height;
    root.replaceChildren(s("svg", { viewBox: `0 0 ${width} ${tall}`, width, height: tall, role: "img", "aria-label": label }, draw(width)));
  };
  const redraw = whenSeen(root, paint);
  keepDrawn(() => root.isConnected && (redraw(), true));
  return root;
}

function bounds(series) {
  let low = Infinity;
  let high = -Infinity;
  for (const { values } of series) {
    for (const value of values) {
      if (Number.isFinite(value)) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
  }
  return low === high ? [low - 1, high + 1] : low > high ? [0, 1] : [low, high];
}

function axes(width, height, low, high, y) {
  return [low, (low + high) / 2, high].flatMap((value) => [
    s("line", { class: "axis", x1: LEFT, x2: width - 10, y1: y(value), y2: y(value) }),
    s("text", { x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, brief(value, 2))]);
}

/** Lines of values over `start`, `start + 1`, …, with `dense` values for each: `[{name, values, colour, strong}]`. */
export function lines({ series, label, xLabel, height = 190, from, to, start = 0, dense = 1, mark }) {
  const [least, most] = bounds(series);
  const low = from ?? least;
  const high = to ?? most;
  const longest = Math.max(...series.map((one) => one.values.length));
  const y = (value) => 8 + (height - 22 - BOTTOM) * (1 - (value - low) / (high - low));
  return chart(label, height, (width) => {
    const x = (i) => LEFT + 6 + ((width - LEFT - 24) * i) / Math.max(1, longest - 1);
    const parts = axes(width, height, low, high, y);
    const jump = dense * Math.max(1, Math.ceil(longest / dense / Math.max(4, width / 70)));
    for (let i = 0; i < longest; i += jump) {
      parts.push(s("text", { x: x(i), y: height - 22, "text-anchor": "middle" }, String(i / dense + start).replace("-", "−")));
    }
    if (mark !== undefined) {
      parts.push(s("line", { x1: x(mark * dense), x2: x(mark * dense), y1: 6, y2: height - BOTTOM - 12, stroke: "var(--follow)", "stroke-width": 2, "stroke-dasharray": "3 3" }));
    }
    for (const { values, colour, strong, name } of series) {
      const path = Array.from(values, (value, i) => `${i === 0 ? "M" : "L"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`).join("");
      parts.push(s("path", { d: path, fill: "none", stroke: colour, "stroke-width": strong ? 3 : 1.6, "stroke-linejoin": "round", opacity: strong === false ? 0.28 : 1 }, s("title", {}, name)));
    }
    return [parts, xLabel && s("text", { x: width - 10, y: height - 4, "text-anchor": "end" }, xLabel)];
  });
}

/** Which line is which. */
export function keys(series) {
  return h("div", { class: "keys" }, series.filter((one) => one.name).map((one) =>
    h("span", {}, h("span", { class: "dot", style: { background: one.colour } }), one.name)));
}

function histogram(values, low, high, bins) {
  const counts = new Array(bins).fill(0);
  for (const value of values) {
    counts[Math.min(bins - 1, Math.max(0, Math.floor(((value - low) / (high - low)) * bins)))] += 1 / values.length;
  }
  return counts;
}

/** How values are spread: a histogram of each set over the same axis, with its mean as a line. */
export function spread({ sets, label, height = 140 }) {
  const sorted = sets.flatMap((one) => Array.from(one.values)).sort((a, b) => a - b);
  const low = sorted[Math.floor(0.005 * sorted.length)];
  const high = sorted[Math.ceil(0.995 * sorted.length) - 1] + 1e-9;
  const counts = sets.map(({ values }) => histogram(values, low, high, 48));
  const most = Math.max(...counts.flat());
  const floor = height - BOTTOM;
  const made = chart(label, height, (width) => {
    const wide = (width - 20) / 48;
    const x = (value) => 10 + ((width - 20) * (value - low)) / (high - low);
    return [counts.map((bin, at) => {
      const points = bin.map((count, i) => `L${(10 + i * wide).toFixed(1)} ${(floor - ((floor - 6) * count) / most).toFixed(1)}h${wide.toFixed(1)}`);
      const mean = Array.from(sets[at].values).reduce((a, b) => a + b, 0) / sets[at].values.length;
      return [s("path", { d: `M10 ${floor}${points.join("")}V${floor}Z`, fill: sets[at].colour, "fill-opacity": 0.25, stroke: sets[at].colour, "stroke-width": 1.2 }),
        s("line", { x1: x(mean), x2: x(mean), y1: floor, y2: floor + 6, stroke: sets[at].colour, "stroke-width": 2.5 })];
    }), [[low, "start"], [(low + high) / 2, "middle"], [high, "end"]].map(([value, anchor]) => s("text", { x: x(value), y: height - 6, "text-anchor": anchor }, brief(value, 2)))];
  });
  return h("div", {}, made, keys(sets));
}

/** Pairs of values as points: what goes into a function and what comes out. */
export function points({ xs, ys, label, xLabel, yLabel, height = 190 }) {
  const [left, right] = bounds([{ values: xs }]);
  const [low, high] = bounds([{ values: ys }]);
  const y = (value) => 14 + (height - 28 - BOTTOM) * (1 - (value - low) / (high - low));
  return chart(label, height, (width) => {
    const x = (value) => LEFT + ((width - LEFT - 12) * (value - left)) / (right - left);
    const dots = Array.from(xs, (value, i) => `M${x(value).toFixed(1)} ${y(ys[i]).toFixed(1)}h0`).join("");
    return [axes(width, height, low, high, y), left < 0 && right > 0 && s("line", { class: "axis", x1: x(0), x2: x(0), y1: 8, y2: height - BOTTOM - 10 }),
      [left, 0, right].filter((value, i) => i !== 1 || (left < 0 && right > 0)).map((value) => s("text", { x: x(value), y: height - 22, "text-anchor": value === right ? "end" : "middle" }, brief(value, 2))),
      s("path", { d: dots, fill: "none", stroke: "var(--follow)", "stroke-width": 3.4, "stroke-linecap": "round", "stroke-opacity": 0.5 }),
      s("text", { x: width - 10, y: height - 4, "text-anchor": "end" }, xLabel), s("text", { x: LEFT + 4, y: 10, "text-anchor": "start" }, yLabel)].filter(Boolean);
  });
}

/** Pairs of features as hands of clocks: before and after they were turned. */
export function clocks({ pairs, label }) {
  const cell = 78;
  const across = (width) => Math.max(2, Math.min(pairs.length, Math.floor(width / cell)));
  const draw = (width) => pairs.map(({ name, before, after }, i) => {
    const x = (i % across(width)) * cell + cell / 2;
    const y = Math.floor(i / across(width)) * 96 + 40;
    const longest = Math.hypot(...before) || 1;
    const hand = ([a, b], colour, thick) => s("line", { x1: x, y1: y, x2: x + (a / longest) * 31, y2: y - (b / longest) * 31, stroke: colour, "stroke-width": thick, "stroke-linecap": "round" });
    return [s("circle", { class: "axis", cx: x, cy: y, r: 33 }), hand(before, "var(--quiet)", 2), hand(after, "var(--follow)", 3), s("text", { x, y: y + 48, "text-anchor": "middle" }, name)];
  });
  draw.height = (width) => Math.ceil(pairs.length / across(width)) * 96;
  return chart(label, 96, draw);
}
