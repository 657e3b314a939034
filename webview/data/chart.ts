import { chartKeys } from '../charts/keys';
import { type Line, type Picture, Plot, type PlotOptions, type Range } from '../charts/plot';
import { Readout } from '../charts/readout';
import { element } from '../dom';

/** A line of a data panel's charts. */
export const line = (label: string, values: readonly (number | null)[]): Line => ({
  label,
  colour: 'blue',
  width: 1.5,
  dash: [],
  alpha: 1,
  values,
  shown: true,
  labelled: false,
});

export interface Chart {
  readonly label: string;
  readonly picture: Pick<Picture, 'x' | 'lines' | 'marks'>;
  readonly options: Pick<PlotOptions, 'height' | 'x'>;
  /** What the cursor stands at is called, how it is written, and what is read there. */
  readonly where: string;
  readonly place: (index: number) => string;
  readonly read: (index: number) => Parameters<Readout['show']>[2];
}

/** A chart whose cursor is moved by pointer or arrow keys, with what it stands at under it. */
export function chart({ label, picture, options, where, place, read }: Chart): HTMLElement {
  const readout = new Readout();
  const last = picture.x.length - 1;
  let zoom: Range | null = null;
  const tell = (index: number | null) => readout.show(where, place(index ?? last), read(index ?? last));
  const root = element('div', { tabindex: 0, role: 'group', 'aria-label': label });
  const plot = new Plot(
    root,
    {
      ...options,
      logX: false,
      logY: false,
      showX: true,
      endLabels: [],
      onHover: tell,
      onZoom: (range) => {
        zoom = range;
        plot.show({ ...picture, zoom, whole: null });
      },
      onPick: null,
    },
    { ...picture, zoom, whole: null },
  );
  chartKeys(
    root,
    () => last + 1,
    (index) => {
      plot.point(index);
      tell(index);
      if (index !== null) readout.speak();
    },
  );
  tell(null);
  return element('div', { class: 'chart' }, root, readout.root);
}
