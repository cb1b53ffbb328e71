import type { Platform, Recipe, Release, Tool, ToolName } from './tool.js';

const kubernetesVersion = '1.36.2';
/** 3.4 and older send no progress notifications, which makes every roll-out take 40 s. */
const etcdVersion = '3.6.0';
const kwokVersion = '0.8.0';

const shared = { group: 'kubernetes', versionArgs: ['--version'] } as const;
const server = { ...shared, version: kubernetesVersion, atLeast: '1.36.0', below: '1.37.0' } as const;

/** A real control plane: everything of Kubernetes but kubelets, which kwok plays. */
export const kubernetesTools: readonly Tool[] = [
  { ...server, name: 'kube-apiserver', commands: ['kube-apiserver'] },
  { ...server, name: 'kube-controller-manager', commands: ['kube-controller-manager'] },
  { ...server, name: 'kube-scheduler', commands: ['kube-scheduler'] },
  {
    ...server,
    name: 'kubectl',
    commands: ['kubectl'],
    versionArgs: ['version', '--client'],
    // An older client works with a newer server and only warns.
    atLeast: '1.30.0',
    below: '2.0.0',
  },
  { ...shared, name: 'etcd', version: etcdVersion, atLeast: '3.6.0', below: '3.7.0', commands: ['etcd'] },
  { ...shared, name: 'kwok', version: kwokVersion, atLeast: '0.8.0', below: '0.9.0', commands: ['kwok'] },
];

const versionVariable = 'k8s.io/component-base/version';
const [, minor = ''] = kubernetesVersion.split('.');

export const kubernetesRecipes: readonly Recipe[] = [
  {
    name: 'kubernetes',
    gives: ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl'],
    release: kubernetesRelease,
    goBuild: {
      module: 'k8s.io/kubernetes',
      version: `v${kubernetesVersion}`,
      packages: {
        'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
        'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
        'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
        kubectl: 'k8s.io/kubernetes/cmd/kubectl',
      },
      // Kubernetes 1.X.Y publishes its staging modules as 0.X.Y.
      replacedVersion: `v0.${kubernetesVersion.slice('1.'.length)}`,
      mainSource: null,
      // Without these the server says that it is v0.0.0, and clients choose their behaviour by that.
      ldflags: [
        `-X ${versionVariable}.gitVersion=v${kubernetesVersion}`,
        `-X ${versionVariable}.gitMajor=1`,
        `-X ${versionVariable}.gitMinor=${minor}`,
      ],
      expectedSeconds: 300,
    },
    systemPackage: null,
  },
  {
    name: 'etcd',
    gives: ['etcd'],
    release: (_tool, { os, arch }) => etcdRelease(os, arch),
    goBuild: {
      module: 'go.etcd.io/etcd/server/v3',
      version: `v${etcdVersion}`,
      packages: { etcd: '.' },
      replacedVersion: null,
      mainSource: etcdMain(),
      ldflags: [],
      expectedSeconds: 30,
    },
    systemPackage: null,
  },
  {
    name: 'kwok',
    gives: ['kwok'],
    release: (_tool, { os, arch }) => kwokRelease(os, arch),
    goBuild: {
      module: 'sigs.k8s.io/kwok',
      version: `v${kwokVersion}`,
      packages: { kwok: 'sigs.k8s.io/kwok/cmd/kwok' },
      replacedVersion: null,
      mainSource: null,
      ldflags: [],
      expectedSeconds: 60,
    },
    systemPackage: null,
  },
];

function kubernetesRelease(tool: ToolName, { os, arch }: Platform): Release | null {
  // The project publishes servers for Linux only.
  if (os !== 'linux' && tool !== 'kubectl') return null;
  const url = `https://dl.k8s.io/release/v${kubernetesVersion}/bin/${os}/${arch}/${tool}`;
  return { url, member: null, checksumUrl: `${url}.sha256`, checksumFormat: 'text' };
}

function etcdRelease(os: string, arch: string): Release | null {
  // Elsewhere it is a .zip, which nothing that every machine has can open.
  if (os !== 'linux') return null;
  const base = `https://github.com/etcd-io/etcd/releases/download/v${etcdVersion}`;
  const name = `etcd-v${etcdVersion}-${os}-${arch}`;
  return {
    url: `${base}/${name}.tar.gz`,
    member: `${name}/etcd`,
    checksumUrl: `${base}/SHA256SUMS`,
    checksumFormat: 'text',
  };
}

function kwokRelease(os: string, arch: string): Release {
  const repository = 'kubernetes-sigs/kwok';
  return {
    url: `https://github.com/${repository}/releases/download/v${kwokVersion}/kwok-${os}-${arch}`,
    member: null,
    checksumUrl: `https://api.github.com/repos/${repository}/releases/tags/v${kwokVersion}`,
    checksumFormat: 'github',
  };
}

/** etcd's own main package is in a module that cannot be fetched; it does no more than this. */
function etcdMain(): string {
  return `package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
)

func main() { etcdmain.Main(os.Args) }
`;
}
