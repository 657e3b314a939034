/** What a process that watches its memory writes before it ends itself. */
export const memoryMark = 'unroll: out of memory';
