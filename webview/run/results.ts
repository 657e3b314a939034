import type { RunDetail } from '../../extension/protocol/run';
import { t } from '../l10n';
import { Section } from '../section';
import { metricsTable } from './metricsTable';

/** How good answers that are no forecast are: the test metrics beside those of the baselines. */
export class ResultsSection {
  readonly section = new Section('results', t('Results'));

  /** Follows the run: the test part is looked at once, when training ends. */
  show({ summary }: RunDetail): void {
    const { report, state } = summary;
    if (report !== null && Object.keys(report.test).length > 0) {
      this.section.hold({ kind: 'none' });
      this.section.content.replaceChildren(metricsTable(report, summary.target));
      return;
    }
    const running = ['preparing', 'training', 'paused'].includes(state.kind);
    const text =
      report !== null
        ? t('There is no test part to judge this model by. Set data.split.test above 0 to have one.')
        : running
          ? t('The results on the test part appear here when training ends.')
          : t('There are no results: the test part is looked at when training ends. Resume the run or train again.');
    this.section.hold({ kind: 'empty', text });
  }
}
