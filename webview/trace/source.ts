import { UnrollError } from '../../extension/protocol/errors';
import type {
  InspectionRequests,
  SignalOutline,
  SignalRef,
  StepBlock,
  Tile,
  TraceOutline,
  TraceVersion,
  UnitLines,
  UnitOrder,
} from '../../extension/protocol/inspection';
import { Observable } from '../observable';
import { BoundedCache } from './boundedCache';
import { Lane } from './lane';
import { fineness, overlaps, type Region, regionKey, regionsOf, type Window } from './regions';

/** Whoever answers what a page asks of a trace: the channel to the host, or a trace that is at hand. */
export interface TraceHost {
  request<K extends keyof InspectionRequests>(
    name: K,
    params: InspectionRequests[K]['params'],
    signal?: AbortSignal,
  ): Promise<InspectionRequests[K]['result']>;
}

/** Which of a trace's pictures of a signal is meant. */
export interface Look {
  readonly signal: SignalRef;
  readonly version: TraceVersion;
  readonly order: UnitOrder;
}

/** A tile and where it lies. */
export interface PlacedTile {
  readonly look: string;
  readonly region: Region;
  readonly tile: Tile;
}

/** A piece of one unit's line and where it lies. */
export interface PlacedLine {
  readonly look: string;
  readonly region: Region;
  readonly line: UnitLines;
}

/** What can arrive: values of steps, tiles, lines, or an order of units. */
export type Arrival = 'steps' | 'tiles' | 'lines' | 'orders';

/** All values at one step, each list one entry a unit. */
export interface StepValues {
  readonly step: number;
  /** Of a signal that the trace does not have there is none: an empty list. */
  of(signal: SignalRef): Float32Array;
}

const mebibyte = 2 ** 20;
/** Steps come in blocks of about this size, so that playing on and stepping back find what is there. */
const blockBytes = mebibyte / 4;
const mostStepsInBlock = 256;

export const refKey = (signal: SignalRef): string =>
  signal.of === 'choices'
    ? signal.of
    : signal.of === 'layer'
      ? `layer ${signal.layer} ${signal.signal}`
      : `${signal.of} ${signal.index}`;

const lookKey = ({ signal, version, order }: Look): string => `${refKey(signal)} ${version} ${order}`;
const none = new Float32Array(0);

/**
 * A trace as a page sees it: its outline, and as many of its values as fit into a bounded cache. Reading never waits. What is not
 * there is asked for, one request of a kind at a time, and `onArrival` tells when to read again.
 */
export class TraceSource {
  /** Why the last request failed, until one succeeds again. */
  readonly failure = new Observable<unknown>(null);
  /** Steps in a block of values. */
  readonly blockSteps: number;
  private readonly blocks = new BoundedCache<StepBlock>(8 * mebibyte);
  private readonly tiled = new BoundedCache<PlacedTile>(40 * mebibyte);
  private readonly lined = new BoundedCache<PlacedLine>(4 * mebibyte);
  private readonly orders = new Map<string, Uint32Array>();
  private readonly listeners = new Set<(what: Arrival) => void>();
  private readonly closing = new AbortController();
  private readonly lanes = {
    steps: new Lane((error) => this.failed(error)),
    tiles: new Lane((error) => this.failed(error)),
    lines: new Lane((error) => this.failed(error)),
    orders: new Lane((error) => this.failed(error)),
  };
  private lastStep = 0;
  private sequenceAnswer: Float32Array | null = null;

  constructor(
    readonly outline: TraceOutline,
    private readonly host: TraceHost,
  ) {
    const units = [...outline.columns, ...outline.layers.flatMap(({ signals }) => signals), ...outline.outputs];
    const numbers = units.reduce((sum, signal) => sum + signal.units, outline.choices?.names.length ?? 0);
    const fitting = Math.min(mostStepsInBlock, Math.max(1, blockBytes / 4 / Math.max(1, numbers)));
    this.blockSteps = 2 ** Math.floor(Math.log2(fitting));
  }

  /** Another trace of the same host, such as one with states changed. */
  sibling(outline: TraceOutline): TraceSource {
    return new TraceSource(outline, this.host);
  }

  get closed(): boolean {
    return this.closing.signal.aborted;
  }

  /** Bytes held in caches; of a tile its picture counts too, which is made of it when it is drawn. */
  get bytes(): number {
    return this.blocks.bytes + this.tiled.bytes + this.lined.bytes;
  }

  /** How probable each choice is where one answer is given for the whole sequence; null until values of some step are here. */
  get answer(): Float32Array | null {
    return this.sequenceAnswer;
  }

  /** What is known of a signal; null where the trace has none such. */
  signal(ref: SignalRef): SignalOutline | null {
    const { outline } = this;
    switch (ref.of) {
      case 'column':
        return outline.columns[ref.index] ?? null;
      case 'layer':
        return outline.layers[ref.layer]?.signals[ref.signal] ?? null;
      case 'output':
        return outline.outputs[ref.index] ?? null;
      case 'choices':
        return outline.choices === null
          ? null
          : { name: '', range: 'gate', units: outline.choices.names.length, min: 0, max: 1 };
    }
  }

