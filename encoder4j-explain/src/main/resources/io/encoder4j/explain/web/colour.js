// SPDX-License-Identifier: Apache-2.0
// Colours of values: blue below zero, orange above, paper at zero; violet for weights from 0 to 1.

const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

function rgb(variable) {
  const element = document.body;
  const before = element.style.outlineColor;
  element.style.outlineColor = `var(${variable})`;
  const resolved = getComputedStyle(element).outlineColor;
  element.style.outlineColor = before;
  probe.fillStyle = resolved;
  probe.fillRect(0, 0, 1, 1);
  return [...probe.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

let palette;

/** Reads the theme's colours; call it when the theme changes. */
export function readColours() {
  const card = rgb("--card");
  const ramp = (variable) => {
    const end = rgb(variable);
    return Uint8ClampedArray.from({ length: 256 * 3 }, (_, i) => {
      const share = Math.pow(Math.floor(i / 3) / 255, 0.7);
      return card[i % 3] + (end[i % 3] - card[i % 3]) * share;
    });
  };
  palette = { negative: ramp("--negative"), positive: ramp("--positive"), weight: ramp("--weight"), ink: rgb("--ink"), quiet: rgb("--quiet"), follow: rgb("--follow"), paper: card, violet: rgb("--weight"), ...Object.fromEntries([0, 1, 2, 3, 4, 5].map((i) => [`head${i}`, rgb(`--head${i}`)])) };
}

/** A scale: which colour a value has. `signed` is symmetric about zero; `weight` goes from 0 to `reach`. */
export function scale(kind, reach) {
  return {
    kind,
    reach,
    /** Colours of a table of values, packed as an image has them. */
    packed(values) {
      const one = new Uint8ClampedArray(4);
      const word = new Uint32Array(one.buffer);
      return Uint32Array.from(values, (value) => {
        this.paint(one, 0, value);
        return word[0];
      });
    },
    paint(data, at, value) {
      const share = Math.min(255, Math.round((255 * Math.abs(value)) / reach)) || 0;
      const ramp = kind === "weight" ? palette.weight : value < 0 ? palette.negative : palette.positive;
      data[at] = ramp[3 * share];
      data[at + 1] = ramp[3 * share + 1];
      data[at + 2] = ramp[3 * share + 2];
      data[at + 3] = 255;
    },
    css(value) {
      const one = [0, 0, 0, 0];
      this.paint(one, 0, value);
      return `rgb(${one[0]} ${one[1]} ${one[2]})`;
    },
    /** Black or white, whatever is read better on the value's colour. */
    ink(value) {
      const one = [0, 0, 0, 0];
      this.paint(one, 0, value);
      return 0.299 * one[0] + 0.587 * one[1] + 0.114 * one[2] > 140 ? "#15171b" : "#ffffff";
    },
  };
}

export function css(name) {
  return `rgb(${palette[name].join(" ")})`;
}
