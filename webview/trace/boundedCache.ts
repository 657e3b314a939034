/** What was fetched, as long as it fits: what was not looked at for longest goes first. */
export class BoundedCache<V> {
  private readonly held = new Map<string, { readonly value: V; readonly bytes: number }>();
  private size = 0;

  /** @param limit in bytes; the newest entry stays even where it alone is larger. */
  constructor(private readonly limit: number) {}

  get bytes(): number {
    return this.size;
  }

  get(key: string): V | undefined {
    const entry = this.held.get(key);
    if (entry === undefined) return undefined;
    // A map keeps the order in which keys came, so what is looked at comes last again.
    this.held.delete(key);
    this.held.set(key, entry);
    return entry.value;
  }

  set(key: string, value: V, bytes: number): void {
    this.size -= this.held.get(key)?.bytes ?? 0;
    this.held.delete(key);
    this.held.set(key, { value, bytes });
    this.size += bytes;
    for (const [oldest, entry] of this.held) {
      if (this.size <= this.limit || oldest === key) return;
      this.held.delete(oldest);
      this.size -= entry.bytes;
    }
  }

  /** All that is held, without counting as a look at it. */
  values(): readonly V[] {
    return [...this.held.values()].map(({ value }) => value);
  }

  clear(): void {
    this.held.clear();
    this.size = 0;
  }
}
