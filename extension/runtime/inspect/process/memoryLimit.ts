import { totalmem } from 'node:os';
import process from 'node:process';

/** What the process that watches its memory writes before it ends. */
export const memoryMark = 'unroll: out of memory';

/** So many bytes may an inspection process take: three quarters of what there is, by the machine or by what holds this process in bounds. */
export function memoryLimit(): number {
  const bound = process.constrainedMemory?.() ?? 0;
  const all = totalmem();
  return Math.floor(0.75 * (bound > 0 && bound < all ? bound : all));
}
