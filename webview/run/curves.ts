import { mainMetric } from '../../extension/protocol/metrics';
import type { EpochMetrics, RunDetail } from '../../extension/protocol/run';
import { asCsv, asPng } from '../charts/export';
import { chartKeys } from '../charts/keys';
import { type Line, type Picture, Plot, type Range } from '../charts/plot';
import { Readout } from '../charts/readout';
import { smooth } from '../charts/smoothing';
import { slider } from '../controls/slider';
import { type ButtonControl, button, checkbox, iconButton } from '../controls/toolkit';
import { element, perFrame, unhurried } from '../dom';
import { t } from '../l10n';
import { duration, fixed, number } from '../numbers';
import type { Memory } from '../page';
import type { SavePicture } from '../savePicture';
import { Section } from '../section';
import type { RunPageState } from './pageState';
import { metricName } from './words';

/** Loss, gradient norm and, where it changes, the learning rate over the epochs. */
export class Curves {
  readonly section = new Section('curves', t('Loss'));
  private readonly readout = new Readout();
  private readonly loss: Plot;
  private readonly norm: Plot;
  private readonly rate: Plot;
  private readonly rateBox = element('div', { 'aria-hidden': 'true', hidden: true });
  private readonly rateTitle = element('p', { class: 'caption', hidden: true }, t('Learning rate'));
  private readonly resetZoom: ButtonControl;
  private readonly summary = element('p', { class: 'hidden' });
  private readonly redraw = perFrame(() => this.draw());
  private epochs: readonly EpochMetrics[] = [];
  private zoom: Range | null = null;
  private hovered: number | null = null;
  private planned: number | null = null;
  private ended = false;
  private name = '';
  private metric = '';
  private following = false;

  constructor(
    private readonly memory: Memory<RunPageState>,
    save: SavePicture,
  ) {
    const { logX, logY, smoothing } = memory.value;
    const common = {
      x: 'count' as const,
      logX,
      endLabels: [t('training'), t('validation')],
      onHover: (index: number | null) => this.hover(index),
      onZoom: (range: Range | null) => this.zoomTo(range),
      onPick: null,
    };
    const lossBox = element('div', {
      tabindex: 0,
      role: 'group',
      'aria-label': t('Chart of training and validation loss by epoch'),
    });
    const normBox = element('div', { 'aria-hidden': 'true' });
    this.loss = new Plot(lossBox, { ...common, height: 260, logY, showX: false }, this.lossPicture());
    this.norm = new Plot(normBox, { ...common, height: 104, logY: false, showX: true }, this.normPicture());
    this.rate = new Plot(this.rateBox, { ...common, height: 104, logY: false, showX: true }, this.ratePicture());
    chartKeys(
      lossBox,
      () => this.epochs.length,
      (index) => {
        this.hover(index);
        if (index !== null) this.readout.speak();
      },
    );
    this.resetZoom = button(t('Reset Zoom'), () => this.zoomTo(null), 'secondary');
    this.resetZoom.root.classList.add('reset');
    this.resetZoom.enable(false);
    const smoothness = slider(
      t('Smoothing'),
      0.01,
      (value) => fixed(value, 2),
      (value) => {
        memory.keep({ smoothing: value });
        this.redraw();
      },
    );
    smoothness.set(smoothing, 0, 0.99);
    this.section.tools.append(
      this.resetZoom.root,
      smoothness.root,
      checkbox(t('Log loss'), logY, (checked) => {
        memory.keep({ logY: checked });
        this.loss.reshape({ logY: checked });
      }).root,
      checkbox(t('Log epochs'), logX, (checked) => {
        memory.keep({ logX: checked });
        this.loss.reshape({ logX: checked });
        this.norm.reshape({ logX: checked });
        this.rate.reshape({ logX: checked });
      }).root,
      iconButton(t('Save the picture…'), 'picture', () =>
        save(`${this.name}-loss.png`, 'image/png', () =>
          asPng(`${this.name}: ${this.section.title}`, [
            this.loss.canvas,
            this.norm.canvas,
            ...(this.following ? [this.rate.canvas] : []),
          ]),
        ),
      ).root,
      iconButton(t('Save the numbers…'), 'table', () => save(`${this.name}-metrics.csv`, 'text/csv', () => this.csv()))
        .root,
    );
    this.section.content.append(
      this.readout.root,
      lossBox,
      element('p', { class: 'caption' }, t('Gradient norm before clipping, mean of the epoch')),
      normBox,
      this.rateTitle,
      this.rateBox,
      this.summary,
    );
  }

  show(detail: RunDetail): void {
    this.epochs = detail.epochs;
    this.name = detail.summary.name;
    this.metric = mainMetric[detail.experiment.task].name;
    const { name: schedule, warmup } = detail.experiment.training.schedule;
    this.follow(schedule !== 'constant' || warmup > 0);
    const { kind } = detail.summary.state;
    this.ended = kind === 'failed' || kind === 'stopped' || kind === 'interrupted' || kind === 'done';
    this.planned = kind === 'training' || kind === 'paused' ? detail.experiment.training.epochs : null;
    this.draw();
  }

  /** Shows the learning rate as a curve where it changes; a constant one is said once, with the other numbers. */
  private follow(changes: boolean): void {
    if (changes === this.following) return;
    this.following = changes;
    for (const part of [this.rateTitle, this.rateBox]) part.hidden = !changes;
    this.norm.reshape({ showX: !changes, height: changes ? 80 : 104 });
  }

