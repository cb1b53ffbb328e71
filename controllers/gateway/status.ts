import type { SpecOf } from '../../lib/kind.js';
import type { gatewayKind } from '../../schema/kinds/gateway.js';
import type { ChildView, StatusReport } from '../../sdk/resource.js';
import { partsStatus } from '../parts/parts-status.js';

type GatewaySpec = SpecOf<typeof gatewayKind>;

/** What to say of a gateway: its address, and the URL by which people reach it. Pure. */
export function gatewayStatus(
  gateway: { readonly spec: GatewaySpec; readonly deletionRequestedAt: string | null },
  parts: readonly ChildView[],
): StatusReport {
  const outputOf = (kind: string, output: string): string | null => {
    const values = parts.filter((part) => part.kind === kind).map(({ status }) => status.outputs[output]?.value);
    return values.find((value) => typeof value === 'string') ?? null;
  };
  const address = outputOf('Workload', 'address');
  const host = outputOf('DnsRecord', 'host');
  const reached = host ?? (gateway.spec.domain === undefined ? address : null);
  const url = reached === null ? null : urlOf(gateway.spec, reached);
  return partsStatus(gateway, parts, { noun: 'part', observed: {}, outputs: { address, host, url } });
}

/** By the safest protocol that it speaks. */
function urlOf({ ports = [] }: GatewaySpec, host: string): string | null {
  const port = ['https', 'http', 'tls', 'tcp'].flatMap(
    (each) => ports.find(({ protocol }) => protocol === each) ?? [],
  )[0];
  if (!port) return null;
  const isUsual = port.port === (port.protocol === 'https' ? 443 : port.protocol === 'http' ? 80 : null);
  const name = host.includes(':') ? `[${host}]` : host;
  return `${port.protocol}://${name}${isUsual ? '' : `:${port.port}`}`;
}
