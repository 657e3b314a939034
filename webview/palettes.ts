import { type Colour, contrast, parseColour } from './colour';
import { type ThemeKind, theme } from './theme';

/** How numbers become colours: `diverging` is symmetric about 0, `sequential` rises from the low end to the high one. */
export type Scheme = 'diverging' | 'sequential';

/**
 * Stops from low to high. Lightness moves away from the background with the magnitude, so that the pictures are read right
 * without hue too; blue against orange and the blue-green-yellow ramp stay apart for every common colour blindness.
 */
const stops: Readonly<Record<Scheme, Readonly<Record<ThemeKind, readonly string[]>>>> = {
  diverging: {
    dark: ['#a8d4ff', '#3d86cf', '#262a30', '#c06a1f', '#ffcf8f'],
    light: ['#08366e', '#4f8fce', '#f4f4f2', '#dd8a45', '#7d3100'],
    highContrast: ['#b8dcff', '#3f8fe0', '#000000', '#d0741f', '#ffd9a3'],
    highContrastLight: ['#052a57', '#3f7fc0', '#ffffff', '#cf7630', '#662600'],
  },
  sequential: {
    dark: ['#24282d', '#1f4a5e', '#23827f', '#7cc07a', '#f5eda6'],
    light: ['#f7f7f2', '#c5e2bd', '#6bb5a3', '#2b7893', '#14355b'],
    highContrast: ['#000000', '#1a4f66', '#1f8c87', '#86cf82', '#fff7b3'],
    highContrastLight: ['#ffffff', '#bcdcb4', '#5aa896', '#1f6a87', '#0a2748'],
  },
};

export const paletteSize = 256;
const made = new Map<string, Uint32Array>();

/** `paletteSize` colours from low to high, each packed as ImageData keeps a pixel on a little-endian machine. */
export function palette(scheme: Scheme, kind: ThemeKind = theme().kind): Uint32Array {
  const key = `${scheme} ${kind}`;
  let table = made.get(key);
  if (table === undefined) {
    const anchors = stops[scheme][kind].map((text) => toOklab(parseColour(text) ?? [0, 0, 0, 1]));
    table = Uint32Array.from({ length: paletteSize }, (_, i) => pack(between(anchors, i / (paletteSize - 1))));
    made.set(key, table);
  }
  return table;
}

const named = new Map<string, readonly string[]>();

/** The colours of {@link palette} as CSS writes them. */
export function colourNames(scheme: Scheme, kind: ThemeKind = theme().kind): readonly string[] {
  const key = `${scheme} ${kind}`;
  let names = named.get(key);
  if (names === undefined) {
    names = Array.from(
      palette(scheme, kind),
      (packed) => `rgb(${packed & 255}, ${(packed >> 8) & 255}, ${(packed >> 16) & 255})`,
    );
    named.set(key, names);
  }
  return names;
}

const black: Colour = [0, 0, 0, 1];
const white: Colour = [1, 1, 1, 1];

/** For each colour of {@link palette} the one of black and white that is read better on it: at least 4.5 to 1 on any colour. */
export function inksOn(scheme: Scheme, kind: ThemeKind = theme().kind): readonly string[] {
  const key = `${scheme} ${kind} ink`;
  let inks = named.get(key);
  if (inks === undefined) {
    inks = Array.from(palette(scheme, kind), (packed) => {
      const ground: Colour = [(packed & 255) / 255, ((packed >> 8) & 255) / 255, ((packed >> 16) & 255) / 255, 1];
      return contrast(black, ground) >= contrast(white, ground) ? '#000' : '#fff';
    });
    named.set(key, inks);
  }
  return inks;
}

type Lab = readonly [number, number, number];

/** Oklab (Ottosson 2020): equal steps in it look equal, which a straight line in sRGB does not. */
function toOklab([red, green, blue]: Colour): Lab {
  const linear = (v: number) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const [r, g, b] = [linear(red), linear(green), linear(blue)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function between(anchors: readonly Lab[], share: number): Lab {
  const at = share * (anchors.length - 1);
  const from = anchors[Math.min(Math.floor(at), anchors.length - 2)] ?? [0, 0, 0];
  const to = anchors[Math.min(Math.floor(at) + 1, anchors.length - 1)] ?? from;
  const part = at - Math.min(Math.floor(at), anchors.length - 2);
  return [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part, from[2] + (to[2] - from[2]) * part];
}

function pack([lightness, a, b]: Lab): number {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const byte = (linear: number) => {
    const v = Math.min(1, Math.max(0, linear));
    return Math.round(255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055));
  };
  const red = byte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = byte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = byte(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
