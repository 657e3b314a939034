import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { perFrame } from '../dom';
import { number, tidy } from '../numbers';
import { type LineColour, onThemeChange, type Theme, theme } from '../theme';
import { drawEndLabels } from './endLabels';
import { drawMarks, type Mark } from './marks';
import { timeLabels, timeSplits } from './timeAxis';

/** One line of a chart; `values` has one entry for each x. */
export interface Line {
  readonly label: string;
  readonly colour: LineColour;
  readonly width: number;
  readonly dash: readonly number[];
  readonly alpha: number;
  readonly values: readonly (number | null)[];
  readonly shown: boolean;
  /** Whether the label stands where the line ends. */
  readonly labelled: boolean;
}

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** What a chart shows; everything that can change without a new chart. */
export interface Picture {
  /** Ascending. */
  readonly x: readonly number[];
  readonly lines: readonly Line[];
  readonly marks: readonly Mark[];
  /** What of x is in view; null shows all of it. */
  readonly zoom: Range | null;
  /** What "all of it" is where it is more than the data, as while a run still trains. */
  readonly whole: Range | null;
  /** What of a logarithmic y is in view, so that charts beside each other share it; all of the data where it is left out. */
  readonly y?: Range;
  /** What lies between two of the lines is filled. */
  readonly band?: Band | null;
}

/** Two lines of a picture by their places, between which it is filled with the colour of the lower one. */
export interface Band {
  readonly low: number;
  readonly high: number;
}

export interface PlotOptions {
  readonly height: number;
  readonly x: 'count' | 'time';
  readonly logX: boolean;
  readonly logY: boolean;
  readonly showX: boolean;
  /** Labels that the right margin has room for: the same for charts under each other, so that they share their x axis. */
  readonly endLabels: readonly string[];
  readonly onHover: (index: number | null) => void;
  readonly onZoom: (range: Range | null) => void;
  readonly onPick: ((index: number) => void) | null;
}

/** Width of the left margin, the same for every chart so that charts under each other share their x axis. */
const gutter = 64;
/** A chart narrower than this has no room for labels beside it. */
const narrow = 480;

/** A line chart that follows the theme and its container's width, zooms by dragging and names its lines where they end. */
export class Plot {
  private chart: uPlot | null = null;
  private hovered: number | null = null;
  private readonly observer: ResizeObserver;

  constructor(
    readonly root: HTMLElement,
    private options: PlotOptions,
    private picture: Picture,
  ) {
    root.classList.add('plot');
    this.observer = new ResizeObserver(perFrame(() => this.resize()));
    this.observer.observe(root);
    onThemeChange(() => this.rebuild());
    this.rebuild();
  }

  /** The canvas as it is shown, in device pixels. */
  get canvas(): HTMLCanvasElement | null {
    return this.chart?.ctx.canvas ?? null;
  }

  /** Where the lines are, in pixels of the page from the left of the chart; null before there is a chart. */
  get area(): { readonly left: number; readonly width: number } | null {
    const over = this.chart?.over;
    return over === undefined ? null : { left: over.offsetLeft, width: over.clientWidth };
  }

  /** Shows another picture; the chart is made anew only when its lines are others. */
  show(picture: Picture): void {
    const before = this.picture;
    this.picture = picture;
    const key = ({ lines }: Picture) => JSON.stringify(lines.map(({ values, ...look }) => look));
    if (this.chart === null || key(before) !== key(picture)) this.rebuild();
    else this.chart.setData(this.data(), true);
    this.point(this.hovered);
  }

  /** Makes the chart anew with other axes. */
  reshape(options: Partial<PlotOptions>): void {
    this.options = { ...this.options, ...options };
    this.rebuild();
  }

  /** Puts the cursor line on one of the x; null takes it away. Tells nobody. */
  point(index: number | null): void {
    this.hovered = index;
    const x = index === null ? undefined : this.picture.x[index];
    if (this.chart === null) return;
    const left = x === undefined ? -10 : this.chart.valToPos(x, 'x');
    this.chart.setCursor({ left, top: x === undefined ? -10 : this.chart.over.clientHeight / 2 }, false);
  }

