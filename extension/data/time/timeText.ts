/** Such as 2024-12-31 or 2024-12-31 23:00. */
export function timeText(ms: number): string {
  return new Date(ms)
    .toISOString()
    .slice(0, 19)
    .replace('T', ' ')
    .replace(/( 00:00)?:00$/, '');
}
