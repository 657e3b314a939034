import { element, perFrame } from '../dom';
import { t } from '../l10n';
import { onThemeChange } from '../theme';
import type { TraceBlock } from './blocks';
import { LayerCell } from './layerCell';
import type { TraceSource } from './source';
import { UnitChooser } from './unitChooser';
import type { UnitFocus } from './unitFocus';
import type { ViewState } from './viewState';

/** One unit of one layer at the cursor's step: the cell as a picture with its numbers, and its equations with the values put in. */
export class CellBlock implements TraceBlock {
  readonly id = 'cell';
  readonly title = t('Cell');
  readonly root = element('div', { class: 'cell' });
  private readonly chooser: UnitChooser;
  private readonly content = element('div');
  private source: TraceSource | null = null;
  private shown: { readonly layer: number; readonly cell: LayerCell } | null = null;
  private step = 0;
  private readonly refresh = perFrame(() => this.paint());

  constructor(
    private readonly focus: UnitFocus,
    private readonly state: ViewState,
  ) {
    this.chooser = new UnitChooser(focus);
    this.root.append(this.chooser.root, this.content);
    focus.current.watch(this.refresh);
    state.version.watch(this.refresh);
    onThemeChange(this.refresh);
  }

  show(source: TraceSource): void {
    this.source = source;
    this.chooser.show(source);
    this.shown = null;
    this.refresh();
  }

  point(step: number): void {
    this.step = step;
    this.refresh();
  }

  private paint(): void {
    const { source, step } = this;
    if (source === null || source.closed || !this.root.checkVisibility()) return;
    this.chooser.point(step);
    const unit = this.focus.current.value;
    const layer = unit === null ? undefined : source.outline.layers[unit.layer];
    if (unit === null || layer === undefined) return;
    if (unit.layer !== this.shown?.layer) {
      this.shown = { layer: unit.layer, cell: new LayerCell(layer, unit.layer) };
      this.content.replaceChildren(this.shown.cell.root);
    }
    const version = this.state.version.value === 'original' ? 'original' : 'edited';
    this.shown.cell.show(source, step, version, unit.unit);
  }
}