  private data(): uPlot.AlignedData {
    return [this.picture.x as number[], ...this.picture.lines.map(({ values }) => values as (number | null)[])];
  }

  private width(): number {
    return Math.max(160, this.root.clientWidth);
  }

  private resize(): void {
    if (this.chart === null || this.root.clientWidth === 0) return;
    const crossed = this.chart.width < narrow !== this.width() < narrow;
    if (crossed) this.rebuild();
    else if (this.width() !== this.chart.width)
      this.chart.setSize({ width: this.width(), height: this.options.height });
    this.point(this.hovered);
  }

  private rebuild(): void {
    this.chart?.destroy();
    this.chart = new uPlot(this.configuration(theme()), this.data(), this.root);
    this.chart.over.addEventListener('click', () => {
      const index = this.chart?.cursor.idx;
      // uPlot keeps the click that ends a drag to itself.
      if (index != null) this.options.onPick?.(index);
    });
    this.point(this.hovered);
  }

  private configuration(look: Theme): uPlot.Options {
    const { options } = this;
    const font = `11px ${look.family}`;
    const roomy = this.width() >= narrow;
    const margin = roomy ? endMargin(options.endLabels, font) : 8;
    const axis = { stroke: look.muted, font, ticks: { show: false }, gap: 6 };
    const grid = { stroke: look.grid, width: 1 };
    return {
      width: this.width(),
      height: options.height,
      padding: [16, margin, options.showX ? 0 : 8, 0],
      legend: { show: false },
      scales: {
        x: { time: false, distr: options.logX ? 3 : 1, range: (_, min, max) => this.view(min, max) },
        y: options.logY
          ? { distr: 3, range: (_, min, max) => logRange(this.picture.y?.min ?? min, this.picture.y?.max ?? max) }
          : { distr: 1 },
      },
      axes: [
        {
          ...axis,
          size: options.showX ? 28 : 0,
          show: options.showX,
          grid: { show: false },
          ...(options.x === 'time' ? timeAxis : options.logX ? { ...countAxis, ...logAxis } : countAxis),
        },
        { ...axis, size: gutter, grid, space: 36, ...(options.logY ? logAxis : { values: tidyValues }) },
      ],
      series: [
        {},
        ...this.picture.lines.map((line) => ({
          label: line.label,
          stroke: look.lines[line.colour],
          width: line.width,
          dash: [...line.dash],
          alpha: line.alpha,
          show: line.shown,
          points: { show: isolated },
        })),
      ],
      bands: this.bands(look),
      cursor: {
        y: false,
        drag: { x: true, y: false, setScale: false, dist: 6 },
        points: { size: 6, show: (u, i) => cursorPoint(u, i, this.picture.lines) },
        bind: {
          dblclick: () => () => {
            options.onZoom(null);
            return null;
          },
        },
      },
      hooks: {
        setCursor: [
          (u) => {
            const index = u.cursor.left !== undefined && u.cursor.left >= 0 ? (u.cursor.idx ?? null) : null;
            if (index === this.hovered) return;
            this.hovered = index;
            options.onHover(index);
          },
        ],
        setSelect: [
          (u) => {
            if (u.select.width < 6) return;
            const min = u.posToVal(u.select.left, 'x');
            const max = u.posToVal(u.select.left + u.select.width, 'x');
            u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            options.onZoom({ min, max });
          },
        ],
        drawAxes: [(u) => drawMarks(u, this.picture.marks, look)],
        draw: [(u) => roomy && drawEndLabels(u, this.picture.lines, look)],
      },
    };
  }

  private bands(look: Theme): uPlot.Band[] {
    const { band, lines } = this.picture;
    const line = lines[band?.low ?? -1];
    if (band == null || line === undefined) return [];
    // The first series is x.
    return [
      {
        series: [band.high + 1, band.low + 1],
        fill: `color-mix(in srgb, ${look.lines[line.colour]} 18%, transparent)`,
      },
    ];
  }

