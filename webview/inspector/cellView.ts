import type { LayerOutline } from '../../extension/protocol/inspection';
import { element, setText } from '../dom';
import { t } from '../l10n';
import type { Observable } from '../observable';
import { LayerCell } from '../trace/layerCell';
import type { TraceSource } from '../trace/source';
import { mostActive } from '../trace/unitFocus';
import type { Part } from './stepView';

/** A layer's cell with the numbers of the chosen unit, else of the most active one; made when it is first opened. `open` outlives it. */
export function cellView(
  source: TraceSource,
  layer: LayerOutline,
  index: number,
  unit: Observable<number | null>,
  open: Observable<boolean>,
): Part {
  const said = element('span', { class: 'meaning' });
  const root = element(
    'details',
    { class: 'cellPart', open: open.value },
    element('summary', {}, t('Cell'), ' ', said),
  );
  let cell: LayerCell | null = null;
  let step = 0;
  const draw = () => {
    if (!root.open || source.closed) return;
    const values = source.stepValues(step);
    if (values === null) return;
    if (cell === null) {
      cell = new LayerCell(layer, index);
      root.append(cell.root);
    }
    const shown = unit.value ?? mostActive(layer, index, values);
    setText(said, t('unit {0}', shown + 1));
    cell.show(source, step, 'edited', shown);
  };
  root.addEventListener('toggle', () => {
    open.set(root.open);
    draw();
  });
  unit.watch(draw);
  return {
    root,
    draw,
    point: (to) => {
      step = to;
      draw();
    },
  };
}
