import type { KubernetesDriver, ResourceType } from '../../drivers/kubernetes/driver.js';
import { createReflector, type Reflector } from '../../drivers/kubernetes/reflector.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { Random } from '../../lib/random.js';

/** A kind of a cluster came, changed or went. */
export interface DefinitionChange {
  readonly group: string;
  readonly plural: string;
  /** Whether what was known of its objects is about another definition: it went, or is a new one. */
  readonly isAnother: boolean;
}

export interface DefinitionWatchOptions {
  readonly driver: KubernetesDriver;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: Random;
  onChange(change: DefinitionChange): void;
}

/**
 * Watches the CustomResourceDefinitions of a cluster, their metadata alone: what they define is what discovery answers.
 * Where the credential may not see them, or there are none, that goes on in the background and hurts nobody.
 */
export function watchDefinitions(options: DefinitionWatchOptions): Pick<Reflector, 'retry' | 'close'> {
  const uids = new Map<string, string | undefined>();
  let isSynced = false;
  return createReflector({
    ...options,
    type: definitions,
    selector: '',
    metadataOnly: true,
    onChange({ object: { metadata }, deleted }) {
      const isAnother = deleted || uids.get(metadata.name) !== metadata.uid;
      if (deleted) uids.delete(metadata.name);
      else uids.set(metadata.name, metadata.uid);
      // What was there from the start is what discovery found, or is yet to be asked.
      if (!isSynced) return;
      const [plural = '', ...group] = metadata.name.split('.');
      options.onChange({ group: group.join('.'), plural, isAnother });
    },
    onSynced() {
      isSynced = true;
    },
  });
}

const definitions: ResourceType = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  isNamespaced: false,
};
