// SPDX-License-Identifier: Apache-2.0
// A picture of cells on a canvas with hover, keyboard and a line that tells the value. Hovering moves one frame over the
// canvas and never draws the canvas again.
import { announce, h, whenSeen } from "./dom.js";
import { brief } from "./data.js";
import { css, scale } from "./colour.js";
import { t } from "./text.js";

const redraws = new Set();
/** The cell that was last read in a picture of a name: a picture that is built anew goes on there. */
const lastRead = new Map();

/** Draws everything that was drawn, after the theme or the width changed. */
export function redrawAll() {
  for (const redraw of [...redraws]) {
    if (redraw() === false) {
      redraws.delete(redraw);
    }
  }
}

/** `redraw` is called when the theme or the width changed; it gives false when its picture is gone. */
export function keepDrawn(redraw) {
  redraws.add(redraw);
}

export function forgetPictures() {
  redraws.clear();
}

/** Makes a canvas as sharp as the screen, and gives its context in CSS pixels. */
export function prepare(canvas, width, height) {
  const dense = Math.min(3, window.devicePixelRatio || 1);
  canvas.width = Math.round(width * dense);
  canvas.height = Math.round(height * dense);
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  context.setTransform(dense, 0, 0, dense, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = "13px system-ui, sans-serif";
  context.textBaseline = "middle";
  return context;
}

/** A bar of a scale's colours with its ends. */
export function legend(colours, title) {
  const canvas = h("canvas", { width: "90", height: "1", "aria-hidden": "true" });
  const low = colours.kind === "weight" ? 0 : -colours.reach;
  const paint = () => {
    const context = canvas.getContext("2d");
    const image = context.createImageData(90, 1);
    for (let i = 0; i < 90; i++) {
      colours.paint(image.data, 4 * i, low + ((colours.reach - low) * i) / 89);
    }
    context.putImageData(image, 0, 0);
  };
  redraws.add(() => canvas.isConnected && (paint(), true));
  paint();
  return h("span", { class: "legend", title }, brief(low, 2), canvas, brief(colours.reach, 2));
}

/** Cells of which there are more than points on the screen, averaged along that side only. */
function narrowed(image, { width, height }) {
  const dense = Math.min(3, window.devicePixelRatio || 1);
  const [cols, rows] = [Math.min(image.width, Math.ceil(width * dense)), Math.min(image.height, Math.ceil(height * dense))];
  if (cols === image.width && rows === image.height) {
    return image;
  }
  const small = Object.assign(document.createElement("canvas"), { width: cols, height: rows });
  const context = small.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, cols, rows);
  return small;
}

/** Cells scaled without smoothing: `value(row, col)` in the order they stand. */
export function drawCells(context, box, rows, cols, colours, value) {
  const image = new ImageData(cols, rows);
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) {
      colours.paint(image.data, 4 * (row * cols + col), value(row, col));
    }
  }
  drawImage(context, box, image);
}

/** An image of cells in a box. */
export function drawImage(context, box, image) {
  const small = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
  small.getContext("2d").putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(narrowed(small, box), box.x, box.y, box.width, box.height);
}

/**
 * A picture. `layout(width)` gives `{height, box: {x, y, width, height}, rows, cols}`; `draw(context, layout, width)` draws;
 * `tell(row, col)` gives the value in words; `choose(row, col)` is called for a click or Enter.
 */
