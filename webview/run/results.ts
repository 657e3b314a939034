import type { Report, RunDetail } from '../../extension/protocol/run';
import { element } from '../dom';
import { t } from '../l10n';
import { Section } from '../section';
import { ClassesView } from './classesView';
import { metricsTable } from './metricsTable';
import { mistakesTable, type OpenSequence } from './mistakes';
import { reliability } from './reliability';
import { translationList } from './translations';
import type { Token } from './words';

/** How good answers that are no forecast are: the test metrics beside those of the baselines. */
export class ResultsSection {
  readonly section = new Section('results', t('Results'));
  private classes: ClassesView | null = null;
  private shown = '';

  /** @param open goes to a sequence of the test part */
  constructor(private readonly open: OpenSequence) {}

  /** Follows the run: the test part is looked at once, when training ends. */
  show({ summary, experiment }: RunDetail): void {
    const { report, state } = summary;
    if (report !== null && Object.keys(report.test).length > 0) {
      this.section.hold({ kind: 'none' });
      this.fill(report, summary.target, experiment.data.text?.read === 'words' ? 'word' : 'character');
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

  /** Shows a report, once: what the reader chose in it must not be lost when the run is read again. */
  private fill(report: Report, target: string, token: Token): void {
    const key = JSON.stringify(report);
    if (key === this.shown) return;
    this.shown = key;
    const { classes, calibration, spans, mistakes, translations } = report;
    const parts: HTMLElement[] = [metricsTable(report, target, token)];
    if (spans !== undefined) parts.push(element('p', { class: 'meaning' }, spanWords[spans]()));
    if (classes !== undefined) {
      this.classes ??= new ClassesView();
      this.classes.show(classes, target);
      const beside = [this.classes.each, ...(calibration === undefined ? [] : [reliability(calibration)])];
      parts.push(this.classes.root, element('div', { class: 'beside' }, ...beside));
    }
    if (mistakes !== undefined && mistakes.length > 0) parts.push(mistakesTable(mistakes, this.open));
    if (translations !== undefined && translations.length > 0) parts.push(translationList(translations));
    this.section.content.replaceChildren(...parts);
  }
}

const spanWords = {
  iob: () => t('Span F1 counts the spans that B- and I- mark; kind, first and last step must be right.'),
  runs: () => t('Span F1 counts runs of equal labels; label, first and last step must be right.'),
};
