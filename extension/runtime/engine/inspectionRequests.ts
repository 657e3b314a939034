import { z } from 'zod';

const count = z.int().min(0);
/** More blocks than any screen has pixels are asked for by mistake. */
const blocks = z.int().min(0).max(16_384);
const trace = z.object({ trace: z.string().max(100) });
const signal = z.discriminatedUnion('of', [
  z.object({ of: z.literal('column'), index: count }),
  z.object({ of: z.literal('layer'), layer: count, signal: count }),
  z.object({ of: z.literal('output'), index: count }),
  z.object({ of: z.literal('choices') }),
]);
const version = z.enum(['edited', 'original', 'difference']);
const order = z.enum(['index', 'value', 'similarity']);
const edit = z.object({
  layer: count,
  state: z.string().max(1000),
  unit: count,
  from: count,
  to: count,
  value: z.number(),
});

/** The parameters of what pages ask of a trace. */
export const inspectionSchemas = {
  tile: trace.extend({
    wish: z
      .object({
        signal,
        version,
        order,
        from: count,
        to: count,
        firstRank: count,
        endRank: count,
        columns: blocks,
        rows: blocks,
      })
      .refine(({ columns, rows }) => columns * rows <= 2 ** 24, 'has too many blocks'),
  }),
  lines: trace.extend({ signal, version, units: z.array(count).max(1024), from: count, to: count, columns: blocks }),
  steps: trace.extend({ version, from: count, to: count }),
  order: trace.extend({ signal, order }),
  seek: trace.extend({
    signal,
    unit: count.nullable(),
    what: z.enum(['peak', 'saturation']),
    from: z.int(),
    towards: z.union([z.literal(1), z.literal(-1)]),
  }),
  project: trace.extend({ signal, components: z.int().min(1).max(16) }),
  edit: trace.extend({ edits: z.array(edit).max(10_000) }),
  gradientChoices: trace,
  gradients: trace.extend({
    of: z.object({ output: z.string(), step: count.nullable(), unit: count }),
    integrated: z.int().min(1).max(1000).nullable(),
  }),
  match: trace.extend({
    signal,
    span: z.object({ from: count, to: count }),
    threshold: z.number().nullable(),
  }),
  forget: z.object({ traces: z.array(z.string().max(100)) }),
} as const;
