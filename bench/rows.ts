/** The shape of one measured training step: `T` steps, batch `B`, `I` inputs, `H` hidden units, one layer. */
export interface Row {
  readonly cell: CellOfRow;
  readonly T: number;
  readonly B: number;
  readonly I: number;
  readonly H: number;
  readonly threads: number;
}

export const cellsOfRows = ['RNN', 'GRU', 'LSTM'] as const;
export type CellOfRow = (typeof cellsOfRows)[number];

/** Blocks of H rows in a cell's stacked weights. */
export const gateCount: Readonly<Record<CellOfRow, number>> = { RNN: 1, GRU: 3, LSTM: 4 };

/** The sizes that are measured, by the name that `--sizes` takes. */
export const sizesOfRows: Readonly<Record<string, Omit<Row, 'cell' | 'threads'>>> = {
  H32: { T: 20, B: 32, I: 1, H: 32 },
  H128: { T: 50, B: 32, I: 16, H: 128 },
  H256: { T: 64, B: 64, I: 65, H: 256 },
  H512: { T: 64, B: 64, I: 65, H: 512 },
};

export const threadsOfRows = [1, 2] as const;

/** Which rows to measure. */
export interface Selection {
  readonly cells: readonly CellOfRow[];
  readonly sizes: readonly string[];
  readonly threads: readonly number[];
}

/** The rows of a selection, all of one number of threads after the other. */
export function rowsOf({ cells, sizes, threads }: Selection): readonly Row[] {
  return threads.flatMap((count) =>
    cells.flatMap((cell) =>
      sizes.flatMap((name) => {
        const size = sizesOfRows[name];
        return size === undefined ? [] : [{ cell, ...size, threads: count }];
      }),
    ),
  );
}

/** A row without its threads, as people write it. */
export const nameOf = ({ cell, T, B, I, H }: Row): string => `${cell} T${T} B${B} I${I} H${H}`;

/**
 * Floating-point operations of a step's matrix products, a multiplication and an addition counted as two. With G gates:
 * forward 2·T·B·G·H·(I + H); the weights' gradients as many; the gradient that goes back to the state 2·T·B·G·H·H. That is
 * 6·T·B·G·H·(I + H) less 2·T·B·G·H·I, for nobody asks for the gradient of the data. The head on the last step adds 6·H·B.
 */
export function stepFlops({ cell, T, B, I, H }: Row): number {
  const rows = gateCount[cell] * H;
  return 2 * T * B * rows * (2 * I + 3 * H) + 6 * H * B;
}
