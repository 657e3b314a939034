import type { Forecast } from '../../extension/protocol/run';
import { dropdown } from '../controls/toolkit';
import { t } from '../l10n';

/** What is chosen of the forecasts that are drawn. */
export interface Chosen {
  readonly series?: string;
  readonly target?: string;
  readonly horizonStep?: number;
}

/** Which of several series, of several targets and of the steps ahead is drawn. */
export class ForecastChoices {
  private readonly series = dropdown(t('Series'), (series) => this.choose({ series }));
  private readonly target = dropdown(t('Target'), (target) => this.choose({ target }));
  private readonly horizon = dropdown(t('Step ahead'), (step) => this.choose({ horizonStep: Number(step) }));
  readonly roots: readonly HTMLElement[] = [this.series.root, this.target.root, this.horizon.root];

  constructor(private readonly choose: (what: Chosen) => void) {}

  /** @param listed how many series a table lists, from which one is chosen there: none before a run is done, and of very many the worst. */
  offer({ several, targets, target, horizon, horizonStep }: Forecast, listed: number): void {
    const { name = '', names = [] } = several ?? {};
    this.series.root.hidden = names.length <= Math.max(1, listed);
    const offered = this.series.root.hidden || names.includes(name) ? names : [name, ...names];
    if (!this.series.root.hidden) this.series.offer(offered.map(asChoice), name);
    this.target.root.hidden = targets === undefined;
    this.target.offer((targets ?? []).map(asChoice), target);
    this.horizon.root.hidden = horizon === 1;
    const steps = Array.from({ length: horizon }, (_, i) => ({
      value: String(i + 1),
      text: t('{0} of {1}', i + 1, horizon),
    }));
    this.horizon.offer(steps, String(horizonStep));
  }
}

const asChoice = (name: string) => ({ value: name, text: name });
