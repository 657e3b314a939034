import type { Parameters } from '../../core/model/parameters';

/**
 * The layer in which numbers first stopped to be finite, such as `layers.0` or `head`. Forward order is the parameters' own:
 * - of parameters that are not finite themselves, the first;
 * - where the loss is finite, the gradient broke on its way back: the last layer whose gradient is not finite;
 * - where the loss is not, all gradients are broken, and what is left to tell is which parameter has grown largest.
 */
export function brokenLayer(
  parameters: Parameters,
  loss: number,
  gradients: ReadonlyMap<string, Float32Array>,
): string {
  const names = [...parameters.keys()];
  const values = (name: string) => Float32Array.from(parameters.get(name)?.data ?? [], Number);
  const isBroken = (numbers: Float32Array) => !numbers.every(Number.isFinite);
  const broken = names.find((name) => isBroken(values(name)));
  if (broken !== undefined) return layerOf(broken);
  const gradient = (name: string) => gradients.get(name) ?? new Float32Array(0);
  const last = Number.isFinite(loss) ? names.findLast((name) => isBroken(gradient(name))) : undefined;
  if (last !== undefined) return layerOf(last);
  const size = Number.isFinite(loss)
    ? (name: string) => largest(gradient(name))
    : (name: string) => largest(values(name));
  return layerOf(names.reduce((most, name) => (size(name) > size(most) ? name : most), names[0] ?? ''));
}

const largest = (numbers: Float32Array) => numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** `layers.0.W` is of `layers.0`; a name of one word is a layer's own. */
const layerOf = (parameter: string) => parameter.replace(/\.[^.]*$/, '');
