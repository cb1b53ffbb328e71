import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sharedPlanePath } from './control-plane/config.js';
import { createKubectl } from './control-plane/kubectl.js';
import { type ControlPlane, startControlPlane } from './control-plane.js';

/**
 * The plane that all tests of a run share. Take namespaces of your own in it, and names of your own for what has no
 * namespace. What would disturb the others needs a plane of its own, from startControlPlane().
 */
export type SharedControlPlane = Omit<ControlPlane, 'stopApiServer' | 'forgetPast' | 'startApiServer' | 'close'>;

type Description = Omit<SharedControlPlane, 'kubectl'>;

let shared: Promise<SharedControlPlane> | null = null;

/** The run's plane, or, in a test process that runs alone, one of its own that ends with it. */
export function sharedControlPlane(): Promise<SharedControlPlane> {
  shared ??= attachOrStart();
  return shared;
}

/** Writes what test processes have to know of `plane`; answers the path for {@link sharedPlanePath}. */
export async function describeSharedControlPlane(plane: ControlPlane): Promise<string> {
  const { version, server, caPem, kubeconfig, adminKubeconfigPath, adminToken, folder, kubectlPath } = plane;
  const description: Description = {
    version,
    server,
    caPem,
    kubeconfig,
    adminKubeconfigPath,
    adminToken,
    folder,
    kubectlPath,
  };
  const path = join(folder, 'plane.json');
  await writeFile(path, JSON.stringify(description), { mode: 0o600 });
  return path;
}

async function attachOrStart(): Promise<SharedControlPlane> {
  const path = sharedPlanePath();
  if (path === null) return startControlPlane();
  const description = JSON.parse(await readFile(path, 'utf8')) as Description;
  return { ...description, kubectl: createKubectl(description.kubectlPath, description.adminKubeconfigPath) };
}
