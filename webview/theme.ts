import { type Colour, legible, mix, over, parseColour, writeColour } from './colour';
import { perFrame } from './dom';

export type ThemeKind = 'dark' | 'light' | 'highContrast' | 'highContrastLight';

/** The colours and fonts that canvases draw with, as CSS writes them. */
export interface Theme {
  readonly kind: ThemeKind;
  readonly background: string;
  readonly ink: string;
  /** For axis values and notes. */
  readonly muted: string;
  readonly hairline: string;
  /** For lines behind the data, in every theme fainter than the data. */
  readonly grid: string;
  readonly lines: Readonly<Record<LineColour, string>>;
  /** Between the background and the text: for marks that must be seen but not read. */
  readonly middle: string;
  /** The lines' colours for their names: text must stand out more than a line. */
  readonly names: Readonly<Record<LineColour, string>>;
  /** Font family of the page. */
  readonly family: string;
}

export type LineColour = 'ink' | 'muted' | 'blue' | 'orange' | 'green' | 'purple';

/** Charts' colours of the theme, each with what stands in where the theme has none. */
const charts: Readonly<Record<'blue' | 'orange' | 'green' | 'purple', string>> = {
  blue: '#3794ff',
  orange: '#d18616',
  green: '#89d185',
  purple: '#b180d7',
};

function kindOf(body: HTMLElement): ThemeKind {
  // The light high-contrast theme carries the class of the dark one too.
  if (body.classList.contains('vscode-high-contrast-light')) return 'highContrastLight';
  if (body.classList.contains('vscode-high-contrast')) return 'highContrast';
  return body.classList.contains('vscode-light') ? 'light' : 'dark';
}

function read(): Theme {
  const kind = kindOf(document.body);
  const styles = getComputedStyle(document.body);
  const dark = kind === 'dark' || kind === 'highContrast';
  const variable = (...names: string[]): Colour | null => {
    for (const name of names) {
      const colour = parseColour(styles.getPropertyValue(`--vscode-${name}`));
      if (colour !== null) return colour;
    }
    return null;
  };
  const black: Colour = [0, 0, 0, 1];
  const white: Colour = [1, 1, 1, 1];
  const ground = over(variable('editor-background') ?? (dark ? black : white), dark ? black : white);
  const extreme = dark ? white : black;
  const ink = legible(variable('editor-foreground', 'foreground') ?? extreme, ground, extreme, 7);
  const high = kind === 'highContrast' || kind === 'highContrastLight';
  const seen = (colour: Colour | null, ratio: number) => legible(colour ?? ink, ground, ink, ratio);
  const muted = writeColour(seen(variable('descriptionForeground'), high ? 7 : 4.5));
  // A theme may borrow a see-through highlight for a chart's colour; a thin line needs all of it.
  const chart = (name: keyof typeof charts, ratio: number) => {
    const colour = variable(`charts-${name}`) ?? parseColour(charts[name]);
    return writeColour(seen(colour === null ? null : [colour[0], colour[1], colour[2], 1], ratio));
  };
  const lines = (ratio: number) => ({
    ink: writeColour(ink),
    muted,
    blue: chart('blue', ratio),
    orange: chart('orange', ratio),
    green: chart('green', ratio),
    purple: chart('purple', ratio),
  });
  const hairline = variable('panel-border', 'editorGroup-border', 'contrastBorder') ?? [ink[0], ink[1], ink[2], 0.2];
  return {
    kind,
    background: writeColour(ground),
    ink: writeColour(ink),
    muted,
    hairline: writeColour(over(hairline, ground)),
    middle: writeColour(mix(ground, ink, high ? 0.7 : 0.45)),
    grid: writeColour(mix(ground, ink, high ? 0.25 : 0.1)),
    lines: lines(high ? 4.5 : 3),
    names: lines(high ? 7 : 4.5),
    family: styles.fontFamily,
  };
}

let current: Theme | null = null;
const listeners = new Set<() => void>();

/** Reads the theme, and gives the style sheets the same lines' colours that the canvases have. */
function refresh(): Theme {
  const look = read();
  for (const [name, colour] of Object.entries(look.lines)) document.body.style.setProperty(`--line-${name}`, colour);
  return look;
}

/** The theme now. */
export function theme(): Theme {
  if (current === null) {
    current = refresh();
    const changed = perFrame(() => {
      current = refresh();
      for (const listener of listeners) listener();
    });
    // The editor swaps the body's class for another kind of theme, and the root's variables for another theme of the same kind.
    const observer = new MutationObserver(changed);
    observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  }
  return current;
}

/** Calls `listener` whenever the theme has changed. */
export function onThemeChange(listener: () => void): void {
  theme();
  listeners.add(listener);
}
