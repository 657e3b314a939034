import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type Reading, scratchFolder } from './reading';

/** What DuckDB may hold in memory, however long the file is; what is more goes to the disk for as long as it is needed. */
const usualMegabytes = 256;

/**
 * Runs `use` with a fresh DuckDB that can read `file` and nothing else: no other file, no network, no extension to be fetched. A query
 * that runs when the signal is aborted ends with the signal's reason.
 */
export async function withDatabase<T>(
  file: string,
  use: (connection: DuckDBConnection) => Promise<T>,
  reading: Reading = {},
): Promise<T> {
  const { signal } = reading;
  signal?.throwIfAborted();
  const overflow = path.join(scratchFolder(reading), `.unroll-duckdb-${randomUUID()}`);
  // Loaded on first use: importing this module must not load a native library.
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', {
    // One thread keeps the rows in the order of the file.
    threads: '1',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    memory_limit: `${usualMegabytes}MB`,
    temp_directory: overflow,
  });
  try {
    const connection = await instance.connect();
    const interrupt = () => connection.interrupt();
    signal?.addEventListener('abort', interrupt);
    try {
      await connection.run(`SET TimeZone = 'UTC'`);
      // The permission is asked for the pattern and for what it matches.
      await connection.run(`SET allowed_paths = [${pathLiteral(file)}, ${literal(duckPath(file))}]`);
      await connection.run('SET enable_external_access = false');
      return await use(connection);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener('abort', interrupt);
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
    rmSync(overflow, { recursive: true, force: true });
  }
}

/** Lets DuckDB hold so many bytes more than it may otherwise. */
export async function allowMore(connection: DuckDBConnection, bytes: number): Promise<void> {
  await connection.run(`SET memory_limit = '${usualMegabytes + Math.ceil(bytes / 1e6)}MB'`);
}

/** A column as DuckDB names and types it. */
export interface RawColumn {
  readonly name: string;
  readonly type: string;
}

/** All rows of a query as objects of plain JavaScript values. */
export async function query(connection: DuckDBConnection, sql: string): Promise<Record<string, unknown>[]> {
  return (await connection.runAndReadAll(sql)).getRowObjectsJS();
}

/** A path as a SQL string that names exactly that file: what would be a wildcard is put in a class of its own. */
export function pathLiteral(file: string): string {
  return literal(duckPath(file).replace(/[*?[]/g, '[$&]'));
}

/** A SQL string. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A SQL name. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function duckPath(file: string): string {
  return process.platform === 'win32' ? file.replaceAll('\\', '/') : file;
}