export function picture({ label, layout, draw, tell, choose, colours, hint }) {
  const canvas = h("canvas", { tabindex: "0", role: "application", "aria-roledescription": t("picture"), "aria-label": label });
  const cursor = h("div", { class: "cursor" });
  const readout = h("span", { class: "readout" }, hint ?? "");
  const frame = h("div", { class: "picture" }, canvas, cursor);
  const root = h("div", {}, frame, h("div", { class: "under" }, readout, colours && legend(colours, label)));
  let shape;
  let at;

  function paint() {
    const width = frame.clientWidth;
    if (width === 0) {
      return;
    }
    shape = layout(width);
    draw(prepare(canvas, width, shape.height), shape, width);
    Object.assign(cursor.style, { visibility: "hidden", width: `${Math.max(5, shape.box.width / shape.cols + 4)}px`, height: `${Math.max(5, shape.box.height / shape.rows + 4)}px` });
  }

  function show(row, col, spoken) {
    at = [row, col];
    lastRead.set(label, at);
    const { box, rows, cols } = shape;
    const wide = box.width / cols;
    const high = box.height / rows;
    cursor.style.transform = `translate(${box.x + col * wide - 2}px, ${box.y + row * high - 2}px)`;
    cursor.style.visibility = "visible";
    readout.textContent = tell(row, col);
    if (spoken) {
      announce(readout.textContent);
    }
  }

  /** Whether there is something to read: a key may come before the picture was drawn. */
  function ready() {
    shape ?? paint();
    return shape !== undefined;
  }

  const inside = ([row, col]) => [Math.min(row, shape.rows - 1), Math.min(col, shape.cols - 1)];

  function cell(event) {
    const bounds = canvas.getBoundingClientRect();
    const col = Math.floor(((event.clientX - bounds.left - shape.box.x) / shape.box.width) * shape.cols);
    const row = Math.floor(((event.clientY - bounds.top - shape.box.y) / shape.box.height) * shape.rows);
    return row < 0 || col < 0 || row >= shape.rows || col >= shape.cols ? undefined : [row, col];
  }

  canvas.addEventListener("pointermove", (event) => {
    const found = shape && cell(event);
    if (found) {
      show(...found, false);
    }
  });
  canvas.addEventListener("pointerleave", () => {
    if (document.activeElement !== canvas) {
      cursor.style.visibility = "hidden";
    }
  });
  canvas.addEventListener("click", (event) => {
    const found = shape && cell(event);
    if (found) {
      show(...found, false);
      choose?.(...found);
    }
  });
  const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  canvas.addEventListener("keydown", (event) => {
    if (!ready()) {
      return;
    }
    const move = moves[event.key];
    if (move) {
      const far = event.shiftKey ? 10 : 1;
      const [row, col] = at ?? [0, -move[1]];
      show(Math.min(shape.rows - 1, Math.max(0, row + far * move[0])), Math.min(shape.cols - 1, Math.max(0, col + far * move[1])), true);
      event.preventDefault();
    } else if ((event.key === "Enter" || event.key === " ") && at) {
      choose?.(...at);
      event.preventDefault();
    }
  });
  canvas.addEventListener("focus", () => ready() && show(...inside(at ?? lastRead.get(label) ?? [0, 0]), true));
  canvas.addEventListener("blur", () => {
    cursor.style.visibility = "hidden";
  });
  // Until it is drawn it takes the room that it will take.
  canvas.style.height = `${layout(760).height}px`;
  const redraw = whenSeen(frame, paint);
  redraws.add(() => frame.isConnected && (redraw(), true));
  root.redraw = redraw;
  return root;
}

/** Colours of a matrix's values. */
export const signed = (grid) => scale("signed", grid.reach);

/** The words at the left of rows; the followed one stands out. */
export function rowWords(context, words, followed, box, gutter) {
  const high = box.height / words.length;
  words.forEach((one, row) => {
    if (high < 11 && row !== followed) {
      return;
    }
    context.fillStyle = css(row === followed ? "follow" : "quiet");
    context.font = `${row === followed ? "600 " : ""}${Math.min(13, Math.max(11, high - 2))}px system-ui, sans-serif`;
    context.textAlign = "right";
    context.fillText(fitting(context, one, gutter - 8), gutter - 8, box.y + (row + 0.5) * high);
  });
}

export function fitting(context, text, width) {
  let short = text;
  while (short.length > 1 && context.measureText(short).width > width) {
    short = short.slice(0, -2) + "…";
  }
  return short;
}
