import type { Gradients, InspectionRequests } from '../../extension/protocol/inspection';
import { type NumberControl, numberField } from '../controls/numberField';
import { button, dropdown } from '../controls/toolkit';
import { element, setText } from '../dom';
import { explain, t } from '../l10n';
import { number } from '../numbers';
import { answerName } from './answerName';
import { Asking } from './asking';
import type { TraceBlock } from './blocks';
import { GradientPictures } from './gradientPictures';
import { reachSentence } from './reach';
import { layerTitle } from './signals';
import type { TraceSource } from './source';

type Choice = InspectionRequests['gradientChoices']['result'][number];

/** Points on the way from zeros to the input; the sum of the attributions is then off by a few thousandths at most. */
const points = 50;

/** How a chosen number of the output hangs on every state and input before it. */
export class GradientBlock implements TraceBlock {
  readonly id = 'gradient';
  readonly title = t('Gradient Through Time');
  readonly root = element('div', { class: 'gradient' });
  private readonly outputs = dropdown(t('Output'), (name) => this.choose(name));
  private readonly places = element('span', { class: 'blockTools' });
  private readonly method = dropdown(t('Inputs'), (value) => {
    this.integrated = value === 'integrated';
  });
  private readonly compute = button(t('Compute Gradient'), () => this.ask(), 'primary');
  private readonly said = element('p', { class: 'meaning', role: 'status' });
  private readonly error = element('p', { class: 'error', role: 'alert', hidden: true });
  private readonly pictures = new GradientPictures();
  private readonly asking = new Asking();
  private readonly askingChoices = new Asking();
  private source: TraceSource | null = null;
  private choices: readonly Choice[] = [];
  private choice: Choice | null = null;
  private step = 0;
  private chosenStep = 0;
  private unit = 0;
  private integrated = false;

  constructor() {
    this.method.offer(
      [
        { value: 'gradient', text: t('gradient') },
        { value: 'integrated', text: t('integrated gradients') },
      ],
      'gradient',
    );
    const tools = [this.outputs.root, this.places, this.method.root, this.compute.root];
    this.root.append(element('div', { class: 'blockTools' }, ...tools), this.error, this.said, this.pictures.root);
  }

  show(source: TraceSource): void {
    this.source = source;
    this.asking.cancel();
    this.error.hidden = true;
    this.pictures.clear();
    setText(
      this.said,
      t('Choose a number of the output: the gradient says how much each state and input before it matters to it.'),
    );
    this.compute.enable(false);
    this.askingChoices.ask(
      (signal) => source.ask('gradientChoices', {}, signal),
      (choices) => this.offer(choices),
      (error) => this.fail(error),
    );
  }

  point(step: number): void {
    this.step = step;
    this.pictures.point(step);
  }

  private offer(choices: readonly Choice[]): void {
    this.choices = choices;
    const before = this.choice?.output;
    const [first] = choices;
    const kept = choices.find(({ output }) => output === before) ?? first;
    this.outputs.offer(
      choices.map(({ output }) => ({ value: output, text: output })),
      kept?.output ?? '',
    );
    this.outputs.root.hidden = choices.length < 2;
    this.compute.enable(kept !== undefined);
    if (kept !== undefined) this.choose(kept.output);
  }

  private choose(name: string): void {
    const { source } = this;
    const choice = this.choices.find(({ output }) => output === name) ?? null;
    this.choice = choice;
    if (choice === null || source === null) return;
    const fields: Pick<NumberControl, 'root'>[] = [];
    const { steps } = source.outline;
    if (choice.everyStep) {
      this.chosenStep = Math.min(steps - 1, Math.max(0, this.step));
      fields.push(
        numberField(t('At step'), this.chosenStep + 1, { min: 1, max: steps }, (step) => {
          this.chosenStep = step - 1;
        }),
      );
    }
    this.unit = Math.min(this.unit, choice.units - 1);
    if (choice.units > 1) {
      const { outline } = source;
      const name = element('output', { class: 'meaning' });
      const sayName = () => setText(name, answerName(outline, choice.output, choice.units, this.unit) ?? '');
      const index = numberField(
        t('Index in {0}', choice.output),
        this.unit + 1,
        { min: 1, max: choice.units },
        (unit) => {
          this.unit = unit - 1;
          sayName();
        },
      );
      sayName();
      fields.push(index, { root: name });
    }
    this.places.replaceChildren(...fields.map(({ root }) => root));
    this.places.hidden = fields.length === 0;
  }

  private ask(): void {
    const { source, choice, integrated } = this;
    if (source === null || choice === null) return;
    const step = choice.everyStep ? this.chosenStep : null;
    const of = { output: choice.output, step, unit: this.unit };
    this.error.hidden = true;
    setText(this.said, t('Computing the gradient…'));
    this.compute.enable(false);
    this.asking.ask(
      (signal) => source.ask('gradients', { of, integrated: integrated ? points : null }, signal),
      (gradients) => this.take(source, gradients, step ?? source.outline.steps - 1),
      (error) => this.fail(error),
    );
  }

  private take(source: TraceSource, gradients: Gradients, chosen: number): void {
    this.compute.enable(true);
    if (isZero(gradients)) {
      const nothing = t('The gradient is 0 everywhere: no small change of a state or an input reaches this number.');
      setText(this.said, `${valueSentence(gradients)} ${nothing}`);
      this.pictures.clear();
      return;
    }
    setText(this.said, summary(source, gradients, chosen));
    this.pictures.show(source, gradients, chosen);
    this.pictures.point(this.step);
  }

  private fail(error: unknown): void {
    this.compute.enable(this.choice !== null);
    setText(this.said, '');
    this.pictures.clear();
    this.error.hidden = false;
    setText(this.error, explain(error));
  }
}

const isZero = ({ layers, inputs }: Gradients): boolean =>
  layers.every((states) => states.every(({ norms }) => norms.every((norm) => norm === 0))) &&
  inputs.every(({ values }) => values.every((each) => each === 0));

const valueSentence = ({ value }: Gradients): string => t('The chosen number is {0}.', number(value, 4));

/** What happens to the gradient on its way back, layer by layer. */
function summary({ outline }: TraceSource, gradients: Gradients, chosen: number): string {
  const { layers, baseline } = gradients;
  const parts = layers.flatMap((states, i) => {
    const layer = outline.layers[i];
    const [main] = states;
    if (layer === undefined || main === undefined) return [];
    const backwards = layer.direction === 'reverse';
    const first = backwards ? main.norms.length - 1 : 0;
    const [near, far] = [main.norms[chosen] ?? 0, main.norms[first] ?? 0];
    const name = layerTitle(outline.layers, i);
    const lags = Math.abs(chosen - first);
    if (near === 0 || lags === 0) return [];
    return [t('{0}. {1}', name, reachSentence(lags, near, far))];
  });
  const start = baseline === null ? [] : [t('With zeros for input it would be {0}.', number(baseline, 4))];
  return [valueSentence(gradients), ...start, ...parts].join(' ');
}
