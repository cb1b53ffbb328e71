import { createKindRegistry } from '../../lib/kind.js';
import { appKind } from './app.js';
import { appInstanceKind } from './app-instance.js';
import { environmentKind } from './environment.js';
import { kubernetesRuntimeKind } from './kubernetes-runtime.js';
import { projectKind } from './project.js';
import { tierKind } from './tier.js';
import { workloadKind } from './workload.js';

/** The kinds that every plane has, in the order in which people meet them. */
export const builtInKinds = createKindRegistry([
  projectKind,
  tierKind,
  environmentKind,
  kubernetesRuntimeKind,
  appKind,
  appInstanceKind,
  workloadKind,
]);