  /** Further epochs were added to those shown; however many arrive, they are drawn no oftener than the page can bear. */
  readonly grow = unhurried(() => this.draw());

  private best(): EpochMetrics | null {
    let best: EpochMetrics | null = null;
    for (const row of this.epochs) {
      if (row.validationLoss !== null && (best === null || row.validationLoss < (best.validationLoss ?? 0))) best = row;
    }
    return best;
  }

  private draw(): void {
    const last = this.epochs.at(-1);
    if (last === undefined) {
      const text = this.ended
        ? t('No epoch was completed, so there is no curve. Mend what stopped the run and train again.')
        : t('The curves begin with the first epoch.');
      this.section.hold({ kind: 'empty', text });
      return;
    }
    this.section.hold({ kind: 'none' });
    this.loss.show(this.lossPicture());
    this.norm.show(this.normPicture());
    if (this.following) this.rate.show(this.ratePicture());
    const best = this.best();
    this.summary.textContent =
      best === null
        ? t('{0} epochs; the last training loss is {1}.', last.epoch, number(last.trainLoss))
        : t(
            '{0} epochs; the last training loss is {1}; the best validation loss is {2}, at epoch {3}.',
            last.epoch,
            number(last.trainLoss),
            number(best.validationLoss ?? Number.NaN),
            best.epoch,
          );
    this.hover(this.hovered);
  }

  private picture(lines: readonly Line[], marks: Picture['marks']): Picture {
    const first = this.epochs[0]?.epoch ?? 1;
    const whole = this.planned === null ? null : { min: first, max: Math.max(this.planned, first + 1) };
    return { x: this.epochs.map(({ epoch }) => epoch), lines, marks, zoom: this.zoom, whole };
  }

  private lossPicture(): Picture {
    const weight = this.memory.value.smoothing;
    const best = this.best();
    const raw = {
      train: this.epochs.map((row) => row.trainLoss),
      validation: this.epochs.map((row) => row.validationLoss),
    };
    const looks = [
      { label: t('training'), colour: 'blue', dash: [6, 3], values: raw.train },
      { label: t('validation'), colour: 'orange', dash: [], values: raw.validation },
    ] as const;
    const faint = looks.map((look) => ({
      ...look,
      width: 1,
      dash: [],
      alpha: 0.35,
      shown: weight > 0,
      labelled: false,
    }));
    const lines = looks.map((look) => ({
      ...look,
      values: smooth(look.values, weight),
      width: 1.75,
      alpha: 1,
      shown: look.values.some((value) => value !== null),
      labelled: true,
    }));
    const marks: Picture['marks'] =
      best === null
        ? []
        : [{ kind: 'point', x: best.epoch, y: best.validationLoss, label: t('best: epoch {0}', best.epoch) }];
    return this.picture([...lines, ...faint], marks);
  }

  private normPicture(): Picture {
    const values = this.epochs.map((row) => row.gradientNorm);
    const label = t('gradient norm');
    return this.picture(
      [{ label, colour: 'green', width: 1.25, dash: [], alpha: 1, values, shown: true, labelled: false }],
      [],
    );
  }

  private ratePicture(): Picture {
    const values = this.epochs.map((row) => row.learningRate);
    const label = t('learning rate');
    return this.picture(
      [{ label, colour: 'purple', width: 1.25, dash: [], alpha: 1, values, shown: true, labelled: false }],
      [],
    );
  }

  private hover(index: number | null): void {
    this.hovered = index;
    this.loss.point(index);
    this.norm.point(index);
    this.rate.point(index);
    const row = this.epochs[index ?? this.epochs.length - 1];
    if (row === undefined) return;
    const or = (value: number | null | undefined) => (value == null ? '\u2013' : number(value));
    this.readout.show(index === null ? t('Last epoch') : t('Epoch'), number(row.epoch), [
      { label: t('training'), sample: { colour: 'blue', dash: [6, 3] }, value: number(row.trainLoss) },
      { label: t('validation'), sample: { colour: 'orange', dash: [] }, value: or(row.validationLoss) },
      { label: t('validation {0}', metricName(this.metric)), sample: null, value: or(row.validation?.[this.metric]) },
      { label: t('gradient norm'), sample: { colour: 'green', dash: [] }, value: number(row.gradientNorm) },
      {
        label: t('learning rate'),
        sample: this.following ? { colour: 'purple', dash: [] } : null,
        value: number(row.learningRate, 3),
      },
      { label: t('after'), sample: null, value: duration(row.seconds) },
    ]);
  }

  private zoomTo(range: Range | null): void {
    this.zoom = range;
    this.resetZoom.enable(range !== null);
    this.redraw();
  }

  private csv(): Uint8Array {
    const names = Object.keys(this.epochs.find(({ validation }) => validation !== null)?.validation ?? {});
    return asCsv(
      [
        'epoch',
        'step',
        'trainLoss',
        'validationLoss',
        ...names.map((name) => `validation_${name}`),
        'learningRate',
        'gradientNorm',
        'seconds',
      ],
      this.epochs.map((row) => [
        row.epoch,
        row.step,
        row.trainLoss,
        row.validationLoss,
        ...names.map((name) => row.validation?.[name] ?? null),
        row.learningRate,
        row.gradientNorm,
        row.seconds,
      ]),
    );
  }
}
