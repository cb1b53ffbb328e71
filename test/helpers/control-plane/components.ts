import { join } from 'node:path';
import type { ToolName } from '../../../scripts/tools/tool.js';

/** The file names and ports of one control plane. Everything listens on 127.0.0.1. */
export interface PlaneLayout {
  readonly folder: string;
  readonly etcdPort: number;
  readonly etcdPeerPort: number;
  readonly apiServerPort: number;
}

/** A name of ours, for tokens; nobody has to resolve it. */
const issuer = 'https://kubernetes.default.svc';

export function serverUrl({ apiServerPort }: PlaneLayout): string {
  return `https://127.0.0.1:${apiServerPort}`;
}

/** The command line of each program, in the order of starting. File names are those of plane-files.ts. */
export function componentArgs(name: ToolName, layout: PlaneLayout): readonly string[] {
  const file = (path: string) => join(layout.folder, path);
  switch (name) {
    case 'etcd':
      return etcdArgs(layout);
    case 'kube-apiserver':
      return apiServerArgs(layout, file);
    case 'kube-controller-manager':
      return [
        `--kubeconfig=${file('controller-manager.kubeconfig')}`,
        `--root-ca-file=${file('ca.crt')}`,
        `--service-account-private-key-file=${file('service-accounts.key')}`,
        '--use-service-account-credentials',
        `--cluster-signing-cert-file=${file('ca.crt')}`,
        `--cluster-signing-key-file=${file('ca.key')}`,
        '--leader-elect=false',
        // Nobody asks it anything, and a port that is not opened cannot be taken.
        '--secure-port=0',
        // A test run makes more objects a second than a person does.
        '--kube-api-qps=200',
        '--kube-api-burst=400',
      ];
    case 'kube-scheduler':
      return [
        `--kubeconfig=${file('scheduler.kubeconfig')}`,
        '--leader-elect=false',
        '--secure-port=0',
        '--kube-api-qps=200',
        '--kube-api-burst=400',
      ];
    case 'kwok':
      return [
        `--kubeconfig=${file('admin.kubeconfig')}`,
        `--config=${file('stages.yaml')}`,
        '--manage-all-nodes=true',
        // Without leases the nodes become unreachable after 40 s.
        '--node-lease-duration-seconds=40',
        '--cidr=10.128.0.0/12',
        '--node-ip=127.0.0.1',
      ];
    default:
      throw new Error(`${name} is no part of a control plane`);
  }
}

function etcdArgs({ folder, etcdPort, etcdPeerPort }: PlaneLayout): readonly string[] {
  const clients = `http://127.0.0.1:${etcdPort}`;
  const peers = `http://127.0.0.1:${etcdPeerPort}`;
  return [
    '--name=test',
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=${clients}`,
    `--advertise-client-urls=${clients}`,
    `--listen-peer-urls=${peers}`,
    `--initial-advertise-peer-urls=${peers}`,
    `--initial-cluster=test=${peers}`,
    // The data is thrown away with the plane.
    '--unsafe-no-fsync',
    '--log-level=warn',
  ];
}

function apiServerArgs(layout: PlaneLayout, file: (path: string) => string): readonly string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${layout.etcdPort}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${layout.apiServerPort}`,
    // A loopback address is not allowed as an endpoint, so there are none for the service `kubernetes`.
    '--endpoint-reconciler-type=none',
    '--service-cluster-ip-range=10.96.0.0/16',
    '--authorization-mode=Node,RBAC',
    '--allow-privileged',
    `--client-ca-file=${file('ca.crt')}`,
    `--tls-cert-file=${file('server.crt')}`,
    `--tls-private-key-file=${file('server.key')}`,
    `--token-auth-file=${file('tokens.csv')}`,
    `--service-account-issuer=${issuer}`,
    `--api-audiences=${issuer}`,
    `--service-account-key-file=${file('service-accounts.pub')}`,
    `--service-account-signing-key-file=${file('service-accounts.key')}`,
    `--requestheader-client-ca-file=${file('ca.crt')}`,
    '--requestheader-allowed-names=front-proxy',
    '--requestheader-username-headers=X-Remote-User',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    // For logs: kubelet.ts is every node's kubelet.
    `--kubelet-certificate-authority=${file('ca.crt')}`,
    `--kubelet-client-certificate=${file('admin.crt')}`,
    `--kubelet-client-key=${file('admin.key')}`,
    '--kubelet-preferred-address-types=InternalIP',
  ];
}
