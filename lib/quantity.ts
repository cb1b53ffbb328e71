/** Whether two values mean the same amount: `1`, `1000m` and 1. https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
export function isSameQuantity(a: unknown, b: unknown): boolean {
  const left = parseQuantity(a);
  return left !== null && left === parseQuantity(b);
}

const quantityPattern = /^([+-]?[0-9.]+)([eE][+-]?[0-9]+|[numkKMGTPE]i?)?$/;
const suffixes: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The amount as a number: cores, bytes, pieces. null: it is no quantity. */
export function parseQuantity(value: unknown): number | null {
  if (typeof value === 'number') return value;
  const match = typeof value === 'string' ? quantityPattern.exec(value) : null;
  if (!match) return null;
  const [, digits, suffix = ''] = match;
  if (/^[eE][+-]?[0-9]/.test(suffix)) return Number(`${digits}${suffix}`);
  const factor = suffix === '' ? 1 : suffixes[suffix];
  if (factor === undefined) return null;
  // Rounded to the smallest step that Kubernetes knows (nano), so that 0.1 and 100m are equal.
  return Math.round(Number(digits) * factor * 1e9) / 1e9;
}