  /** The part of x to show. A single point gets room on both sides, or it would lie on the border. */
  private view(min: number | null, max: number | null): uPlot.Range.MinMax {
    const { zoom, whole } = this.picture;
    const { logX, x } = this.options;
    const from = zoom?.min ?? whole?.min ?? min ?? 0;
    const to = zoom?.max ?? whole?.max ?? max ?? 1;
    // A logarithmic axis has no place for 0, where an empty chart would begin.
    if (logX) return from > 0 && to > from ? [from, to] : [Math.max(1, from) / 2, Math.max(1, to) * 2];
    const room = x === 'time' ? day : 1;
    return to > from ? [from, to] : [from - room, to + room];
  }
}

const day = 86_400_000;

/** Points are drawn only where a line would be too short to see. */
const isolated = (u: uPlot, index: number): boolean => {
  const values = u.data[index];
  if (values === undefined || values.length > 400) return false;
  let seen = 0;
  for (const value of values) if (value != null && ++seen > 1) return false;
  return seen === 1;
};

function cursorPoint(u: uPlot, index: number, lines: readonly Line[]): HTMLElement {
  const point = document.createElement('div');
  point.classList.toggle('u-off', lines[index - 1]?.labelled === false);
  point.style.background = String(u.series[index]?.stroke ?? '');
  return point;
}

function endMargin(labels: readonly string[], font: string): number {
  const context = document.createElement('canvas').getContext('2d');
  if (context === null || labels.length === 0) return 16;
  context.font = font;
  return Math.min(200, Math.ceil(Math.max(...labels.map((label) => context.measureText(label).width))) + 20);
}

const tidyValues: uPlot.Axis.DynamicValues = (_, splits) => splits.map((at) => (at === null ? '' : tidy(at)));

const countAxis: uPlot.Axis = {
  // Large numbers are long.
  space: (_, __, ___, max) => Math.max(56, 7 * number(Math.round(max)).length + 16),
  values: (_, splits) => splits.map((at) => (at !== null && Number.isInteger(at) ? number(at) : '')),
};

const timeAxis: uPlot.Axis = {
  splits: (u, _, min, max) => timeSplits(min, max, u.bbox.width / devicePixelRatio / 96).at,
  values: (u, splits) => {
    const { min = 0, max = 1 } = u.scales['x'] ?? {};
    return timeLabels({ at: splits, stride: timeSplits(min, max, u.bbox.width / devicePixelRatio / 96).stride });
  },
};

/**
 * Powers of ten; between them 2 and 5 where the range is less than two decades and powers alone would say too little, and only every
 * second or third where there is no room for all.
 */
const logAxis: uPlot.Axis = {
  splits: (u, axis, min, max) => {
    if (!(min > 0)) return [];
    const steps = max / min < 100 ? [1, 2, 5] : [1];
    const at: number[] = [];
    const room = (axis === 0 ? u.bbox.width / 56 : u.bbox.height / 20) / devicePixelRatio;
    const stride = Math.max(1, Math.ceil(Math.log10(max / min) / Math.max(1, room)));
    for (let power = Math.floor(Math.log10(min)); power <= Math.ceil(Math.log10(max)); power++) {
      if (power % stride !== 0) continue;
      at.push(...steps.map((step) => step * 10 ** power).filter((value) => value >= min && value <= max));
    }
    return at;
  },
  filter: (_, splits) => splits,
  values: tidyValues,
};

/** A little room above and below, and never a border at or under 0, which has no logarithm. */
function logRange(min: number | null, max: number | null): uPlot.Range.MinMax {
  const top = max !== null && max > 0 ? max : 1;
  const bottom = min !== null && min > 0 ? min : top / 1e6;
  return [bottom / 1.2, top * 1.2];
}
