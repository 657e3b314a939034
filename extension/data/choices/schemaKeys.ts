import { z } from 'zod';

/** The keys that a schema's object has at a path; none where there is no object. */
export function keysAt(schema: unknown, path: readonly PropertyKey[]): readonly string[] {
  let at = inside(schema);
  for (const key of path) {
    if (at instanceof z.ZodArray) at = inside(at.element);
    else if (at instanceof z.ZodObject) at = inside(at.shape[String(key)]);
    else return [];
  }
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

/** What a field holds where it holds anything. */
function inside(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return inside(schema.unwrap());
  }
  return schema;
}
