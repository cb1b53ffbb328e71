/** Time passed, with tenths: `4.2s`. */
export function secondsText(ms: number): string {
  return `${(ms / 1000).toFixed(1)}s`;
}

/** Milliseconds of `90s`, `5m`, `1h30m`, `500ms`; null when it is none. A number alone means seconds. */
export function parseDuration(text: string): number | null {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return null;
  let totalMs = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g))
    totalMs += Number(amount) * (unitMs[unit ?? ''] ?? 0);
  return totalMs;
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
