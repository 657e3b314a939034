/** Red, green, blue and opacity, each from 0 to 1; sRGB. */
export type Colour = readonly [red: number, green: number, blue: number, alpha: number];

let probe: CanvasRenderingContext2D | null = null;

/** Reads any colour that CSS can write; null where it is not a colour. */
export function parseColour(text: string): Colour | null {
  if (text.trim() === '') return null;
  probe ??= document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (probe === null) return null;
  // An invalid value leaves fillStyle as it was, so two different starts tell whether the value was taken.
  probe.fillStyle = '#000';
  probe.fillStyle = text;
  const first = probe.fillStyle;
  probe.fillStyle = '#fff';
  probe.fillStyle = text;
  if (first !== probe.fillStyle) return null;
  const numbers = first.startsWith('#')
    ? [1, 3, 5].map((at) => Number.parseInt(first.slice(at, at + 2), 16))
    : (first.match(/[\d.]+/g) ?? []).map(Number);
  const [red = 0, green = 0, blue = 0, alpha = 1] = numbers;
  return [red / 255, green / 255, blue / 255, alpha];
}

export function writeColour([red, green, blue, alpha]: Colour): string {
  const byte = (value: number) => Math.round(Math.min(1, Math.max(0, value)) * 255);
  return `rgba(${byte(red)}, ${byte(green)}, ${byte(blue)}, ${alpha})`;
}

/** `a` moved towards `b` by `share` of the way. */
export function mix(a: Colour, b: Colour, share: number): Colour {
  const at = (i: 0 | 1 | 2 | 3) => a[i] + (b[i] - a[i]) * share;
  return [at(0), at(1), at(2), at(3)];
}

/** `top` as it looks on an opaque `ground`. */
export function over(top: Colour, ground: Colour): Colour {
  return mix(ground, [top[0], top[1], top[2], 1], top[3]);
}

function luminance([red, green, blue]: Colour): number {
  const linear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** Contrast ratio of two opaque colours, from 1 to 21 (WCAG 2). */
export function contrast(a: Colour, b: Colour): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

/** `colour` moved towards `ink` until it stands out from `ground` by `ratio`. A theme may choose a colour that nobody can see. */
export function legible(colour: Colour, ground: Colour, ink: Colour, ratio: number): Colour {
  for (let share = 0; share < 1; share += 0.1) {
    const tried = mix(over(colour, ground), ink, share);
    if (contrast(tried, ground) >= ratio) return tried;
  }
  return ink;
}
