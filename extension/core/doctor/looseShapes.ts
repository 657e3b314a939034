import type { Model } from '../onnx/read';

/**
 * Takes back what a file says of the shapes of its inner values, and the numbers among the shapes of its outputs: they were written down
 * for one size, and onnxruntime's optimiser believes them.
 */
export function loosenShapes({ proto }: Model): void {
  const { graph } = proto;
  if (graph === undefined) return;
  graph.valueInfo = [];
  for (const output of graph.output) {
    const type = output.type?.tensorType;
    if (type !== undefined) delete type.shape;
  }
}
