import { z } from 'zod';

// How a field of an experiment is written: its bounds and the sentence that the editor shows for it. A field with a default may be
// left out everywhere; one without is chosen from the data where a person leaves it out.

export const count = (text: string) => z.int().min(1).describe(text);
export const positive = (text: string) => z.number().positive().describe(text);
export const fraction = (text: string) => z.number().min(0).max(0.9).describe(text);

/** A choice that is off unless it is asked for. */
export const flag = (text: string) => z.boolean().default(false).describe(text);

/** A number with a default. */
export const number = (otherwise: number, bounds: { readonly min: number; readonly max: number }, text: string) =>
  z.number().min(bounds.min).max(bounds.max).default(otherwise).describe(text);

/** A number, or null for none, which is what it is unless it is asked for. */
export const optional = <T extends z.ZodType>(field: T, text: string) => field.nullable().default(null).describe(text);

/** One of some names, each with the sentence that the editor shows beside it while one chooses. */
export const oneOf = <const T extends string>(names: readonly T[], sentences: Readonly<Record<NoInfer<T>, string>>) =>
  z.enum(names).meta({ enumDescriptions: names.map((name) => sentences[name]) });
