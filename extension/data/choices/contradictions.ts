import { readsEveryStep } from '../../core/model/task';
import { characterTarget } from '../../protocol/data';
import { UnrollError } from '../../protocol/errors';
import type { CheckedDraft } from '../../protocol/experiment';

/**
 * Refuses what each choice allows by itself but not all of them together, as far as the choices are made; what only the data can tell
 * is refused where the data is prepared. `where` names the experiment in the error.
 * @throws UnrollError `experiment`.
 */
export function refuseContradictions(draft: CheckedDraft, where: string): void {
  refuseSplit(draft, where);
  refuseColumns(draft, where);
  refuseTask(draft, where);
  refuseGaps(draft, where);
  refuseSteps(draft, where);
  refuseLoss(draft, where);
}

function refuseSplit({ data }: CheckedDraft, where: string): void {
  const { validation = 0, test = 0 } = data.split ?? {};
  if (validation + test < 1) return;
  throw new UnrollError(
    'experiment',
    'In {0}, data.split leaves nothing to train on: validation {1} and test {2} must add up to less than 1.',
    where,
    validation,
    test,
  );
}

function refuseColumns({ data }: CheckedDraft, where: string): void {
  const { target, moreTargets = [], features = [], known = [], time = null, series = null } = data;
  const single = [target, time, series];
  const also = moreTargets.find((name, i) => single.includes(name) || moreTargets.indexOf(name) !== i);
  if (also !== undefined) {
    throw new UnrollError(
      'experiment',
      'In {0}, data.moreTargets names {1}, which is named twice or is the target, the time or the series; remove it there.',
      where,
      also,
    );
  }
  const taken = [...single, ...moreTargets];
  const repeated = features.find((name, i) => taken.includes(name) || features.indexOf(name) !== i);
  if (repeated !== undefined) {
    throw new UnrollError(
      'experiment',
      'In {0}, data.features names {1}, which is named twice or is a target, the time or the series; remove it there.',
      where,
      repeated,
    );
  }
  const twice = known.find((name, i) => taken.includes(name) || features.includes(name) || known.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new UnrollError(
      'experiment',
      'In {0}, data.known names {1}, which is named twice or is a target, the time, the series or one of data.features; remove it there.',
      where,
      twice,
    );
  }
  if (target !== undefined && target === time) {
    throw new UnrollError(
      'experiment',
      'In {0}, {1} is both data.target and data.time; choose two columns.',
      where,
      target,
    );
  }
  if (series !== null && (series === target || series === time)) {
    throw new UnrollError(
      'experiment',
      'In {0}, data.series is {1}, which is also the target or the time; choose two columns.',
      where,
      series,
    );
  }
}

/** What a task needs of the data and of the model. */
function refuseTask({ task, data, model }: CheckedDraft, where: string): void {
  if (task === undefined) return;
  const isOfSequences = task === 'classify' || task === 'label' || task === 'transcribe';
  if (!isOfSequences && task !== 'forecast' && (data.series ?? null) !== null) {
    throw new UnrollError(
      'experiment',
      'In {0}, data.series has no meaning for the task {1}, which reads the file as one sequence; remove it, or choose another task.',
      where,
      task,
    );
  }
  if (
    (data.text ?? null) !== null &&
    task !== 'language' &&
    ((task !== 'classify' && task !== 'label' && task !== 'translate') ||
      (task !== 'label' && (data.series ?? null) !== null) ||
      (data.features ?? []).length > 1)
  ) {
    throw new UnrollError(
      'experiment',
      'In {0}, data.text is for the task language, or for classify, label and translate with one column of text as data.features, and data.series goes with it for label alone; change one of them.',
      where,
    );
  }
  if (
    (data.sound ?? null) !== null &&
    ((task !== 'classify' && task !== 'transcribe') || (data.series ?? null) !== null || (data.text ?? null) !== null)
  ) {
    throw new UnrollError(
      'experiment',
      'In {0}, data.sound is for the tasks classify and transcribe on a folder of WAV files, without data.series or data.text; change one of them.',
      where,
    );
  }
  if (task !== 'forecast' && (data.moreTargets ?? []).length > 0) {
    throw new UnrollError(
      'experiment',
      'In {0}, data.moreTargets is for the task forecast; remove it, or choose that task.',
      where,
    );
  }
  // What a draft leaves open the data may say.
  if (task === 'transcribe' && data.series === null && (data.sound ?? null) === null) {
    throw new UnrollError(
      'experiment',
      'In {0}, the task transcribe needs data.series, the column that tells sequences apart; name one.',
      where,
    );
  }
  if (isOfSequences && data.features?.length === 0) {
    throw new UnrollError(
      'experiment',
      'In {0}, data.features is empty, and the task {1} has nothing else to read; name at least one column of numbers.',
      where,
      task,
    );
  }
  if (task === 'language' && data.target !== undefined && data.target !== characterTarget) {
    throw new UnrollError(
      'experiment',
      'In {0}, data.target is {1}, and the task language learns the next character of a text; set it to "character".',
      where,
      data.target,
    );
  }
  const { pooling = 'last', decoder } = model ?? {};
  if (decoder === 'recursive' && (task !== 'forecast' || pooling !== 'last')) {
    throw new UnrollError(
      'experiment',
      'In {0}, model.decoder "recursive" forecasts from the last step, so it needs the task forecast and model.pooling "last"; change one of them.',
      where,
    );
  }
}

