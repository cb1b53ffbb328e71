import { browserVariable } from '../../test/helpers/browser/config.js';
import { sharedPlaneVariable } from '../../test/helpers/control-plane/config.js';
import { startControlPlane } from '../../test/helpers/control-plane.js';
import { startSharedPostgres } from '../../test/helpers/database.js';
import { describeSharedControlPlane } from '../../test/helpers/shared-control-plane.js';
import { findTool } from '../tools/find-tool.js';
import type { TestService } from './test-service.js';

/** What a test run shares, in the order of starting. A test process that runs alone starts its own instead. */
export const services: readonly TestService[] = [
  {
    name: 'Postgres',
    tools: null,
    isUsedBy: (source) => /\b(create|start)Test(Database|Plane|Server)\b|\bstart(Plane|Server)\b/.test(source),
    start: startSharedPostgres,
  },
  {
    name: 'real Kubernetes',
    tools: 'kubernetes',
    isUsedBy: (source) => /\bneeds(<.*>)?\(.*'kubernetes'/.test(source),
    async start() {
      const plane = await startControlPlane();
      const path = await describeSharedControlPlane(plane);
      return { env: { [sharedPlaneVariable]: path }, version: plane.version, close: () => plane.close() };
    },
  },
  {
    // Only found here: tests stop and kill theirs, and one starts in a few milliseconds.
    name: 'Redis',
    tools: 'redis',
    isUsedBy: (source) => /\bneeds(<.*>)?\(.*'redis'/.test(source),
    async start() {
      const tool = await findTool('redis-server');
      if (!tool.found) throw new Error(tool.reason);
      return { env: {}, version: tool.version, close: async () => undefined };
    },
  },
  {
    // Only found here: each test file starts its own, which has an empty profile.
    name: 'browser',
    tools: 'browser',
    isUsedBy: (source) => /\bneeds(<.*>)?\(.*'browser'/.test(source),
    async start() {
      const tool = await findTool('chromium');
      if (!tool.found) throw new Error(tool.reason);
      const env = { [browserVariable]: tool.path };
      return { env, version: `Chromium ${tool.version}`, close: async () => undefined };
    },
  },
];
