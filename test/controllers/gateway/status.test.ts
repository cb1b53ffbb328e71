import test from 'ava';
import { gatewayStatus } from '../../../controllers/gateway/status.js';
import { makePart } from '../parts/make-part.js';

const gateway = makePart('Workload', 'gateway', { outputs: { address: '203.0.113.7' } });
const record = makePart('DnsRecord', 'dns', { outputs: { host: 'www.example.com' } });
const make = (spec: object) => ({ spec, deletionRequestedAt: null });
const http = { port: 80, protocol: 'http' };
const rows = [
  { title: 'its address where it has no domain', spec: { ports: [http] }, parts: [gateway], url: 'http://203.0.113.7' },
  {
    title: 'its name, by https, where it has both',
    spec: { domain: 'd', ports: [http, { port: 443, protocol: 'https' }] },
    parts: [gateway, record],
    url: 'https://www.example.com',
  },
  {
    title: 'with its port where that is not the usual one',
    spec: { ports: [{ port: 8080, protocol: 'http' }] },
    parts: [gateway],
    url: 'http://203.0.113.7:8080',
  },
  {
    title: 'nothing while the name is not there',
    spec: { domain: 'd', ports: [http] },
    parts: [gateway],
    url: undefined,
  },
] as const;

for (const { title, spec, parts, url } of rows) {
  test(`the url of a gateway is ${title}`, (t) => {
    t.is(gatewayStatus(make(spec), parts).outputs.url, url);
  });
}