/** What time a rule for gaps needs. */
function refuseGaps({ task, data }: CheckedDraft, where: string): void {
  const { fillLimit = null } = data;
  const fills = data.missing === undefined || data.missing === 'forwardFill';
  if (fillLimit !== null && (!fills || (task !== undefined && task !== 'forecast'))) {
    throw new UnrollError(
      'experiment',
      'In {0}, data.fillLimit is {1}, which is for the task forecast with data.missing "forwardFill"; set it to null, or change them.',
      where,
      fillLimit,
    );
  }
  const { gaps = 'keep', missing, time } = data;
  if (gaps === 'keep') return;
  if ((task !== undefined && task !== 'forecast') || time === null) {
    throw new UnrollError(
      'experiment',
      'In {0}, data.gaps is "{1}", which is for the task forecast and needs a column of times as data.time; set it to "keep", or change them.',
      where,
      gaps,
    );
  }
  if (gaps === 'fill' && missing === 'drop') {
    throw new UnrollError(
      'experiment',
      'In {0}, data.gaps puts rows without values in, and data.missing "drop" leaves such rows out; change one of them.',
      where,
    );
  }
}

/** What the length of a window allows. */
function refuseSteps({ task, data, model, training }: CheckedDraft, where: string): void {
  const { lookback } = data;
  const width = model?.convolution?.width ?? 0;
  if (lookback !== undefined && lookback < width) {
    throw new UnrollError(
      'experiment',
      'In {0}, model.convolution spans {1} steps and data.lookback has {2}; make the convolution narrower or the lookback longer.',
      where,
      width,
      lookback,
    );
  }
  const truncate = training?.truncate ?? null;
  if (truncate === null) return;
  if (lookback !== undefined && truncate > lookback) {
    throw new UnrollError(
      'experiment',
      'In {0}, training.truncate is {1}, which is more than the {2} steps of data.lookback; make it smaller, or null.',
      where,
      truncate,
      lookback,
    );
  }
  if (task !== undefined && !readsEveryStep({ task, model: { pooling: model?.pooling ?? 'last' } })) {
    throw new UnrollError(
      'experiment',
      'In {0}, training.truncate cuts sequences into stretches, and only the last would have an answer; set model.pooling to "every", or training.truncate to null.',
      where,
    );
  }
}

function refuseLoss({ task, training }: CheckedDraft, where: string): void {
  const { quantiles = [], classWeights = null } = training?.loss ?? {};
  const wrong = quantiles.find((quantile, i) => i > 0 && quantile <= (quantiles[i - 1] ?? 0));
  if (wrong !== undefined) {
    throw new UnrollError(
      'experiment',
      'In {0}, training.loss.quantiles must ascend without repeating, and {1} stands after a number that is not smaller; put them in order.',
      where,
      wrong,
    );
  }
  if (classWeights !== null && (task === 'forecast' || task === 'transcribe' || task === 'translate')) {
    throw new UnrollError(
      'experiment',
      'In {0}, training.loss.classWeights has no meaning for the task {1}, which has no classes; remove it.',
      where,
      task,
    );
  }
}
