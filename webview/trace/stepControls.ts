import { slider } from '../controls/slider';
import { iconButton } from '../controls/toolkit';
import { element } from '../dom';
import { t } from '../l10n';
import type { Player, StepCursor } from './stepCursor';

export interface StepControls {
  readonly root: HTMLElement;
  /** Takes over the window that the cursor has begun. */
  refresh(): void;
}

/** First, previous, play, next, last, and a slider over all steps. `when` says the time of a step, or nothing. */
export function stepControls(cursor: StepCursor, player: Player, when: (step: number) => string): StepControls {
  const go = (to: () => number) => () => {
    player.stop();
    cursor.move(to());
  };
  const first = iconButton(
    t('First step (Home)'),
    'first',
    go(() => 0),
  );
  const previous = iconButton(
    t('Previous step (Left)'),
    'previous',
    go(() => cursor.step.value - 1),
  );
  const play = iconButton(t('Play (Space)'), 'play', () => player.toggle());
  const next = iconButton(
    t('Next step (Right)'),
    'next',
    go(() => cursor.step.value + 1),
  );
  const last = iconButton(
    t('Last step (End)'),
    'last',
    go(() => cursor.count - 1),
  );
  const words = (step: number) => {
    const time = when(step);
    const place = t('{0} of {1}', step + 1, cursor.count);
    return time === '' ? place : `${place} · ${time}`;
  };
  const along = slider(t('Step'), 1, words, (step) => {
    player.stop();
    cursor.move(step);
  });
  const refresh = () => {
    const step = cursor.step.value;
    along.set(step, 0, cursor.count - 1);
    first.enable(step > 0);
    previous.enable(step > 0);
    next.enable(step < cursor.count - 1);
    last.enable(step < cursor.count - 1);
    play.enable(cursor.count > 1);
  };
  cursor.step.watch(refresh);
  player.playing.watch((playing) => {
    if (playing) play.mean(t('Pause (Space)'), 'pause');
    else play.mean(t('Play (Space)'), 'play');
  });
  const buttons = element('span', { class: 'buttons', role: 'group', 'aria-label': t('Step') });
  buttons.append(first.root, previous.root, play.root, next.root, last.root);
  return { root: element('div', { class: 'steps' }, buttons, along.root), refresh };
}
