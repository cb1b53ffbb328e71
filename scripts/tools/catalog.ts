import { kubernetesRecipes, kubernetesTools } from './kubernetes-tools.js';
import type { Recipe, Tool, ToolGroup, ToolName } from './tool.js';

const helmVersion = '3.22.0';

/** Every tool, in the order in which people read about them. */
export const tools: readonly Tool[] = [
  ...kubernetesTools,
  {
    name: 'helm',
    group: 'helm',
    version: helmVersion,
    atLeast: '3.15.0',
    below: '4.0.0',
    commands: ['helm'],
    versionArgs: ['version', '--short'],
  },
  {
    name: 'terraform',
    group: 'terraform',
    version: null,
    atLeast: '1.6.0',
    below: '2.0.0',
    commands: ['terraform', 'tofu'],
    versionArgs: ['version'],
  },
  {
    name: 'redis-server',
    group: 'redis',
    version: null,
    atLeast: '7.0.0',
    below: '9.0.0',
    commands: ['redis-server', 'valkey-server'],
    versionArgs: ['--version'],
  },
  {
    name: 'chromium',
    group: 'browser',
    version: null,
    atLeast: '120.0.0',
    below: '1000.0.0',
    commands: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    versionArgs: ['--version'],
  },
];

/** Tools that no recipe gives have to be on the machine already. */
export const recipes: readonly Recipe[] = [
  ...kubernetesRecipes,
  {
    name: 'helm',
    gives: ['helm'],
    release: (_tool, { os, arch }) => {
      const url = `https://get.helm.sh/helm-v${helmVersion}-${os}-${arch}.tar.gz`;
      return { url, member: `${os}-${arch}/helm`, checksumUrl: `${url}.sha256sum`, checksumFormat: 'text' };
    },
    goBuild: {
      module: 'helm.sh/helm/v3',
      version: `v${helmVersion}`,
      packages: { helm: 'helm.sh/helm/v3/cmd/helm' },
      replacedVersion: null,
      mainSource: null,
      ldflags: [`-X helm.sh/helm/v3/internal/version.version=v${helmVersion}`],
      expectedSeconds: 60,
    },
    systemPackage: null,
  },
  { name: 'redis', gives: ['redis-server'], release: null, goBuild: null, systemPackage: 'redis-server' },
  { name: 'chromium', gives: ['chromium'], release: null, goBuild: null, systemPackage: 'chromium' },
];

export function getTool(name: ToolName): Tool {
  const tool = tools.find((candidate) => candidate.name === name);
  if (!tool) throw new Error(`scripts/tools/catalog.ts has no entry for ${name}`);
  return tool;
}

export function toolsOfGroup(group: ToolGroup): readonly Tool[] {
  return tools.filter((tool) => tool.group === group);
}
