import { available } from '../../training/memory';

/** So many bytes may an inspection process take: three quarters of what there is. */
export const memoryLimit = (): number => Math.floor(0.75 * available());