  /** Calls `listener` after something arrived; returns the function that stops it. */
  onArrival(listener: (what: Arrival) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Asks the host for what is not kept here, such as projections and gradients. Settles with the answer, with what the host threw,
   * with `cancelled` when `signal` is aborted, or with `closed` once this source is closed.
   */
  ask<K extends keyof InspectionRequests>(
    name: K,
    params: Omit<InspectionRequests[K]['params'], 'trace'>,
    signal?: AbortSignal,
  ): Promise<InspectionRequests[K]['result']> {
    if (this.closed) return Promise.reject(closedError());
    const both = signal === undefined ? this.closing.signal : AbortSignal.any([signal, this.closing.signal]);
    // What the key takes besides the trace is in `params`: the compiler cannot see through the generic key.
    const full = { ...params, trace: this.outline.id } as InspectionRequests[K]['params'];
    return this.host.request(name, full, both).catch((error: unknown) => {
      throw this.closed ? closedError() : error;
    });
  }

  /** The values at a step if they are here; else null, and they are asked for. What comes next in the direction of moving, too. */
  stepValues(step: number, version: TraceVersion = 'edited'): StepValues | null {
    const { steps } = this.outline;
    if (this.closed || step < 0 || step >= steps) return null;
    const at = Math.floor(step / this.blockSteps);
    const moved = step - this.lastStep;
    const near = moved !== 0 && Math.abs(moved) <= this.blockSteps;
    const ahead = at + Math.sign(moved);
    this.lastStep = step;
    const here = this.blocks.get(`${version} ${at}`);
    const wished = [
      ...(here === undefined ? [at] : []),
      ...(near && ahead >= 0 && ahead * this.blockSteps < steps ? [ahead] : []),
    ].filter((block) => block === at || this.blocks.get(`${version} ${block}`) === undefined);
    if (wished.length > 0 && (moved !== 0 || here === undefined)) {
      const jobs = wished.map((block) => ({ key: `${version} ${block}`, run: () => this.fetchBlock(version, block) }));
      this.lanes.steps.want(version, jobs);
    }
    return here === undefined ? null : valuesOf(here, step, this.outline);
  }

  /**
   * The tiles for a picture of `width` by `height` device pixels: the exact ones that are here, above coarser or older ones where
   * some are missing. Draw them in this order. What is missing is asked for.
   */
  tiles(look: Look, window: Window, width: number, height: number): readonly PlacedTile[] {
    const units = this.signal(look.signal)?.units ?? 0;
    if (this.closed || units === 0) return [];
    const key = lookKey(look);
    const regions = regionsOf(this.outline.steps, units, window, width, height);
    const exact: PlacedTile[] = [];
    const missing: Region[] = [];
    for (const region of regions) {
      const tile = this.tiled.get(`${key} ${regionKey(region)}`);
      if (tile === undefined) missing.push(region);
      else exact.push(tile);
    }
    const jobs = missing.map((region) => ({
      key: `${key} ${regionKey(region)}`,
      run: () => this.fetchTile(look, key, region),
    }));
    this.lanes.tiles.want(key, jobs);
    if (missing.length === 0) return exact;
    const others = this.tiled
      .values()
      .filter((placed) => placed.look === key && !exact.includes(placed) && overlaps(placed.region, window));
    return [...standIns(others, regions[0]), ...exact];
  }

  /**
   * The pieces of one unit's line for a picture `width` device pixels wide, as {@link tiles} gives tiles. `place` is who asks: what
   * it asked for before is dropped.
   */
  lines(
    signal: SignalRef,
    version: TraceVersion,
    unit: number,
    view: { readonly from: number; readonly to: number },
    width: number,
    place: string,
  ): readonly PlacedLine[] {
    if (this.closed || this.signal(signal) === null) return [];
    const look = `${refKey(signal)} ${version} ${unit}`;
    const window = { ...view, firstRank: 0, endRank: 1 };
    const exact: PlacedLine[] = [];
    const missing: Region[] = [];
    for (const region of regionsOf(this.outline.steps, 1, window, width, 1)) {
      const line = this.lined.get(`${look} ${regionKey(region)}`);
      if (line === undefined) missing.push(region);
      else exact.push(line);
    }
    const jobs = missing.map((region) => ({
      key: `${look} ${regionKey(region)}`,
      run: () => this.fetchLine(signal, version, unit, look, region),
    }));
    this.lanes.lines.want(place, jobs);
    if (missing.length === 0) return exact;
    // Lines of two resolutions over each other would be read as two lines: the coarse one alone stands in.
    const others = this.lined
      .values()
      .filter((placed) => placed.look === look && overlaps(placed.region, window))
      .sort((a, b) => a.region.to - a.region.from - (b.region.to - b.region.from));
    const whole = others.find(({ region }) => region.from <= window.from && region.to >= Math.min(window.to, this.end));
    return whole === undefined ? exact : [whole];
  }

  /** The unit at each rank; null while it is not known. */
  unitsInOrder(signal: SignalRef, order: UnitOrder): Uint32Array | null {
    const units = this.signal(signal)?.units ?? 0;
    const key = `${refKey(signal)} ${order}`;
    const known = this.orders.get(key);
    if (known !== undefined) return known;
    if (order === 'index') {
      const plain = Uint32Array.from({ length: units }, (_, unit) => unit);
      this.orders.set(key, plain);
      return plain;
    }
    const run = async () => {
      const found = await this.ask('order', { signal, order });
      this.arrived('orders', () => this.orders.set(key, found));
    };
    this.lanes.orders.want(key, [{ key, run }]);
    return null;
  }

  /** Forgets everything, asks for nothing any more, and rejects what is under way. */
  close(): void {
    this.closing.abort();
    for (const lane of Object.values(this.lanes)) lane.close();
    for (const cache of [this.blocks, this.tiled, this.lined, this.orders]) cache.clear();
    this.listeners.clear();
    this.sequenceAnswer = null;
  }

  private get end(): number {
    return this.outline.steps;
  }

  private async fetchBlock(version: TraceVersion, at: number): Promise<void> {
    const key = `${version} ${at}`;
    if (this.blocks.get(key) !== undefined) return;
    const from = at * this.blockSteps;
    const to = Math.min(this.outline.steps, from + this.blockSteps);
    const block = await this.ask('steps', { version, from, to });
    const lists = [...block.columns, ...block.layers.flat(), ...block.outputs, block.choices ?? none];
    const bytes = lists.reduce((sum, list) => sum + list.byteLength, 0);
    if (this.outline.choices?.everyStep === false) this.sequenceAnswer = block.choices;
    this.arrived('steps', () => this.blocks.set(key, block, bytes));
  }

  private async fetchTile(look: Look, key: string, region: Region): Promise<void> {
    const name = `${key} ${regionKey(region)}`;
    if (this.tiled.get(name) !== undefined) return;
    const tile = await this.ask('tile', { wish: { ...look, ...region } });
    this.arrived('tiles', () => this.tiled.set(name, { look: key, region, tile }, 2 * tile.values.byteLength));
  }

  private async fetchLine(
    signal: SignalRef,
    version: TraceVersion,
    unit: number,
    look: string,
    region: Region,
  ): Promise<void> {
    const name = `${look} ${regionKey(region)}`;
    if (this.lined.get(name) !== undefined) return;
    const { from, to, columns } = region;
    const line = await this.ask('lines', { signal, version, units: [unit], from, to, columns });
    const bytes = line.low.byteLength + line.high.byteLength;
    this.arrived('lines', () => this.lined.set(name, { look, region, line }, bytes));
  }

  private arrived(what: Arrival, keep: () => void): void {
    if (this.closed) return;
    keep();
    this.failure.set(null);
    for (const listener of this.listeners) listener(what);
  }

  private failed(error: unknown): void {
    if (!this.closed) this.failure.set(error);
  }
}

/** How many levels of detail stand in for what is missing: more would be drawn over each other for nothing. */
const mostLevels = 2;

/** Of the tiles that are here the coarsest, which covers most, and those whose detail is next to what is wished, the coarse ones first. */
function standIns(tiles: readonly PlacedTile[], wished: Region | undefined): readonly PlacedTile[] {
  if (wished === undefined) return [];
  const away = (level: number) => Math.abs(Math.log2(level / fineness(wished)));
  const levels = [...new Set(tiles.map(({ region }) => fineness(region)))].sort((a, b) => a - b);
  const near = levels.toSorted((a, b) => away(a) - away(b)).slice(0, mostLevels);
  const kept = levels.filter((level, i) => i === 0 || near.includes(level));
  return kept.flatMap((level) => tiles.filter(({ region }) => fineness(region) === level));
}

/** One step of a block. */
function valuesOf(block: StepBlock, step: number, { choices }: TraceOutline): StepValues {
  const row = step - block.from;
  const steps = block.to - block.from;
  const at = (values: Float32Array | undefined): Float32Array => {
    if (values === undefined) return none;
    const units = values.length / steps;
    return values.subarray(row * units, (row + 1) * units);
  };
  return {
    step,
    of: (signal) => {
      switch (signal.of) {
        case 'column':
          return at(block.columns[signal.index]);
        case 'layer':
          return at(block.layers[signal.layer]?.[signal.signal]);
        case 'output':
          return at(block.outputs[signal.index]);
        case 'choices':
          return choices?.everyStep === false ? (block.choices ?? none) : at(block.choices ?? undefined);
      }
    },
  };
}

const closedError = () => new UnrollError('closed', 'This trace is not shown any more.');
