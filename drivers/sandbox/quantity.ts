/** An amount of a resource as a number: cores, bytes or pieces. Zero for what is none. https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
export function parseQuantity(written: unknown): number {
  const [, digits = '0', unit = ''] = /^([0-9.]+)([A-Za-z]*)$/.exec(String(written ?? '0')) ?? [];
  return Number(digits) * (units[unit] ?? 1);
}

/** The shortest way to write an amount of `resource`, as an API server writes sums: `600m`, `356Mi`. */
export function formatQuantity(resource: string, amount: number): string {
  if (resource.endsWith('cpu')) return Number.isInteger(amount) ? String(amount) : `${Math.round(amount * 1000)}m`;
  const unit = ['Ti', 'Gi', 'Mi', 'Ki'].find((each) => amount > 0 && amount % (units[each] ?? 1) === 0);
  return unit && isMeasured(resource) ? `${amount / (units[unit] ?? 1)}${unit}` : String(amount);
}

function isMeasured(resource: string): boolean {
  return /memory|storage/.test(resource) && !resource.startsWith('count/');
}

const units: Readonly<Record<string, number>> = {
  m: 0.001,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};
