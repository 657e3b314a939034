import path from 'node:path';
import { fixedIn } from '../../core/describe/diagram';
import { summaryOf } from '../../core/describe/summary';
import { cut, longestName } from '../../core/describe/texts';
import type { Value } from '../../core/graph/value';
import { externalParts } from '../../core/onnx/externalData';
import { type Outline, readOutline } from '../../core/onnx/read';
import { tensorOf } from '../../core/onnx/tensors';
import type { Tensor } from '../../core/tensor';
import { UnrollError } from '../../protocol/errors';
import type { TensorSummary } from '../../protocol/model';
import { readPart } from './externalFiles';
import { withModelFile } from './fileBytes';

/** A tensor of more bytes is not looked at: it would be in memory twice. Those in the model's own file cannot be larger. */
const mostBytes = 2 ** 31;

/**
 * What the numbers of one initializer or constant of a model file are like; only they are read. `name` is as a description has it.
 * @throws UnrollError `model` where there is none of that name or its numbers cannot be read.
 */
export function initializerSummary(file: string, name: string): TensorSummary {
  return withModelFile(file, (source) => {
    const outline = readOutline(source);
    const value = fixedValue(outline, name);
    if (value === null) throw new UnrollError('model', 'The model holds no weights of the name "{0}".', name);
    return summaryOf(tensorIn(file, outline, value));
  });
}

/** The value of that name, or of a name that descriptions cut to it. */
function fixedValue({ graph }: Outline, name: string): Value | null {
  let long: Value | null = null;
  for (const value of fixedIn(graph)) {
    if (value.name === name) return value;
    if (long === null && cut(value.name, longestName) === name) long = value;
  }
  return long;
}

function tensorIn(file: string, outline: Outline, value: Value): Tensor {
  const { name, type, constant } = value;
  if (constant !== null) return constant;
  const other = outline.otherTypes.get(value);
  if (other !== undefined) {
    throw new UnrollError('model', 'The numbers of "{0}" are of the type {1}, which cannot be shown.', name, other);
  }
  const part = externalParts(outline).find(({ tensor }) => tensor === name);
  if (part === undefined) {
    throw new UnrollError('model', 'The numbers of "{0}" do not stand in the model in a form that is read.', name);
  }
  if ((part.length ?? 0) > mostBytes) {
    throw new UnrollError('model', 'The weights "{0}" are larger than 2 GiB, too large to be shown.', name);
  }
  return tensorOf(name, type.dtype, (type.shape ?? []).map(Number), readPart(path.dirname(path.resolve(file)), part));
}
