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

/** An amount as API servers store it: the largest unit of its family that leaves no fraction. `0.5` is `500m`, `1024Mi` is `1Gi`. */
export function canonicalQuantity(written: unknown): string {
  const [, digits, unit = ''] = /^([0-9.]+)([A-Za-z]*)$/.exec(String(written)) ?? [];
  const scale = units[unit] ?? (unit === '' ? 1 : undefined);
  if (digits === undefined || scale === undefined) return String(written);
  const isBinary = unit.endsWith('i');
  const thousandths = Math.round(Number(digits) * scale * 1000);
  if (thousandths % 1000 !== 0) return isBinary ? String(Math.ceil(thousandths / 1000)) : `${thousandths}m`;
  const amount = thousandths / 1000;
  const family = isBinary ? ['Ti', 'Gi', 'Mi', 'Ki'] : ['T', 'G', 'M', 'k'];
  const largest = family.find((each) => amount > 0 && amount % (units[each] ?? 1) === 0);
  return largest ? `${amount / (units[largest] ?? 1)}${largest}` : String(amount);
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
